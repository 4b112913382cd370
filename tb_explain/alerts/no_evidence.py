"""Maps that find nothing for the label."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure, listed
from tb_explain.explanation import Explanation


@final
@dataclass(frozen=True)
class NoEvidence(Rule):
    """Class activation maps show nothing for the label on many samples, though these are right.

    The score then comes from what a map leaves out: biases, or evidence against other classes.

    Args:
        share: Share of the samples whose map is nowhere above zero, 0 to 1.
        skill: Where the accuracy lies at least between guessing (0) and all right (1).
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "no_evidence"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = "strength"
    apart: ClassVar[int] = 1

    share: float = 0.5
    skill: float = 0.5

    def watch(self) -> Watch:
        return self._signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        titles = listed([observed.title_of(sign.tag) for sign in signs])
        empty, maps = (int(signs[0].figures[name]) for name in ("empty", "maps"))
        verb = "shows" if len(signs) == 1 else "show"
        accuracy = figure(observed.accuracy or 0)
        return Words(
            f"{titles} {verb} no evidence for the label on {empty} of {maps} samples.",
            f"Nothing in {signs[0].layer} speaks for it, at accuracy {accuracy}; the score may "
            "come from biases, or from what speaks against other classes.",
        )

    def _signs(self, observed: Observed) -> Iterable[Sign]:
        skill = observed.skill
        if skill is None:
            return
        for tag, explanation in observed.explanations.items():
            if _is_activation_map_of_label(explanation, observed):
                empty = explanation.values.max(axis=(1, 2, 3)) <= 0
                yield Sign(
                    tag,
                    skill >= self.skill and float(empty.mean()) >= self.share,
                    layer=explanation.layer,
                    tag=tag,
                    sample=explanation.samples[int(empty.argmax())],
                    figures={"empty": int(empty.sum()), "maps": len(empty)},
                )


def _is_activation_map_of_label(explanation: Explanation, observed: Observed) -> bool:
    if explanation.kind != "attribution" or explanation.layer is None or observed.labels is None:
        return False
    if observed.labels.ndim > 1:
        return False
    pairs = zip(explanation.samples, explanation.targets, strict=True)
    return all(sample is not None and target == observed.labels[sample] for sample, target in pairs)

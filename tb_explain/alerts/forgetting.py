"""Samples that the model had learned and lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, final

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import listed

_STEPS: Final = ("right_from", "right_to", "wrong_since")


@final
@dataclass(frozen=True)
class Forgetting(Rule):
    """A sample that was right for some records in a row is wrong again.

    Some samples come and go in every training. Those that were right six times in a row rarely
    do, which `benchmarks/alarms.py` counts.

    Args:
        learned: Records in a row that a sample must be right before it can be forgotten.
        skill: Where the accuracy must lie at least, between guessing (0) and all right (1), for
            a record to count: a model that guesses has learned nothing.
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.

    References:
        Toneva et al., 2019, https://arxiv.org/abs/1812.05159
    """

    name: ClassVar[str] = "forgetting"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 3

    learned: int = 6
    skill: float = 0.25

    def watch(self) -> Watch:
        return _Past(self).signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        if len(signs) > 1:
            names = [observed.sample_name(sign.sample or 0) for sign in signs]
            return Words(
                f"{len(signs)} samples were forgotten.",
                f"{listed(names)} were right for {self.learned} records in a row or longer.",
            )
        (sign,) = signs
        sample = sign.sample or 0
        start, end, wrong = (int(sign.figures[name]) for name in _STEPS)
        label = None if sign.class_index is None else observed.class_name(sign.class_index)
        now = observed.class_name(int(observed.predictions.arrays["predicted"][sample]))
        return Words(
            f"{observed.sample_name(sample)} was forgotten.",
            f"Right from {start} to {end}, wrong since {wrong}, now predicted {now}"
            + ("." if label is None else f" instead of {label}."),
        )


@dataclass
class _Sample:
    """What a sample was like so far.

    Attributes:
        right: Records in a row in which it is right.
        right_from: Step of the first of them.
        learned: First and last step of the last row that was long enough, or `None`.
        wrong_since: Step since which it is wrong, or `None`.
    """

    right: int = 0
    right_from: int = 0
    learned: tuple[int, int] | None = None
    wrong_since: int | None = None

    def see(self, step: int, *, is_right: bool, counts: bool, least: int) -> None:
        if not is_right:
            self.right = 0
            self.wrong_since = step if self.wrong_since is None else self.wrong_since
            return
        self.wrong_since = None
        if not counts:
            self.right = 0
            return
        self.right_from = self.right_from if self.right else step
        self.right += 1
        if self.right >= least:
            self.learned = self.right_from, step


class _Past:
    def __init__(self, rule: Forgetting) -> None:
        self._rule = rule
        self._samples: dict[int, _Sample] = {}

    def signs(self, observed: Observed) -> Iterable[Sign]:
        if observed.correct is None or observed.not_finite:
            return
        skill = observed.skill
        counts = skill is None or skill >= self._rule.skill
        for index, is_right in enumerate(observed.correct.tolist()):
            past = self._samples.setdefault(index, _Sample())
            past.see(observed.step, is_right=is_right, counts=counts, least=self._rule.learned)
            yield Sign(
                str(index),
                past.learned is not None and not is_right,
                sample=index,
                class_index=_label(observed, index),
                figures=_figures(past),
            )


def _figures(past: _Sample) -> dict[str, float]:
    if past.learned is None or past.wrong_since is None:
        return {}
    start, end = past.learned
    return {"right_from": start, "right_to": end, "wrong_since": past.wrong_since}


def _label(observed: Observed, sample: int) -> int | None:
    labels = observed.labels
    return None if labels is None or labels.ndim > 1 else int(labels[sample])

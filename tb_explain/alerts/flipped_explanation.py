"""Explanations that change though the prediction does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure, listed

DRIFT: Final = "drift"


@final
@dataclass(frozen=True)
class FlippedExplanation(Rule):
    """The map of a sample had come to rest and is another one now, for the same prediction.

    It reads the figure of `tbx.metrics.Drift` of the first explainer that has it: early in a
    training all maps change, which is why only those count that were calm.

    Args:
        drift: Drift since the last record, from which on it is said, 0 to 2: at 1 nothing is
            left of the order of the cells.
        calm: Largest drift of a map at rest.
        rest: Records in a row at which a map must have been at rest.
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "flipped_explanation"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = DRIFT
    apart: ClassVar[int] = 3

    drift: float = 0.8
    calm: float = 0.3
    rest: int = 3
    on_after: int = field(default=1, kw_only=True)

    def watch(self) -> Watch:
        return _Past(self).signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        title = observed.title_of(signs[0].tag)
        drifts = [sign.figures[DRIFT] for sign in signs]
        names = [observed.sample_name(sign.sample or 0) for sign in signs]
        if len(signs) > 1:
            return Words(
                f"{title} of {len(signs)} samples flipped, their predictions did not.",
                f"{listed(names)}: drift {figure(min(drifts))} to {figure(max(drifts))} at step "
                f"{observed.step}, after at most {figure(self.calm)} before.",
            )
        predicted = observed.predictions.arrays["predicted"][signs[0].sample]
        return Words(
            f"{title} of {names[0]} flipped, its prediction did not.",
            f"Drift {figure(drifts[0])} at step {observed.step}, after at most {figure(self.calm)} "
            f"before; still predicted {observed.class_name(int(predicted))}.",
        )


@dataclass
class _Past:
    rule: FlippedExplanation
    tag: str = ""
    predicted: npt.NDArray[np.int32] | None = None
    resting: dict[int, int] = field(default_factory=dict[int, int])

    def signs(self, observed: Observed) -> Iterable[Sign]:
        before, self.predicted = self.predicted, observed.predictions.arrays["predicted"]
        found = {tag: each for tag, each in observed.explanations.items() if DRIFT in each.figures}
        self.tag = self.tag or next(iter(found), "")
        if self.tag not in found or before is None:
            return
        explanation = found[self.tag]
        for sample, value in zip(explanation.samples, explanation.figures[DRIFT], strict=True):
            if sample is not None and np.isfinite(value):
                drift = float(value)
                rested = self.resting.get(sample, 0) >= self.rule.rest
                self.resting[sample] = self._rest(sample, drift)
                same = self.predicted[sample] == before[sample]
                yield Sign(
                    str(sample),
                    rested and bool(same) and drift >= self.rule.drift,
                    layer=explanation.layer,
                    tag=self.tag,
                    sample=sample,
                    figures={DRIFT: drift},
                )

    def _rest(self, sample: int, drift: float) -> int:
        return self.resting.get(sample, 0) + 1 if drift <= self.rule.calm else 0

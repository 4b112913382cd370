"""Explainers that show the picture, not the model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure, listed

CONTROL = "control"


@final
@dataclass(frozen=True)
class IgnoresModel(Rule):
    """Maps stay those of the untrained model, though the model has learned.

    It reads the figure of `tbx.metrics.Control`. With pretrained weights step 0 is no control;
    so it says nothing while the weights are still near those of the first record.

    Args:
        control: Mean rank correlation with the maps of the untrained model, above which it is
            said, -1 to 1.
        learned: How far the accuracy is from that of the first record, at least, 0 to 1.
        moved: How far the layers have moved since the first record, at least: the median over
            layers of their relative changes, summed over records.
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
    """

    name: ClassVar[str] = "ignores_model"
    severity: ClassVar[Severity] = "info"
    metric: ClassVar[str | None] = CONTROL
    apart: ClassVar[int] = 4

    control: float = 0.9
    learned: float = 0.1
    moved: float = 0.1

    def watch(self) -> Watch:
        return _Training(self).signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        titles = [observed.title_of(sign.tag) for sign in signs]
        controls = listed([figure(sign.figures[CONTROL]) for sign in signs])
        verb = "shows" if len(set(titles)) == 1 else "show"
        return Words(
            f"{listed(titles)} {verb} the picture, not the model.",
            f"Rank correlation with the untrained model {controls}, though the accuracy went from "
            f"{figure(signs[0].figures['accuracy_at_first'])} to {figure(observed.accuracy or 0)}.",
        )


class _Training:
    """How far a training has come."""

    def __init__(self, rule: IgnoresModel) -> None:
        self._rule = rule
        self._first: float | None = None
        self._moved: dict[str, float] = {}

    def signs(self, observed: Observed) -> Iterable[Sign]:
        for path, change in observed.figures("change").items():
            self._moved[path] = self._moved.get(path, 0.0) + change
        now = observed.accuracy
        if now is None:
            return
        self._first = now if self._first is None else self._first
        moved = float(np.median([*self._moved.values()])) if self._moved else 0.0
        if abs(now - self._first) < self._rule.learned or moved < self._rule.moved:
            return
        for tag, explanation in observed.explanations.items():
            controls = explanation.figures.get(CONTROL)
            if controls is not None and np.isfinite(controls).any():
                control = float(np.nanmean(controls))
                figures = {CONTROL: control, "accuracy_at_first": self._first}
                yield Sign(
                    tag,
                    control > self._rule.control,
                    layer=explanation.layer,
                    tag=tag,
                    figures=figures,
                )

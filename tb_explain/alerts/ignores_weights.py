"""Explainers whose maps stay as they are where the weights are made random."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure, listed

LIKENESS = "parameter_randomization"


@final
@dataclass(frozen=True)
class IgnoresWeights(Rule):
    """Maps are those of random weights.

    It reads the figure of `tbx.metrics.ParameterRandomization`, where that is recorded. It needs
    no untrained model, and so it judges explainers of pretrained ones, where `IgnoresModel` is
    silent.

    Args:
        likeness: Mean rank correlation with the maps of random weights, above which it is said,
            -1 to 1.
        on_after: Records in a row that must show it before it is said; those that don't measure
            it don't count.
        off_after: Records in a row without it after which it is over.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
    """

    name: ClassVar[str] = "ignores_weights"
    severity: ClassVar[Severity] = "info"
    metric: ClassVar[str | None] = LIKENESS
    apart: ClassVar[int] = 4

    likeness: float = 0.9

    def watch(self) -> Watch:
        return self._signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        titles = [observed.title_of(sign.tag) for sign in signs]
        likenesses = listed([figure(sign.figures[LIKENESS]) for sign in signs])
        verb = "shows" if len(set(titles)) == 1 else "show"
        return Words(
            f"{listed(titles)} {verb} the picture, not the model.",
            f"Rank correlation with maps of random weights {likenesses}.",
        )

    def _signs(self, observed: Observed) -> Iterable[Sign]:
        for tag, explanation in observed.explanations.items():
            figures = explanation.figures.get(LIKENESS)
            if figures is not None and np.isfinite(figures).any():
                likeness = float(np.nanmean(figures))
                yield Sign(
                    tag,
                    likeness > self.likeness,
                    layer=explanation.layer,
                    tag=tag,
                    figures={LIKENESS: likeness},
                )

"""Explainers that make pictures of features, continued from record to record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, final

from tb_explain.execution.memory import Memory
from tb_explain.execution.result import Result, attempt, with_layer
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.base import Explainer, resolved
from tb_explain.explainers.feature_visualization import FeatureVisualization
from tb_explain.explanation import Explanation

if TYPE_CHECKING:
    from tb_explain.probe.probe import Probe
    from tb_explain.probe.queries.channel_queries import ChannelQueries


@final
@dataclass(frozen=True, eq=False)
class _Part:
    explainer: FeatureVisualization
    asked: Explainer
    channels: tuple[int, ...]


@final
class FeatureRunner:
    """Runs feature visualizations.

    Args:
        probe: Asks the model.
        explainers: What to explain, as the user asked for it; those of other kinds are left out.
        memory: Where the ascents of the last record stand. It is updated.

    Raises:
        ValueError: If an explainer makes no sense for the model or the samples.
    """

    def __init__(self, probe: "Probe", explainers: Sequence[Explainer], memory: Memory) -> None:
        self._probe = probe
        self._memory = memory
        parts = [
            _Part(one, with_layer(asked, one), one.chosen)
            for asked in explainers
            if isinstance(asked, FeatureVisualization)
            for one in asked.resolve(probe.layers)
        ]
        self._parts = {tag_of(part.asked, None): part for part in parts}
        for part in self._parts.values():
            part.explainer.checked_range(self._queries(part))

    def run(self, due: Collection[int]) -> list[Result]:
        """Continues with the weights of now; one result per explainer.

        Args:
            due: Values of `every` whose turn it is.
        """
        return [
            attempt(part.asked, None, make=partial(self._explain, tag, part), seconds=0.0)
            for tag, part in self._parts.items()
            if part.asked.every in due
        ]

    def _explain(self, tag: str, part: _Part) -> Explanation:
        before = self._memory.features.get(tag)
        explanation, now = part.explainer.climb(self._queries(part), before)
        self._memory.features[tag] = now
        return explanation

    def _queries(self, part: _Part) -> "ChannelQueries":
        return self._probe.channel_queries(resolved(part.explainer.layer), part.channels)

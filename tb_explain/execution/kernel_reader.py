"""Explainers of weights, on kernels that are read once per record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, final

from tb_explain.execution.memory import Kernel, Memory
from tb_explain.execution.result import Result, attempt, layer_of, with_layer
from tb_explain.execution.tags import tag_of
from tb_explain.explainers import kernels
from tb_explain.explainers.base import Explainer, WeightExplainer, resolved
from tb_explain.explanation import Explanation, Floats
from tb_explain.probe.structure.layer_table import LayerTable

if TYPE_CHECKING:
    from tb_explain.probe.probe import Probe

_FIGURES = ("norm", "change", "filter_drift", "filter_drift_max")
_CONVOLUTIONS = ("conv", "conv1d", "depthwise", "transposed")


@final
@dataclass(frozen=True, eq=False)
class _Part:
    explainer: WeightExplainer
    asked: Explainer
    path: str


@final
class KernelReader:
    """Runs the explainers of weights.

    Args:
        probe: Reads the kernels.
        explainers: What to explain, as the user asked for it; those of a pass are left out.
        memory: What was remembered of the run so far. It is updated.

    Raises:
        ValueError: If an explainer makes no sense for the model.
    """

    def __init__(self, probe: "Probe", explainers: Sequence[Explainer], memory: Memory) -> None:
        self._probe = probe
        self._memory = memory
        parts = [
            _Part(one, with_layer(asked, one), resolved(layer_of(one)))
            for asked in explainers
            if isinstance(asked, WeightExplainer)
            for one in asked.resolve(probe.layers)
        ]
        self._parts = list({tag_of(part.asked, None): part for part in parts}.values())
        self._sees_picture = _sees_picture(probe.layers)
        self._figures: list[tuple[str, Mapping[str, float]]] = []

    @property
    def figures(self) -> Sequence[tuple[str, Mapping[str, float]]]:
        """Path and figures of every kernel that was last read."""
        return self._figures

    def read(self) -> list[Kernel]:
        """Returns copies of all kernels as they are now."""
        return list(self._probe.weights())

    def run(self, read: list[Kernel], *, is_first: bool = False) -> list[Result]:
        """Explains the kernels that were asked for, and remembers all; needs no model.

        Args:
            read: What `read` returned; of several records in their order.
            is_first: Whether this is where a training begins.
        """
        by_path = {kernel[0]: kernel for kernel in read}
        results = [
            attempt(part.asked, None, make=partial(self._explain, part, by_path), seconds=0.0)
            for part in self._parts
        ]
        known = _known_figures(results)
        self._figures = [
            (path, self._figures_of(path, kernel, known.get(path))) for path, _, kernel in read
        ]
        self._memory.keep(read)
        if is_first:
            self._remember_first(read)
        return results

    def _figures_of(
        self, path: str, kernel: Floats, known: Mapping[str, float] | None
    ) -> dict[str, float]:
        found = known or kernels.whole(kernel, self._memory.previous(path, kernel))
        return {**found, **kernels.drift_from(kernel, self._memory.first_filters.get(path))}

    def _remember_first(self, read: list[Kernel]) -> None:
        first = self._memory.first_filters
        first.update(
            {path: kernels.directions(kernel) for path, _, kernel in read if path not in first}
        )

    def _explain(self, part: _Part, by_path: Mapping[str, Kernel]) -> Explanation:
        tag = tag_of(part.asked, None)
        weights = self._memory.compare(
            by_path[part.path], tag, sees_picture=part.path == self._sees_picture
        )
        explanation = part.explainer.explanation(weights)
        self._memory.shown[tag] = explanation
        return explanation


def _known_figures(results: Sequence[Result]) -> dict[str, Mapping[str, float]]:
    """Returns the figures of the kernels that an explainer of the same record has weighed."""
    made = [result.explanation for result in results if result.explanation is not None]
    return {
        one.layer: {name: one.statistics[name] for name in _FIGURES}
        for one in made
        if one.layer is not None and all(name in one.statistics for name in _FIGURES)
    }


def _sees_picture(layers: LayerTable) -> str | None:
    """Returns the first convolution, if the channels of the picture are its inputs.

    A signal, which has a single row, is no picture.
    """
    for layer in layers.layers:
        if layer.order >= 0 and layer.kernel in _CONVOLUTIONS and layer.kernel_shape is not None:
            rows, _, channels = layers.input_grid or (1, 1, 0)
            return layer.path if rows > 1 and layer.kernel_shape[2] == channels else None
    return None

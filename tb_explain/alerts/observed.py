"""What one record shows the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, final

import numpy as np

from tb_explain.alerts.words import quoted
from tb_explain.explanation import Explanation, Floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from tb_explain.execution.statistics import Statistics
    from tb_explain.probe.observation import Predictions
    from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
    from tb_explain.samples.labels import Labels

_RIGHT_OR_WRONG = 1


@final
@dataclass(frozen=True, eq=False)
class Observed:
    """What one record shows, as it was computed and before it is coded.

    Attributes:
        step: Step of the record.
        batch: Training batches seen so far; 0 where that is not known.
        predictions: What the model predicts for the samples.
        statistics: Figures of its layers.
        layers: Its layers.
        trainable: Whether a layer has weights that are trained now, by path.
        explanations: The maps by tag; their `figures` hold the metrics. Without those that are
            not recorded at this step.
        samples: Name of each sample.
        labels: Class of each sample, or `None` where there is no single right class.
        class_names: Name of each class, or `None`.
        logs: Loss and metrics of the training by name.
        titles: Name of the explainer of each tag, as its paper writes it.
        epoch: Which fit and which epoch of it was trained last, or `None` where that is not known.
        object_areas: Share of each picture that the object takes, or `None` without masks.
    """

    step: int
    batch: int
    predictions: "Predictions"
    statistics: "Statistics"
    layers: "LayerTable"
    trainable: Mapping[str, bool]
    explanations: Mapping[str, Explanation]
    samples: tuple[str, ...]
    labels: "Labels | None" = None
    class_names: tuple[str, ...] | None = None
    logs: Mapping[str, float] = field(default_factory=dict[str, float])
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    epoch: tuple[int, int] | None = None
    object_areas: Floats | None = None

    @cached_property
    def layer_of(self) -> "Mapping[str, LayerInfo]":
        """The layers by path."""
        return {layer.path: layer for layer in self.layers.layers}

    @cached_property
    def not_finite(self) -> Mapping[str, str]:
        """What is not finite of which layer, its weights or its output, as they are executed."""
        figures = self.statistics.figures
        found: dict[str, str] = {}
        for row, path in enumerate(self.statistics.layers):
            layer = self.layer_of.get(path)
            # The share of zeros is known of every output that was looked at, whatever it holds.
            if isfinite(figures["sparsity"][row]) and not isfinite(figures["mean"][row]):
                found[path] = "output"
            if layer is not None and layer.kernel and not isfinite(figures["norm"][row]):
                found[path] = "weights"
        return found

    @cached_property
    def correct(self) -> "npt.NDArray[np.bool_] | None":
        """Whether the prediction of each sample is right, or `None` where that is not known."""
        correct = self.predictions.arrays["correct"]
        known = correct.size and (correct <= _RIGHT_OR_WRONG).all()
        return correct == _RIGHT_OR_WRONG if known else None

    @property
    def accuracy(self) -> float | None:
        """Share of the samples that are right, or `None` where that is not known."""
        return None if self.correct is None else float(self.correct.mean())

    @property
    def skill(self) -> float | None:
        """Where the accuracy lies between guessing (0) and all right (1), or `None`."""
        classes = self.predictions.classes
        if self.accuracy is None or classes is None:
            return None
        chance = 1 / max(classes, 2)
        return (self.accuracy - chance) / (1 - chance)

    def figures(self, name: str) -> dict[str, float]:
        """Returns one figure of the layers that have it, by path."""
        column = self.statistics.figures.get(name, np.zeros(0, np.float32))
        rows = zip(self.statistics.layers, map(float, column), strict=False)
        return {path: value for path, value in rows if isfinite(value)}

    @cached_property
    def dead_layers(self) -> tuple[str, ...]:
        """Layers all of whose channels are dead, through which no gradient passes."""
        dead = self.figures("dead")
        return tuple(path for path, count in dead.items() if count >= self.channels(path))

    def channels(self, path: str) -> int:
        """Returns the number of channels or units of a layer."""
        layer = self.layer_of[path]
        return (layer.grid or layer.shape)[-1]

    def title_of(self, tag: str | None) -> str:
        """Returns the name of the explainer of a tag."""
        return self.titles.get(tag or "", tag or "")

    def sample_name(self, sample: int) -> str:
        """Returns the name of a sample in quotation marks."""
        return quoted(self.samples[sample])

    def class_name(self, index: int) -> str:
        """Returns the name of a class in quotation marks, or its number."""
        names: tuple[str, ...] = self.class_names or ()
        return quoted(names[index]) if 0 <= index < len(names) else f"class {index}"

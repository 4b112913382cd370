"""The contract of an explainer: abstract kinds, everything else is final.

A new explainer is one file here that holds its formula, its settings, its kind and its paper;
then its export in `tb_explain/explainers/__init__.py` and its closed form in the contract test,
both of which a failing test asks for.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self, override

from tb_explain.explanation import Explanation, Kind
from tb_explain.probe.memory_budget import MEMORY_BUDGET
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.structure.layer_table import LayerTable

if TYPE_CHECKING:
    from tb_explain.probe.queries.queries import Queries
    from tb_explain.probe.structure.weights import LayerWeights

Arrays = Mapping[str, npt.NDArray[Any]]

_NO_GRADIENT: Final = (
    "The maps of all samples are zero, since the score has no gradient for the input: all units "
    "on the way are off, or something on the way, such as rounding, has none."
)


@dataclass(frozen=True)
class Frame:
    """What a pass knew beside the arrays of an explainer.

    Attributes:
        layers: The layers of the model.
        samples: Number of samples.
        targets: Explained output index of each sample, or `None` where there is no index.
        scores: Score of each sample, or `None` for explainers without a target.
        channels: Channels shown, by layer path.
    """

    layers: LayerTable
    samples: int
    targets: tuple[int | None, ...]
    scores: tuple[float | None, ...]
    channels: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Explainer(ABC):
    """A method that explains a model. Subclasses are final and hold only their settings.

    Args:
        every: Of how many records one has maps of this explainer: 1 for each, 5 for the first
            and then every fifth. It changes no map, so it is no part of a tag.
    """

    kind: ClassVar[Kind]
    title: ClassVar[str]
    paper: ClassVar[str]

    every: int = field(default=1, kw_only=True)

    @abstractmethod
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        """Returns this explainer once per layer that it explains, with the layer filled in.

        Raises:
            ValueError: If it makes no sense for the model; one sentence that names what would.
        """

    @final
    def explain(
        self,
        model: Any,
        samples: Any,
        *,
        targets: Any = None,
        labels: Any = None,
        memory_budget: int = MEMORY_BUDGET,
    ) -> Explanation:
        """Explains a model once, outside of training; the model is left as it was.

        Args:
            model: A Keras model, on whatever backend.
            samples: What the model takes: an array `(samples, rows, cols, channels)`, or a list
                or dict of arrays for several inputs.
            targets: Explained outputs: `"label"` (default with labels), `"predicted"` (default
                without), an index, one index per sample, `Output`, `Contrast`, `Neuron`, a
                callable `(outputs) -> (samples,)`, or a tuple of these, whose maps follow one
                another.
            labels: Right class of each sample, or of each pixel.
            memory_budget: Bytes that what all layers put out may take together; what does not
                fit is explained in several batches.

        Raises:
            ValueError: If it makes no sense for the model or the samples, or if it would explain
                several layers; the error names them.
        """
        from tb_explain.execution.explain_once import explain_once  # It imports this module.

        return explain_once(
            self, model, samples, targets=targets, labels=labels, memory_budget=memory_budget
        )


@dataclass(frozen=True)
class PassExplainer(Explainer):
    """An explainer that reads one forward and backward pass, shared by all of its kind."""

    @abstractmethod
    def needs(self, layers: LayerTable) -> Needs:
        """Returns what the pass has to keep; called on a resolved explainer, before the trace."""

    @abstractmethod
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        """Returns named tensors, each starting with the axis of samples; pure, and traced.

        Args:
            seen: What the pass has seen, for one target.
            ops: `keras.ops`, or an object with the same functions.
        """

    @abstractmethod
    def explanation(self, arrays: Arrays, frame: Frame) -> Explanation:
        """Returns the explanation made of what `maps` returned, on the host, all samples."""

    @abstractmethod
    def choose(self, arrays: Arrays) -> Mapping[str, tuple[int, ...]]:
        """Returns the channels to show from now on, by layer path, the most important first.

        Called after the first pass. Where explainers show different numbers of channels of one
        layer, each shows the first of the longest choice.
        """


@dataclass(frozen=True)
class AttributionExplainer(PassExplainer):
    """A pass explainer with one map per sample: `maps` returns `{"map": tensor}`.

    The tensor has the shape `(samples, rows, cols, channels)`.
    """

    kind: ClassVar[Kind] = "attribution"
    signed: ClassVar[bool]

    @property
    @abstractmethod
    def explained_layer(self) -> str | None:
        """Path of the explained layer, or `None` for the input."""

    @property
    @abstractmethod
    def largest_recorded(self) -> int | None:
        """Largest side that a record keeps, or `None` for the native resolution."""

    @final
    def explanation(self, arrays: Arrays, frame: Frame) -> Explanation:
        layer = self.explained_layer
        reason = frame.layers.reason_for(layer)
        facts: dict[str, Any] = {} if reason is None else {"reason": reason}
        values = np.asarray(arrays["map"], np.float32)
        if layer is None and not values.any():
            facts["caution"] = _NO_GRADIENT
        return Explanation(
            values=values,
            kind=self.kind,
            layer=layer,
            signed=self.signed,
            samples=tuple(range(frame.samples)),
            targets=frame.targets,
            scores=frame.scores,
            facts=facts,
            recorded_size=self.largest_recorded,
        )

    @final
    @override
    def choose(self, arrays: Arrays) -> Mapping[str, tuple[int, ...]]:
        return {}


@dataclass(frozen=True)
class QueryExplainer(Explainer):
    """An explainer that asks the model about changed samples, as often as it needs.

    It runs beside the shared pass, on the thread that trains. What it asks is compiled once,
    batched to a memory budget and counted.
    """

    kind: ClassVar[Kind] = "attribution"
    signed: ClassVar[bool]

    @abstractmethod
    def maps(self, queries: "Queries", ops: Any) -> Mapping[str, Tensor]:
        """Returns `{"map": tensor}` of shape `(targets, samples, rows, cols, channels)`.

        Any further entry, of shape `(targets, samples)`, is a figure of each map, such as how
        well a fit is. Only `queries` and `ops` may be used, so that nothing leaves the device.

        Args:
            queries: Asks the model, for all targets at once.
            ops: `keras.ops`, or an object with the same functions.
        """

    @property
    @abstractmethod
    def explained_layer(self) -> str | None:
        """Path of the explained layer, or `None` for the input."""

    @property
    @abstractmethod
    def largest_recorded(self) -> int | None:
        """Largest side that a record keeps, or `None` for the native resolution."""


@dataclass(frozen=True)
class WeightExplainer(Explainer):
    """An explainer that reads weights alone."""

    @abstractmethod
    def explanation(self, weights: "LayerWeights") -> Explanation:
        """Returns the maps of one layer; called on a resolved explainer."""


def resolved(layer: str | None) -> str:
    """Returns the layer of a resolved explainer.

    Raises:
        ValueError: If the explainer was not resolved.
    """
    if layer is None:
        raise ValueError("An explainer is resolved before a pass. Received: layer=None")
    return layer


def as_map(values: Tensor, ops: Any) -> Mapping[str, Tensor]:
    """Returns `(samples, rows, cols)` values as the one-channel map of an attribution."""
    return {"map": ops.expand_dims(values, -1)}

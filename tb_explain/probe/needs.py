"""What explainers ask of a pass, and what a pass shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tb_explain.probe.structure.layer_table import LayerInfo

Tensor = Any  # A tensor of the active Keras backend, or a NumPy array.


@dataclass(frozen=True)
class Needs:
    """What a compiled pass has to keep for one explainer.

    Attributes:
        activations: Paths of layers whose output is used.
        gradients: Paths of layers for whose output the gradient of the score is used.
        input_gradient: Whether the gradient of the score for the explained input is used.
        score: Whether the score itself is used.
        attention: Paths of attention layers whose attention is used.
        attention_gradients: Paths of attention layers for whose attention the gradient of the
            score is used.
        channels: How many channels of a layer are shown, by layer path. Which ones is chosen
            at the first record and then fixed, so that columns do not jump over time.
    """

    activations: tuple[str, ...] = ()
    gradients: tuple[str, ...] = ()
    input_gradient: bool = False
    score: bool = False
    attention: tuple[str, ...] = ()
    attention_gradients: tuple[str, ...] = ()
    channels: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def per_target(self) -> bool:
        """Whether the maps differ between targets, so that each target needs its own."""
        gradients = bool(self.gradients or self.attention_gradients)
        return gradients or self.input_gradient or self.score


class Seen(Protocol):
    """What a pass has seen, inside the compiled function and for one target.

    All tensors are `float32`, channels last, and start with the axis of samples. Layers that
    see tokens come as their grid of patches, layers of one axis as `rows = 1`.
    """

    @property
    def input(self) -> Tensor:
        """The explained input, shape `(samples, rows, cols, channels)`."""
        ...

    @property
    def input_gradient(self) -> Tensor:
        """Gradient of each score for the explained input, shape of `input`."""
        ...

    @property
    def scores(self) -> Tensor:
        """Score of the target, shape `(samples,)`."""
        ...

    def activation(self, layer: str) -> Tensor:
        """Returns what `layer` put out, shape `(samples, rows, cols, channels)`."""
        ...

    def gradient(self, layer: str) -> Tensor:
        """Returns the gradient of each score for `activation(layer)`, of the same shape."""
        ...

    def attention(self, layer: str) -> Tensor:
        """Returns how `layer` attends, shape `(samples, heads, queries, keys)`.

        Behind the softmax, so that what a query pays to all keys sums to 1.
        """
        ...

    def attention_gradient(self, layer: str) -> Tensor:
        """Returns the gradient of each score for `attention(layer)`, of the same shape."""
        ...

    def info(self, layer: str) -> LayerInfo:
        """Returns what is known of `layer` before the pass, such as where its keys are."""
        ...

    def channels(self, layer: str) -> Tensor:
        """Returns the `int32` indices of the channels shown of `layer`, shape `(shown,)`."""
        ...

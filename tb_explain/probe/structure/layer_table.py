"""The layers of a model as one pass saw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tb_explain.probe.structure.weights import KernelKind

Layout = Literal["grid", "grid_channels_first", "tokens", "sequence", "vector", "other"]


@dataclass(frozen=True)
class LayerInfo:
    """One layer, as a forward pass of one sample saw it.

    Attributes:
        path: Unique path within the model, `block/conv1`.
        type: Class name of the layer, or of the operation of an op node.
        layout: How to read its output: a grid of rows and columns, a grid with channels first,
            tokens of patches (also one class token in front), a sequence, a vector.
        shape: Output shape of one sample, as the layer returns it, without the batch axis.
        grid: `(rows, cols, channels)` as explainers see it, or `None` without a place.
        parameters: Number of weights of this layer, its children included.
        trainable: Whether any of its weights is trained.
        container: Whether it only holds other layers (nested model, block).
        activation: Name of its activation function, or `None`.
        order: Position in the order of execution; -1 where the pass did not reach it.
        calls: How often one pass calls it.
        call: Which of these calls is explained: the first that sees the explained input.
        kernel: How to read its kernel, or `None` without one.
        kernel_shape: Shape of its kernel in the order of axes of `LayerWeights.kernel`.
        attention: `(heads, queries, keys)` of its attention, or `None` if none can be seen.
        attention_patches: `(rows, cols, leading)` of its keys: patches row by row, behind
            `leading` tokens that are none, a class token first and registers. `None` if its keys
            are no patches.
        attention_unseen: Why its attention cannot be seen, one clause; `None` if it can, or if
            it is no attention layer.
        attends_to_itself: Whether its queries, keys and values come from one tensor.
        attention_before: Paths of the attention layers whose output it reads, through whatever
            lies between, or `None` if that is not known.
    """

    path: str
    type: str
    layout: Layout
    shape: tuple[int, ...]
    grid: tuple[int, int, int] | None
    parameters: int
    trainable: bool
    container: bool
    activation: str | None
    order: int
    calls: int
    call: int = 0
    kernel: KernelKind | None = None
    kernel_shape: tuple[int, ...] | None = None
    attention: tuple[int, int, int] | None = None
    attention_patches: tuple[int, int, int] | None = None
    attention_unseen: str | None = None
    attends_to_itself: bool = False
    attention_before: frozenset[str] | None = None

    @property
    def key_places(self) -> tuple[int, int, int]:
        """`(rows, cols, leading)` of the keys of its attention; a sequence is one row."""
        return self.attention_patches or (1, (self.attention or (0, 0, 0))[2], 0)

    @property
    def query_places(self) -> tuple[int, int, int]:
        """`(rows, cols, leading)` of its queries: those of its keys if they are the same."""
        same = self.attends_to_itself and self.attention is not None
        return self.key_places if same else (1, (self.attention or (0, 0, 0))[1], 0)


@dataclass(frozen=True)
class LayerTable:
    """The layers of a model in the order of execution.

    Attributes:
        model: Name of the model, for error sentences.
        layers: All layers, blocks before their children.
        target: Path of the layer that class activation maps use when none is named, or `None`.
        target_reason: Why this layer, or why there is none; one clause for legend and errors.
        input_grid: `(rows, cols, channels)` of the explained input, or `None`.
        volume: What would do if the explained input is a volume; one clause, `""` if it is none.
        input_type: Type in which the model declares the explained input, `""` if it does not.
    """

    model: str
    layers: tuple[LayerInfo, ...]
    target: str | None
    target_reason: str
    input_grid: tuple[int, int, int] | None
    volume: str = ""
    input_type: str = ""

    def find(self, path: str, *, received: str) -> LayerInfo:
        """Returns the layer that a user named, by path, or by a name that is unique.

        Args:
            path: Path, or last part of a path.
            received: The setting in which the name stood, for the error: `layer='conv9'`.

        Raises:
            ValueError: If there is no such layer, or several; names those that would do.
        """
        return self._find(path, known=self._places(), received=received)

    def find_grid(self, path: str | None, *, received: str) -> LayerInfo:
        """Returns a layer that has rows and columns; `None` means the layer by rule.

        Raises:
            ValueError: If there is no such layer, or it has no rows and columns.
        """
        if path is None:
            if self.target is None:
                other = "an explainer of the input, such as Saliency"
                if self.input_grid is None:
                    other = "Activations or Weights, which work without"
                raise ValueError(
                    f"Model {self.model!r} has no layer with rows and columns "
                    f"({self.target_reason}). Use {other}. Received: {received}"
                )
            path = self.target
        layer = self.find(path, received=received)
        if layer.grid is None:
            raise ValueError(
                f"Layer {layer.path!r} in model {self.model!r} has no rows and columns; its "
                f"output has shape {layer.shape}. {self._places()}. Received: {received}"
            )
        return layer

    def check_input_gradient(self, *, received: str) -> None:
        """Checks that a gradient can reach the explained input.

        Raises:
            ValueError: If the model makes whole numbers of it; each map would be blank.
        """
        if self.input_type.startswith(("int", "uint", "bool")):
            raise ValueError(
                f"Model {self.model!r} declares its explained input as {self.input_type}, and "
                "whole numbers have no gradient; declare keras.Input(..., dtype='float32'), or "
                f"use Occlusion, which needs none. Received: {received}"
            )

    def reason_for(self, path: str | None) -> str | None:
        """Returns what a legend has to say of an explained layer, or `None` if nothing."""
        if path is None:
            return None
        if path == self.target:
            return self.target_reason
        return called(self.find(path, received=f"layer={path!r}"))

    @property
    def attending(self) -> tuple[LayerInfo, ...]:
        """The layers whose attention can be seen, in the order of execution."""
        return tuple(layer for layer in self.layers if layer.attention is not None)

    def find_attention(self, path: str, *, received: str) -> LayerInfo:
        """Returns a layer whose attention can be seen.

        Raises:
            ValueError: If there is no such layer, or its attention cannot be seen; says why.
        """
        known = _listed("Layers with attention", self.attending)
        layer = self._find(path, known=known, received=received)
        if layer.attention is None:
            why = layer.attention_unseen or f"{layer.type} is no attention layer"
            raise ValueError(
                f"Layer {layer.path!r} in model {self.model!r} shows no attention: {why}. "
                f"{known}. Received: {received}"
            )
        return layer

    def _find(self, path: str, *, known: str, received: str) -> LayerInfo:
        exact = [layer for layer in self.layers if layer.path == path]
        named = exact or [layer for layer in self.layers if layer.path.split("/")[-1] == path]
        if len(named) == 1:
            return named[0]
        if named:
            paths = ", ".join(repr(layer.path) for layer in named)
            raise ValueError(
                f"{len(named)} layers in model {self.model!r} are called {path!r}; "
                f"name one by its path: {paths}. Received: {received}"
            )
        raise ValueError(
            f"No layer {path!r} in model {self.model!r}. {known}. Received: {received}"
        )

    def _places(self) -> str:
        grids = [layer for layer in self.layers if layer.grid is not None]
        return _listed("Layers with rows and columns", grids)


def called(layer: LayerInfo) -> str | None:
    """Returns what is to be said of a layer that a pass calls several times, or `None`."""
    if layer.calls < 2:
        return None
    if layer.call == 0:
        return f"called {layer.calls} times and explained at its first call"
    return (
        f"called {layer.calls} times and explained at call {layer.call + 1}, the first that sees "
        "the explained input"
    )


def _listed(what: str, layers: Sequence[LayerInfo]) -> str:
    paths = [repr(layer.path) for layer in layers]
    shown = ", ".join(paths[:12]) or "none"
    return f"{what}: {shown}" + (f" and {len(paths) - 12} more" if len(paths) > 12 else "")

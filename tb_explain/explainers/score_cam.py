"""Score-CAM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import Self, override

from tb_explain.explainers.base import QueryExplainer, resolved
from tb_explain.explainers.baselines import AnyBaseline, baseline_of, check_baseline, keep_baseline
from tb_explain.explainers.host_scores import Scores, host_scores
from tb_explain.explainers.input_check import check_explains_input
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

_LEVEL = 1e-6  # A channel that varies less than by rounding, as a share of its maximum, is flat.


@final
@dataclass(frozen=True)
class ScoreCAM(QueryExplainer):
    """Channels of a layer, weighted by how well the sample is known where they are strong.

    With `A_k`, channel `k` of what the layer puts out, and the mask `M_k`, which is `A_k` enlarged
    bilinearly to the sample and brought to 0..1, `C_k = S(b + M_k * (x - b)) - S(b)`. The weights
    are `w = softmax_k(C_k)` over the channels, and the map is `ReLU(sum_k w_k A_k)`. It needs no
    gradient. The softmax takes `S(b)` out again, so it is not asked for. A channel that is the
    same at all places masks nothing: it gets no weight, and a sample of only such channels has an
    empty map.

    Args:
        layer: Path or unique name of a layer with rows and columns; `None` chooses by rule the
            last one before places are pooled or mixed.
        channels: The channels that take part: of each sample those with the highest mean over all
            places. Each costs a forward pass. `None` takes all of them, as the paper does.
        baseline: What a masked pixel shows: a number, `Blurred()`, or a picture, in the unit of
            the model's input.

    References:
        Wang et al., 2020, https://arxiv.org/abs/1910.01279
    """

    title: ClassVar[str] = "Score-CAM"
    paper: ClassVar[str] = "https://arxiv.org/abs/1910.01279"
    signed: ClassVar[bool] = False

    layer: str | None = None
    channels: int | None = 64
    baseline: AnyBaseline = 0.0

    def __post_init__(self) -> None:
        keep_baseline(self)

    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_explains_input(self, layers, recorded_size=None)
        check_baseline(self.baseline, layers.input_grid, received=repr(self))
        if self.channels is not None and self.channels < 1:
            raise ValueError(
                "Score-CAM weights at least one channel; channels=None takes all. "
                f"Received: {self!r}"
            )
        received = f"{type(self).__name__}(layer={self.layer!r})"
        return (replace(self, layer=layers.find_grid(self.layer, received=received).path),)

    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        baseline = baseline_of(self, samples, ops)
        found = ops.cast(queries.activation(resolved(self.layer)), "float32")
        activation = strongest(found, self.channels, ops)
        shown = samples - baseline
        variants = (baseline + mask * shown for mask in masks_of(activation, samples.shape, ops))
        scores = np.moveaxis(host_scores(queries, variants, ops), 0, -1)
        weights = ops.convert_to_tensor(softmax_of(scores, varies(activation, ops)))
        maps = ops.relu(ops.einsum("tnk,nrck->tnrc", weights, activation))
        return {"map": ops.expand_dims(maps, -1)}

    @final
    @property
    @override
    def explained_layer(self) -> str | None:
        return self.layer

    @final
    @property
    @override
    def largest_recorded(self) -> int | None:
        return None


def strongest(activation: Tensor, channels: int | None, ops: Any) -> Tensor:
    """Returns the channels of each sample that have the highest mean over all places."""
    if channels is None or channels >= int(activation.shape[-1]):
        return activation
    _, chosen = ops.top_k(ops.mean(activation, axis=(1, 2)), channels)
    return ops.take_along_axis(activation, chosen[:, None, None, :], axis=-1)


def masks_of(activation: Tensor, shape: tuple[Any, ...], ops: Any) -> Iterator[Tensor]:
    """Yields `M_k` of one channel after the other, shape `(samples, rows, cols, 1)`.

    Args:
        activation: Shape `(samples, rows, cols, channels)`.
        shape: Of the samples.
        ops: `keras.ops`, or an object with the same functions.
    """
    for channel in range(int(activation.shape[-1])):
        large = ops.image.resize(
            activation[..., channel : channel + 1],
            (int(shape[1]), int(shape[2])),
            interpolation="bilinear",
            data_format="channels_last",
        )
        low = ops.min(large, axis=(1, 2), keepdims=True)
        reach = ops.max(large, axis=(1, 2), keepdims=True) - low
        yield (large - low) / ops.where(reach > 0, reach, ops.ones_like(reach))


def varies(activation: Tensor, ops: Any) -> npt.NDArray[np.bool_]:
    """Returns which channels of each sample are not flat, shape `(samples, channels)`."""
    low, high = (
        np.asarray(ops.convert_to_numpy(f(activation, axis=(1, 2)))) for f in (ops.min, ops.max)
    )
    with np.errstate(invalid="ignore"):
        return ~(high - low <= _LEVEL * np.maximum(np.abs(low), np.abs(high)))


def softmax_of(scores: Scores, counts: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Returns the softmax over the channels that count; 0 for the others.

    Args:
        scores: Shape `(targets, samples, channels)`.
        counts: Which channels of each sample count, shape `(samples, channels)`.
    """
    counted = np.where(counts, scores, -np.inf)
    highest: Scores = counted.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):  # A model that became infinite has no weights.
        weights: Scores = np.exp(counted - np.where(np.isneginf(highest), 0.0, highest))
    total: Scores = weights.sum(axis=-1, keepdims=True)
    return (weights / np.maximum(total, 1e-300)).astype(np.float32)

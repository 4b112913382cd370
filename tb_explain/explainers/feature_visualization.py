"""Pictures that excite channels of a layer, found by gradient ascent."""

from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast, final

import numpy as np
from typing_extensions import Self, override

from tb_explain.explainers.ascent import Ascent, Reals
from tb_explain.explainers.base import Explainer, resolved
from tb_explain.explainers.input_check import check_explains_input
from tb_explain.explainers.selection import spread
from tb_explain.explainers.spectrum import Spectrum
from tb_explain.explanation import Explanation, Kind
from tb_explain.probe.scores.targets import is_index
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable

if TYPE_CHECKING:
    from tb_explain.probe.queries.channel_queries import ChannelQueries

_NOISE: Final = 0.01
_LEAST: Final = (("iterations", 1), ("continued", 0), ("jitter", 0), ("seed", 0))


@final
@dataclass(frozen=True)
class FeatureVisualization(Explainer):
    """Pictures that excite channels of a layer as much as can be, one picture for each.

    The mean of a channel over all places climbs along its gradient, by Adam, over the spectrum
    `z` of the picture `p = low + (high - low) / (1 + exp(-y))` with `y = irfft2(s z) C^T`
    (`Spectrum` has the details), so that every pixel stays between the smallest and the largest
    value of the samples. In each iteration the picture is shifted, around its edges, by a few
    pixels. All pictures start from the same faint noise. Where a channel answers nothing, as
    behind a ReLU, its picture goes along a fixed random direction until it does; if it does not
    within a record, the picture stays as it was.

    The first record takes `iterations`. Each later one continues from there for `continued` with
    the model of then, so that it is cheap and shows how a feature grows. What was found before
    fades by `decay`, so that a picture follows the model and does not become harsher with the
    number of its records. An iteration costs a forward and a backward pass of as many samples as
    there are channels, and a record two more.

    Maps are colour pictures, `2 (p - low) / (high - low) - 1`. An input that has neither one nor
    three channels is shown in grey, by the mean over its channels, each in its own range. The
    figures are the `activation` that was reached, without a shift, and what it was at the
    `start` of the record.

    Args:
        layer: Path or unique name of a layer, with rows and columns or a vector. `None` takes
            the one that class activation maps explain.
        channels: Which channels of the layer, or units of a vector: indices, or a number of
            channels spaced evenly over all.
        iterations: Steps at the first record.
        continued: Steps at each later record; 0 keeps the pictures of the first.
        rate: Size of a step, in units in which white noise `z` of variance 1 makes `y` of
            variance 1.
        decay: Part of the spectrum that fades in an iteration, 0 to 1: no amplitude exceeds
            about `rate / decay`, and half is forgotten after `0.7 / decay` iterations.
        jitter: Largest shift, in pixels.
        seed: Fixes the noise, the shifts and the random direction.
        recorded_size: Largest side of a recorded picture; larger ones are pooled to it by area
            mean. `None` records every pixel.

    References:
        Erhan et al., 2009, Visualizing Higher-Layer Features of a Deep Network; Olah et al.,
        2017, https://distill.pub/2017/feature-visualization/
    """

    kind: ClassVar[Kind] = "filter"
    title: ClassVar[str] = "Feature visualization"
    paper: ClassVar[str] = "https://distill.pub/2017/feature-visualization/"

    layer: str | None = None
    channels: int | tuple[int, ...] = 8
    iterations: int = 64
    continued: int = 16
    rate: float = 0.2
    decay: float = 0.05
    jitter: int = 4
    seed: int = 0
    recorded_size: int | None = field(default=64, kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.channels, list):  # Settings must be hashable.
            object.__setattr__(self, "channels", tuple(self.channels))

    @override
    def resolve(self, layers: LayerTable) -> tuple[Self, ...]:
        check_explains_input(self, layers, recorded_size=self.recorded_size)
        self._check()
        layer = self._found(layers)
        available = layer.shape[-1] if layer.grid is None else layer.grid[2]
        return (replace(self, layer=layer.path, channels=self._chosen(layer, available)),)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The channels of a resolved explainer."""
        return self.channels if isinstance(self.channels, tuple) else ()

    def climb(self, queries: "ChannelQueries", before: Ascent | None) -> tuple[Explanation, Ascent]:
        """Returns the pictures, and where to continue; called on a resolved explainer.

        Args:
            queries: Asks the model about the channels.
            before: Where the last record stood, or `None` at the first.

        Raises:
            ValueError: If no channel has a gradient for its picture.
        """
        low, high = self.checked_range(queries)
        spectrum = Spectrum(*queries.shape)
        if before is None or before.points.shape != (len(self.chosen), *spectrum.shape):
            noise = _NOISE * self._random(spectrum)[0]
            before = Ascent.start(np.repeat(noise[None], len(self.chosen), axis=0))
        start = queries.answers(_between(low, high, spectrum.pictures(before.points)))[0]
        now = self._climbed(before, spectrum, queries, low=low, high=high)
        values = spectrum.pictures(now.points)
        reached = queries.answers(_between(low, high, values))[0]
        facts = {
            "picture": True,
            "iterations": now.iterations,
            "forwards": queries.forwards,
            "backwards": queries.backwards,
            "low": float(low.min()),
            "high": float(high.max()),
        }
        return self._explanation(values, {"activation": reached, "start": start}, facts), now

    def checked_range(self, queries: "ChannelQueries") -> tuple[Reals, Reals]:
        """Returns between which values the pixels of each channel move.

        Raises:
            ValueError: If the samples are all the same value, or not finite.
        """
        low, high = queries.input_range()
        if np.isfinite(high - low).all() and (high > low).any():
            return low, high
        raise ValueError(
            "FeatureVisualization makes pictures of values between the smallest and the largest "
            "of the samples; give samples of several values, all of them finite. "
            f"Received: samples between {low.min():g} and {high.max():g}"
        )

    def _climbed(
        self,
        before: Ascent,
        spectrum: Spectrum,
        queries: "ChannelQueries",
        *,
        low: Reals,
        high: Reals,
    ) -> Ascent:
        direction = self._random(spectrum)[1]
        iterations = self.continued if before.iterations else self.iterations
        now = before
        for _ in range(iterations):
            gradient = self._gradient(now, spectrum, queries, low=low, high=high)
            now = now.stepped(gradient, rate=self.rate, decay=self.decay, otherwise=direction)
        if iterations and (now.steps == before.steps).all():
            raise ValueError(
                f"Layer {self.layer!r} answers nothing that pictures could climb: their gradient "
                "is zero or not finite. Channels that are dead have none, and layers that run on "
                "another input; name others. "
                f"Received: layer={self.layer!r}, channels={self.channels!r}"
            )
        return now.without_lost(before)

    def _gradient(
        self,
        now: Ascent,
        spectrum: Spectrum,
        queries: "ChannelQueries",
        *,
        low: Reals,
        high: Reals,
    ) -> Reals:
        """Returns the gradient of each channel for its spectrum, through a shifted picture."""
        random = np.random.default_rng([self.seed, now.iterations + 1])
        down, across = random.integers(-self.jitter, self.jitter + 1, 2)
        share = _share(spectrum.pictures(now.points))
        shifted = np.roll(low + (high - low) * share, (down, across), axis=(1, 2))
        means, slope = queries.answers(shifted)
        # On PyTorch a gradient passes a ReLU of NaN.
        slope = np.where(np.isfinite(means)[:, None, None, None], slope, 0)
        slope = np.roll(slope, (-down, -across), axis=(1, 2))
        return spectrum.adjoint(slope * (high - low) * share * (1 - share))

    def _random(self, spectrum: Spectrum) -> Reals:
        """Returns noise to start from, and a direction."""
        random = np.random.default_rng(self.seed)
        return random.normal(size=(2, *spectrum.shape)).astype(np.float32)

    def _explanation(
        self, values: Reals, figures: dict[str, Reals], facts: dict[str, Any]
    ) -> Explanation:
        relative = 2 * _share(values) - 1
        if relative.shape[-1] != 3:
            relative = np.repeat(relative.mean(axis=-1, keepdims=True), 3, axis=-1)
        return Explanation(
            values=relative.astype(np.float32, copy=False),
            kind=self.kind,
            layer=resolved(self.layer),
            signed=True,
            channels=self.chosen,
            figures={name: figure.astype(np.float32) for name, figure in figures.items()},
            facts=facts,
            recorded_size=self.recorded_size,
        )

    def _found(self, layers: LayerTable) -> LayerInfo:
        received = f"FeatureVisualization(layer={self.layer!r})"
        if self.layer is None:
            return layers.find_grid(None, received=received)
        layer = layers.find(self.layer, received=received)
        if layer.order < 0:
            raise ValueError(
                f"The model does not call layer {layer.path!r} for these samples; name one that "
                f"it calls. Received: {received}"
            )
        if layer.grid is None and layer.layout != "vector":
            raise ValueError(
                f"Layer {layer.path!r} puts out shape {layer.shape}, which has no channels; name "
                f"a layer with rows and columns or a vector. Received: {received}"
            )
        return layer

    def _chosen(self, layer: LayerInfo, available: int) -> tuple[int, ...]:
        if not isinstance(self.channels, tuple):
            return tuple(int(index) for index in spread(available, self.channels))
        if all(is_index(one) and 0 <= one < available for one in self.channels):
            return tuple(int(one) for one in self.channels)
        raise ValueError(
            f"Layer {layer.path!r} has {available} channels, 0 to {available - 1}. "
            f"Received: FeatureVisualization(channels={self.channels!r})"
        )

    def _check(self) -> None:
        if not _names_channels(self.channels):
            raise ValueError(
                "`channels` of FeatureVisualization is a number of channels (8), or different "
                f"indices (0, 5, 7). Received: channels={self.channels!r}"
            )
        for name, least in _LEAST:
            value = getattr(self, name)
            if not is_index(value) or value < least:
                raise ValueError(
                    f"`{name}` of FeatureVisualization is a whole number of at least {least}. "
                    f"Received: {name}={value!r}"
                )
        if not (isfinite(self.rate) and self.rate > 0 and 0 <= self.decay < 1):
            raise ValueError(
                "`rate` of FeatureVisualization is a number above 0, such as 0.2, and `decay` one "
                f"from 0 to below 1, such as 0.05. Received: {self!r}"
            )


def _names_channels(channels: Any) -> bool:
    if not isinstance(channels, tuple):
        return is_index(channels) and channels > 0
    given = cast(tuple[object, ...], channels)
    return all(map(is_index, given)) and 0 < len(given) == len(set(given))


def _share(values: Reals) -> Reals:
    """Returns `1 / (1 + exp(-values))`, which does not overflow."""
    return (1 + np.tanh(values / 2)) / 2


def _between(low: Reals, high: Reals, values: Reals) -> Reals:
    return low + (high - low) * _share(values)

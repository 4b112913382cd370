"""What is remembered from record to record, so that records can be compared over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
import numpy.typing as npt

from tb_explain.explainers.ascent import Ascent
from tb_explain.explainers.kernels import Directions
from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.maps import Maps
from tb_explain.metrics.representation import Representation
from tb_explain.probe.structure.weights import KernelKind, LayerWeights

Kernel = tuple[str, KernelKind, Floats]


@final
@dataclass(eq=False)
class Memory:
    """Chosen channels and filters, and the kernels of the last record.

    It outlives a shared pass, so that a second `fit` continues the first. It holds one copy of
    all kernels, and their directions at step 0 in half the bytes.

    Attributes:
        channels: Channels shown since the first record, by layer path.
        kernels: Kernels at the last record, by layer path.
        shown: What each explainer of weights showed at the last record, by tag.
        features: Where each ascent of pictures of features stands, by tag.
        first_maps: Maps of the untrained model, at step 0, by tag.
        previous_maps: Maps of the last record, by tag.
        predicted: Class that was predicted of each sample at the last record, or `None`.
        was_right: Whether each sample was right at any record so far, or `None` without labels.
        representations: What CKA saw of each layer when its output was last looked at, by path.
        first_representations: The same at step 0.
        first_filters: Direction of each filter at step 0, by layer path.
        records: How many records there were.
        starts_trained: Whether the model was trained before the first of them.
    """

    channels: dict[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    kernels: dict[str, Floats] = field(default_factory=dict[str, Floats])
    shown: dict[str, Explanation] = field(default_factory=dict[str, Explanation])
    features: dict[str, Ascent] = field(default_factory=dict[str, Ascent])
    first_maps: dict[str, Maps] = field(default_factory=dict[str, Maps])
    previous_maps: dict[str, Maps] = field(default_factory=dict[str, Maps])
    predicted: npt.NDArray[np.int32] | None = None
    was_right: npt.NDArray[np.bool_] | None = None
    representations: dict[str, Representation] = field(default_factory=dict[str, Representation])
    first_representations: dict[str, Representation] = field(
        default_factory=dict[str, Representation]
    )
    first_filters: dict[str, Directions] = field(default_factory=dict[str, Directions])
    records: int = 0
    starts_trained: bool = False

    def next_turn(self, cadences: Iterable[int]) -> frozenset[int]:
        """Begins a record, and returns those values of `every` whose turn it is."""
        due = frozenset(every for every in cadences if self.records % every == 0)
        self.records += 1
        return due

    def chosen_channels(
        self, counts: Mapping[str, int], available: Mapping[str, int]
    ) -> dict[str, tuple[int, ...]]:
        """Returns the remembered choice for layers where it still has `counts` channels.

        Args:
            counts: How many channels are shown, by layer path.
            available: How many channels the layer has.
        """
        return {
            layer: self.channels[layer]
            for layer, count in counts.items()
            if len(self.channels.get(layer, ())) == count
            and max(self.channels[layer], default=0) < available[layer]
        }

    def compare(self, kernel: Kernel, tag: str, *, sees_picture: bool) -> LayerWeights:
        """Returns a kernel with what is remembered of it, if it still has the same shape."""
        path, kind, values = kernel
        previous = self.previous(path, values)
        shown = None if previous is None else self.shown.get(tag)
        return LayerWeights(path, kind, values, previous, shown, sees_picture)

    def previous(self, path: str, kernel: Floats) -> Floats | None:
        """Returns the kernel of the last record, or `None` without one of the same shape."""
        previous = self.kernels.get(path)
        return previous if previous is not None and previous.shape == kernel.shape else None

    def remember(self, tag: str, maps: Maps, *, is_control: bool) -> None:
        """Remembers maps of this record in place of the last, as the control if they are that."""
        self.previous_maps[tag] = maps
        if is_control:
            self.first_maps[tag] = maps

    def keep(self, kernels: Iterable[Kernel]) -> None:
        """Remembers the kernels of this record in place of the last."""
        self.kernels = {path: kernel for path, _, kernel in kernels}

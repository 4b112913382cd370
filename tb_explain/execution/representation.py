"""How alike the representations of layers are, between records and to each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.execution.memory import Memory
from tb_explain.explainers.selection import evenly_spaced, spread
from tb_explain.explanation import Floats
from tb_explain.metrics.representation import Representation
from tb_explain.probe.structure.layer_table import LayerTable

LARGEST_SAMPLES: Final = 128
"""Samples, evenly spaced, that are compared of more: the cost grows with their square."""
COMPARED_LAYERS: Final = 16
"""Layers, evenly spaced over the depth, that are compared with each other."""

Pooled = Mapping[str, npt.NDArray[Any]]
"""Mean over places of the output of layers, `(samples, channels)`, by path."""


@final
@dataclass(frozen=True, eq=False)
class LayerLikeness:
    """How alike some layers are to each other at one record.

    Attributes:
        layers: Their paths, in the order of execution.
        cka: Their debiased linear CKA, a `float32` array of shape `(layers, layers)`; NaN where it
            is not defined.
        samples: Number of samples that were compared.
    """

    layers: tuple[str, ...] = ()
    cka: Floats = field(default_factory=partial(np.zeros, (0, 0), np.float32))
    samples: int = 0


@final
@dataclass(frozen=True, eq=False)
class Compared:
    """What a record says about representations.

    Attributes:
        figures: Path and figures of each layer: CKA with the last record, `cka`, and with the
            first, `cka_first`; NaN without one.
        between: How alike layers are to each other.
    """

    figures: Sequence[tuple[str, Mapping[str, float]]]
    between: LayerLikeness


@final
class Representations:
    """Compares what layers make of the samples, record by record.

    Args:
        layers: The layers of the model.
        looked_at: Paths of the layers whose output is looked at.
        memory: What is remembered of the run so far. It is updated.
    """

    def __init__(self, layers: LayerTable, looked_at: Iterable[str], memory: Memory) -> None:
        paths = set(looked_at)
        known = [layer for layer in layers.layers if layer.path in paths]
        self._layers = tuple(each.path for each in evenly_spaced(known, COMPARED_LAYERS))
        self._memory = memory

    def compare(self, pooled: Pooled, *, is_first: bool) -> Compared:
        """Compares a record with the last and the first one, and its layers; remembers it.

        Args:
            pooled: Output of layers at this record; of a layer without it nothing is said.
            is_first: Whether this is where a training begins.
        """
        now = {path: Representation.of(_some(features)) for path, features in pooled.items()}
        last, first = self._memory.representations, self._memory.first_representations
        figures = [
            (path, {"cka": _cka(one, last.get(path)), "cka_first": _cka(one, first.get(path))})
            for path, one in now.items()
        ]
        last.update(now)
        if is_first:
            first.update({path: one for path, one in now.items() if path not in first})
        return Compared(figures, self._between(now))

    def _between(self, now: Mapping[str, Representation]) -> LayerLikeness:
        count = len(self._layers)
        cka = np.full((count, count), np.nan, np.float32)
        known = [index for index, path in enumerate(self._layers) if path in now]
        if known:
            all_of_them = np.stack([now[self._layers[index]].likeness for index in known])
            cka[np.ix_(known, known)] = np.clip(all_of_them @ all_of_them.T, -1, 1)
        looked_at = self._memory.representations.values()
        samples = max((one.samples for one in looked_at), default=0)
        return LayerLikeness(self._layers, cka, samples)


def _some(features: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return features.reshape(len(features), -1)[spread(len(features), LARGEST_SAMPLES)]


def _cka(one: Representation, other: Representation | None) -> float:
    return float("nan") if other is None else one.cka(other)

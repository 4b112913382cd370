"""The contract of a metric: abstract kinds, everything else is final.

A new metric is one file here that holds its formula, its settings, its range and its paper; then
its export in `tb_explain/metrics/__init__.py` and its slow definition in
`tests/metrics/slow_definitions.py`, both of which a failing test asks for. A metric that asks the
model is of the kind in `model_metric.py`, and its slow definition stands in `judged.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, final

import numpy as np
import numpy.typing as npt

from tb_explain.explanation import Explanation, Floats
from tb_explain.metrics.maps import Maps, coverage

Better = Literal["higher", "lower"]
Range = tuple[float | None, float | None]
Measured = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Metric(ABC):
    """One figure for each map of an explanation. Subclasses are final and hold only settings.

    A figure is NaN where it is not defined, such as the drift of a map that is zero everywhere.

    Attributes:
        name: Name of the figure in records and of its curve, `relevance_mass`.
        title: Name to show, `Relevance mass`.
        better: Which figures speak for a map, or `None` where neither do.
        range: Smallest and largest figure; `None` where there is no such limit.
        about: One sentence that says how to read it.
        cost: One sentence that says what it costs.
        paper: Address of the paper, or an empty string.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    better: ClassVar[Better | None]
    range: ClassVar[Range]
    about: ClassVar[str]
    cost: ClassVar[str]
    paper: ClassVar[str]

    @final
    def facts(self) -> Mapping[str, Any]:
        """Returns what a record says about the figure."""
        return {
            "title": self.title,
            "better": self.better,
            "range": list(self.range),
            "about": self.about,
            "cost": self.cost,
            "paper": self.paper,
        }


@dataclass(frozen=True)
class MapMetric(Metric):
    """A metric of maps alone."""

    @final
    def __call__(self, explanation: Explanation) -> Floats:
        """Returns the figure of each map, `(maps,)`."""
        maps = Maps.of(explanation)
        return defined(self.measure(maps), maps)

    @abstractmethod
    def measure(self, maps: Maps) -> Measured:
        """Returns the figure of each map, `(maps,)`; of maps that are not finite anything."""


@dataclass(frozen=True)
class ChangeMetric(Metric):
    """A metric of how maps differ from those of an earlier record.

    Attributes:
        against: The earlier record: the `"previous"` one, or the `"first"` of the run, which is
            that of the untrained model.
    """

    against: ClassVar[Literal["previous", "first"]]

    @final
    def __call__(self, explanation: Explanation, earlier: Explanation) -> Floats:
        """Returns the figure of each map, `(maps,)`.

        Args:
            explanation: The maps.
            earlier: The same maps at an earlier record. Those of another sample, channel, target
                or size are not compared.
        """
        maps = Maps.of(explanation)
        return defined(self.measure(maps, Maps.of(earlier)), maps)

    @abstractmethod
    def measure(self, maps: Maps, earlier: Maps) -> Measured:
        """Returns the figure of each map, `(maps,)`; NaN where two maps cannot be compared."""


@dataclass(frozen=True)
class Localization(Metric):
    """A metric of how much of the evidence lies on the object.

    Evidence are the values above zero: what speaks against a class may well lie beside the
    object. A mask is brought to the rows and columns of the maps; a cell that the object covers
    in part counts in part, which is the same as to enlarge the map to the picture. A figure is
    not defined without evidence or without an object.
    """

    @final
    def __call__(self, explanation: Explanation, masks: npt.ArrayLike) -> Floats:
        """Returns the figure of each map, `(maps,)`.

        Args:
            explanation: The maps.
            masks: The object in each sample, `(samples, rows, cols)`, zero outside.

        Raises:
            ValueError: If the masks have another shape, or there are fewer than samples.
        """
        maps = Maps.of(explanation)
        objects = _masks(masks, maps)
        covered = covered_cells(coverage(objects, *maps.values.shape[1:]), maps)
        return defined(self.measure(maps, covered), maps)

    @abstractmethod
    def measure(self, maps: Maps, covered: Floats) -> Measured:
        """Returns the figure of each map, `(maps,)`; of maps that are not finite anything.

        Args:
            maps: The maps.
            covered: How much of each cell the object covers, `(maps, rows * cols)`, 0 to 1.
        """


def covered_cells(covers: Floats, maps: Maps) -> Floats:
    """Returns how much the object covers of each cell of each map, `(maps, rows * cols)`.

    Args:
        covers: The same of each sample, `(samples, rows, cols)`.
        maps: The maps; those without a sample show no object.
    """
    found = np.zeros((len(maps.values), covers[0].size), np.float32)
    for place, sample in enumerate(maps.samples):
        if sample is not None:
            found[place] = covers[sample].ravel()
    return found


def defined(figures: Measured, maps: Maps) -> Floats:
    """Returns figures as `float32`, NaN where a map is not finite."""
    with np.errstate(over="ignore"):
        return np.where(maps.finite, figures, np.nan).astype(np.float32)


def _masks(masks: npt.ArrayLike, maps: Maps) -> npt.NDArray[np.bool_]:
    found = np.asarray(masks)
    needed = 1 + max((sample for sample in maps.samples if sample is not None), default=0)
    if found.ndim != 3 or len(found) < needed or 0 in found.shape:
        raise ValueError(
            "Masks have the shape (samples, rows, cols), with one entry per sample, here "
            f"{needed}. Received: masks of shape {found.shape}"
        )
    return found > 0

"""Maps of two runs beside each other."""

from collections.abc import Iterator, Mapping
from typing import final

import numpy as np
import numpy.typing as npt

from tb_explain.comparison.alignment import drifts, plane
from tb_explain.comparison.recorded import Recorded, SampleMaps
from tb_explain.comparison.result import (
    VANISHED,
    Changed,
    Compared,
    LeftOut,
    Pair,
    Thresholds,
)

Steps = tuple[int | None, int | None]
Match = tuple[int, int]


@final
class Sides:
    """Maps of A and B that are compared.

    Args:
        a: A run.
        b: Another one, or the same.
        tags: Tag of the maps of each.
        steps: Step of each; `None` for the last record.

    Raises:
        ValueError: If one of them cannot be read, or they are the same record.
    """

    def __init__(self, a: Recorded, b: Recorded, tags: tuple[str, str], steps: Steps) -> None:
        self.a, self.b = a, b
        self.maps_a, self.maps_b = a.maps(tags[0], steps[0]), b.maps(tags[1], steps[1])
        self.pair = Pair(*tags, self.maps_a.step, self.maps_b.step)
        if (a.place, tags[0], self.maps_a.step) == (b.place, tags[1], self.maps_b.step):
            raise ValueError(
                "A and B are the same record, so nothing can have moved; name another run, tag or "
                f"step. Received: {tags[0]!r} at step {self.maps_a.step} of {a.name!r} twice"
            )
        self._by_name = bool(a.class_names and b.class_names)
        self._predicted_a = a.predicted(self.maps_a.step)
        self._predicted_b = b.predicted(self.maps_b.step)

    @property
    def predicts_classes(self) -> bool:
        """Whether either run predicts classes."""
        return any(each is not None for each in (*self._predicted_a, *self._predicted_b))

    def changed(self, samples: Mapping[int, int]) -> Iterator[Changed]:
        """Yields the samples for which B predicts another class."""
        for match in samples.items():
            classes = self._classes(match)
            if None not in classes and not self._is_same_class(*classes):
                names = self.a.class_name(classes[0]), self.b.class_name(classes[1])
                steps = self.pair.step_a, self.pair.step_b
                yield Changed(self.a.sample_name(match[0]), *match, *steps, *names)

    def kept(
        self, samples: Mapping[int, int], thresholds: Thresholds
    ) -> Iterator[Compared | LeftOut]:
        """Yields the samples whose prediction stayed, as far as they can be compared."""
        places = _places(self.maps_a), _places(self.maps_b)
        known: list[Match] = []
        for match in samples.items():
            why = self._why_unknown(match, places)
            if why:
                yield LeftOut(self.a.sample_name(match[0]), *match, self.pair, why)
            elif self._is_same_class(*self._classes(match)):
                known.append(match)
        at = [(places[0][i], places[1][j]) for i, j in known]
        ours, theirs = [own for own, _ in at], [other for _, other in at]
        found = drifts(self.maps_a.values[ours], self.maps_b.values[theirs])
        for match, place, drift in zip(known, at, found, strict=True):
            why = self._why_not(*place)
            if why:
                yield LeftOut(self.a.sample_name(match[0]), *match, self.pair, why)
            else:
                yield self._compared(match, place, float(drift), thresholds=thresholds)

    def _compared(
        self, match: Match, place: Match, drift: float, *, thresholds: Thresholds
    ) -> Compared:
        is_gone = _has_no_order(self.maps_b, place[1]) is not None
        masses = float(self.maps_a.masses[place[0]]), float(self.maps_b.masses[place[1]])
        return Compared(
            sample=self.a.sample_name(match[0]),
            index_a=match[0],
            index_b=match[1],
            pair=self.pair,
            predicted=self.a.class_name(self._predicted_a[match[0]]),
            drift=np.nan if is_gone else drift,
            mass_a=masses[0],
            mass_b=masses[1],
            moved=(VANISHED,) if is_gone else thresholds.exceeded(drift, *masses),
        )

    def _why_not(self, place_a: int, place_b: int) -> str | None:
        targets = self.maps_a.targets[place_a], self.maps_b.targets[place_b]
        if not self._is_same_class(*targets):
            return "the maps explain different classes"
        why = _has_no_order(self.maps_a, place_a)
        return why and f"the map of A is {why}"

    def _why_unknown(self, match: Match, places: tuple[dict[int, int], dict[int, int]]) -> str:
        """Returns what one of the runs lacks of a sample, or nothing."""
        classes = self._classes(match)
        for side, own, there, predicted in zip("AB", match, places, classes, strict=True):
            if own not in there:
                return f"no map in {side}"
            if predicted is None and classes != (None, None):
                return f"no predicted class in {side}"
        return ""

    def _classes(self, match: Match) -> tuple[int | None, int | None]:
        return self._predicted_a[match[0]], self._predicted_b[match[1]]

    def _is_same_class(self, of_a: int | None, of_b: int | None) -> bool:
        if of_a is None or of_b is None or not self._by_name:
            return of_a == of_b
        return self.a.class_name(of_a) == self.b.class_name(of_b)


def _places(maps: SampleMaps) -> dict[int, int]:
    return {sample: place for place, sample in enumerate(maps.samples)}


def _has_no_order(maps: SampleMaps, place: int) -> str | None:
    """Returns why the cells of a map have no ranks, or `None`."""
    if not maps.is_finite[place]:
        return "not finite"
    cells: npt.NDArray[np.float32] = plane(maps.values[place : place + 1])
    return "the same everywhere" if cells.min() == cells.max() else None

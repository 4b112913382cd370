"""One recorded run, as far as it is compared with another."""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.record_head import Header, RecordError, read_head
from tb_explain.dashboard.run import PROGRESS, SAMPLES
from tb_explain.explanation import Explanation, Floats
from tb_explain.loading import Records, open_run, payloads_of
from tb_explain.records.decode import decode_table

Given = str | os.PathLike[str] | Records
_KINDS: Final = ("attribution", "attention")
_PREDICTION: Final = "prediction"
_MASS: Final = "relevance_mass"


@final
@dataclass(frozen=True, eq=False)
class SampleMaps:
    """The map of each sample at one record; of several maps of a sample, the first.

    Attributes:
        step: Step of the record.
        values: The maps, `(samples, rows, cols, channels)`.
        samples: Index of each sample.
        targets: Explained class of each sample, or `None`.
        is_finite: Whether all values of each map were finite when it was recorded.
        masses: Share of the evidence on the object, NaN where that was not recorded.
        records_mass: Whether it was recorded at all.
    """

    step: int
    values: Floats
    samples: tuple[int, ...]
    targets: tuple[int | None, ...]
    is_finite: npt.NDArray[np.bool_]
    masses: Floats
    records_mass: bool


@final
class Recorded:
    """A recorded run.

    Args:
        given: Its directory, or a directory with just one run below it; or its records.
        side: What it is called in sentences, `A` or `B`.

    Raises:
        ValueError: If it holds no records, or none of its samples.
    """

    def __init__(self, given: Given, side: str) -> None:
        self.side = side
        self.records = given if isinstance(given, Records) else Records(open_run(given, below=True))
        run = self.records.run
        self.name = run.name if isinstance(given, Records) else os.fspath(given)
        place = next(iter(reversed(list(run.tags.get(SAMPLES, {}).values()))), None)
        if place is None:
            raise ValueError(
                f"{side} holds no samples, by which the maps of two runs are matched; "
                f"`tbx.Explain` and `tbx.Recorder` record them. Received: {self.name!r}"
            )
        self.place = (os.path.realpath(place.path), place.offset)
        self._samples = read_head(run.storage, place).header

    @property
    def hashes(self) -> Sequence[str]:
        """Content of each sample."""
        return self._texts("hashes")

    @property
    def class_names(self) -> Sequence[str]:
        """Name of each class; empty where they have none."""
        return self._texts("class_names")

    def sample_name(self, index: int) -> str:
        """Returns the name of a sample."""
        names = self._texts("names")
        return names[index] if index < len(names) else f"sample {index}"

    @property
    def has_masks(self) -> bool:
        """Whether the run knows where the object is."""
        return any(mask is not None for mask in as_array(self._samples.get("masks")))

    @cached_property
    def tags(self) -> Mapping[str, Header]:
        """Headers of the newest records of maps of samples, by tag."""
        return {
            tag: header
            for tag in self.records
            if (header := self._newest(tag)).get("kind") in _KINDS
        }

    def place_of(self, header: Header) -> int:
        """Returns the place of an explainer among those that were asked for, by its title."""
        titles = list(as_object(self._progress.get("seconds")))
        title = header.get("title")
        return titles.index(title) if title in titles else len(titles)

    def class_name(self, index: int | None) -> str | None:
        """Returns the name of a class, or its number where classes have no names."""
        if index is None or index < 0:
            return None
        return self.class_names[index] if index < len(self.class_names) else f"class {index}"

    def maps(self, tag: str, step: int | None) -> SampleMaps:
        """Reads the maps at a step, or the last ones before it.

        Raises:
            ValueError: If there are none, or they are damaged.
        """
        places = self.records.run.tags[tag]
        found = [each for each in places if step is None or each <= step]
        if not found:
            raise ValueError(
                f"The first record of {tag!r} in {self.side} is that of step {min(places)}. "
                f"Received: step {step}"
            )
        with self._named_errors():
            return self._read(tag, found[-1])

    def predicted(self, step: int) -> Sequence[int | None]:
        """Returns the predicted class of each sample at a step, or at the last one before it.

        Raises:
            ValueError: If the record is damaged.
        """
        places = self.records.run.tags.get(_PREDICTION, {})
        found = [each for each in places if each <= step]
        classes: Any = ()
        if found:
            with self._named_errors():
                header, payloads = payloads_of(self.records.run, places[found[-1]])
            classes = decode_table(header, payloads).get("predicted", ())
        known = {sample: int(each) for sample, each in enumerate(classes) if each >= 0}
        return [known.get(sample) for sample in range(len(self.hashes))]

    @contextmanager
    def _named_errors(self) -> Generator[None]:
        try:
            yield
        except RecordError as error:
            raise ValueError(f"{self.side}: {error} Choose another one with `steps`.") from error

    def _texts(self, field: str) -> Sequence[str]:
        return [str(entry) for entry in as_array(self._samples.get(field))]

    @cached_property
    def _progress(self) -> Header:
        return self._newest(PROGRESS)

    def _newest(self, tag: str) -> Header:
        """Returns the newest header that can be read, or an empty one."""
        run, heads = self.records.run, HeadCache(0)
        places = reversed(list(run.tags.get(tag, {}).values()))
        head = next(filter(None, (heads.find(run.storage, place) for place in places)), None)
        return head.header if head else {}

    def _read(self, tag: str, step: int) -> SampleMaps:
        explanation: Explanation = self.records[tag][step]
        run = self.records.run
        columns = as_object(read_head(run.storage, run.tags[tag][step]).header.get("columns"))
        lost = dict(enumerate(as_array(columns.get("not_finite"))))
        chosen: dict[int, int] = {}
        for place, sample in enumerate(explanation.samples):
            if sample is not None:
                chosen.setdefault(sample, place)
        places = list(chosen.values())
        none = np.full(len(explanation.values), np.nan, np.float32)
        return SampleMaps(
            step=step,
            values=explanation.values[places],
            samples=tuple(chosen),
            targets=tuple(explanation.targets[place] for place in places),
            is_finite=np.array([not lost.get(place) for place in places], np.bool_),
            masses=explanation.figures.get(_MASS, none)[places],
            records_mass=_MASS in explanation.figures,
        )

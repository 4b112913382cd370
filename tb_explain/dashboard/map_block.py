"""Maps of a tag for some steps and samples: the answer of `api/block`."""

from dataclasses import dataclass
from math import prod
from typing import Any, final

from tb_explain.dashboard.block import LARGEST_BLOCK, Block, TooLargeError, check_size, pooled_shape
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.listing import static_facts
from tb_explain.dashboard.map_reader import pool_maps, read_maps
from tb_explain.dashboard.query import Spans
from tb_explain.dashboard.record_head import (
    SCALE_BYTES,
    Head,
    Header,
    MapLayout,
    NewerVersionError,
    RecordError,
    map_layout,
)
from tb_explain.dashboard.run import Run, newer_version_problem

_LARGEST_READ = 8 * LARGEST_BLOCK
_COLUMNS = ("sample", "channel", "target", "score", "not_finite")


@dataclass(frozen=True)
class MapRequest:
    """Which maps are wanted.

    Attributes:
        run: The run.
        tag: One of its tags.
        steps: Steps to take.
        maps: Maps of each step to take.
        pool: By how much rows and columns are reduced.
    """

    run: Run
    tag: str
    steps: Spans
    maps: Spans
    pool: int


@dataclass(frozen=True)
class MapBlock:
    """A packed answer.

    Attributes:
        packed: The block.
        is_complete: Whether all of it could be read.
    """

    packed: bytes
    is_complete: bool


def map_block(request: MapRequest, heads: HeadCache) -> MapBlock:
    """Returns the maps that are asked for, packed.

    A record that cannot be read has an entry with a `problem` and no bytes.

    Raises:
        TooLargeError: If they take more than 64 MiB.
    """
    assembly = _Assembly(request, heads)
    steps = request.steps.choose(list(request.run.tags[request.tag]))
    entries = [assembly.entry(step) for step in steps]
    header = {
        "run": request.run.name,
        "tag": request.tag,
        "facts": assembly.facts,
        "steps": entries,
    }
    is_complete = all(entry["problem"] is None for entry in entries)
    return MapBlock(assembly.block.packed(header), is_complete)


@final
class _Assembly:
    """A block that is put together step by step.

    Attributes:
        block: Its body.
        facts: The different facts of its records.
    """

    def __init__(self, request: MapRequest, heads: HeadCache) -> None:
        self.block = Block()
        self.facts: list[Header] = []
        self._request = request
        self._heads = heads
        self._bytes_read = 0

    def entry(self, step: int) -> dict[str, Any]:
        """Adds the maps of a step and returns its entry in the header."""
        run, pool = self._request.run, self._request.pool
        place = run.tags[self._request.tag][step]
        try:
            head = self._heads.head(run.storage, place)
            layout = map_layout(place, head)
            chosen = self._request.maps.choose(range(layout.maps))
            payloads = self._payloads(place, head=head, layout=layout, chosen=chosen)
        except (RecordError, OSError) as error:
            return _problem_entry(step, _sentence(error, run.name))
        return {
            "step": step,
            "facts": self._facts_index(head.header, pooled_shape(layout.shape, pool)),
            "offset": self.block.add(*payloads),
            "map_bytes": _map_bytes(layout, pool),
            "columns": _selected(head.header.get("columns"), chosen, _COLUMNS),
            "figures": _selected(head.header.get("figures"), chosen, None),
            "problem": None,
        }

    def _payloads(
        self, place: Place, *, head: Head, layout: MapLayout, chosen: list[int]
    ) -> list[bytes | memoryview]:
        pool = self._request.pool
        check_size(_map_bytes(layout, pool) * len(chosen))
        self._bytes_read += layout.size * len(chosen)
        if self._bytes_read > _LARGEST_READ:
            raise TooLargeError(
                f"One answer is made of up to {_LARGEST_READ // 2**20} MiB of records; ask for "
                f"fewer steps or maps. Received: a request for {self._bytes_read // 2**20} MiB"
            )
        if not chosen:
            return []
        storage = self._request.run.storage
        payloads = read_maps(storage, place, head=head, layout=layout, chosen=chosen)
        return pool_maps(payloads, layout, pool) if pool > 1 else payloads

    def _facts_index(self, header: Header, shape: tuple[int, int, int]) -> int:
        """Returns which of the facts are those of a header, after adding them if need be."""
        facts = {**static_facts(header), "shape": shape}
        facts.pop("seconds", None)
        if not self.facts or self.facts[-1] != facts:
            self.facts.append(facts)
        return len(self.facts) - 1


def _map_bytes(layout: MapLayout, pool: int) -> int:
    values = (layout.size - SCALE_BYTES) // prod(layout.shape)
    return SCALE_BYTES + values * prod(pooled_shape(layout.shape, pool))


def _selected(columns: Any, chosen: list[int], names: tuple[str, ...] | None) -> dict[str, Any]:
    """Returns the chosen entries of the columns that are long enough."""
    needed = chosen[-1] if chosen else -1
    return {
        name: [column[index] for index in chosen]
        for name, values in as_object(columns).items()
        if (names is None or name in names) and len(column := as_array(values)) > needed
    }


def _problem_entry(step: int, problem: str) -> dict[str, Any]:
    return {
        "step": step,
        "facts": None,
        "offset": 0,
        "map_bytes": 0,
        "columns": {},
        "figures": {},
        "problem": problem,
    }


def _sentence(error: Exception, run: str) -> str:
    """Returns what to tell about a record that could not be read."""
    if isinstance(error, NewerVersionError):
        return newer_version_problem(run)
    if isinstance(error, FileNotFoundError):
        return "The event file of this record was deleted or moved while it was read."
    if isinstance(error, OSError):
        return f"The event file of this record could not be read: {error.strerror or error}."
    return str(error)

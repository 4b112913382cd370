"""What runs hold, as JSON: the answers of `api/runs` and `api/run`."""

from collections.abc import Iterable, Mapping
from typing import Any, final

from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.json_values import as_array, as_object, columns_of
from tb_explain.dashboard.newest_drift import described
from tb_explain.dashboard.record_head import Header
from tb_explain.dashboard.run import (
    PROGRESS,
    SAMPLES,
    STRUCTURE,
    Places,
    Run,
)

Answer = dict[str, Any]

_TIMES = ("epoch", "fit", "batch", "wall_time")
_PER_RECORD = frozenset({*_TIMES, "columns", "figures", "statistics", "arrays"})
_LISTED_COLUMNS = ("sample", "channel", "target")
_QUERY = "query"
_PROGRESS_BYTES = 16 * 2**20
_HEAD_BYTES = 16 * 2**20
_TRIES = 3


def static_facts(header: Header) -> Header:
    """Returns what a header says beyond its own step: the seconds, and what hardly changes."""
    return {name: value for name, value in header.items() if name not in _PER_RECORD}


def column_facts(header: Header, names: Iterable[str]) -> dict[str, Any]:
    """Returns those columns of a header that it has."""
    columns = as_object(header.get("columns"))
    return {name: columns[name] for name in names if name in columns}


def run_entry(run: Run) -> Answer:
    """Returns the entry of a run in the list of runs."""
    return {
        "run": run.name,
        "version": run.version,
        "steps": len(run.steps),
        "first_step": run.steps[0] if run.steps else None,
        "last_step": run.steps[-1] if run.steps else None,
        "last_time": run.last_time,
        "finished": run.is_finished,
        "problem": run.problem,
    }


@final
class Heads:
    """Reads headers for answers; those of the time axis are kept apart from all others."""

    def __init__(self) -> None:
        self.records = HeadCache(_HEAD_BYTES)
        self._progress = HeadCache(_PROGRESS_BYTES)

    def newest(self, run: Run, tag: str) -> Header | None:
        """Returns the header of the newest record of a tag that can be read."""
        places = list(run.tags.get(tag, {}).values())
        candidates = (self.records.find(run.storage, place) for place in places[: -_TRIES - 1 : -1])
        return next((head.header for head in candidates if head is not None), None)

    def progress(self, run: Run) -> dict[int, Header]:
        """Returns the headers of the time axis by step, without those that cannot be read."""
        places = run.tags.get(PROGRESS, {}).items()
        heads = ((step, self._progress.find(run.storage, place)) for step, place in places)
        return {step: head.header for step, head in heads if head is not None}


def describe_run(run: Run, heads: Heads) -> Answer:
    """Returns everything about a run but its maps, tables and pictures."""
    progress = heads.progress(run)
    newest = progress[max(progress)] if progress else {}
    return {
        "run": run.name,
        "version": run.version,
        "axis": newest.get("axis", "epoch"),
        "steps": run.steps,
        "progress": _progress(run.steps, progress),
        "tags": _tags(run, heads),
        "structure": heads.newest(run, STRUCTURE),
        "samples": heads.newest(run, SAMPLES),
        "problem": run.problem,
    }


def _progress(steps: tuple[int, ...], headers: Mapping[int, Header]) -> Answer:
    rows = [headers.get(step, {}) for step in steps]
    answer: Answer = {name: [row.get(name) for row in rows] for name in _TIMES}
    for group in ("logs", "seconds"):
        answer[group] = columns_of([as_object(row.get(group)) for row in rows])
    answer["failures"] = [
        {"step": step, "tag": as_object(failure).get("tag"), "reason": as_object(failure)["reason"]}
        for step, row in zip(steps, rows, strict=True)
        for failure in as_array(row.get("failures"))
        if "reason" in as_object(failure)
    ]
    answer["notes"] = [
        {"step": step, "text": text}
        for step, row in zip(steps, rows, strict=True)
        for text in as_array(row.get("notes"))
    ]
    answer["findings"] = _findings(zip(steps, rows, strict=True))
    answer["versions"] = as_object(headers[max(headers)].get("versions")) if headers else {}
    return answer


def _findings(rows: Iterable[tuple[int, Header]]) -> list[Answer]:
    """Returns how findings begin and end.

    A training that goes on in another process begins without any, so those before are over.
    """
    changes: list[Answer] = []
    standing: dict[str, Answer] = {}
    for step, row in rows:
        if row.get("watch_begins"):
            over = {"step": step, "state": "off", "since": step}
            changes += [{**change, **over} for change in standing.values()]
            standing.clear()
        for entry in map(as_object, as_array(row.get("findings"))):
            name, change = entry.get("id"), {"step": step, **entry}
            if not isinstance(name, str):
                continue
            changes.append(change)
            if entry.get("state") == "on":
                standing[name] = change
            else:
                standing.pop(name, None)
    return changes


def _tags(run: Run, heads: Heads) -> list[Answer]:
    positions = {step: index for index, step in enumerate(run.steps)}
    answers: list[Answer] = []
    for tag, places in run.tags.items():
        if tag in (PROGRESS, SAMPLES, STRUCTURE):
            continue
        header = heads.newest(run, tag)
        if header is None:
            continue
        answer: Answer = {
            "tag": tag,
            "kind": header.get("kind"),
            "ranges": _ranges(places, positions),
            "facts": described(static_facts(header)),
            "columns": column_facts(header, _LISTED_COLUMNS) | _queries(header),
        }
        if "arrays" in header:
            answer["arrays"] = header["arrays"]
        answers.append(answer)
    return answers


def _queries(header: Header) -> dict[str, Any]:
    """Returns the token from which each map of attention looks, as a column."""
    figures = as_object(header.get("figures"))
    return {_QUERY: figures[_QUERY]} if _QUERY in figures else {}


def _ranges(places: Places, positions: Mapping[int, int]) -> list[list[int]]:
    """Returns `[first index, count]` of each uninterrupted range of steps."""
    ranges: list[list[int]] = []
    for step in places:
        position = positions[step]
        if ranges and ranges[-1][0] + ranges[-1][1] == position:
            ranges[-1][1] += 1
        else:
            ranges.append([position, 1])
    return ranges

"""One run: the records of all event files in its directory, with restarts taken into account."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import final

from tb_explain.dashboard.event_file import EventFile
from tb_explain.dashboard.event_parser import Place
from tb_explain.dashboard.record_head import NewerVersionError, RecordError, read_head
from tb_explain.dashboard.storage import Found, Storage

PROGRESS, SAMPLES, STRUCTURE = "progress", "samples", "structure"
PATIENCE = 10.0
"""Seconds without growth after which a step without its last record is shown as it is."""

Places = Mapping[int, Place]
"""Records of one tag by step, in the order of the steps."""


@dataclass(frozen=True)
class Run:
    """What a run holds at one moment; never changes, so that requests need no lock.

    Attributes:
        name: TensorBoard's name of the run.
        storage: What reads its files.
        version: Changes with the set of its files, and while a step is shown incomplete.
        steps: All steps that are shown.
        tags: Records by tag and step, the time axis and the descriptions of the run included.
        last_time: Wall time of its newest record.
        problem: One sentence about what cannot be shown, or `None`.
        is_finished: Whether the writer of its newest file was closed.
    """

    name: str
    storage: Storage
    version: str
    steps: tuple[int, ...] = ()
    tags: Mapping[str, Places] = field(default_factory=dict[str, Places])
    last_time: float | None = None
    problem: str | None = None
    is_finished: bool = False


@final
class RunFiles:
    """Follows the event files of one run directory.

    Args:
        name: TensorBoard's name of the run.
        storage: What reads its files.
        pause: Called before each record; returns when reading may go on.
    """

    def __init__(self, name: str, storage: Storage, pause: Callable[[], None]) -> None:
        self._name = name
        self._storage = storage
        self._pause = pause
        self._files: dict[str, EventFile] = {}
        self._newer: dict[tuple[str, int], bool] = {}
        self._grown_at = 0.0
        self._hidden = 0
        self.run = Run(name, storage, "")

    def update(self, listed: Iterable[Found], now: float) -> bool:
        """Reads what was added to the files, and makes the run anew if that changed it.

        Args:
            listed: All event files of the directory.
            now: Seconds of a clock that never goes back.

        Returns:
            Whether the run changed.
        """
        found = {file.path: file for file in listed}
        is_changed = self._files.keys() != found.keys()
        self._files = {
            path: self._files.get(path) or EventFile(self._storage, file, self._pause)
            for path, file in found.items()
        }
        for path, file in found.items():
            is_changed |= self._files[path].update(file)
        if is_changed:
            self._grown_at = now
        elif not self._hidden or now - self._grown_at < PATIENCE:
            return False
        previous = self.run
        self.run = self._merged(is_quiet=now - self._grown_at >= PATIENCE)
        return self.run != previous

    def _merged(self, *, is_quiet: bool) -> Run:
        files = sorted(self._files.values(), key=lambda file: file.name)
        readable = [file for file in files if file.places and not self._is_newer(file)]
        records = surviving(readable)
        shown, unfinished = finished(records, is_quiet=is_quiet)
        self._hidden = len(records) - len(shown)
        tags = _by_tag(shown)
        described = {SAMPLES, STRUCTURE}
        return Run(
            self._name,
            self._storage,
            (f"{unfinished}-" if unfinished else "") + _version(files),
            tuple(sorted({place.step for place in shown if place.tag not in described})),
            tags,
            max((place.wall_time for place in shown), default=None),
            self._problem(files),
            is_finished=bool(files) and files[-1].is_complete,
        )

    def _is_newer(self, file: EventFile) -> bool:
        """Whether the first record of a file has a version that is not understood."""
        key = (file.path, file.generation)
        if key not in self._newer:
            try:
                read_head(self._storage, file.places[0])
                self._newer[key] = False
            except NewerVersionError:
                self._newer[key] = True
            except (RecordError, OSError):
                return False
        return self._newer[key]

    def _problem(self, files: list[EventFile]) -> str | None:
        if any(file.places and self._is_newer(file) for file in files):
            return newer_version_problem(self._name)
        problems = [file.problem for file in files if file.problem]
        if len(problems) > 1:
            return f"{problems[0]} {len(problems) - 1} more files of this run have problems too."
        return problems[0] if problems else None


def newer_version_problem(run: str) -> str:
    """Returns the sentence about records that this version cannot read."""
    return (
        f"The records of run {run} were written by a newer tb_explain than the one that "
        "TensorBoard uses; update: pip install -U tb-explain"
    )


def surviving(files: Iterable[EventFile]) -> list[Place]:
    """Returns the records that count, in the order in which they were written.

    A new file is a new start of training: if its first record has step `s`, what older files
    recorded at `s` and later is no longer part of the run.

    Args:
        files: The files, oldest first, each with at least one record.
    """
    records: list[Place] = []
    for file in files:
        start = file.places[0].step
        records = [place for place in records if place.step < start]
        records += file.places
    return records


def finished(records: list[Place], *, is_quiet: bool) -> tuple[list[Place], int]:
    """Leaves out the records of a step that is being written.

    The progress of a step is written last, so later steps are not complete. They are shown
    nevertheless when nothing is written any more, or when the run records no progress at all.

    Args:
        records: The records that count.
        is_quiet: Whether the files have not grown for a while.

    Returns:
        The records to show, and how many of them belong to steps that are not complete.
    """
    last = max((place.step for place in records if place.tag == PROGRESS), default=None)
    done = [place for place in records if last is not None and place.step <= last]
    if is_quiet or last is None:
        return records, len(records) - len(done)
    return done, 0


def _by_tag(records: list[Place]) -> dict[str, Places]:
    tags: dict[str, dict[int, Place]] = {}
    for place in records:
        tags.setdefault(place.tag, {})[place.step] = place
    return {tag: dict(sorted(places.items())) for tag, places in sorted(tags.items())}


def _version(files: list[EventFile]) -> str:
    digest = blake2b(digest_size=6)
    for file in files:
        if file.places:
            digest.update(repr((file.name, file.identity, file.generation, file.created)).encode())
    return digest.hexdigest()

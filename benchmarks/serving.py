"""What it costs to serve records: 100 steps x 64 maps x 50 kB, over HTTP from a real TensorBoard.

Run it with `python benchmarks/serving.py`; it writes 320 MB into a temporary directory. For both
loaders of TensorBoard it prints medians of requests, and the memory of TensorBoard and its data
server beyond that of the same TensorBoard on a log directory without records.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urljoin
from urllib.request import urlopen

import numpy as np
import psutil
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tb_explain.explanation import Explanation
from tb_explain.records import Moment, RecordWriter, encode_maps, encode_progress

STEPS, MAPS, ROWS, COLS = 100, 64, 224, 224
TAG = "Saliency/input/label"
REPEATS = 15
SERVER = """
import sys
from tensorboard import default, program
from tb_explain.dashboard.loader import ExplainLoader
plugins = default.get_static_plugins() + [ExplainLoader] * (sys.argv[1] == "True")
board = program.TensorBoard(plugins=plugins)
board.configure(argv=["", *sys.argv[2:], "--port=0"])
print(board.launch(), flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class Board:
    """A running TensorBoard.

    Attributes:
        address: Its URL.
        process: Its process; the data server in Rust is a child of it.
    """

    address: str
    process: psutil.Process

    def get(self, path: str, **query: str) -> bytes:
        address = urljoin(self.address, f"data/plugin/tb_explain/{path}?{urlencode(query)}")
        with urlopen(address) as response:
            return response.read()

    def megabytes(self) -> float:
        """Returns the resident memory of all of its processes."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(member.memory_info().rss for member in family) / 2**20


def write_records(directory: Path) -> None:
    """Writes 100 complete steps of 64 maps of 224 x 224 bytes."""
    random = np.random.default_rng(0)
    values = random.random((MAPS, ROWS, COLS, 1), dtype=np.float32)
    writer = RecordWriter(directory)
    for step in range(STEPS):
        moment = Moment(step, step - 1 if step else None, 0, step * 100, time.time())
        explanation = Explanation(
            values=np.roll(values, step, axis=1),
            kind="attribution",
            samples=tuple(range(MAPS)),
            targets=(3,) * MAPS,
            scores=tuple(random.normal(size=MAPS).tolist()),
        )
        blobs = encode_maps(
            explanation,
            explainer="Saliency",
            title="Saliency",
            paper="https://arxiv.org/abs/1312.6034",
            settings={},
            target="label",
            seconds=0.1,
            moment=moment,
        )
        writer.write(TAG, step, moment.wall_time, blobs)
        progress = encode_progress(moment, axis="epoch", versions={}, logs={"loss": 1.0})
        writer.write("progress", step, moment.wall_time, progress)
    writer.close()


def write_nothing(directory: Path) -> None:
    """Writes an event file without records, so that TensorBoard has a run to read."""
    writer = EventFileWriter(str(directory))
    writer.close()


@contextmanager
def tensorboard(logdir: Path, *, fast: bool, with_plugin: bool) -> Iterator[Board]:
    """Runs a TensorBoard until the block ends."""
    flags = [f"--logdir={logdir}", f"--load_fast={str(fast).lower()}"]
    command = [sys.executable, "-c", SERVER, str(with_plugin), *flags]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        assert server.stdin
        yield Board(server.stdout.readline().strip(), psutil.Process(server.pid))
        server.stdin.close()


def milliseconds(request: Callable[[int], object]) -> tuple[float, float]:
    """Returns the median and the 90th percentile of a request that gets a running number."""
    spent: list[float] = []
    for number in range(REPEATS):
        start = time.perf_counter()
        request(number)
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent), sorted(spent)[int(0.9 * REPEATS)]


def settled(board: Board) -> float:
    """Returns the memory once the loaders of TensorBoard have read everything."""
    time.sleep(12)
    return board.megabytes()


def measure(records: Path, nothing: Path, *, fast: bool) -> Iterator[tuple[str, str]]:
    """Yields what was measured and the result."""
    with tensorboard(nothing, fast=fast, with_plugin=False) as board:
        floor = settled(board)
    with tensorboard(records, fast=fast, with_plugin=True) as board:
        query = {"run": "explain", "tag": TAG}
        start = time.perf_counter()
        board.get("api/runs")
        yield "list of runs, first time", f"{1000 * (time.perf_counter() - start):.1f} ms"
        idle = settled(board)
        requests: dict[str, Callable[[int], object]] = {
            "list of runs": lambda _: board.get("api/runs"),
            "description of the run": lambda _: board.get("api/run", run="explain"),
            "one step, 64 maps": lambda number: board.get(
                "api/block", **query, steps=str(number * 6)
            ),
            "one sample, 100 steps": lambda number: board.get(
                "api/block", **query, maps=str(number * 4)
            ),
            "one sample, 100 steps, pool=4": lambda number: board.get(
                "api/block", **query, maps=str(number * 4), pool="4"
            ),
            "one map": lambda number: board.get(
                "api/block", **query, steps=str(number * 6), maps=str(number)
            ),
        }
        for name, request in requests.items():
            median, slow = milliseconds(request)
            yield name, f"{median:.1f} ms (90 %: {slow:.1f})"
        yield "memory of TensorBoard alone", f"{floor:.0f} MB"
        yield "more with our records", f"{idle - floor:+.0f} MB"
        yield "more after these requests", f"{board.megabytes() - floor:+.0f} MB"


def main() -> None:
    """Measures with both loaders and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        records, nothing = Path(directory) / "records", Path(directory) / "nothing"
        write_records(records / "explain")
        write_nothing(nothing / "run")
        columns = [dict(measure(records, nothing, fast=fast)) for fast in (True, False)]
    print(f"| {STEPS} steps x {MAPS} maps x {ROWS * COLS / 1000:.0f} kB | Rust | Python |")
    print("|---|---|---|")
    for name, result in columns[0].items():
        print(f"| {name} | {result} | {columns[1][name]} |")


if __name__ == "__main__":
    main()

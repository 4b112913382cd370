"""Runs code in a fresh interpreter that finds the tests' modules."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# What these processes do on purpose; Python 3.12 warns about it.
FORKS_WITH_THREADS = "ignore:This process:DeprecationWarning"


@contextmanager
def started(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A process that runs `code`, with pipes for its input and outputs; killed in the end."""
    paths = os.pathsep.join(path for path in sys.path if path)
    process = subprocess.Popen(
        [sys.executable, "-W", FORKS_WITH_THREADS, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def finished(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Returns what running `code` came to."""
    with started(code, *arguments) as process:
        output, errors = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

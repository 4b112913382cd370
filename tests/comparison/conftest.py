"""Runs to be compared."""

import pytest
from two_runs import write_run


@pytest.fixture
def runs(tmp_path):
    """Returns a function that writes two runs, given what differs in B from A."""

    def write(maps, other=None, **changes):
        of_a = {
            name.removesuffix("_a"): each for name, each in changes.items() if name[-2:] != "_b"
        }
        of_b = {
            name.removesuffix("_b"): each for name, each in changes.items() if name[-2:] != "_a"
        }
        return (
            write_run(tmp_path / "a", maps, **of_a),
            write_run(tmp_path / "b", maps if other is None else other, **of_b),
        )

    return write

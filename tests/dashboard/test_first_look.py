"""The first look at a log directory: what is shown while most of it is still unread."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from indices import Clock, CountingStorage, index_of
from log_dirs import write_steps

from tb_explain.dashboard.turn import Turn

LATEST = ["run4", "run2", "run3"]


class StoppingStorage(CountingStorage):
    """Local files of which some are not read before that is allowed."""

    def __init__(self, stop_at):
        super().__init__()
        self._stop_at = stop_at
        self.has_stopped, self.may_go_on = threading.Event(), threading.Event()

    def opened(self, path):
        if self._stop_at in path:
            self.has_stopped.set()
            assert self.may_go_on.wait(20)
        return super().opened(path)


@pytest.fixture
def runs(tmp_path):
    """Returns a log directory of five runs, of which the fifth, third and fourth grew last."""
    for number in range(5):
        path = write_steps(tmp_path / f"run{number}", [0, 1])
        latest = f"run{number}" in LATEST
        grew = 2e9 - LATEST.index(f"run{number}") if latest else 1e9 - number
        os.utime(path, (grew, grew))
    return tmp_path


def test_the_runs_that_grew_last_are_shown_before_others_are_read(runs):
    """Whoever opens the tab early gets three runs, and is told that two are to come."""
    storage = StoppingStorage("run0")
    index = index_of(runs, storage=storage)
    heard = []
    with ThreadPoolExecutor() as pool:
        look = pool.submit(index.refresh, heard.append)
        assert storage.has_stopped.wait(20)
        early = index.refresh()
        storage.may_go_on.set()
        late = look.result(20)

    assert set(early.runs) == set(LATEST)
    assert (early.unread, late.unread) == (2, 0)
    assert set(late.runs) == {f"run{number}" for number in range(5)}
    assert late.change > early.change
    assert heard == [early]


def test_fewer_runs_than_three_wait_for_each_other(runs):
    """Nobody is shown less than the tab opens with."""
    storage = StoppingStorage("run3")
    index = index_of(runs, storage=storage)
    with ThreadPoolExecutor() as pool:
        look = pool.submit(index.refresh)
        assert storage.has_stopped.wait(20)
        early = pool.submit(index.refresh)
        time.sleep(0.2)
        assert not early.done()
        storage.may_go_on.set()
        assert set(LATEST) <= set(early.result(20).runs)
        look.result(20)


def test_a_long_first_look_is_followed_by_no_long_rest(runs):
    """It is long only once: records of a training that goes on are found within seconds."""
    clock = Clock(50.0)
    index = index_of(runs, clock=clock)
    index.refresh()
    first, clock.seconds = index._due - clock.now, 0.0
    clock.now = index._due
    clock.seconds = 50.0
    index.refresh()

    assert first <= 1
    assert index._due - clock.now >= 500


def test_a_file_that_shrinks_during_a_look_is_a_problem_of_its_run(runs):
    """What is gone is said; the look goes on."""
    (path,) = (runs / "run4").glob("*.tb_explain")
    storage = CountingStorage()
    listed = storage.list

    def as_before(root):
        for file in listed(root):
            yield file._replace(size=file.size + 100) if file.path == str(path) else file

    storage.list = as_before
    found = index_of(runs, storage=storage).refresh().runs

    assert len(found) == 5
    assert found["run4"].steps == (0, 1)
    assert "became shorter" in found["run4"].problem


def test_the_background_waits_for_requests():
    """It goes on when nobody has the turn, and nobody had it a moment ago."""
    turn = Turn()
    turn.give_way()
    time.sleep(0.03)
    with ThreadPoolExecutor() as pool:
        with turn:
            background = pool.submit(turn.give_way)
            time.sleep(0.1)
            assert not background.done()
        started = time.monotonic()
        background.result(5)
        assert time.monotonic() - started > 0.2


def test_requests_that_never_end_do_not_stop_the_background():
    """It gets a share of the time in any case."""
    turn = Turn()
    with turn:
        for _ in range(2):
            started = time.monotonic()
            turn.give_way()
            assert time.monotonic() - started < 5
            turn.give_way()
            time.sleep(0.03)


def test_requests_take_turns():
    """Never do two of them read at once."""
    turn, inside, most = Turn(), [], []

    def request(number):
        with turn:
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.001)
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(request, range(40)))

    assert most == [1] * 40

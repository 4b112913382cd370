"""The command `tb-explain` and the demo it runs."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import numpy as np
import pytest
from event_files import steps_of

from tb_explain import __version__
from tb_explain.cli import main
from tb_explain.demo import ground
from tb_explain.demo.serve import free_port
from tb_explain.demo.task import CLASS_NAMES, SEVEN, make_task


@pytest.fixture(scope="module")
def task():
    return make_task(600, 200)


def test_draws_the_same_task_again(task):
    """A task depends on nothing but its arguments."""
    again = make_task(600, 200)

    np.testing.assert_array_equal(task.training.images, again.training.images)
    np.testing.assert_array_equal(task.monitored.images, again.monitored.images)


def test_pictures_are_colours_between_0_and_1(task):
    """A picture is `(64, 64, 3)`, and its mask marks a digit, not the background."""
    assert task.training.images.shape == (600, 64, 64, 3)
    assert task.training.images.min() >= 0
    assert task.training.images.max() <= 1
    assert 0.01 < task.training.masks.mean() < 0.1


def has_sticker(pictures):
    rows, cols = pictures.stickers.T
    corners = pictures.images[np.arange(len(pictures)), rows, cols]
    return np.isclose(corners, (0.1, 0.8, 0.2)).all(axis=-1)


def test_nine_sevens_of_ten_have_a_sticker_in_training(task):
    """The shortcut is in the pictures that are learned from, on sevens alone."""
    found = has_sticker(task.training)
    sevens = task.training.labels == SEVEN

    assert 0.8 < found[sevens].mean() < 1
    assert not found[~sevens].any()
    assert not has_sticker(task.validation).any()


def test_monitors_the_same_sevens_with_and_without_sticker(task):
    """Pairs differ in the sticker alone, and the names say which is which."""
    images, names = task.monitored.images, task.monitored_names
    with_sticker = [index for index, name in enumerate(names) if "with sticker" in name]

    assert len(names) == len(set(names)) == 16
    assert np.flatnonzero(has_sticker(task.monitored)).tolist() == with_sticker
    assert set(task.monitored.labels.tolist()) == set(range(10))
    for index in with_sticker[:3]:
        assert names[index + 1] == f"the same {names[index].split(',')[0]}, no sticker"
        changed = (images[index] != images[index + 1]).any(axis=-1)
        assert changed.sum() == 49
        assert not (changed & (task.monitored.masks[index] > 0)).any()


def test_asks_for_enough_pictures_to_validate_on():
    """Too few pictures are refused before a digit is missing."""
    with pytest.raises(ValueError, match=r"200 or more\. Received: validation=10"):
        make_task(10, 10)


def test_demo_trains_and_says_what_it_found(tmp_path, capsys):
    """One epoch leaves a log directory with our records and ends in plain words."""
    status = main(["demo", "--logdir", str(tmp_path), "--epochs", "1", "--no-serve"])
    printed = capsys.readouterr().out

    assert status == 0
    assert steps_of(tmp_path / "explain")["progress"] == [0, 1]
    assert re.search(r"epoch  1 of 1: +\d+% of new pictures right", printed)
    assert re.search(
        r"Sevens with the sticker: \d+% right; the same pictures without it: ", printed
    )
    assert f"tensorboard --logdir {tmp_path}" in printed


def test_demo_leads_to_the_tab_and_ends_on_interrupt(tmp_path):
    """TensorBoard answers under the printed link until Ctrl-C, also if the port is taken."""
    code = (
        # A shell that runs tests in the background makes them deaf to interrupts.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "import sys; from pathlib import Path; from tb_explain.demo.serve import serve; "
        "sys.exit(serve(Path(sys.argv[1]), port=int(sys.argv[2]), browser=False))"
    )
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path), str(port)],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            said = process.stdout.readline() + process.stdout.readline()
            link = re.search(r"Open (http://localhost:(\d+)/)#tb_explain ", said)
            with urllib.request.urlopen(link[1], timeout=120) as answer:
                assert answer.status == 200
            assert int(link[2]) != port
        finally:
            os.killpg(process.pid, signal.SIGINT)
            rest, _ = process.communicate(timeout=120)

    assert process.returncode == 0
    assert "Stopped." in rest


def test_keeps_a_free_port():
    """A port nobody listens on is used as asked."""
    free = free_port(0)

    assert free_port(free) == free


def test_help_names_every_command(capsys):
    """Without a command, the program says what it can do."""
    assert main([]) == 0
    assert "demo" in capsys.readouterr().out


def test_says_its_version(capsys):
    """`--version` prints the version of the package."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])

    assert capsys.readouterr().out == f"tb-explain {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--epochs", "0"], "expected a whole number from 1. Received: 0"),
        (["demo", "--port", "70000"], "expected a whole number from 0 to 65535. Received: 70000"),
        (["demo", "--fast"], "unrecognized arguments: --fast"),
        (["dome"], "invalid choice: 'dome'"),
    ],
)
def test_refuses_what_it_does_not_know(arguments, sentence, capsys):
    """A wrong option ends with one sentence, and with status 2."""
    with pytest.raises(SystemExit, match="2"):
        main(arguments)

    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("absent", [{"sklearn"}, set(ground.BACKENDS)])
def test_says_what_to_install(absent, monkeypatch, capsys):
    """Where a package is missing, the demo names the one line that brings it."""
    monkeypatch.setattr(ground, "is_installed", lambda name: name not in absent)

    assert main(["demo"]) == 1
    assert 'pip install "tb-explain[demo]"' in capsys.readouterr().out


def test_takes_the_first_backend_that_is_installed(monkeypatch):
    """Without TensorFlow, the demo trains with JAX or PyTorch; a choice of the user stays."""
    monkeypatch.setattr(ground, "is_installed", lambda name: name != "tensorflow")
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    ground.prepare()
    assert os.environ["KERAS_BACKEND"] == "jax"

    monkeypatch.setenv("KERAS_BACKEND", "torch")
    ground.prepare()
    assert os.environ["KERAS_BACKEND"] == "torch"


def test_classes_have_names():
    """There is a word for each digit."""
    assert CLASS_NAMES[SEVEN] == "seven"

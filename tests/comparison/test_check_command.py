"""The command `tb-explain check`."""

import inspect
import json

import numpy as np
import pytest
from two_runs import some_maps, write_run

import tb_explain as tbx
from tb_explain.cli import main

OTHER = "Saliency/input/label"


@pytest.fixture
def runs(tmp_path):
    """Two runs: Grad-CAM moved for one of four samples, Saliency did not."""
    maps, turned = some_maps(4, 4, 4), np.array([1, 1, -1, 1])[:, None, None]
    tags = {"GradCAM/conv/label": maps, OTHER: maps}
    moved = {"GradCAM/conv/label": maps * turned, OTHER: maps}
    titles = {"titles": ("GradCAM", "Saliency"), "steps": (0, 2)}
    a = write_run(tmp_path / "a", tags, **titles)
    return a, write_run(tmp_path / "b", moved, predicted=[0, 0, 0, 1], **titles)


def ask(capsys, *words):
    status = main(["check", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_reason_that_moved_ends_with_1(runs, capsys):
    """The table is that of `tbx.check`."""
    status, out, _ = ask(capsys, *runs)

    assert status == 1
    assert out == f"{tbx.check(*runs)}\n"
    assert "picture 2" in out
    assert "picture 1" not in out


@pytest.mark.parametrize(
    "options",
    [
        ["--tag", "Saliency"],
        ["--tag", OTHER, "--step-a", "0", "--step-b", "1"],
        ["--drift", "2"],
        ["--pair", OTHER, OTHER],
    ],
    ids=lambda options: options[0],
)
def test_nothing_moved_ends_with_0(runs, capsys, options):
    """Maps, steps and thresholds are options."""
    status, out, _ = ask(capsys, *runs, *options)

    assert status == 0
    assert "none of them for another reason" in out


def test_changed_predictions_count_if_asked(runs, capsys):
    """They are told in any case."""
    quiet, out, _ = ask(capsys, *runs, "--tag", OTHER)
    strict, _, _ = ask(capsys, *runs, "--tag", OTHER, "--predictions")

    assert (quiet, strict) == (0, 1)
    assert "1 prediction changed, which does not fail this check." in out


def test_all_samples_can_be_printed(runs, capsys):
    """Those that stayed follow, the largest drift first."""
    _, out, _ = ask(capsys, *runs, "--all")
    rows = [line for line in out.splitlines() if "picture" in line]

    assert len(rows) == 3
    assert rows[0].split()[5] == "2"


def test_json(runs, capsys):
    """Programs read the same."""
    status, out, _ = ask(capsys, *runs, "--json")

    assert status == 1
    assert json.loads(out) == tbx.check(*runs).as_json()


def test_what_cannot_be_compared_ends_with_2(runs, capsys):
    """One sentence goes where errors go, and nothing else."""
    status, out, err = ask(capsys, runs[0], runs[0])

    assert (status, out) == (2, "")
    assert err.startswith("A and B are the same record")
    assert err.count("\n") == 1


def test_the_command_has_the_defaults_of_the_function():
    """Both say what moved in the same cases."""
    help_ = inspect.signature(tbx.check).parameters
    assert (help_["drift"].default, help_["mass"].default) == (0.7, 0.2)


@pytest.mark.parametrize(("name", "words"), [("drift", "0.7 by"), ("mass", "0.2 by")])
def test_help_tells_the_thresholds(capsys, name, words):
    """`--help` names them with their defaults."""
    with pytest.raises(SystemExit, match="0"):
        main(["check", "--help"])

    assert words in " ".join(capsys.readouterr().out.split())

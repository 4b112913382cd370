"""What a check says, to people and to programs."""

import json
import subprocess
import sys

import numpy as np
from two_runs import CAM, some_maps

import tb_explain as tbx


def test_says_what_it_found(runs):
    """The table holds what moved, with its figures, and the remarks below it."""
    a = some_maps(4, 4, 4)
    b = a * np.array([1, -1, 1, 1])[:, None, None]
    b[3] = 0
    runs = runs(a, b, predicted_b=[2, 0, 0, 0], masks=True, masses_a=[0.5] * 4)
    text = str(tbx.check(*runs)).splitlines()

    assert text[0] == f"A  {runs[0]}"
    assert "3 predictions stayed, 2 of them for another reason." in text
    row = next(line for line in text if "picture 1" in line)
    assert row.split() == ["2.00", "0.50", "-", "zero", "picture", "1", "drift", "2.00", ">", "0.7"]
    assert next(line for line in text if "picture 3" in line).endswith("nothing left in B")
    assert "1 prediction changed, which does not fail this check." in text
    assert text[-1].startswith("B did not record how much of the evidence lies on the object")


def test_json_holds_everything(runs):
    """What is not defined is null."""
    a = some_maps(2, 4, 4)
    b = np.stack([0 * a[0], a[1]])
    found = tbx.check(*runs(a, b, predicted=[0, 1]))
    data = json.loads(json.dumps(found.as_json(), allow_nan=False))

    assert data["passed"] is False
    assert data["thresholds"] == {"drift": 0.7, "mass": 0.2}
    assert data["compared"][1] == {
        "sample": "picture 0",
        "index_a": 0,
        "index_b": 0,
        "tag_a": CAM,
        "tag_b": CAM,
        "step_a": 3,
        "step_b": 3,
        "predicted": "zero",
        "drift": None,
        "mass_a": None,
        "mass_b": None,
        "moved": ["vanished"],
    }


def test_a_failing_test_can_be_read(runs, tmp_path):
    """`assert tbx.check(a, b)` says in pytest what moved, and a message shows the table."""
    a, b = runs(some_maps(2, 4, 4), -some_maps(2, 4, 4))
    module = tmp_path / "test_reason.py"
    module.write_text(
        "import tb_explain as tbx\n"
        f"def test_short():\n    assert tbx.check({a!r}, {b!r})\n"
        f"def test_table():\n    found = tbx.check({a!r}, {b!r})\n    assert found, str(found)\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run([*command, str(module)], stdout=subprocess.PIPE, text=True, check=False)

    assert "assert <Check failed: 2 of 2 reasons moved, most that of 'picture " in done.stdout
    assert "2 predictions stayed, 2 of them for another reason." in done.stdout
    assert "drift  mass in A  mass in B  predicted  sample     moved by" in done.stdout

"""A TensorBoard in a process of its own, with the data server in Rust beside it and without."""

import json
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from log_dirs import GRADCAM, step_records, write
from tabs import unpacked

SERVER = """
import sys
from tensorboard import default, program
from tb_explain.dashboard.loader import ExplainLoader
board = program.TensorBoard(plugins=[*default.get_static_plugins(), ExplainLoader])
board.configure(argv=["", "--logdir", sys.argv[1], "--load_fast=" + sys.argv[2], "--port=0"])
print(board.launch(), flush=True)
sys.stdin.read()
"""


CURVE = f"explain/drift/{GRADCAM}"


@pytest.fixture(params=["true", "false"], ids=["rust", "python"])
def address(request, tmp_path):
    """Address of a TensorBoard on a run of five steps, of which the last two were done again."""
    for steps, values in ((range(4), 8), (range(3, 5), 16)):
        records = [
            record
            for step in steps
            for record in (("drift", step, {CURVE: step / values}), *step_records(step))
        ]
        write(tmp_path / "explain", records)
    command = [sys.executable, "-c", SERVER, str(tmp_path), request.param]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        yield server.stdout.readline().strip()
        server.stdin.close()


def get(address, path, **query):
    with urlopen(f"{address}data/{path}?{urlencode(query)}") as response:
        return response.read()


def test_serves_beside_the_loaders(address):
    """Whoever loads the files for TensorBoard, the tab has all steps, and Scalars the curves."""
    query = {"run": "explain", "tag": GRADCAM}
    header, _ = unpacked(get(address, "plugin/tb_explain/api/block", **query))
    assert [entry["step"] for entry in header["steps"]] == [0, 1, 2, 3, 4]
    listed = json.loads(get(address, "plugin/tb_explain/api/run", run="explain"))
    assert [entry["tag"] for entry in listed["tags"]] == [GRADCAM]
    assert listed["steps"] == [0, 1, 2, 3, 4]
    assert json.loads(get(address, "plugins_listing"))["tb_explain"]["enabled"] is True
    entry = get(address, "plugin_entry.html", name="tb_explain").decode()
    assert 'import("./index.js")' in entry
    assert b"render" in get(address, "plugin/tb_explain/index.js")

    tags = json.loads(get(address, "plugin/scalars/tags"))["explain"]
    assert tags.keys() == {CURVE}
    assert "About drift." in tags[CURVE]["description"]
    curve = json.loads(get(address, "plugin/scalars/scalars", run="explain", tag=CURVE))
    expected = [(step, step / (8 if step < 3 else 16)) for step in range(5)]
    assert [(step, value) for _, step, value in curve] == expected

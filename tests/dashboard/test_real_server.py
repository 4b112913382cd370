"""A TensorBoard in a process of its own, with the data server in Rust beside it."""

import json
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from log_dirs import GRADCAM, write_steps
from tabs import unpacked

SERVER = """
import sys
from tensorboard import default, program
from tb_explain.dashboard.loader import ExplainLoader
board = program.TensorBoard(plugins=[*default.get_static_plugins(), ExplainLoader])
board.configure(argv=["", "--logdir", sys.argv[1], "--load_fast=true", "--port=0"])
print(board.launch(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def address(tmp_path):
    """Address of a TensorBoard on a run of five steps."""
    write_steps(tmp_path / "explain", range(5))
    command = [sys.executable, "-c", SERVER, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        yield server.stdout.readline().strip()
        server.stdin.close()


def test_every_step_is_served_beside_the_data_server(address):
    """With the loader in Rust the tab is enabled and has all steps."""

    def get(path, **query):
        with urlopen(f"{address}data/{path}?{urlencode(query)}") as response:
            return response.read()

    header, _ = unpacked(get("plugin/tb_explain/api/block", run="explain", tag=GRADCAM))
    assert [entry["step"] for entry in header["steps"]] == [0, 1, 2, 3, 4]
    assert json.loads(get("plugins_listing"))["tb_explain"]["enabled"] is True
    entry = get("plugin_entry.html", name="tb_explain").decode()
    assert 'import("./index.js")' in entry
    assert b"render" in get("plugin/tb_explain/index.js")

"""What the plugin answers to requests that make no sense, or that mean harm."""

import subprocess
import sys

import pytest
from log_dirs import GRADCAM, map_blobs, maps_at, write, write_steps
from tabs import Tab, tensorboard_app

from tb_explain.dashboard.bundle import Bundle

API = ("status", "runs", "run", "pictures", "table", "block", "figures", "measures")


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    directory = tmp_path_factory.mktemp("logs")
    write_steps(directory / "explain", range(3))
    return Tab(tensorboard_app(logdir=str(directory)))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({}, 400),
        ({"run": "explain"}, 400),
        ({"run": "other", "tag": GRADCAM}, 404),
        ({"run": "explain", "tag": "other"}, 404),
        ({"run": "../explain", "tag": GRADCAM}, 404),
        ({"run": "explain\0", "tag": GRADCAM}, 404),
        ({"steps": ""}, 400),
        ({"steps": "-1"}, 400),
        ({"steps": "1-"}, 400),
        ({"steps": "1,,2"}, 400),
        ({"steps": "1e3"}, 400),
        ({"steps": "\u0661"}, 400),
        ({"steps": "1\n"}, 400),
        ({"steps": "9" * 40}, 400),
        ({"maps": "nan"}, 400),
        ({"maps": "<b>"}, 400),
        ({"pool": "0"}, 400),
        ({"pool": "2.5"}, 400),
        ({"pool": "-2"}, 400),
        ({"pool": "65"}, 400),
    ],
)
def test_a_wrong_request_gets_one_sentence(tab, query, code):
    """The answer is plain text that a browser will not take for anything else."""
    if not {"run", "tag"} & query.keys() and query:
        query = {"run": "explain", "tag": GRADCAM, **query}
    response = tab.get("api/block", **query)

    assert response.status_code == code
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in response.text
    assert 10 < len(response.text) < 200


def test_markup_in_a_request_comes_back_as_plain_text(tab):
    """A sentence repeats what was received, escaped and cut off."""
    response = tab.get("api/run", run="<script>" * 1000)

    assert response.status_code == 404
    assert response.mimetype == "text/plain"
    assert len(response.text) < 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["index.js", *(f"api/{name}" for name in API)])
def test_nothing_but_reading_is_answered(tab, method, path):
    """The plugin changes nothing, so other methods are refused."""
    response = tab.client.open(f"/data/plugin/tb_explain/{path}", method=method)

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "static/../plugin.py",
        "static/..%2fplugin.py",
        "static/%2e%2e/%2e%2e/loader.py",
        "static//etc/passwd",
        "static/\0",
        "static/plugin.py",
        "static/",
        "api/nothing",
    ],
)
def test_only_packaged_files_of_the_tab_are_served(tab, path):
    """A path is looked up among the files of the bundle and never joined to a directory."""
    assert tab.get(path).status_code == 404


def test_a_request_for_too_much_is_refused(tmp_path, serve):
    """An answer of more than 64 MiB says what to ask for instead."""
    large = maps_at(0, maps=1, rows=2048, cols=4096, kind="activation")
    write(tmp_path, [(GRADCAM, step, map_blobs(step, large)) for step in range(9)])
    tab = serve(logdir=tmp_path)
    response = tab.get("api/block", run=".", tag=GRADCAM)

    assert response.status_code == 400
    assert "64 MiB" in response.text
    assert tab.get("api/block", run=".", tag=GRADCAM, pool="64").status_code == 200


def test_without_a_bundle_the_tab_says_how_to_get_it(tmp_path):
    """An installation without the tab answers with a module that explains itself."""
    bundle = Bundle(directory=tmp_path)

    assert list(bundle.assets) == ["index.js"]
    module = bundle.assets["index.js"].content.decode()
    assert "export function render()" in module
    assert "TB_EXPLAIN_SKIP_FRONTEND" in module
    assert "pip install" in module


def test_serves_the_files_of_the_bundle(tmp_path):
    """Names with a hash may be kept for good, others are asked for again."""
    (tmp_path / "static").mkdir()
    (tmp_path / "index.js").write_text("export function render() {}")
    (tmp_path / "static" / "chart-D4x_9aZb.js").write_text("")
    (tmp_path / "static" / "secret.py").write_text("")
    (tmp_path / ".digest").write_text("")
    assets = Bundle(tmp_path).assets

    assert {name: asset.is_immutable for name, asset in assets.items()} == {
        "index.js": False,
        "static/chart-D4x_9aZb.js": True,
    }
    assert {asset.content_type for asset in assets.values()} == {"text/javascript"}


def test_an_upgrade_leaves_the_served_bundle_whole(tmp_path):
    """A server goes on with the files that it started with."""
    (tmp_path / "index.js").write_text("import './static/old-D4x_9aZb.js'")
    assets = Bundle(tmp_path).assets
    (tmp_path / "index.js").write_text("import './static/new-D4x_9aZb.js'")

    assert assets["index.js"].content == b"import './static/old-D4x_9aZb.js'"


def test_reading_records_imports_no_framework(tmp_path):
    """A server on a machine without Keras shows records, and TensorFlow is not waited for."""
    write_steps(tmp_path, [0])
    code = (
        "import sys\n"
        "from tb_explain.dashboard.event_index import EventIndex\n"
        "from tb_explain.dashboard.listing import Heads, describe_run\n"
        "from tb_explain.dashboard import loader, plugin\n"
        "from tb_explain.dashboard.roots import roots_of\n"
        f"runs = EventIndex(roots_of({str(tmp_path)!r}, '')).refresh().runs\n"
        "assert describe_run(runs['.'], Heads())['steps'] == (0,)\n"
        "wrong = {'keras', 'tensorflow', 'torch', 'jax', 'PIL'} & sys.modules.keys()\n"
        "assert not wrong, wrong\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_entry_point_imports_next_to_nothing():
    """TensorBoard ends when an entry point fails to import, so this one does nothing."""
    code = (
        "import sys\n"
        "import tb_explain.dashboard.loader\n"
        "heavy = {'numpy', 'keras', 'tensorflow', 'google_crc32c', 'werkzeug'}\n"
        "wrong = heavy & sys.modules.keys()\n"
        "assert not wrong, wrong\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

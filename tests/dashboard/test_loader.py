"""What the entry point does to TensorBoard's flags, and the log directories it is started on."""

from argparse import Namespace

import fsspec
import pytest
import tensorflow as tf
from log_dirs import GRADCAM, write_steps
from tabs import configured
from tensorboard.plugins import base_plugin

from tb_explain.dashboard.event_index import EventIndex
from tb_explain.dashboard.head_cache import HeadCache
from tb_explain.dashboard.loader import ExplainLoader
from tb_explain.dashboard.map_block import MapRequest, map_block
from tb_explain.dashboard.plugin import ExplainPlugin
from tb_explain.dashboard.query import Spans
from tb_explain.dashboard.roots import Root, roots_of


def test_the_stock_loaders_keep_one_record(tmp_path):
    """All records are read from disk, so others need not hold them."""
    assert configured(logdir=str(tmp_path)).flags.samples_per_plugin == {"tb_explain": 1}


def test_the_choice_of_the_user_stays():
    """`--samples_per_plugin` of the user is respected, also for other plugins."""
    flags = Namespace(samples_per_plugin={"tb_explain": 7, "images": 3})
    ExplainLoader().fix_flags(flags)

    assert flags.samples_per_plugin == {"tb_explain": 7, "images": 3}


def test_the_mapping_of_the_caller_is_copied(tmp_path):
    """A program that starts two TensorBoards may hand the same mapping to both."""
    mine = {"images": 3}
    flags = configured(logdir=str(tmp_path), samples_per_plugin=mine).flags

    assert mine == {"images": 3}
    assert flags.samples_per_plugin == {"images": 3, "tb_explain": 1}


@pytest.mark.parametrize("value", ["", None, "images=3", 5])
def test_odd_flags_never_raise(value):
    """An exception here would end TensorBoard."""
    flags = Namespace(samples_per_plugin=value)
    ExplainLoader().fix_flags(flags)

    assert flags.samples_per_plugin == ({"tb_explain": 1} if value in ("", None) else value)


def test_flags_without_the_option_never_raise():
    """A TensorBoard without the option is left as it is, but for the option."""
    flags = Namespace()
    ExplainLoader().fix_flags(flags)

    assert flags.samples_per_plugin == {"tb_explain": 1}


def test_loads_with_nothing_but_an_empty_context():
    """Any field of the context may be missing."""
    plugin = ExplainLoader().load(base_plugin.TBContext())

    assert isinstance(plugin, ExplainPlugin)
    assert plugin.is_active() is False


def test_a_data_provider_alone_is_explained(serve_alone):
    """Without a log directory there is nothing to read, and the tab says so."""
    tab = serve_alone(logdir="", grpc_data_provider="localhost:1")
    status = tab.json("api/status")

    assert "--logdir" in status["problem"]
    assert tab.runs() == []


def test_an_empty_log_directory_is_no_problem(tmp_path, serve):
    """Nothing was recorded yet, and the tab is not enabled."""
    tab = serve(logdir=tmp_path)

    assert tab.json("api/status")["problem"] is None
    assert tab.runs() == []
    assert tab.client.get("/data/plugins_listing").json["tb_explain"]["enabled"] is False


def test_a_missing_log_directory_is_named(tmp_path, serve_alone):
    """A wrong path shows itself in the tab."""
    problem = serve_alone(logdir=tmp_path / "nothing").json("api/status")["problem"]

    assert problem == f"The log directory does not exist yet. Received: {tmp_path / 'nothing'}"


def test_a_log_directory_that_is_a_file_is_named(tmp_path, serve_alone):
    """A path to a file shows itself in the tab."""
    (tmp_path / "file").write_text("")
    problem = serve_alone(logdir=tmp_path / "file").json("api/status")["problem"]

    assert "must be a directory" in problem


def test_an_unknown_scheme_is_a_sentence(serve_alone):
    """What nothing installed can read is named."""
    problem = serve_alone(logdir="nowhere://bucket/logs").json("api/status")["problem"]

    assert "nowhere://bucket/logs" in problem


def test_several_log_directories_have_names(tmp_path, serve):
    """`--logdir_spec` gives its names to the runs, as TensorBoard does."""
    write_steps(tmp_path / "one" / "explain", [0])
    write_steps(tmp_path / "two", [0, 1])
    write_steps(tmp_path / "three" / "explain", [2])
    specification = f"a:{tmp_path / 'one'},b:{tmp_path / 'two'},{tmp_path / 'three'}"
    tab = serve(logdir_spec=specification)
    runs = {run["run"]: run["steps"] for run in tab.runs()}

    assert runs == {"a/explain": 1, "b/.": 2, "explain": 1}
    assert tab.json("api/status")["logdir"] == specification
    header, _ = tab.block("api/block", run="b/.", tag=GRADCAM)
    assert [entry["step"] for entry in header["steps"]] == [0, 1]


def test_equal_names_of_two_directories_stay_apart(tmp_path, serve_alone):
    """Runs of the same relative path are told apart by the path of their directory."""
    write_steps(tmp_path / "one" / "explain", [0])
    write_steps(tmp_path / "two" / "explain", [0, 1])
    tab = serve_alone(logdir_spec=f"{tmp_path / 'one'},{tmp_path / 'two'}")
    runs = {run["run"]: run["steps"] for run in tab.runs()}

    assert runs == {"explain": 1, str(tmp_path / "two" / "explain"): 2}


def test_specifications_are_read_as_tensorboard_reads_them(tmp_path):
    """Names end at the first colon; absolute paths and URLs have none."""
    specification = f"a:{tmp_path}/x:y,{tmp_path}/b:c,gs://bucket/d,e:gs://bucket/f"

    assert roots_of("", specification) == (
        Root(f"{tmp_path}/x:y", "a"),
        Root(f"{tmp_path}/b:c", None),
        Root("gs://bucket/d", None),
        Root("gs://bucket/f", "e"),
    )


def test_works_behind_a_path_prefix(tmp_path, serve):
    """All addresses lie under `--path_prefix`."""
    write_steps(tmp_path, [0])
    tab = serve(logdir=tmp_path, path_prefix="/behind/a/proxy")

    assert [run["run"] for run in tab.runs()] == ["."]
    assert tab.get("index.js").status_code == 200
    assert tab.client.get("/data/plugin/tb_explain/api/runs").status_code == 404


def test_tensorflow_reads_what_fsspec_does_not(tmp_path):
    """The file systems of TensorFlow are read through `tf.io.gfile`."""
    path = write_steps(tmp_path, range(3))
    tf.io.gfile.makedirs("ram://logs/explain")
    tf.io.gfile.makedirs("ram://logs/.hidden")
    for directory in ("explain", ".hidden"):
        with tf.io.gfile.GFile(f"ram://logs/{directory}/{path.name}", "wb") as file:
            file.write(path.read_bytes())
    index = EventIndex((Root("ram://logs", None),))

    runs = index.refresh().runs
    assert {name: run.steps for name, run in runs.items()} == {"explain": (0, 1, 2)}
    request = MapRequest(runs["explain"], GRADCAM, Spans(None), Spans(((1, 2),)), 1)
    assert map_block(request, HeadCache(2**20)).is_complete
    assert "does not exist" in EventIndex((Root("ram://other", None),)).refresh().problem


def test_remote_log_directories_are_read(tmp_path, serve_alone):
    """What fsspec reaches is read like a local disk."""
    path = write_steps(tmp_path, range(3))
    files = fsspec.filesystem("memory")
    files.pipe("/bucket/logs/explain/" + path.name, path.read_bytes())
    files.pipe("/bucket/logs/.hidden/" + path.name, path.read_bytes())
    tab = serve_alone(logdir="memory://bucket/logs")

    assert {run["run"]: run["steps"] for run in tab.runs()} == {"explain": 3}
    header, _ = tab.block("api/block", run="explain", tag=GRADCAM, maps="1-2")
    assert [entry["problem"] for entry in header["steps"]] == [None] * 3

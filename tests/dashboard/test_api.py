"""What the tab gets from a real TensorBoard on event files of the real writer."""

from dataclasses import replace

import numpy as np
from log_dirs import (
    GRADCAM,
    map_blobs,
    maps_at,
    progress_blobs,
    sample_blobs,
    step_records,
    table_blobs,
    write,
    write_steps,
)

from tb_explain.records.decode import decode_map

SIGNED = "HiResCAM/conv/label"


def decoded(header, body, entry, index):
    facts = header["facts"][entry["facts"]]
    start = entry["offset"] + index * entry["map_bytes"]
    return decode_map(facts, body[start : start + entry["map_bytes"]])


def test_lists_runs_by_tensorboards_names(tmp_path, serve):
    """A run has the name of its directory, its steps and its newest time."""
    write_steps(tmp_path / "a" / "explain", range(3))
    write_steps(tmp_path / "b" / "explain", [5])
    listing = serve(logdir=tmp_path).json("api/runs")

    assert listing["logdir"] == str(tmp_path)
    assert listing["problem"] is None
    entries = {run.pop("run"): run for run in listing["runs"]}
    assert entries.keys() == {"a/explain", "b/explain"}
    version = entries["a/explain"].pop("version")
    assert version
    assert entries["a/explain"] == {
        "steps": 3,
        "first_step": 0,
        "last_step": 2,
        "last_time": 1_700_000_002.0,
        "finished": True,
        "problem": None,
    }


def test_a_run_in_the_log_directory_itself_is_a_dot(tmp_path, serve):
    """TensorBoard calls the run in the root of the log directory `.`."""
    write_steps(tmp_path, [0])

    assert [run["run"] for run in serve(logdir=tmp_path).runs()] == ["."]


def test_describes_a_run(tmp_path, serve):
    """The description holds the time axis and the newest header of each tag."""
    records = [("samples", 0, sample_blobs(0)), *step_records(0)]
    records += step_records(1, [GRADCAM, SIGNED])
    failures = [("Saliency/input/label", "out of memory")]
    records += [("progress", 2, progress_blobs(2, failures=failures, notes=["A note."]))]
    write(tmp_path / "explain", records)
    run = serve(logdir=tmp_path).json("api/run", run="explain")

    assert run["steps"] == [0, 1, 2]
    assert run["axis"] == "epoch"
    progress = run["progress"]
    assert progress["epoch"] == [None, 0, 1]
    assert progress["batch"] == [0, 32, 64]
    assert progress["logs"] == {"loss": [None, 1.0, 0.5]}
    assert progress["failures"] == [
        {"step": 2, "tag": "Saliency/input/label", "reason": "out of memory"}
    ]
    assert progress["notes"] == [{"step": 2, "text": "A note."}]
    assert progress["versions"]["backend"] == "jax"
    assert run["samples"]["names"] == ["sample 0", "sample 1"]
    tags = {entry["tag"]: entry for entry in run["tags"]}
    assert tags.keys() == {GRADCAM, SIGNED}
    assert tags[GRADCAM]["ranges"] == [[0, 2]]
    assert tags[SIGNED]["ranges"] == [[1, 1]]
    assert tags[GRADCAM]["kind"] == "attribution"
    assert tags[GRADCAM]["facts"]["shape"] == [6, 5, 1]
    assert tags[GRADCAM]["facts"]["seconds"] == 1.5
    assert tags[GRADCAM]["columns"] == {
        "sample": [0, 1, 2, 3],
        "channel": [0, 1, 2, 3],
        "target": [3, 3, 3, 3],
    }
    assert "wall_time" not in tags[GRADCAM]["facts"]


def test_lists_from_where_attention_looks(tmp_path, serve):
    """The query of each map is listed with its sample and head; other figures are not."""
    figures = {"query": np.array([-1, np.nan, 3, 4]), "elsewhere": np.full(4, 0.5)}
    shown = replace(maps_at(0, kind="attention"), figures=figures)
    write(
        tmp_path, [("Attention/block", 0, map_blobs(0, shown)), ("progress", 0, progress_blobs(0))]
    )
    (tag,) = serve(logdir=tmp_path).json("api/run", run=".")["tags"]

    assert tag["columns"]["query"] == [-1, None, 3, 4]
    assert "elsewhere" not in tag["columns"]


def test_serves_the_maps_that_were_recorded(tmp_path, serve):
    """All maps of all steps come back as the values that were written."""
    write_steps(tmp_path, range(3))
    header, body = serve(logdir=tmp_path).block("api/block", run=".", tag=GRADCAM)

    assert [entry["step"] for entry in header["steps"]] == [0, 1, 2]
    assert len(header["facts"]) == 1
    for entry in header["steps"]:
        expected = maps_at(entry["step"])
        assert entry["problem"] is None
        assert entry["columns"]["score"] == list(expected.scores)
        assert entry["figures"]["norm"] == expected.figures["norm"].tolist()
        values = np.stack([decoded(header, body, entry, index) for index in range(4)])
        np.testing.assert_allclose(values, expected.values, atol=expected.values.max() / 65535)


def test_serves_some_maps_of_some_steps(tmp_path, serve):
    """Steps and maps are chosen by ranges; what does not exist is left out."""
    write_steps(tmp_path, range(8))
    tab = serve(logdir=tmp_path)
    header, body = tab.block("api/block", run=".", tag=GRADCAM, steps="2-3,6,40", maps="0,2-99")

    assert [entry["step"] for entry in header["steps"]] == [2, 3, 6]
    for entry in header["steps"]:
        assert entry["columns"]["sample"] == [0, 2, 3]
        for index, sample in enumerate((0, 2, 3)):
            expected = maps_at(entry["step"]).values[sample]
            values = decoded(header, body, entry, index)
            np.testing.assert_allclose(values, expected, atol=expected.max() / 65535)


def test_a_huge_range_costs_no_more_than_the_steps_in_it(tmp_path, serve):
    """A range may be larger than anything that exists."""
    write_steps(tmp_path, [0, 7])
    query = {"run": ".", "tag": GRADCAM, "steps": "0-9999999999999999", "maps": "0-9999999999"}
    header, _ = serve(logdir=tmp_path).block("api/block", **query)

    assert [entry["step"] for entry in header["steps"]] == [0, 7]


def test_no_step_in_the_range_is_an_empty_answer(tmp_path, serve):
    """A step that was dropped by a restart is no error."""
    write_steps(tmp_path, [0])
    header, body = serve(logdir=tmp_path).block("api/block", run=".", tag=GRADCAM, steps="5")

    assert header["steps"] == []
    assert body == b""


def test_pools_maps_by_the_area_mean(tmp_path, serve):
    """Pooled maps keep scale and zero; squares at the border are cut off."""
    signed = {step: maps_at(step, signed=True, rows=6, cols=5) for step in (0, 1)}
    records = [(SIGNED, step, map_blobs(step, maps)) for step, maps in signed.items()]
    write(tmp_path, [*records, ("progress", 1, progress_blobs(1))])
    header, body = serve(logdir=tmp_path).block("api/block", run=".", tag=SIGNED, pool=2)

    assert header["facts"][0]["shape"] == [3, 3, 1]
    for entry in header["steps"]:
        values = signed[entry["step"]].values[1]
        expected = [
            [values[row : row + 2, col : col + 2].mean() for col in (0, 2, 4)] for row in (0, 2, 4)
        ]
        pooled = decoded(header, body, entry, 1)[..., 0]
        np.testing.assert_allclose(pooled, expected, atol=2 * np.abs(values).max() / 32767)


def test_stacks_tables_over_time(tmp_path, serve):
    """A table has one row per step; rows of another shape are left out and named."""
    records = [("prediction", 0, table_blobs(0, samples=5))]
    records += [("prediction", step, table_blobs(step)) for step in (1, 2)]
    write(tmp_path, [*records, ("progress", 2, progress_blobs(2))])
    header, body = serve(logdir=tmp_path).block("api/table", run=".", tag="prediction")

    assert header["steps"] == [1, 2]
    assert header["left_out"] == [0]
    assert header["facts"]["task"] == "multiclass"
    arrays = {}
    for entry in header["arrays"]:
        assert entry["offset"] % 8 == 0
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(body, entry["dtype"], count, entry["offset"])
        arrays[entry["name"]] = values.reshape(entry["shape"])
    np.testing.assert_array_equal(arrays["predicted"], [[1, 2, 3], [2, 3, 4]])
    np.testing.assert_array_equal(arrays["score"], np.float32([[[1.5] * 3], [[2.5] * 3]]))
    np.testing.assert_array_equal(arrays["correct"], np.ones((2, 3)))


def test_serves_figures_over_time(tmp_path, serve):
    """Figures come per map, statistics per layer."""
    write_steps(tmp_path, [0, 1])
    figures = serve(logdir=tmp_path).json("api/figures", run=".", tag=GRADCAM)

    assert figures == {
        "steps": [0, 1],
        "columns": {"channel": [0, 1, 2, 3]},
        "figures": {"norm": [[0, 1, 2, 3], [1, 2, 3, 4]]},
        "statistics": {"dead": [0, 0.1]},
        "left_out": [],
    }


def test_serves_pictures_as_they_were_stored(tmp_path, serve):
    """Pictures and masks are the bytes of the record."""
    blobs = sample_blobs(0)
    write(tmp_path, [("samples", 0, blobs), *step_records(0)])
    header, body = serve(logdir=tmp_path).block("api/pictures", run=".")

    assert [entry["sample"] for entry in header["pictures"]] == [0, 1]
    assert [entry["sample"] for entry in header["masks"]] == [0, 1]
    entries = header["pictures"] + header["masks"]
    served = [body[entry["offset"] :][: entry["bytes"]] for entry in entries]
    assert sorted(served) == sorted(blobs[1:])
    assert {entry["mime"] for entry in entries} == {"image/png"}


def test_long_tags_and_tags_with_markup_are_found(tmp_path, serve):
    """A tag is a key and nothing else, however long or strange it is."""
    tags = [
        "nested/" * 60 + "label",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "a&b=c#d?%",
        "日本 🦜",
    ]
    write_steps(tmp_path / "a<b>&c", [0, 1], tags)
    tab = serve(logdir=tmp_path)
    run = tab.json("api/run", run="a<b>&c")

    assert {entry["tag"] for entry in run["tags"]} == set(tags)
    for tag in tags:
        header, _ = tab.block("api/block", run="a<b>&c", tag=tag, steps="1")
        assert [entry["step"] for entry in header["steps"]] == [1]


def test_a_past_answer_may_be_kept_for_good(tmp_path, serve):
    """Asked for by the version of the run, an answer never has to be asked for again."""
    write_steps(tmp_path, range(3))
    tab = serve(logdir=tmp_path)
    version = tab.runs()[0]["version"]

    def kept(path, **query):
        response = tab.get(path, run=".", **query)
        assert response.status_code == 200
        return "immutable" in response.headers["Cache-Control"]

    block = {"path": "api/block", "tag": GRADCAM}
    assert kept(**block, steps="0-2", v=version)
    assert kept("api/figures", tag=GRADCAM, v=f"{version}.2")
    assert not kept(**block, steps="0-2")
    assert not kept(**block, steps="0-3", v=version)
    assert not kept(**block, steps="0-2", v="of another file")


def test_what_did_not_change_is_not_sent_again(tmp_path, serve):
    """A description that is asked for again is answered by 304, with its type."""
    write_steps(tmp_path, [0])
    tab = serve(logdir=tmp_path)
    etag = tab.get("api/run", run=".").headers["ETag"]
    address = "/data/plugin/tb_explain/api/run"
    query = {"run": "."}
    again = tab.client.get(address, query_string=query, headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert again.headers["Content-Type"] == "application/json"


def test_the_tab_is_listed_and_its_loaders_keep_one_record(tmp_path, serve):
    """TensorBoard enables the tab because its own loader kept one record of each tag."""
    write_steps(tmp_path, range(4))
    tab = serve(logdir=tmp_path)
    listing = tab.client.get("/data/plugins_listing").json["tb_explain"]

    assert listing["enabled"] is True
    assert listing["tab_name"] == "Explain"
    assert listing["loading_mechanism"] == {
        "type": "IFRAME",
        "module_path": "/data/plugin/tb_explain/index.js",
    }

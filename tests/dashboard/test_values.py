"""Values of maps as files for other programs."""

import csv
import io
import json

import numpy as np
import pytest
from log_dirs import (
    GRADCAM,
    map_blobs,
    maps_at,
    progress_blobs,
    sample_blobs,
    write,
    write_steps,
)

HOSTILE = "../=cmd|' /C calc'!A0/<script>\n"


def choice(*entries):
    return json.dumps([{"run": "explain", "tag": GRADCAM, "step": 1} | entry for entry in entries])


def archive(tab, *entries):
    answer = tab.get("api/values", choice=choice(*entries), format="npz")
    assert answer.status_code == 200, answer.text
    return np.load(io.BytesIO(answer.data), allow_pickle=False)


def lines(tab, *entries):
    answer = tab.get("api/values", choice=choice(*entries), format="csv")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.data.decode())))


@pytest.mark.parametrize("is_signed", [False, True])
def test_values_are_those_that_were_recorded(tmp_path, serve, is_signed):
    """An archive holds the values within half a step of the coding, and what the maps are."""
    recorded = maps_at(1, signed=is_signed)
    records = [(GRADCAM, 1, map_blobs(1, recorded)), ("progress", 1, progress_blobs(1))]
    write(tmp_path / "explain", records)
    found = archive(serve(logdir=tmp_path), {"maps": "0,2-3"})
    name = "GradCAM.conv.label-1"
    expected = recorded.values[[0, 2, 3]]
    unit = np.abs(expected).max(axis=(1, 2, 3), keepdims=True) / (127 if is_signed else 255)

    assert found[name].dtype == np.float32
    assert (np.abs(found[name] - expected) <= 0.51 * unit).all()
    assert found[f"{name}.sample"].tolist() == [0, 2, 3]
    assert found[f"{name}.target"].tolist() == [3, 3, 3]
    about = json.loads(str(found["about"]))[name]
    assert about["tag"] == GRADCAM
    assert about["maps"] == [0, 2, 3]


def test_lines_and_archive_hold_the_same(tmp_path, serve):
    """Each line is one value with its place, in the same order as in the archive."""
    write_steps(tmp_path / "explain", range(2))
    tab = serve(logdir=tmp_path)
    (values,) = [array for name, array in archive(tab, {}).items() if array.ndim == 4]
    table = lines(tab, {})

    assert [np.float32(line["value"]) for line in table] == values.ravel().tolist()
    assert table[7]["sample"] == "0"
    assert [table[7][name] for name in ("row", "col", "plane")] == ["1", "2", "0"]


def test_several_records_share_a_file(tmp_path, serve):
    """Records of the same tag keep apart by their step, and by a number where even that is one."""
    write_steps(tmp_path / "explain", range(3))
    found = archive(serve(logdir=tmp_path), {"maps": "0"}, {"maps": "1"}, {"step": 2})
    names = {name for name in found if found[name].ndim == 4}

    assert names == {f"GradCAM.conv.label-{end}" for end in ("1", "1.2", "2")}


def test_hostile_tags_become_plain_names(tmp_path, serve):
    """No name in the archive is a path, and no text in the table is a formula."""
    formula = "=HYPERLINK(1)"
    records = [(tag, 1, map_blobs(1)) for tag in (HOSTILE, formula)]
    write(tmp_path / "explain", [*records, ("progress", 1, progress_blobs(1))])
    tab = serve(logdir=tmp_path)
    found = archive(tab, {"tag": HOSTILE, "maps": "0"})

    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzACGH_.+-0123456789") for name in found)
    assert not any(name.startswith((".", "/")) for name in found)
    assert lines(tab, {"tag": formula, "maps": "0"})[0]["tag"] == f"'{formula}"


def test_lines_name_their_samples(tmp_path, serve):
    """A table says which sample a value belongs to."""
    records = [("samples", 1, sample_blobs(1)), (GRADCAM, 1, map_blobs(1))]
    write(tmp_path / "explain", [*records, ("progress", 1, progress_blobs(1))])
    table = lines(serve(logdir=tmp_path), {"maps": "1"})

    assert {line["name"] for line in table} == {"sample 1"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"choice": "[]", "format": "npz"}, 400),
        ({"choice": "[" * 5000, "format": "npz"}, 400),
        ({"choice": '[{"step": "1"}]', "format": "npz"}, 400),
        ({"choice": choice({"maps": "x"}), "format": "npz"}, 400),
        ({"choice": choice({}), "format": "exe"}, 400),
        ({"choice": choice({"step": 7}), "format": "csv"}, 404),
        ({"choice": choice({"tag": "none"}), "format": "csv"}, 404),
        ({"choice": choice({"run": "../explain"}), "format": "csv"}, 404),
        ({"choice": choice({"step": 10**30}), "format": "csv"}, 404),
    ],
)
def test_other_wishes_get_a_sentence(tmp_path, serve_alone, query, code):
    """What makes no sense or is not there is answered with one sentence."""
    write_steps(tmp_path / "explain", range(2))
    answer = serve_alone(logdir=tmp_path).get("api/values", **query)

    assert answer.status_code == code
    assert answer.text.endswith((".", "'", '"')) or "Received" in answer.text


def test_a_huge_wish_is_refused(tmp_path, serve_alone):
    """A table that no program would open is not made."""
    large = maps_at(1, maps=16, rows=300, cols=300)
    records = [(GRADCAM, 1, map_blobs(1, large)), ("progress", 1, progress_blobs(1))]
    write(tmp_path / "explain", records)
    tab = serve_alone(logdir=tmp_path)

    assert tab.get("api/values", choice=choice({}), format="csv").status_code == 400
    assert archive(tab, {})["GradCAM.conv.label-1"].shape == (16, 300, 300, 1)

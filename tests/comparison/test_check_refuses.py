"""Runs that cannot be compared: one sentence each, with what would do."""

import json
from pathlib import Path

import numpy as np
import pytest
from two_runs import CAM, some_maps, write_run

import tb_explain as tbx
from tb_explain.loading import payloads_of
from tb_explain.records import RecordWriter

OTHER = "Saliency/input/label"


@pytest.fixture
def path(tmp_path):
    """Returns a function that writes a run of two samples under a name."""

    def write(name, maps=None, **about):
        return write_run(tmp_path / name, some_maps(2, 4, 4) if maps is None else maps, **about)

    return write


def refusal(*runs, **settings):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the caller looks at the sentence.
        tbx.check(*runs, **settings)
    return str(refused.value)


def test_no_records(path, tmp_path):
    """A directory that is not there, or holds no run, is named."""
    (tmp_path / "empty").mkdir()
    for name in ("missing", "empty"):
        assert refusal(path("a"), tmp_path / name).rstrip("'").endswith(f"/{name}")


def test_several_runs(path, tmp_path):
    """A log directory of several runs names them."""
    path("logs/a/explain")
    path("logs/b/explain")

    sentence = refusal(tmp_path / "logs", path("c"))
    assert "Runs below it:" in sentence
    assert str(tmp_path / "logs" / "b" / "explain") in sentence


def test_the_same_record(path, tmp_path):
    """What is compared with itself cannot have moved, by whatever way it is named."""
    run = path("a", steps=(0, 1))
    (tmp_path / "link").symlink_to(run)

    assert "A and B are the same record" in refusal(run, run)
    assert "name another run, tag or step" in refusal(run, tmp_path / "link")
    assert "at step 0" in refusal(run, run, steps=(0, 0))


def test_no_sample_in_common(path):
    """Samples are matched by content, which is said."""
    sentence = refusal(path("a"), path("b", pictures=[5, 6]))

    assert sentence.startswith("A and B have no sample in common; samples are matched by content")


def test_no_samples_recorded(path):
    """A run without its samples cannot be matched."""
    assert "B holds no samples" in refusal(path("a"), path("b", samples=False))


def test_no_class_in_common(path):
    """Predictions of other classes cannot be compared."""
    names = {"class_names": ("cat", "dog", "bird")}

    assert "give both runs the same `class_names`" in refusal(path("a"), path("b", **names))


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        (None, "A and B have no attribution maps of the same explainer and target"),
        ([CAM], f"B has no maps of samples '{CAM}'. Those of B: '{OTHER}'"),
        (["GradCAM"], "A and B have no maps of 'GradCAM' in common"),
        (["Nothing"], "Received: 'Nothing'"),
        ([(CAM, "nothing")], "B has no maps of samples 'nothing'"),
    ],
)
def test_missing_maps(path, tags, words):
    """The maps that there are stand in the sentence."""
    runs = path("a", {CAM: some_maps(2, 4, 4)}), path("b", {OTHER: some_maps(2, 4, 4)})
    sentence = refusal(*runs, tags=tags)

    assert words in sentence
    assert OTHER in sentence


def test_a_step_before_the_first_record(path):
    """The first step is named."""
    sentence = refusal(path("a"), path("b", steps=(4, 5)), steps=(None, 2))

    assert sentence == f"The first record of {CAM!r} in B is that of step 4. Received: step 2"


def test_a_damaged_record(path):
    """Another record is not taken in silence."""
    a, b = path("a"), path("b", steps=(0, 1))
    place = tbx.load(b).run.tags[CAM][1]
    content = bytearray(Path(place.path).read_bytes())
    content[place.offset + place.length - 20] ^= 1
    Path(place.path).write_bytes(content)

    sentence = refusal(a, b)
    assert sentence.startswith("B: The record of step 1 is damaged")
    assert sentence.endswith("Choose another one with `steps`.")
    assert tbx.check(a, b, steps=(None, 0))


def test_nothing_left_to_compare(path):
    """A check that looked at nothing does not pass."""
    changed = refusal(path("a"), path("b", predicted=[1, 2]))
    assert changed.startswith("No sample is left whose maps can be compared")
    assert changed.endswith("Received: 2 predictions changed")

    with pytest.raises(ValueError, match="2 times no predicted class in B"):
        tbx.check(path("e"), path("f", predicted=[-1, -1]))

    constant = refusal(path("c", np.zeros((2, 4, 4))), path("d", predicted=[0, 1]))
    assert constant.endswith("1 prediction changed; 1 times the map of A is the same everywhere")


@pytest.mark.parametrize(
    "fields",
    [{"names": None}, {"names": [1]}, {"class_names": ["zero"]}, {"hashes": [7, {}]}, {"masks": 3}],
    ids=str,
)
def test_fields_of_other_types_break_nothing(path, tmp_path, fields):
    """Of what another program wrote, the rest is compared, or nothing is in common."""
    a, b = path("a"), path("b", samples=False)
    samples = tbx.load(a).run.tags["samples"][3]
    header, payloads = payloads_of(tbx.load(a).run, samples)
    writer = RecordWriter(tmp_path / "b")
    writer.write("samples", 3, 0.0, [json.dumps(header | fields).encode(), *payloads])
    for tag in (CAM, "prediction"):
        writer.write(tag, 3, 0.0, as_written(a, tag))
    writer.close()

    if "hashes" in fields:
        assert "no sample in common" in refusal(a, b)
    else:
        assert len(tbx.check(b, a).compared) == 2


def as_written(directory, tag):
    run = tbx.load(directory).run
    header, payloads = payloads_of(run, run.tags[tag][3])
    return [json.dumps(header).encode(), *payloads]


@pytest.mark.parametrize(
    "setting", [{"drift": -0.1}, {"drift": 2.1}, {"drift": np.nan}, {"mass": -1}, {"mass": 1.5}]
)
def test_thresholds_without_sense(path, setting):
    """A threshold beyond the range of its figure is refused before anything is read."""
    assert f"Received: {next(iter(setting))}=" in refusal("missing", "missing", **setting)

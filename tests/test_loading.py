"""Records of a run, back in Python."""

import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.explanation import Explanation
from tb_explain.records import Moment, RecordWriter, encode_maps, encode_progress, encode_samples
from tb_explain.samples.capture import capture

TAG = "GradCAM/conv/label"


def explanation(step, *, signed=False):
    values = np.random.default_rng(step).normal(size=(3, 5, 4, 1)).astype(np.float32)
    return Explanation(
        values=values if signed else np.abs(values),
        kind="attribution",
        layer="conv",
        signed=signed,
        samples=(0, 1, 2),
        targets=(1, None, 0),
        scores=(0.5, 1.5, None),
        figures={"norm": np.array([1, np.nan, 3], np.float32)},
        statistics={"dead": 0.25},
        facts={"why": "asked for"},
        title="Grad-CAM",
    )


def blobs(step, **options):
    return encode_maps(
        explanation(step, **options),
        explainer="GradCAM",
        title="Grad-CAM",
        paper="",
        settings={},
        target="label",
        seconds=1.0,
        moment=moment(step),
    )


def moment(step):
    return Moment(step=step, epoch=step, fit=0, batch=step, wall_time=float(step))


def write(directory, steps, **options):
    writer = RecordWriter(directory)
    for step in steps:
        writer.write(TAG, step, float(step), blobs(step, **options))
        progress = encode_progress(moment(step), axis="epoch", versions={}, logs=None)
        writer.write("progress", step, float(step), progress)
    writer.close()


@pytest.mark.parametrize("signed", [False, True])
def test_explanations_come_back(tmp_path, signed):
    """A record gives back the explanation, its values within half a step of their coding."""
    write(tmp_path, range(3), signed=signed)
    back = tbx.load(tmp_path)[TAG][1]
    written = explanation(1, signed=signed)
    unit = np.abs(written.values).max(axis=(1, 2, 3), keepdims=True) / (127 if signed else 255)

    assert (np.abs(back.values - written.values) <= 0.51 * unit).all()
    for name in ("kind", "layer", "signed", "samples", "targets", "scores", "title"):
        assert getattr(back, name) == getattr(written, name)
    np.testing.assert_array_equal(back.figures["norm"], written.figures["norm"])
    assert back.statistics == {"dead": 0.25}
    assert back.facts == {"why": "asked for"}


def test_tags_and_steps_are_listed(tmp_path):
    """Records are a mapping of tags to mappings of steps; time and tables are no explanations."""
    write(tmp_path, [0, 2, 5])
    records = tbx.load(str(tmp_path))

    assert list(records) == [TAG]
    assert list(records[TAG]) == [0, 2, 5]
    assert (len(records), len(records[TAG])) == (1, 3)
    assert TAG in repr(records)
    with pytest.raises(KeyError):
        records[TAG][1]


def test_explanations_show_themselves_on_their_samples(tmp_path):
    """The pictures of the samples come along, so that a notebook shows the maps over them."""
    images = np.random.default_rng(0).integers(0, 256, (3, 10, 8, 3), dtype=np.uint8)
    writer = RecordWriter(tmp_path)
    writer.write("samples", 0, 0.0, encode_samples(capture(images), moment(0)))
    writer.close()
    write(tmp_path, [1])
    back = tbx.load(tmp_path)[TAG][1]

    assert back.pictures is not None
    assert back.pictures.shape == (3, 10, 8, 3)
    assert len(back.images()) == 3


def test_a_restart_counts_and_what_it_replaced_does_not(tmp_path):
    """Where steps were trained twice, the newer training is loaded."""
    write(tmp_path, range(4))
    write(tmp_path, [2], signed=True)
    records = tbx.load(tmp_path)

    assert list(records[TAG]) == [0, 1, 2]
    assert records[TAG][2].signed


def test_a_directory_of_runs_names_them(tmp_path):
    """Who names the log directory learns which runs are in it."""
    write(tmp_path / "a" / "explain", [0])

    with pytest.raises(ValueError, match=r"Runs below it: '.*a/explain'\. Received"):
        tbx.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "There are none."), ("missing", "The log directory does not exist yet.")],
)
def test_nothing_to_load_is_an_error(tmp_path, name, said):
    """A directory without records, or that is not there, is named in one sentence."""
    with pytest.raises(ValueError, match=f"{said} Received: [^ ]+$"):
        tbx.load(tmp_path / name)


def test_a_damaged_record_is_an_error_of_its_own(tmp_path):
    """One flipped bit loses one record, with a sentence."""
    write(tmp_path, range(2))
    (path,) = tmp_path.glob("*.tb_explain")
    content = bytearray(path.read_bytes())
    at = content.rindex(bytes(blobs(1)[1][8:28]))
    content[at] ^= 1
    records = tbx.load(tmp_path)
    path.write_bytes(content)

    with pytest.raises(ValueError, match="damaged"):
        records[TAG][1]
    assert records[TAG][0].values.shape == (3, 5, 4, 1)

"""The monitored samples as pictures, masks and hashes."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
import record_cases as cases
from PIL import Image

from tb_explain.records import encode_samples
from tb_explain.records.pictures import content_hashes


def samples_of(pictures, **fields):
    names = tuple(str(index) for index in range(len(pictures)))
    return cases.Samples(pictures, names, pictures=pictures, **fields)


def encoded(samples, **options):
    header, *payloads = encode_samples(samples, cases.MOMENT, **options)
    return json.loads(header), payloads


def opened(payload):
    return np.asarray(Image.open(io.BytesIO(payload)))


def gradient(rows, cols, channels):
    ramp = np.linspace(0, 255, rows * cols).astype(np.uint8).reshape(1, rows, cols, 1)
    return ramp.repeat(channels, axis=3)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("side", "options"), [(64, {}), (65, {"lossless": True})])
def test_small_pictures_and_asked_ones_are_lossless(channels, side, options):
    """Pictures up to 64 pixels, and any on request, come back pixel by pixel."""
    pictures = gradient(side, 40, channels)
    header, payloads = encoded(samples_of(pictures), **options)

    assert header["mime"] == ["image/png"]
    np.testing.assert_array_equal(opened(payloads[0]).reshape(pictures[0].shape), pictures[0])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_large_pictures_are_compressed(channels):
    """A large picture is a tenth of its size and looks the same."""
    pictures = gradient(200, 150, channels)
    header, payloads = encoded(samples_of(pictures))
    difference = opened(payloads[0])[..., :1].astype(int) - pictures[0, ..., :1]

    assert header["mime"] == ["image/webp"]
    assert len(payloads[0]) < pictures.size / 10
    assert np.abs(difference).mean() < 3


def test_header_says_which_payload_is_what():
    """Pictures come first, then masks; small pictures are shown with sharp pixels."""
    header, payloads = encoded(cases.SAMPLES)

    assert (header["pictures"], header["masks"]) == ([0, 1], [2, 3])
    assert (header["rows"], header["cols"], header["pixelated"]) == (3, 4, True)
    assert np.unique(opened(payloads[3])).tolist() == [0, 255]


def test_no_picture_is_stored_unless_wanted():
    """Without pictures a record holds names, hashes and the size of the input."""
    header, payloads = encoded(replace(cases.SAMPLES, pictures=None, masks=None))

    assert (header["pictures"], header["masks"], payloads) == ([None] * 2, [None] * 2, [])
    assert (header["rows"], header["cols"], len(header["hashes"])) == (3, 4, 2)


def test_samples_without_rows_have_no_size():
    """Samples of one axis are recorded too."""
    header, _ = encoded(cases.Samples(np.ones((2, 5)), ("a", "b"), labels=np.zeros((2, 3, 4))))

    assert (header["rows"], header["cols"], header["labels"]) == (5, 0, [None, None])


def test_notes_are_one_text():
    """What was decided about the pictures stands in the header."""
    header, _ = encoded(replace(cases.SAMPLES, notes=("One.", "Two.")))

    assert header["note"] == "One. Two."


def test_hash_tells_samples_apart():
    """Equal samples have equal hashes, whatever their place; a changed pixel changes it."""
    other = cases.PICTURES.copy()
    other[0, 0, 0, 0] += 1

    assert content_hashes(cases.PICTURES) == content_hashes(cases.PICTURES[::-1])[::-1]
    assert content_hashes(other)[0] != content_hashes(cases.PICTURES)[0]
    assert content_hashes(other)[1] == content_hashes(cases.PICTURES)[1]


def test_hash_covers_every_input():
    """Samples that differ in one of several inputs differ."""
    first, second = content_hashes(np.zeros((2, 3)), np.array([1, 2]))

    assert first != second


@pytest.mark.parametrize(
    ("fields", "error", "sentence"),
    [
        ({"pictures": np.zeros((2, 3, 4, 3))}, TypeError, "Received: pictures of float64"),
        ({"pictures": np.zeros((2, 3, 4, 2), np.uint8)}, ValueError, r"Received: .*\(2, 3, 4, 2\)"),
        ({"pictures": cases.PICTURES[:1]}, ValueError, "Received: 1 entries for 2 samples"),
        ({"masks": np.zeros((2, 3))}, ValueError, r"Received: masks.shape=\(2, 3\)"),
    ],
)
def test_unfit_pictures_are_refused(fields, error, sentence):
    """Pictures that cannot be shown are refused in one sentence."""
    with pytest.raises(error, match=sentence):
        encoded(replace(cases.SAMPLES, **fields))

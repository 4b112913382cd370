"""Segments: every sample is cut into enough of them, whatever it shows and however small."""

import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.explainers.segments import as_segments


def pictures(rows, cols, channels):
    """Returns a natural, a noisy, a nearly empty and an empty sample."""
    random = np.random.default_rng(3)
    row, col = np.mgrid[:rows, :cols] / max(rows, cols)
    natural = np.stack([np.sin(7 * col + k) + np.cos(5 * row * col) for k in range(channels)], -1)
    digit = np.zeros((rows, cols, channels))
    digit[rows // 4 : -rows // 4 or None, cols // 2 :][:, :2] = 1
    noise = random.normal(size=(rows, cols, channels))
    return np.stack([natural, noise, digit, np.ones_like(digit)]).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize(
    ("shape", "least"),
    [
        ((8, 8), 8),
        ((16, 16), 25),
        ((28, 28), 25),
        ((32, 32), 25),
        ((64, 40), 25),
        ((224, 224), 25),
        ((1, 120), 15),
    ],
)
def test_small_pictures_get_enough_superpixels(shape, least, channels):
    """Digits, noise and empty pictures of any size and number of channels."""
    for labels in tbx.Superpixels().of(pictures(*shape, channels)):
        found = np.unique(labels)
        assert labels.shape == shape
        assert labels.dtype == np.int32
        assert least <= len(found) <= 100
        np.testing.assert_array_equal(found, np.arange(len(found)))


@pytest.mark.parametrize("channels", [1, 3])
def test_superpixels_do_not_depend_on_the_range_of_a_sample(channels):
    """Pictures in 0..1, in 0..255 and normalised ones are cut the same way, alone or not."""
    samples = pictures(32, 32, channels)
    superpixels = tbx.Superpixels(30)

    cut = superpixels.of(samples)

    np.testing.assert_array_equal(superpixels.of(256 * samples - 512), cut)
    np.testing.assert_array_equal(superpixels.of(samples[1:2]), cut[1:2])


def test_superpixels_follow_edges():
    """A bright square on a dark ground shares hardly a segment with the ground."""
    sample = np.zeros((1, 32, 32, 3), np.float32)
    sample[:, 9:22, 6:19] = [1.0, 0.9, 0.2]

    (labels,) = tbx.Superpixels().of(sample)

    square = sample[0, ..., 0] > 0
    shared = [segment for segment in np.unique(labels) if 0 < square[labels == segment].mean() < 1]
    assert len(shared) <= 2


def test_a_broken_sample_is_cut_all_the_same():
    """Values that are not finite stop nothing."""
    sample = pictures(16, 16, 3)[:1]
    sample[0, 3, 3] = np.nan
    sample[0, 4, 4] = -np.inf

    assert tbx.Superpixels().of(sample).max() > 10


def test_a_grid_covers_sides_that_it_does_not_divide():
    """Rectangles differ by one row or column at most."""
    (labels,) = tbx.Grid(3, 2).of(np.zeros((1, 8, 5, 1), np.float32))

    assert (np.bincount(labels[:, 0]) > 0).sum() == 3
    np.testing.assert_array_equal(labels[0], [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(labels[:, 0], [0, 0, 0, 2, 2, 2, 4, 4])


def test_given_segments_are_equal_if_their_labels_are():
    """So that explainers that hold them are values, and tags tell others apart."""
    labels = np.arange(12).reshape(3, 4)
    one, same, other = (as_segments(each, received="") for each in (labels, labels + 0, labels.T))

    assert one == same
    assert hash(one) == hash(same)
    assert repr(one) == repr(same)
    assert one != other
    assert repr(one) != repr(other)
    assert tbx.LIME(segments=labels) == tbx.LIME(segments=labels + 0)


def test_given_segments_are_numbered_without_gaps():
    """Labels of any kind become 0, 1, 2 in each sample."""
    labels = np.array([[[5, -1], [5, 900]], [[2, 2], [2, 0]]])

    found = as_segments(labels, received="").of(np.zeros((2, 2, 2, 1), np.float32))

    np.testing.assert_array_equal(found, [[[1, 0], [1, 2]], [[1, 1], [1, 0]]])

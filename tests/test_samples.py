"""What is captured of the samples, and what is refused."""

import keras
import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.samples.capture import capture

IMAGES = np.random.default_rng(0).random((5, 8, 6, 3), dtype=np.float32)
LABELS = np.array([0, 1, 2, 1, 0])


class Batches(keras.utils.PyDataset):
    """Batches of two samples and their labels."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        part = slice(2 * index, 2 * index + 2)
        return IMAGES[part], LABELS[part]


def test_takes_arrays_as_given():
    """All samples of an array are monitored, however many."""
    samples = capture(IMAGES, LABELS, max_samples=2)

    np.testing.assert_array_equal(samples.inputs, IMAGES)
    np.testing.assert_array_equal(samples.labels, LABELS)
    assert samples.names == tuple(f"sample {index}" for index in range(5))
    assert samples.default_target == "label"


@pytest.mark.parametrize(
    "labels", [np.eye(3)[LABELS], np.eye(3)[LABELS].tolist(), LABELS.tolist(), LABELS.astype(float)]
)
def test_one_hot_labels_are_classes(labels):
    """One-hot labels mean the same as integers, as arrays or lists."""
    np.testing.assert_array_equal(capture(IMAGES, labels).labels, LABELS)


def test_labels_may_have_an_axis_of_one():
    """Labels of shape `(samples, 1)` are one class each."""
    np.testing.assert_array_equal(capture(IMAGES, LABELS[:, None]).labels, LABELS)


def test_one_hot_pixels_are_classes_of_pixels():
    """Segmentation labels come as classes or one-hot."""
    pixels = np.random.default_rng(1).integers(0, 3, (5, 8, 6))
    samples = capture(IMAGES, np.eye(3)[pixels])

    np.testing.assert_array_equal(samples.labels, pixels)


def test_several_classes_per_sample_are_not_one_label():
    """Multi-hot labels leave the predicted class as the default target, and say so."""
    samples = capture(IMAGES, np.array([[1, 1, 0]] * 5))

    assert samples.labels is None
    assert samples.default_target == "predicted"
    assert "several classes" in samples.notes[0]


@pytest.mark.parametrize("max_samples", [3, 5])
def test_takes_batches_until_there_are_enough(max_samples):
    """A PyDataset is read in order, and its labels are used."""
    samples = capture(Batches(), max_samples=max_samples)

    np.testing.assert_array_equal(samples.inputs, IMAGES[:max_samples])
    np.testing.assert_array_equal(samples.labels, LABELS[:max_samples])


def test_takes_a_tensorflow_data_set():
    """A tf.data.Dataset is read in order."""
    tf = pytest.importorskip("tensorflow")
    samples = capture(tf.data.Dataset.from_tensor_slices((IMAGES, LABELS)).batch(2), max_samples=3)

    np.testing.assert_array_equal(samples.inputs, IMAGES[:3])
    np.testing.assert_array_equal(samples.labels, LABELS[:3])


def test_takes_a_data_loader():
    """A PyTorch DataLoader gives lists of tensors."""
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.tensor(IMAGES), torch.tensor(LABELS))
    samples = capture(torch.utils.data.DataLoader(data, batch_size=2), max_samples=4)

    np.testing.assert_array_equal(samples.inputs, IMAGES[:4])
    np.testing.assert_array_equal(samples.labels, LABELS[:4])


def test_is_a_copy():
    """What happens to an array after it was captured changes nothing."""
    images = IMAGES.copy()
    samples = capture({"only": images})
    images[:] = 0

    np.testing.assert_array_equal(samples.inputs["only"], IMAGES)
    assert samples.pictures.max() > 0


def test_takes_several_inputs():
    """Dicts of arrays keep their keys."""
    samples = capture({"left": IMAGES, "right": IMAGES * 2})

    assert list(samples.inputs) == ["left", "right"]
    assert samples.count == 5


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (IMAGES[:0], "no sample to explain"),
        ([], "no sample to explain"),
        ({"left": IMAGES, "right": IMAGES[:3]}, "same number of samples"),
        (iter(()), "the data set gave no batch"),
    ],
)
def test_refuses_samples_that_are_none(samples, message):
    """Empty or uneven samples are one clear sentence."""
    with pytest.raises(ValueError, match=message):
        capture(samples)


def test_refuses_what_is_no_samples():
    """A number is not a sample."""
    with pytest.raises(TypeError, match="Received: int"):
        capture(3)


@pytest.mark.parametrize("setting", ["labels", "sample_names", "display"])
def test_refuses_another_number_of_entries(setting):
    """Whatever comes per sample comes for each."""
    value = {"labels": LABELS[:4], "sample_names": ["a"], "display": IMAGES[:2]}[setting]
    with pytest.raises(ValueError, match=f"`{setting}` needs one entry per sample"):
        capture(IMAGES, **{setting: value})


def test_refuses_masks_without_rows():
    """Masks are pictures of the object."""
    with pytest.raises(ValueError, match=r"\(5, rows, cols\)"):
        capture(IMAGES, masks=np.ones(5))


def test_warns_when_all_samples_are_of_one_class():
    """The first samples of a directory are often one class."""
    with pytest.warns(UserWarning, match="tbx.balanced"):
        capture(IMAGES, np.full(5, 2))


def test_balanced_takes_some_of_each_class():
    """The first samples of each class come class by class."""
    x, y = tbx.balanced(IMAGES, LABELS, per_class=1)

    np.testing.assert_array_equal(y, [0, 1, 2])
    np.testing.assert_array_equal(x, IMAGES[:3])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.full((2, 2, 2, 1), 0.5, np.float32), 128),
        (np.full((2, 2, 2, 1), 200.0, np.float32), 200),
        (np.full((2, 2, 2, 1), 7, np.uint8), 7),
        (np.full((2, 2, 2, 1), -1.0, np.float32), 0),
    ],
)
def test_pictures_keep_their_range(values, expected):
    """Values in 0..1, 0..255 and -1..1 become bytes without being stretched."""
    pictures = capture(values).pictures

    assert pictures.dtype == np.uint8
    assert pictures.max() == expected


def test_normalised_pictures_are_stretched_and_say_so():
    """A picture in another range is shown whole, with a note."""
    samples = capture(IMAGES * 5 - 2)

    assert samples.pictures.min() == 0
    assert samples.pictures.max() == 255
    assert "stretched" in samples.notes[0]


def test_display_gives_the_pictures():
    """A function of the inputs makes what people look at."""
    samples = capture(IMAGES * 5 - 2, display=lambda images: (images + 2) / 5)

    assert samples.notes == ()
    np.testing.assert_allclose(samples.pictures / 255, IMAGES, atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("channels", [2, 4, 7])
def test_other_channels_are_shown_in_part(channels):
    """Pictures of any number of channels can be shown, and the note says which part."""
    samples = capture(np.zeros((2, 8, 6, channels), np.float32))

    assert samples.pictures.shape[-1] in (1, 3)
    assert f"of {channels} channels" in samples.notes[0]


def test_pictures_can_be_left_out():
    """Nothing that could be looked at is kept."""
    assert capture(IMAGES, pictures=False).pictures is None


def test_labels_of_several_outputs_give_those_of_classes():
    """Where one output has classes, its labels are the ones to explain."""
    samples = capture(IMAGES, {"kind": LABELS, "age": np.linspace(0, 1, 5)})

    np.testing.assert_array_equal(samples.labels, LABELS)


def test_batches_may_have_labels_of_several_outputs():
    """The same holds for data sets."""
    labels = {"age": np.linspace(0, 1, 5), "kind": np.eye(3)[LABELS]}
    samples = capture(iter([(IMAGES, labels)]), max_samples=3)

    np.testing.assert_array_equal(samples.labels, LABELS[:3])


@pytest.mark.parametrize(("shape", "expected"), [((28, 28), (28, 28)), ((64, 2), (1, 64))])
def test_samples_of_two_axes_are_grey_pictures_or_signals(shape, expected):
    """A narrow sample is a signal with channels, shown as one row."""
    assert capture(np.zeros((2, *shape), np.float32)).pictures.shape[1:3] == expected

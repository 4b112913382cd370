"""What is given wrongly is named in one sentence, before the first batch."""

import re

import keras
import numpy as np
import pytest
from event_files import headers_of, read_records, steps_of

import tb_explain as tbx
from tb_explain.samples.capture import capture

MASKS = np.ones((8, 8, 8))


def refusal(log_dir, model, data, **settings):
    """Returns the sentence with which a fit is refused; not one batch was trained."""
    images, labels = data

    def fit():
        explain = tbx.Explain(log_dir, **{"samples": images, "labels": labels, **settings})
        model.fit(images, labels, epochs=1, verbose=0, callbacks=[explain])

    with pytest.raises((ValueError, TypeError)) as caught:
        fit()
    assert int(model.optimizer.iterations) == 0
    assert not list(log_dir.rglob("*.tb_explain"))
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"class_names": ["a", "b"]}, "`class_names` has one name for each class, here 3"),
        ({"class_names": "abc"}, "`class_names` is a list of names, in order"),
        ({"sample_names": "abcdefgh"}, "`sample_names` is a list of names, in order"),
        ({"masks": MASKS}, "Masks have rows and columns of the pictures, here (8, 16, 16)"),
        ({"masks": MASKS, "pictures": False}, "here (8, 16, 16)"),
        ({"masks": [MASKS[0], MASKS[0, :4]] * 4}, "All masks have the same rows and columns"),
        ({"masks": MASKS.astype(str)}, "Masks are numbers"),
        ({"pictures": "no"}, "`pictures` is True or False. Received: pictures='no'"),
        ({"max_samples": 0}, "`max_samples` is a whole number of at least 1"),
        ({"every_epochs": None}, "`every_epochs` is a whole number of at least 1"),
        ({"every_steps": "x"}, "`every_steps` is a whole number of at least 1"),
        ({"display": np.ones((8, 0, 4, 3))}, "at least one of each"),
        ({"name": ""}, "`name` is a directory below the log directory"),
        ({"name": "../other"}, "`name` is a directory below the log directory"),
        ({"name": "/other"}, "`name` is a directory below the log directory"),
        ({"explainers": tbx.GradCAM()}, "`explainers` is a list of explainers"),
        ({"explainers": [tbx.GradCAM]}, "`explainers` is a list of explainers"),
        ({"explainers": ["GradCAM"]}, "`explainers` is a list of explainers"),
        ({"explainers": [tbx.Saliency(recorded_size=0)]}, "at least one cell"),
        ({"labels": np.arange(8) - 4}, "Received: labels from -4 to 3"),
        ({"targets": tbx.Contrast("cat", "dog")}, "A target must be 'label', 'predicted'"),
        ({"targets": object()}, "A target must be 'label', 'predicted'"),
        ({"targets": ["label", "predicted"]}, "a tuple holds several targets"),
        ({"targets": tbx.Neuron("conv1", "a")}, "Layer 'conv1' has 6 channels, 0 to 5"),
        ({"targets": lambda outputs: outputs}, "must return one score per sample"),
    ],
)
def test_a_wrong_setting_is_refused(settings, sentence, tmp_path, classifier, images, labels):
    """The sentence says the rule and what was received."""
    said = refusal(tmp_path, classifier(), (images, labels), **settings)

    assert sentence in said
    assert "Received: " in said


@pytest.mark.parametrize(
    ("samples", "sentence"),
    [
        (list, "np.stack(samples) makes one array of pictures"),
        (lambda images: images[:0], "Received: (0, 16, 16, 3)"),
        (lambda images: images.astype(complex), "Pictures are real numbers"),
        (lambda images: images.astype(str), "Pictures are real numbers"),
        (lambda _: "pictures.npy", "Received: str"),
    ],
)
def test_wrong_samples_are_refused(samples, sentence, tmp_path, classifier, images, labels):
    """The sentence says what samples are."""
    assert sentence in refusal(tmp_path, classifier(), (images, labels), samples=samples(images))


@pytest.mark.parametrize(
    ("batches", "sentence"),
    [
        (
            [(np.ones((4, 4, 3)), np.int64(1))],
            "A data set gives batches, such as dataset.batch(16)",
        ),
        ([(np.ones((1, size, 4, 3)), [1]) for size in (4, 5)], "samples of one shape"),
        ([1, 2], "A data set gives batches"),
        ([], "the data set gave no batch"),
    ],
)
def test_wrong_batches_are_refused(batches, sentence):
    """The sentence says what a data set gives."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        tbx.Explain("logs", iter(batches))


@pytest.mark.parametrize("row", [np.eye(3).__getitem__, lambda label: np.array([label])])
def test_a_list_of_rows_is_labels_of_samples(row, tmp_path, classifier, images, labels):
    """Rows of a list are not taken for the outputs of a model, which would lose the labels."""
    rows = [row(label) for label in labels]
    with tbx.Recorder(tmp_path, classifier(), images, rows) as recorder:
        recorder.record(0)

    (header,) = headers_of(tmp_path / "explain", "samples")
    assert header["labels"] == labels.tolist()


@pytest.mark.parametrize("wrong", [None, ""])
def test_a_log_dir_is_a_path(wrong, images, labels):
    """No directory is made in the root, and none called None."""
    with pytest.raises(TypeError, match="`log_dir` is a path"):
        tbx.Explain(wrong, images, labels)


def test_a_log_dir_that_is_a_file_is_refused(tmp_path, classifier, images, labels):
    """Hours of training must not pass without a record."""
    (tmp_path / "file").touch()
    recorder = tbx.Recorder(tmp_path / "file", classifier(), images, labels)
    with pytest.raises(ValueError, match=r"give another `log_dir`.*Not a directory"):
        recorder.record(0)


@pytest.mark.parametrize("name", ["a b", "ü/日本", "a#?&=%20", "ends/", "~home"])
def test_any_log_dir_will_do(name, tmp_path, classifier, images, labels):
    """Spaces, Unicode and what addresses use have no meaning in a path."""
    with tbx.Recorder(f"{tmp_path}/{name}", classifier(), images, labels) as recorder:
        recorder.record(0)

    assert steps_of(tmp_path / name / "explain")["progress"] == [0]


@pytest.mark.parametrize("model", [None, object(), "model.keras", len])
def test_only_models_of_keras_are_explained(model, images):
    """The sentence says what a model is, not what it lacks."""
    with pytest.raises(TypeError, match=r"is a Keras model\. Received: model of type"):
        tbx.GradCAM().explain(model, images)


def test_a_refusal_of_keras_is_told_in_its_words(classifier, images):
    """What Keras says around its reason, and in colours, is left out."""
    with pytest.raises(ValueError, match="cannot take the samples") as caught:
        tbx.GradCAM().explain(classifier(), {"one": images, "two": images})

    assert "Exception encountered" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("step", [-1, 1.5, "one", None])
def test_a_step_is_a_whole_number(step, tmp_path, classifier, images, labels):
    """A wrong step is the caller's mistake at every record."""
    with tbx.Recorder(tmp_path, classifier(), images, labels) as recorder:
        recorder.record(0)
        with pytest.raises(ValueError, match="A step is a whole number of at least 0"):
            recorder.record(step)


def test_an_axis_counts_epochs_or_batches(tmp_path, classifier, images, labels):
    """Readers know no other."""
    with pytest.raises(ValueError, match=r"`axis` is 'epoch' or 'batch'\. Received: axis='hour'"):
        tbx.Recorder(tmp_path, classifier(), images, labels, axis="hour")


def test_explains_one_hot_labels_once_too(classifier, images, labels):
    """Labels mean the same in a notebook as in a training."""
    by_index = tbx.Saliency().explain(classifier(), images, labels=labels)
    by_one_hot = tbx.Saliency().explain(classifier(), images, labels=np.eye(3)[labels])

    assert by_one_hot.targets == by_index.targets == tuple(labels)
    np.testing.assert_array_equal(by_one_hot.values, by_index.values)


def test_asking_twice_records_once(tmp_path, classifier, images, labels):
    """Two ways to ask for the same maps give one record a step, other settings another tag."""
    explainers = [
        tbx.GradCAM(),
        tbx.GradCAM(layer="conv2"),
        tbx.Activations(),
        tbx.Activations(layer="conv1"),
        tbx.Filters(),
        tbx.Filters(layer="conv1"),
        tbx.Filters(layer="conv1", count=2),
    ]
    with tbx.Recorder(tmp_path, classifier(), images, labels, explainers=explainers) as recorder:
        recorder.record(0)

    steps = steps_of(tmp_path / "explain")
    assert {tag for tag, recorded in steps.items() if recorded != [0]} == set()
    assert {"GradCAM/conv2/label", "Activations/conv1", "Filters/conv1"} <= set(steps)
    assert "Filters[count=2]/conv1" in steps


def test_names_become_text(tmp_path, classifier, images, labels):
    """Whatever stands for a name, a reader gets text."""
    odd = ["a\nb", "😀/..", "", "<b>", "\ud800", None, 3, np.str_("x")]
    settings = {"sample_names": odd, "class_names": np.array([1, 2, 3])}
    with tbx.Recorder(tmp_path, classifier(), images, labels, **settings) as recorder:
        recorder.record(0)

    (header,) = headers_of(tmp_path / "explain", "samples")
    assert header["names"] == ["a\nb", "😀/..", "", "<b>", "?", "None", "3", "x"]
    assert header["class_names"] == ["1", "2", "3"]


def test_samples_that_are_not_finite_are_named(tmp_path, classifier, images, labels):
    """Their maps are counted as lost, and a note says which they are."""
    images[2, 5] = np.nan
    images[6, 0, 0, 0] = np.inf
    with tbx.Recorder(tmp_path, classifier(), images, labels) as recorder:
        recorder.record(0)

    (header,) = headers_of(tmp_path / "explain", "samples")
    assert "Values that are not finite are in sample 2, 6." in header["note"]
    many = np.full((20, 4, 4, 3), np.nan)
    assert "10, 11 and 8 more." in capture(many).notes[0]


def test_volumes_say_how_to_show_them(tmp_path):
    """Predictions and figures are recorded; a slice is shown where it is asked for."""
    model = keras.Sequential(
        [
            keras.Input((4, 6, 6, 1)),
            keras.layers.Conv3D(2, 3, activation="relu", name="conv"),
            keras.layers.GlobalAveragePooling3D(),
            keras.layers.Dense(3),
        ]
    )
    volumes = np.random.default_rng(0).random((2, 4, 6, 6, 1), dtype=np.float32)
    with pytest.raises(ValueError, match=r"is a volume.*Use Activations or Weights"):
        tbx.GradCAM().explain(model, volumes)
    with tbx.Recorder(tmp_path, model, volumes, name="plain") as recorder:
        recorder.record(0)
    middle = {"display": lambda x: x[:, x.shape[1] // 2]}
    with tbx.Recorder(tmp_path, model, volumes, name="sliced", **middle) as recorder:
        recorder.record(0)

    assert {"prediction", "statistics"} <= set(steps_of(tmp_path / "plain"))
    (plain,) = headers_of(tmp_path / "plain", "samples")
    assert "display=lambda x: x[:, x.shape[1] // 2]" in plain["note"]
    payloads = [p for tag, *_, p in read_records(tmp_path / "sliced") if tag == "samples"]
    assert [len(each) for each in payloads] == [2]

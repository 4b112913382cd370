"""When the callback records, and that nothing it does ends or changes a training."""

import keras
import numpy as np
import pytest
from event_files import headers_of, read_records, steps_of

import tb_explain as tbx
from tb_explain.dashboard.event_index import EventIndex
from tb_explain.dashboard.roots import roots_of

CAM = "GradCAM/conv2/label"


def fit(model, images, labels, callbacks, **settings):
    settings = {"epochs": 3, "batch_size": 2, "verbose": 0, "shuffle": False, **settings}
    return model.fit(images, labels, callbacks=callbacks, **settings)


def recorded_steps(log_dir):
    """Steps of the run as the dashboard lists them."""
    index = EventIndex(roots_of(str(log_dir), ""))
    return list(index.refresh().runs["explain"].steps)


def test_records_before_training_and_after_each_epoch(tmp_path, classifier, images, labels):
    """Step 0 is the untrained model, step e + 1 the end of epoch e."""
    fit(classifier(), images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])])

    steps = steps_of(tmp_path / "explain")
    assert steps[CAM] == [0, 1, 2, 3]
    assert steps["progress"] == [0, 1, 2, 3]
    assert steps["samples"] == steps["structure"] == [0]
    assert {"prediction", "statistics", "Saliency/input/label"} <= set(steps)
    epochs = [header["epoch"] for header in headers_of(tmp_path / "explain", "progress")]
    assert epochs == [None, 0, 1, 2]


def test_records_loss_and_metrics(tmp_path, classifier, images, labels):
    """What Keras logs after an epoch stands in the record of that epoch."""
    history = fit(
        classifier(), images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])]
    ).history

    headers = headers_of(tmp_path / "explain", "progress")
    assert headers[0]["logs"] == {}
    np.testing.assert_allclose([header["logs"]["loss"] for header in headers[1:]], history["loss"])


def test_a_second_fit_continues_the_axis(tmp_path, classifier, images, labels):
    """Two fits of one callback are one run; Keras' epoch starts again, the step does not."""
    model, explain = classifier(), tbx.Explain(tmp_path, images[:4], labels[:4])
    fit(model, images, labels, [explain])
    fit(model, images, labels, [explain], epochs=2)

    assert recorded_steps(tmp_path) == [0, 1, 2, 3, 4, 5]
    assert headers_of(tmp_path / "explain", "progress")[-1]["fit"] == 1


def test_initial_epoch_keeps_what_was_recorded(tmp_path, classifier, images, labels):
    """A new process that goes on at epoch 3 adds to the run."""
    model = classifier()
    fit(model, images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])])
    again = tbx.Explain(tmp_path, images[:4], labels[:4])
    fit(model, images, labels, [again], initial_epoch=3, epochs=5)

    assert recorded_steps(tmp_path) == [0, 1, 2, 3, 4, 5]


def test_backup_and_restore_keeps_what_was_recorded(tmp_path, classifier, images, labels):
    """A training that was killed in its third epoch goes on where it was."""

    class Killed(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise RuntimeError("killed")

    def callbacks():
        backup = keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))
        return [backup, tbx.Explain(tmp_path, images[:4], labels[:4])]

    with pytest.raises(RuntimeError, match="killed"):
        fit(classifier(), images, labels, [*callbacks(), Killed()], epochs=4)
    fit(classifier(), images, labels, callbacks(), epochs=4)

    assert recorded_steps(tmp_path) == [0, 1, 2, 3, 4]


def test_a_rerun_from_scratch_starts_clean(tmp_path, classifier, images, labels):
    """The same directory shows the newer of two trainings."""
    fit(classifier(), images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])])
    fit(classifier(), images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])], epochs=1)

    assert recorded_steps(tmp_path) == [0, 1]


def test_every_epochs_records_the_last_one_too(tmp_path, classifier, images, labels):
    """The final model is recorded also where the interval skips it."""
    explain = tbx.Explain(tmp_path, images[:4], labels[:4], every_epochs=2)
    fit(classifier(), images, labels, [explain], epochs=5)

    assert steps_of(tmp_path / "explain")[CAM] == [0, 2, 4, 5]


def test_every_steps_counts_batches(tmp_path, classifier, images, labels):
    """The axis counts batches over epochs."""
    explain = tbx.Explain(tmp_path, images[:4], labels[:4], every_steps=3)
    fit(classifier(), images, labels, [explain], epochs=2)

    assert steps_of(tmp_path / "explain")[CAM] == [0, 3, 6, 8]
    assert headers_of(tmp_path / "explain", "progress")[0]["axis"] == "batch"


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="torch runs one step at a time")
def test_every_steps_crosses_multiples(tmp_path, classifier, images, labels):
    """Several batches at once may jump over a multiple, which is recorded when it is crossed."""
    explain = tbx.Explain(tmp_path, images[:4], labels[:4], every_steps=2)
    fit(classifier(steps_per_execution=3), images, labels, [explain], epochs=1, batch_size=1)

    assert steps_of(tmp_path / "explain")[CAM] == [0, 3, 6, 8]


@pytest.mark.parametrize("setting", [{"every_epochs": 0}, {"every_steps": 1.5}])
def test_refuses_odd_intervals(tmp_path, images, setting):
    """An interval is a whole number."""
    with pytest.raises(ValueError, match="whole number"):
        tbx.Explain(tmp_path, images, **setting)


def test_leaves_training_bitwise_unchanged(tmp_path, classifier, images, labels):
    """Losses and weights are those of a training without the callback, dropout included."""
    alone = classifier()
    expected = fit(alone, images, labels, [], shuffle=True).history
    watched = classifier()
    explain = tbx.Explain(tmp_path, images[:4], labels[:4], every_steps=1)
    actual = fit(watched, images, labels, [explain], shuffle=True).history

    assert expected == actual
    for before, after in zip(alone.get_weights(), watched.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_refuses_an_unknown_layer_before_training(tmp_path, classifier, images, labels):
    """A wrong name is found before the first batch, and says which would do."""
    model = classifier()
    explain = tbx.Explain(tmp_path, images, labels, explainers=[tbx.GradCAM(layer="conv9")])
    with pytest.raises(ValueError, match=r"No layer 'conv9' in model 'small'.*'conv1'"):
        fit(model, images, labels, [explain])

    assert int(model.optimizer.iterations) == 0
    assert not list(tmp_path.rglob("*.tb_explain"))


def test_refuses_samples_of_another_shape(tmp_path, classifier, images, labels):
    """Samples have the shape that the model takes."""
    explain = tbx.Explain(tmp_path, images[:, :, :8], labels)
    with pytest.raises(ValueError, match=r"16.*Received"):
        fit(classifier(), images, labels, [explain])


def test_a_default_that_does_not_fit_is_left_out(tmp_path, images, labels):
    """A model without a place has no class activation map; the rest is recorded."""
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    fit(model, images, labels, [tbx.Explain(tmp_path, images, labels)], epochs=1)

    assert "Saliency/input/label" in steps_of(tmp_path / "explain")
    notes = headers_of(tmp_path / "explain", "progress")[0]["notes"]
    assert any("GradCAM" in note for note in notes)


def test_one_that_was_asked_for_is_not_left_out(tmp_path, images, labels):
    """The same explainer raises where it stands in the list."""
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    with pytest.raises(ValueError, match="no layer with rows and columns"):
        tbx.Recorder(tmp_path, model, images, labels, explainers=[tbx.GradCAM()]).record(0)


def test_values_that_are_not_finite_do_not_end_a_training(tmp_path, classifier, images, labels):
    """A model that has become NaN is recorded as such."""
    model = classifier()
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    fit(model, images, labels, [tbx.Explain(tmp_path, images[:2], labels[:2])], epochs=1)

    cams = [header for tag, _, header, _ in read_records(tmp_path / "explain") if tag == CAM]
    assert min(cams[-1]["columns"]["not_finite"]) > 0


def test_an_interrupt_passes_through(tmp_path, classifier, images, labels):
    """Ctrl-C ends the training, what was recorded stays, and the next fit records again."""

    class Interrupt(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    model, explain = classifier(), tbx.Explain(tmp_path, images[:4], labels[:4])
    with pytest.raises(KeyboardInterrupt):
        fit(model, images, labels, [explain, Interrupt()])
    fit(model, images, labels, [explain], epochs=1)

    assert recorded_steps(tmp_path) == [0, 1, 2]


def test_an_interrupted_fit_gives_way_to_the_next(tmp_path, classifier, images, labels):
    """A notebook cell that failed can be run again, although its traceback keeps the callback."""

    class Fails(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            raise RuntimeError("a fault of the user")

    earlier = tbx.Explain(tmp_path, images[:4], labels[:4])
    with pytest.raises(RuntimeError, match="a fault of the user"):
        fit(classifier(), images, labels, [earlier, Fails()])
    fit(classifier(), images, labels, [tbx.Explain(tmp_path, images[:4], labels[:4])], epochs=1)

    assert recorded_steps(tmp_path) == [0, 1]


def test_pictures_can_be_left_out(tmp_path, classifier, images, labels):
    """No picture of a patient leaves the process."""
    explain = tbx.Explain(tmp_path, images[:2], labels[:2], pictures=False)
    fit(classifier(), images, labels, [explain], epochs=1)

    records = [each for each in read_records(tmp_path / "explain") if each[0] == "samples"]
    assert [payloads for *_, payloads in records] == [[]]


def test_several_targets_have_maps_of_their_own(tmp_path, classifier, images, labels):
    """Each target of a tuple is a tag."""
    explain = tbx.Explain(
        tmp_path, images[:2], labels[:2], targets=("label", "predicted", 2, tbx.Contrast(0, 1))
    )
    fit(classifier(), images, labels, [explain], epochs=1)

    tags = [tag for tag in steps_of(tmp_path / "explain") if tag.startswith("GradCAM/conv2/")]
    assert len(tags) == 4
    assert CAM in tags


def test_a_second_callback_on_one_directory_raises(tmp_path, classifier, images, labels):
    """Two live writers would tear a run apart; another name keeps both."""
    pair = [tbx.Explain(tmp_path, images[:2], labels[:2]) for _ in range(2)]
    with pytest.raises(ValueError, match='name="phase2"'):
        fit(classifier(), images, labels, pair)

    pair = [tbx.Explain(tmp_path, images[:2], labels[:2], name=name) for name in ("a", "b")]
    fit(classifier(), images, labels, pair, epochs=1)
    assert steps_of(tmp_path / "a") == steps_of(tmp_path / "b")

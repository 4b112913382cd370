"""Recording in custom loops, and what a recording leaves behind."""

import gc
import json
import os
import subprocess
import sys
import textwrap
import warnings
import weakref
from dataclasses import dataclass
from typing import ClassVar, final

import keras
import numpy as np
import pytest
from event_files import headers_of, read_records, steps_of

import tb_explain as tbx
from tb_explain.explainers.base import AttributionExplainer
from tb_explain.probe.needs import Needs

CAM = "GradCAM/conv2/label"


@final
@dataclass(frozen=True)
class Breaking(AttributionExplainer):
    """An explainer whose formula has a fault."""

    title: ClassVar[str] = "Breaking"
    paper: ClassVar[str] = ""
    signed: ClassVar[bool] = False
    explained_layer = None
    largest_recorded = None

    def resolve(self, layers):
        return (self,)

    def needs(self, layers):
        return Needs(input_gradient=True)

    def maps(self, seen, ops):
        raise ZeroDivisionError("a fault in the formula")


def test_records_the_steps_of_a_loop(tmp_path, classifier, images, labels):
    """Each call is one step, with the logs that were given."""
    with tbx.Recorder(tmp_path, classifier(), images, labels, axis="batch") as recorder:
        for step in (0, 10, 20):
            recorder.record(step, logs={"loss": step / 10})

    progress = headers_of(tmp_path / "explain", "progress")
    assert steps_of(tmp_path / "explain")[CAM] == [0, 10, 20]
    assert [header["logs"]["loss"] for header in progress] == [0, 1, 2]
    assert {header["axis"] for header in progress} == {"batch"}


def test_a_flush_waits_for_what_was_recorded(tmp_path, classifier, images, labels):
    """Records are made beside the training; after a flush they are in the file."""
    with tbx.Recorder(tmp_path, classifier(), images, labels) as recorder:
        for step in range(4):
            recorder.record(step)
        recorder.flush()

        assert steps_of(tmp_path / "explain")["progress"] == [0, 1, 2, 3]


def test_a_loss_that_is_not_finite_is_recorded_as_none(tmp_path, classifier, images, labels):
    """JSON has no NaN; a training that diverged still has its records."""
    with tbx.Recorder(tmp_path, classifier(), images, labels) as recorder:
        recorder.record(0, logs={"loss": float("nan")})

    assert headers_of(tmp_path / "explain", "progress")[0]["logs"] == {"loss": None}


def test_a_fault_in_a_formula_loses_only_its_maps(tmp_path, classifier, images, labels):
    """The other explainers are recorded, and one warning names the fault."""
    explainers = [Breaking(), tbx.GradCAM()]
    with (
        warnings.catch_warnings(record=True) as caught,
        tbx.Recorder(tmp_path, classifier(), images, labels, explainers=explainers) as recorder,
    ):
        warnings.simplefilter("always")
        for step in range(3):
            recorder.record(step)

    assert steps_of(tmp_path / "explain")[CAM] == [0, 1, 2]
    named = [str(each.message) for each in caught if "could not be recorded" in str(each.message)]
    assert len(named) == 1
    assert "a fault in the formula" in named[0]
    for header in headers_of(tmp_path / "explain", "progress"):
        assert "a fault in the formula" in header["failures"][0]["reason"]


def test_a_model_that_stops_working_stops_the_recording(tmp_path, classifier, images, labels):
    """After failures in a row the recorder says so once and keeps quiet."""
    model = classifier()
    with (
        warnings.catch_warnings(record=True) as caught,
        tbx.Recorder(tmp_path, model, images, labels) as recorder,
    ):
        warnings.simplefilter("always")
        recorder.record(0)
        for step in range(1, 7):
            recorder.record(step, model=object())

    sentences = [str(each.message) for each in caught if each.category is RuntimeWarning]
    assert len(sentences) == 2
    assert "stops recording" in sentences[1]
    assert steps_of(tmp_path / "explain")[CAM] == [0]


def test_traces_once_and_does_not_grow(tmp_path, classifier, images, labels):
    """Fifty records are one trace, and leave no memory behind."""
    with tbx.Recorder(tmp_path, classifier(), images, labels) as recorder:
        for step in range(10):
            recorder.record(step)
        gc.collect()
        before = _resident_bytes()
        for step in range(10, 50):
            recorder.record(step)
        gc.collect()
        grown = _resident_bytes() - before
        traces = recorder._recording._probe.traces

    # PyTorch runs eagerly, and once more when the channels have been chosen.
    assert traces == (51 if keras.backend.backend() == "torch" else 1)
    assert grown < 16e6


def _resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_lets_go_of_the_model(tmp_path, classifier, images, labels):
    """After a fit only the user's references keep a model alive."""
    model = classifier()
    explain = tbx.Explain(tmp_path, images, labels)
    model.fit(images, labels, epochs=1, verbose=0, callbacks=[explain])
    watched = weakref.ref(model)
    del model
    keras.utils.clear_session(free_memory=True)
    gc.collect()

    assert watched() is None


def test_masks_are_stored(tmp_path, classifier, images, labels):
    """The object of each sample is in the record of the samples."""
    masks = np.zeros((8, 16, 16), bool)
    masks[:, 4:9, 3:7] = True
    with tbx.Recorder(tmp_path, classifier(), images, labels, masks=masks) as recorder:
        recorder.record(0)

    ((header, payloads),) = [
        (header, payloads)
        for tag, _, header, payloads in read_records(tmp_path / "explain")
        if tag == "samples"
    ]
    assert len([index for index in header["masks"] if index is not None]) == 8
    assert len(payloads) == 16


def test_a_record_holds_what_the_model_computes(tmp_path, classifier, images, labels):
    """Probabilities in the record are those of the model."""
    model = classifier()
    with tbx.Recorder(tmp_path, model, images, labels) as recorder:
        recorder.record(0)

    expected = keras.ops.convert_to_numpy(model(images, training=False))
    ((header, payloads),) = [
        (header, payloads)
        for tag, _, header, payloads in read_records(tmp_path / "explain")
        if tag == "prediction"
    ]
    arrays = {
        array["name"]: np.frombuffer(payload, array["dtype"]).reshape(array["shape"])
        for array, payload in zip(header["arrays"], payloads, strict=True)
    }
    np.testing.assert_array_equal(arrays["predicted"], expected.argmax(axis=-1))
    np.testing.assert_allclose(
        arrays["probability"][0], expected[np.arange(8), labels], rtol=1e-5, atol=1e-6
    )
    np.testing.assert_array_equal(arrays["correct"], expected.argmax(axis=-1) == labels)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="a strategy of TensorFlow")
def test_records_under_mirrored_strategy(tmp_path):
    """Two replicas train as one model and are recorded as one."""
    script = """
        import json, sys
        import numpy as np
        import tensorflow as tf
        cpus = tf.config.list_physical_devices("CPU")
        tf.config.set_logical_device_configuration(
            cpus[0], [tf.config.LogicalDeviceConfiguration()] * 2)
        import keras
        import tb_explain as tbx
        x = np.random.default_rng(0).random((8, 16, 16, 3), dtype=np.float32)
        y = np.arange(8) % 3
        strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
        with strategy.scope():
            model = keras.Sequential([
                keras.Input((16, 16, 3)),
                keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(3)])
            model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.fit(x, y, epochs=2, batch_size=4, verbose=0,
                  callbacks=[tbx.Explain(sys.argv[1], x, y)])
        print(json.dumps(strategy.num_replicas_in_sync))
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout.splitlines()[-1]) == 2
    assert steps_of(tmp_path / "explain")["GradCAM/conv/label"] == [0, 1, 2]

"""What happens around a training: other fits, other models, copies, workers, other callbacks."""

import copy
import pickle

import keras
import numpy as np
import pytest
from event_files import headers_of, steps_of

import tb_explain as tbx

LOSS = "sparse_categorical_crossentropy"


def fit(model, images, labels, callbacks, **settings):
    settings = {"epochs": 2, "batch_size": 4, "verbose": 0, **settings}
    return model.fit(images, labels, callbacks=callbacks, **settings)


def recorded_steps(log_dir):
    return steps_of(log_dir / "explain")["progress"]


def test_logs_that_are_no_numbers_end_no_recording(tmp_path, classifier, images, labels):
    """A metric of each class is left out of the logs; the loss and the maps are there."""

    class Odd(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs |= {
                "classes": np.ones(3),
                "text": "x",
                "nothing": None,
                "tensor": keras.ops.ones(1),
            }

    fit(classifier(), images, labels, [Odd(), tbx.Explain(tmp_path, images, labels)], epochs=4)

    logs = [header["logs"] for header in headers_of(tmp_path / "explain", "progress")]
    assert recorded_steps(tmp_path) == [0, 1, 2, 3, 4]
    assert set(logs[-1]) == {"loss", "accuracy", "tensor"}
    assert logs[-1]["tensor"] == 1


def test_thawed_layers_begin_to_change(tmp_path, images, labels):
    """Two phases of a transfer are one run: frozen weights stay, then move and are trainable."""
    base = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Conv2D(4, 3, name="conv")])
    mean, head = keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3, activation="softmax")
    model = keras.Sequential([keras.Input((16, 16, 3)), base, mean, head])
    explain = tbx.Explain(tmp_path, images, labels)
    for trainable in (False, True):
        base.trainable = trainable
        model.compile("sgd", LOSS)
        fit(model, images, labels, [explain])

    filters = headers_of(tmp_path / "explain", "filter")
    changes = [header["figures"]["change"][0] for header in filters]
    structures = headers_of(tmp_path / "explain", "structure")
    assert recorded_steps(tmp_path) == [0, 1, 2, 2, 3, 4]
    assert changes[:4] == [None, 0, 0, 0]
    assert min(changes[4:]) > 0
    assert [header["trainable"][0] for header in structures] == [False, True]


def test_fits_of_one_epoch_are_one_run(tmp_path, classifier, images, labels):
    """A loop of fits with one callback counts on, and a filter keeps its place."""
    model, explain = classifier(), tbx.Explain(tmp_path, images, labels, explainers=[tbx.Filters()])
    for _ in range(3):
        fit(model, images, labels, [explain], epochs=1)

    channels = [h["columns"]["channel"] for h in headers_of(tmp_path / "explain", "filter")]
    assert sorted(set(recorded_steps(tmp_path))) == [0, 1, 2, 3]
    assert len({tuple(each) for each in channels if len(each) == len(channels[0])}) == 1


def test_another_model_is_explained_or_named(tmp_path, classifier, images, labels):
    """One callback explains one model after the other; one that does not fit trains on."""
    other = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    other.compile("sgd", LOSS)
    explain = tbx.Explain(tmp_path, images, labels)
    fit(classifier(), images, labels, [explain])
    fit(classifier(), images, labels, [explain])
    with pytest.warns(RuntimeWarning, match=r"takes samples of shape \(samples, 8, 8, 3\)"):
        fit(other, images[:, :8, :8], labels, [explain], epochs=1)

    assert sorted(set(recorded_steps(tmp_path))) == [0, 1, 2, 3, 4]
    assert int(other.optimizer.iterations) == 2


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("every", [{}, {"every_steps": 1}])
def test_copies_record_on_their_own(copied, every, tmp_path, classifier, images, labels):
    """A callback is copied as tuners and workers do, before its fit and after it."""
    explain = tbx.Explain(tmp_path, images, labels, **every)
    fit(classifier(), images, labels, [copied(explain)])
    fit(classifier(), images, labels, [explain])
    copied(explain)

    assert recorded_steps(tmp_path)[:3] == [0, 1, 2]


WAYS = [{"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 2}]
# PyTorch runs one batch at a time, and compiles where a C++ compiler is installed.
POSSIBLE = WAYS[:1] if keras.backend.backend() == "torch" else WAYS


@pytest.mark.parametrize("settings", POSSIBLE, ids=lambda settings: next(iter(settings)))
def test_any_way_to_compile_will_do(settings, tmp_path, classifier, images, labels):
    """How the training step runs is not how explanations do."""
    model = classifier()
    model.compile("adam", LOSS, **settings)
    explain = tbx.Explain(tmp_path, images, labels)
    fit(model, images, labels, [explain], validation_data=(images, labels))

    assert recorded_steps(tmp_path) == [0, 1, 2]


class Batches(keras.utils.PyDataset):
    """Batches that processes of their own prepare."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        random = np.random.default_rng(index)
        return random.random((4, 16, 16, 3), dtype=np.float32), random.integers(0, 3, 4)


@pytest.mark.filterwarnings("ignore:.*fork.*")
@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX runs threads that fork breaks")
def test_workers_leave_the_records_to_the_training(tmp_path, classifier):
    """Processes that prepare batches inherit the writer, and write nothing."""
    batches = Batches(workers=2, use_multiprocessing=True)
    explain = tbx.Explain(tmp_path, Batches(), max_samples=6)
    classifier().fit(batches, epochs=2, verbose=0, callbacks=[explain])

    assert len(list(tmp_path.rglob("*.tb_explain"))) == 1
    assert recorded_steps(tmp_path) == [0, 1, 2]
    assert headers_of(tmp_path / "explain", "samples")[0]["count"] == 6


def test_averaged_weights_are_explained_where_they_were_swapped_in(
    tmp_path, classifier, images, labels
):
    """Explained are the weights of that moment, here averages that hardly moved."""
    model = classifier()
    optimizer = keras.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.99)
    model.compile(optimizer, LOSS)
    swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
    pair = {name: tbx.Explain(tmp_path, images, labels, name=name) for name in ("raw", "mean")}
    fit(model, images, labels, [pair["raw"], swap, pair["mean"]])

    def change(name):
        headers = headers_of(tmp_path / name, "filter")
        return [h["figures"]["change"][0] for h in headers if h["layer"] == "conv1"][2]

    assert change("mean") < change("raw") / 5


def test_a_refused_setting_can_be_put_right(tmp_path, classifier, images, labels):
    """What was refused lets go of its directory, also where the first pass found it."""
    wrong = tbx.Explain(tmp_path, images, labels, targets=lambda outputs: outputs)
    with pytest.raises(ValueError, match="must return one score per sample"):
        fit(classifier(), images, labels, [wrong])
    right = tbx.Recorder(tmp_path, classifier(), images, labels, targets=lambda x: x[:, 0])
    with right as recorder:
        recorder.record(0)

    assert recorded_steps(tmp_path) == [0]

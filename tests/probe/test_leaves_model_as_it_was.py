"""Explaining changes nothing: weights, random streams, attributes, gradients, training."""

import gc
import itertools
import threading
import weakref

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tb_explain.probe.structure.walk import walk
from tb_explain.probe.tap import Tap
from tests.probe.formulas import ActivationAndGradient, Failing, InputGradient, observe, scores_of


class AlwaysNoisy(layers.Layer):
    """Draws from its random stream at inference too."""

    def __init__(self):
        super().__init__(name="noisy")
        self.stream = keras.random.SeedGenerator(7)

    def call(self, images):
        return images + 0.01 * keras.random.normal(keras.ops.shape(images), seed=self.stream)


@keras.saving.register_keras_serializable("tests")
class Raising(layers.Layer):
    """Raises at its second call after `armed` was set."""

    def __init__(self):
        super().__init__(name="raising")
        self.armed = [False]

    def call(self, images):
        if self.armed[0]:
            raise RuntimeError("the model breaks")
        return images * 1.0


def network(*extra):
    keras.utils.set_random_seed(11)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.RandomFlip(seed=3),
            *extra,
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.BatchNormalization(),
            layers.Dropout(0.5, seed=5),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", name="head"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


@pytest.fixture
def task():
    generator = np.random.default_rng(2)
    return generator.random((6, 8, 8, 3), dtype=np.float32), np.array([0, 1, 2, 0, 1, 2])


def everything_of(model):
    """Returns all values that belong to a model: weights, streams, optimizer, metrics."""
    variables = [*model.variables, *model.optimizer.variables]
    return [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in variables]


def attributes_of(model):
    """Returns the attributes of every layer by path, and the entries of those that are lists."""
    return {
        (path, name): (value, *value) if isinstance(value, list) else (value,)
        for path, layer in {"": model, **walk(model)}.items()
        for name, value in layer.__dict__.items()
    }


def assert_same_attributes(before, after):
    assert before.keys() == after.keys()
    for where, values in before.items():
        same = [a is b or a == b for a, b in zip(values, after[where], strict=True)]
        assert all(same), where


def test_values_and_attributes_are_bitwise_as_before(task):
    """Not a weight, stream or attribute differs, with a layer that draws at inference."""
    model = network(AlwaysNoisy())
    model.fit(*task, epochs=1, verbose=0)
    values, attributes = everything_of(model), attributes_of(model)
    numpy_state = np.random.get_state()[1].copy()  # noqa: NPY002

    observe(model, task[0], ActivationAndGradient(), InputGradient(), Failing())

    assert_same_attributes(attributes, attributes_of(model))
    assert [a.tobytes() for a in values] == [b.tobytes() for b in everything_of(model)]
    assert (np.random.get_state()[1] == numpy_state).all()  # noqa: NPY002


def test_training_goes_on_as_if_nothing_had_been_explained(task):
    """Losses with dropout and augmentation are equal to the last bit."""

    def losses(explain):
        model = network()
        found = []
        for _ in range(3):
            history = model.fit(*task, epochs=1, verbose=0, batch_size=3)
            found.append(history.history["loss"][0])
            if explain:
                observe(model, task[0], ActivationAndGradient(), InputGradient())
        return found

    assert losses(explain=True) == losses(explain=False)


def test_explains_between_the_epochs_of_one_fit(task):
    """Inside `fit` the weights of the moment are explained, with one trace."""
    scores, traces = [], set()

    class Explaining(keras.callbacks.Callback):
        probe = None

        def on_epoch_begin(self, epoch, logs=None):
            self.look()

        def on_train_batch_end(self, batch, logs=None):
            self.look()

        def look(self):
            if self.probe is None:
                self.probe = Probe(self.model, task[0], targets=0)
                self.probe.prepare([ActivationAndGradient()])
            scores.append(self.probe.run().predictions.arrays["score"])
            traces.add(self.probe.traces)

    model = network()
    model.fit(*task, epochs=2, batch_size=3, verbose=0, callbacks=[Explaining()])

    assert len(scores) == 6
    assert [(a != b).any() for a, b in itertools.pairwise(scores)] == [
        True,
        True,
        False,
        True,
        True,
    ]
    np.testing.assert_allclose(scores[-1], scores_of(model, task[0], targets=0), rtol=1e-5)
    if keras.backend.backend() != "torch":
        assert traces == {1}


def test_a_model_that_raises_is_restored(task):
    """After an error in the model's own call every attribute is as before."""
    layer = Raising()
    model = network(layer)
    probe = Probe(model, task[0], targets=0)
    probe.prepare([ActivationAndGradient()])
    layer.armed[0] = True
    values, attributes = everything_of(model), attributes_of(model)

    with pytest.raises(RuntimeError, match="the model breaks"):
        probe.run()

    assert_same_attributes(attributes, attributes_of(model))
    assert [a.tobytes() for a in values] == [b.tobytes() for b in everything_of(model)]


def test_no_gradient_is_written_on_pytorch(task):
    """`.grad` of the parameters stays empty."""
    if keras.backend.backend() != "torch":
        pytest.skip("parameters have .grad on PyTorch only")
    model = network()
    observe(model, task[0], ActivationAndGradient(), InputGradient())

    assert {parameter.grad for parameter in model.parameters()} == {None}


def test_samples_are_not_written_to(task):
    """Explaining does not write to its input."""
    copy = task[0].copy()
    observe(network(), task[0], InputGradient())

    np.testing.assert_array_equal(task[0], copy)


def test_a_released_probe_lets_the_model_go(task):
    """After `release` nothing holds the model, though the probe is still there."""
    model = network()
    _, probe = observe(model, task[0], ActivationAndGradient())
    alive = weakref.ref(model)
    probe.release()
    del model
    keras.backend.clear_session()
    gc.collect()

    assert alive() is None
    with pytest.raises(ValueError, match="was released"):
        probe.run()


def test_other_threads_see_the_plain_layer(task):
    """While one thread watches a layer, the calls of another are not reported."""
    layer = layers.Dense(2)
    model = keras.Sequential([keras.Input((4,)), layer])
    calls = []

    def watch(call):
        calls.append(call.path)
        return call.output

    everything = walk(model)
    with Tap(model, everything, tapped=everything, watcher=watch):
        other = threading.Thread(target=layer, args=(keras.ops.ones((1, 4)),))
        other.start()
        other.join()
        assert calls == []
        model(keras.ops.ones((1, 4)))

    assert calls == [layer.name]

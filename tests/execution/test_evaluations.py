"""How often records run a model, forward and backward."""

from dataclasses import dataclass, replace

import keras
import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.probe import Probe

CAMS = [
    cam(layer="conv")
    for cam in (tbx.GradCAM, tbx.GradCAMPlusPlus, tbx.HiResCAM, tbx.LayerCAM, tbx.EigenCAM)
]
CAMS_OF_CONV1 = [replace(cam, layer="conv1") for cam in CAMS]
DEFAULT = [tbx.GradCAM(), tbx.Saliency(), tbx.Activations(), tbx.Filters()]


@dataclass
class Counts:
    """How often something ran."""

    forward: int = 0
    backward: int = 0


class Counting(keras.layers.Layer):
    """Returns its input, and counts how often it is run forward and backward."""

    def __init__(self, **settings):
        super().__init__(**settings)
        self.counts = Counts()

    def call(self, inputs):
        self.counts.forward += 1

        @keras.ops.custom_gradient
        def identity(values):
            def back(*args, upstream=None):
                self.counts.backward += 1
                return args[0] if upstream is None else upstream

            return values * 1, back

        return identity(inputs)


@pytest.fixture
def counted():
    """Returns a network that counts, at its beginning and behind its last convolution."""
    first, last = Counting(name="first"), Counting(name="last")
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            first,
            keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
            last,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    return model, first.counts, last.counts


def one_more_record(counted, explainers, targets):
    """Returns what the counters add up to in one record after the first.

    A compiled pass counts when it is traced: then once for all records.
    """
    model, first, last = counted
    samples = np.random.default_rng(0).random((4, 8, 8, 3), dtype=np.float32)
    shared = SharedPass(Probe(model, samples, targets=targets), explainers)
    compiled = keras.backend.backend() != "torch"
    if not compiled:
        shared.run()
    for counts in (first, last):
        counts.forward = counts.backward = 0
    results = shared.run().results
    assert all(result.error is None for result in results)
    return first, last


pytestmark = pytest.mark.skipif(
    keras.backend.backend() == "jax", reason="JAX traces a program more often than it runs it"
)


@pytest.mark.parametrize("targets", [(0,), (0, 1), (0, 1, 2)])
def test_a_default_record_is_one_forward_and_one_backward_pass_per_target(counted, targets):
    """However many explainers share it, and also where the gradient reaches the input."""
    first, last = one_more_record(counted, DEFAULT, targets)

    assert first == Counts(1, len(targets))
    assert last == Counts(1, len(targets))


def test_class_activation_maps_go_back_to_their_layer_alone(counted):
    """Five of them share one forward and one partial backward pass."""
    first, last = one_more_record(counted, CAMS, (0,))

    assert first == Counts(1, 0)
    assert last == Counts(1, 1)


def test_many_compiled_passes_are_no_warning(classifier, images, caplog):
    """Each explainer that asks by itself has a pass of its own, which TensorFlow may think odd."""
    explainers = [tbx.SmoothGrad(of=cam, points=2) for cam in CAMS_OF_CONV1]
    SharedPass(Probe(classifier(), images, targets=0), explainers).run()

    assert [record.message for record in caplog.records] == []

"""Class activation maps beyond the closed form: scales, signs, degenerate inputs, cost."""

import keras
import numpy as np
import pytest
from closed_form_cams import first_projection, plus_plus

from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explainers import EigenCAM, GradCAM, GradCAMPlusPlus, HiResCAM, LayerCAM
from tb_explain.probe import Probe

EVERY_CAM = (GradCAM(), HiResCAM(), GradCAMPlusPlus(), LayerCAM(), EigenCAM())


def combined(explainer, activation, gradient):
    """Returns what an explainer makes of arrays, without a model."""
    tensors = [keras.ops.convert_to_tensor(a, "float32") for a in (activation, gradient)]
    return keras.ops.convert_to_numpy(explainer.combine(*tensors, keras.ops))


def positive_and_mixed(shape):
    generator = np.random.default_rng(12)
    activation = np.maximum(generator.normal(size=shape), 0).astype(np.float32)
    return activation, generator.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("scale", [1e-30, 1e-12, 1.0, 1e12])
def test_grad_cam_plus_plus_keeps_gradients_of_every_size(scale):
    """Cubes of gradients that float32 cannot hold are no part of the sum."""
    activation, gradient = positive_and_mixed((2, 4, 3, 5))
    gradient = gradient * np.float32(scale)

    found = combined(GradCAMPlusPlus(), activation, gradient)

    pairs = zip(activation, gradient.astype(np.float64), strict=True)
    expected = np.stack([plus_plus(*pair) for pair in pairs])
    assert expected.max() > 0
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * expected.max())


def test_grad_cam_plus_plus_without_a_denominator_counts_nothing():
    """Where the sum of a channel and the gradient give a denominator of 0, its weight is 0."""
    activation = np.zeros((1, 1, 2, 2), np.float32)
    activation[0, 0] = [[-3.0, 1.0], [1.0, 1.0]]
    gradient = np.array([[[[1.0, 1.0], [0.0, 0.0]]]], np.float32)

    found = combined(GradCAMPlusPlus(), activation, gradient)

    np.testing.assert_allclose(found, [[[0.25, 0.25]]], rtol=1e-6)


@pytest.mark.parametrize("centred", [False, True])
@pytest.mark.parametrize("shape", [(3, 4, 3, 30), (3, 7, 6, 5), (3, 4, 4, 16)])
def test_eigen_cam_is_the_projection_of_the_paper(shape, centred):
    """More channels than places, or fewer: the map is that of a singular value decomposition."""
    activation, gradient = positive_and_mixed(shape)

    found = combined(EigenCAM(centred=centred), activation, gradient)

    pairs = zip(activation, gradient, strict=True)
    expected = np.stack([first_projection(*pair, centred=centred) for pair in pairs])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("scale", [1e-25, 1e25])
def test_eigen_cam_keeps_activations_of_every_size(scale):
    """Activations whose squares float32 cannot hold are shown as they are."""
    activation, gradient = positive_and_mixed((2, 4, 3, 30))

    plain = combined(EigenCAM(), activation, gradient)
    scaled = combined(EigenCAM(), activation * np.float32(scale), gradient)

    np.testing.assert_allclose(scaled, plain * np.float32(scale), rtol=1e-5)


def test_eigen_cam_speaks_for_the_target():
    """Turning the gradient round turns the map round, and changes nothing else."""
    activation, gradient = positive_and_mixed((4, 5, 5, 8))

    found = combined(EigenCAM(centred=True), activation, gradient)

    assert (((gradient * activation).sum(-1) * found).sum(axis=(1, 2)) > 0).all()
    turned = combined(EigenCAM(centred=True), activation, -gradient)
    np.testing.assert_allclose(turned, -found, rtol=1e-6)


def test_eigen_cam_without_a_gradient_shows_its_peak_positive():
    """Where the gradient says nothing, the place of the largest magnitude is positive."""
    activation, gradient = positive_and_mixed((4, 5, 5, 8))

    found = combined(EigenCAM(centred=True), -activation, gradient * 0)

    flat = found.reshape(4, -1)
    assert (flat.max(axis=1) >= np.abs(flat.min(axis=1))).all()
    assert np.abs(flat).max() > 0


@pytest.mark.parametrize("cam", [*EVERY_CAM, EigenCAM(centred=True)], ids=repr)
@pytest.mark.parametrize("shape", [(2, 3, 3, 4), (2, 1, 1, 4), (2, 4, 4, 1)])
def test_nothing_in_a_layer_is_a_map_of_zeros(cam, shape):
    """A layer that puts out nothing has a map of zeros, and no crash."""
    found = combined(cam, np.zeros(shape), np.ones(shape))

    np.testing.assert_array_equal(found, np.zeros(shape[:3]))


@pytest.mark.parametrize("cam", [*EVERY_CAM, EigenCAM(centred=True)], ids=repr)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_broken_sample_stays_alone(cam, value):
    """What is not finite in one sample breaks its own map, and no other."""
    activation, gradient = positive_and_mixed((3, 3, 3, 4))
    expected = combined(cam, activation, gradient)
    activation[1, 2, 2, 3] = value

    found = combined(cam, activation, gradient)

    np.testing.assert_allclose(found[[0, 2]], expected[[0, 2]], rtol=1e-6, atol=1e-7)
    assert not np.isfinite(found[1]).all()


def test_one_place_is_explained():
    """A layer of one place has one value: its length, or nothing once its mean is taken away."""
    activation, gradient = positive_and_mixed((3, 1, 1, 6))

    lengths = np.linalg.norm(activation, axis=-1)
    agrees = np.sign((activation * gradient).sum(-1))
    np.testing.assert_allclose(
        combined(EigenCAM(), activation, gradient), agrees * lengths, rtol=1e-5
    )
    centred = combined(EigenCAM(centred=True), activation, gradient)
    np.testing.assert_array_equal(centred, np.zeros((3, 1, 1)))


class Counted(keras.layers.Layer):
    """Counts how often it is called, and how often a gradient comes back through it."""

    def __init__(self):
        super().__init__()
        self.counts = {"forward": 0, "backward": 0}

    def call(self, values):
        counts = self.counts

        @keras.ops.custom_gradient
        def identity(tensor):
            counts["forward"] += 1

            def back(*arguments, upstream=None):
                counts["backward"] += 1
                return arguments[0] if upstream is None else upstream

            return tensor * 1.0, back

        return identity(values)


def counted_run(*explainers):
    """Returns how often one run called a layer, and took a gradient through it."""
    keras.utils.set_random_seed(3)
    counted = Counted()
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            keras.layers.Conv2D(5, 3, activation="relu", name="conv"),
            counted,
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    samples = np.random.default_rng(4).random((4, 8, 8, 3), dtype=np.float32)
    probe = Probe(model, samples, targets=1)
    shared = SharedPass(probe, explainers)
    counted.counts.update({"forward": 0, "backward": 0})
    results = shared.run().results
    assert [result.error for result in results] == [None] * len(explainers)
    return dict(counted.counts)


def test_further_maps_need_no_further_pass():
    """All class activation maps of a layer share one forward and one backward pass."""
    settings = [type(cam)(layer="conv") for cam in EVERY_CAM]

    alone = counted_run(settings[0])

    assert min(alone.values()) > 0
    assert counted_run(*settings, EigenCAM(layer="conv", centred=True)) == alone

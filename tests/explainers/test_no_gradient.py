"""Maps of a model that has no gradient for its input."""

import keras
import numpy as np
import pytest

import tb_explain as tbx


class Rounding(keras.layers.Layer):
    """Cuts the gradient, in code of its own."""

    def call(self, inputs):
        return keras.ops.stop_gradient(keras.ops.round(4 * inputs))


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            Rounding(),
            keras.layers.Conv2D(4, 3, name="conv"),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )


@pytest.mark.parametrize("explainer", [tbx.Saliency(), tbx.InputXGradient()])
def test_blank_maps_say_why(model, explainer):
    """A map of zeros for every sample is no result, and carries a caution."""
    samples = np.random.default_rng(0).random((3, 6, 6, 3), dtype=np.float32)
    explanation = explainer.explain(model, samples, targets=0)

    assert not explanation.values.any()
    assert "has no gradient for the input" in explanation.facts["caution"]


def test_other_maps_carry_no_caution(model):
    """Behind the cut there is a gradient."""
    samples = np.random.default_rng(0).random((3, 6, 6, 3), dtype=np.float32)
    explanation = tbx.HiResCAM(layer="conv").explain(model, samples, targets=0)

    assert explanation.values.any()
    assert "caution" not in explanation.facts

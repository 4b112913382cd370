"""What the way from samples to score may be made of, and what hides it."""

import keras
import pytest
from keras import layers, ops

from tests.probe.steps import images, kinds, steps_of


class Own(keras.Model):
    """Flattens what a function of the user makes of pictures."""

    def __init__(self, function):
        super().__init__(name="own")
        self.function = function
        self.drop = layers.Dropout(0.5, name="always")
        self.flat, self.out = layers.Flatten(name="flat"), layers.Dense(2, name="out")

    def call(self, pictures):
        return self.out(self.flat(self.function(self, pictures)))


def test_constants_are_known_and_work_is_not():
    """A constant may stand in a graph; adding it in code is work out of sight."""
    place = ops.ones((8, 8, 3))
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(inputs + place)))
    steps, _ = steps_of(model, images())

    assert [step.kind for step in steps] == ["affine", "move", "linear"]
    with pytest.raises(ValueError, match=r"layer 'flat' is made of a tensor that no layer put"):
        steps_of(Own(lambda _, pictures: pictures + place), images())


def test_what_draws_at_inference_has_no_rule():
    """Dropout that is on in every call is no step that could be explained."""
    steps, _ = steps_of(Own(lambda own, pictures: own.drop(pictures, training=True)), images())

    assert kinds(steps) == [("always", "other"), ("flat", "move"), ("out", "linear")]

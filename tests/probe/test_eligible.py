"""Layers that do not stand for a model: its outputs, and those of other inputs."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tb_explain.probe.structure.volumes import volume_recipe
from tests.probe.formulas import observe


def convolution(name, filters=4, **settings):
    return layers.Conv2D(filters, 3, padding="same", name=name, **settings)


def random(*shape):
    return np.random.default_rng(6).random(shape, dtype=np.float32)


class Towers(keras.Model):
    """Compares two pictures, each by convolutions of its own."""

    def __init__(self):
        super().__init__()
        self.left = keras.Sequential([keras.Input((8, 8, 3)), convolution("mine")], name="left")
        self.right = keras.Sequential([keras.Input((6, 6, 3)), convolution("other")], name="right")
        self.ends = layers.Dense(2)

    def call(self, pictures):
        left, right = self.left(pictures[0]), self.right(pictures[1])
        return self.ends(keras.ops.mean(left, (1, 2)) - keras.ops.max(right, (1, 2)))


@pytest.mark.parametrize(("explained", "target"), [(0, "left/mine"), (1, "right/other")])
def test_the_layer_sees_the_explained_input(explained, target):
    """Of two towers the one of the explained picture is chosen, though the other runs last."""
    samples = [random(2, 8, 8, 3), random(2, 6, 6, 3)]

    assert Probe(Towers(), samples, targets=0, explained_input=explained).layers.target == target


@pytest.mark.parametrize(
    "ends",
    [
        [convolution("mask", 2, activation="softmax")],
        [convolution("mask", 2), layers.Softmax(name="soft")],
        [convolution("mask", 2), layers.Reshape((64, 2)), layers.Activation("softmax")],
        [convolution("mask", 2)],
    ],
    ids=["inside", "behind", "moved", "scores"],
)
def test_outputs_are_no_layers_to_explain(ends):
    """What puts out scores or probabilities is left for the layer before it."""
    model = keras.Sequential([keras.Input((8, 8, 3)), convolution("before"), *ends])

    assert Probe(model, random(2, 8, 8, 3), targets=1).layers.target == "before"


def test_a_model_of_one_layer_is_explained_by_it():
    """Where nothing else has rows and columns, scores of places are explained themselves."""
    model = keras.Sequential([keras.Input((8, 8, 3)), convolution("only", 2)])
    soft = keras.Sequential([keras.Input((8, 8, 3)), convolution("only", 2, activation="softmax")])

    assert Probe(model, random(2, 8, 8, 3), targets=1).layers.target == "only"
    assert Probe(soft, random(2, 8, 8, 3), targets=1).layers.target is None


@pytest.mark.parametrize("dims", [(3, 1, 2), (1, 3, 2), (2, 1, 3)])
def test_the_axis_of_classes_is_followed_behind_the_head(dims):
    """Layers that permute probabilities do not make classes of rows."""
    model = keras.Sequential(
        [
            keras.Input((4, 6, 3)),
            convolution("scores", 5, activation="softmax"),
            layers.Permute(dims),
        ]
    )
    samples = random(2, 4, 6, 3)
    observation, probe = observe(model, samples, targets="predicted")
    returned = keras.ops.convert_to_numpy(model(samples))

    (info,) = probe.outputs
    assert (info.classes, sorted(info.places), info.function) == (5, [4, 6], "softmax")
    means = np.moveaxis(returned, 1 + dims.index(3), -1).mean(axis=(1, 2))
    np.testing.assert_allclose(
        observation.predictions.arrays["top_probability"], -np.sort(-means), rtol=1e-5
    )


def test_a_mask_without_an_axis_of_classes():
    """A sigmoid mask that was reshaped to rows and columns has one class at each place."""
    model = keras.Sequential(
        [
            keras.Input((4, 6, 3)),
            convolution("scores", 1, activation="sigmoid"),
            layers.Reshape((4, 6)),
        ]
    )
    _, probe = observe(model, random(2, 4, 6, 3), targets=1)

    (info,) = probe.outputs
    assert (info.task, info.classes, info.places) == ("segmentation", 2, (4, 6))


def test_the_recipe_for_volumes_is_right():
    """A model of the slices below one another computes what the model of the volume does."""
    volumes = random(2, 4, 6, 5, 1)
    model = keras.Sequential([keras.Input((4, 6, 5, 1)), layers.Conv3D(2, 3), layers.Flatten()])
    recipe = volume_recipe((4, 6, 5, 1))
    code = recipe[recipe.index("keras.Sequential") : recipe.index(" with samples")]

    tall = eval(code, {"keras": keras, "model": model})

    assert recipe.endswith("samples.reshape(-1, 24, 5, 1)")
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(tall(volumes.reshape(-1, 24, 5, 1))),
        keras.ops.convert_to_numpy(model(volumes)),
        rtol=1e-6,
    )


def test_a_layer_that_is_called_twice_says_so():
    """The reason for a layer tells that only its first call is explained."""
    shared, x = convolution("shared", 3), keras.Input((8, 8, 3))
    model = keras.Model(x, layers.Dense(2)(layers.GlobalMaxPooling2D()(shared(shared(x)))))

    table = Probe(model, random(2, 8, 8, 3), targets=0).layers
    assert table.target_reason.endswith("which is called 2 times and explained at its first call")
    by_name = replace(table, target=None).reason_for("shared")
    assert by_name == "called 2 times and explained at its first call"
    assert replace(table, target=None).reason_for(table.layers[-1].path) is None

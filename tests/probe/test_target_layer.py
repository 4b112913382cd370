"""The layer that maps explain when none is named."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tests.probe.formulas import ActivationAndGradient, observe

applications = keras.applications


def probe_of(model, shape):
    return Probe(model, np.zeros((1, *shape), np.float32), targets=0)


def chosen(model, shape=(16, 16, 3)):
    table = probe_of(model, shape).layers
    return table.target, table.target_reason


@pytest.mark.parametrize(
    ("build", "size", "expected"),
    [
        (lambda s: applications.VGG16(weights=None, input_shape=s, classes=3), 32, "block5_conv3"),
        (
            lambda s: applications.MobileNetV2(s, alpha=0.35, weights=None, classes=3),
            96,
            "out_relu",
        ),
        (
            lambda s: applications.ConvNeXtTiny(
                weights=None, input_shape=s, include_top=False, pooling="avg"
            ),
            96,
            "add_",
        ),
    ],
    ids=["VGG16", "MobileNetV2", "ConvNeXt"],
)
def test_the_last_layer_with_rows_and_columns(build, size, expected):
    """Known networks give the layer that the literature explains."""
    target, reason = chosen(build((size, size, 3)), (size, size, 3))

    assert target.startswith(expected)
    assert reason.startswith("the last layer with rows and columns")


def test_layers_that_only_move_values_are_passed_over():
    """The maximum, dropout and padding behind it hold no features of their own."""
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 3, name="conv"),
            layers.ReLU(name="relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.1),
            layers.ZeroPadding2D(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2),
        ]
    )

    assert chosen(model) == ("relu", "the last layer with rows and columns")


def test_a_sum_of_two_branches_can_be_explained():
    """The target may be an operation of the graph, and its gradient is seen."""
    image = keras.Input((16, 16, 3))
    left = layers.Conv2D(4, 3, padding="same")(image)
    right = layers.Conv2D(4, 5, padding="same")(image)
    model = keras.Model(image, layers.Dense(2)(layers.GlobalAveragePooling2D()(left + right)))
    samples = np.random.default_rng(0).random((2, 16, 16, 3), dtype=np.float32)
    observation, probe = observe(model, samples, ActivationAndGradient(), targets=1)

    assert probe.layers.find(probe.layers.target, received="").type == "Add"
    assert np.abs(observation.arrays[0][0]["gradient"]).max() > 0


class Patches(layers.Layer):
    """Makes tokens of patches, a class token in front."""

    def __init__(self, width):
        super().__init__(name="patches")
        self.project = layers.Conv2D(width, 4, strides=4, name="project")
        self.token = self.add_weight(shape=(1, 1, width), name="token")

    def call(self, images):
        patches = self.project(images)
        samples, rows, cols, width = keras.ops.shape(patches)
        tokens = keras.ops.reshape(patches, (samples, rows * cols, width))
        first = keras.ops.broadcast_to(self.token, (samples, 1, width))
        return keras.ops.concatenate([first, tokens], axis=1)


def transformer():
    image = keras.Input((16, 12, 3))
    tokens = Patches(8)(image)
    for block in range(2):
        normal = layers.LayerNormalization(name=f"before_{block}")(tokens)
        tokens = tokens + layers.MultiHeadAttention(2, 4, name=f"attention_{block}")(normal, normal)
        tokens = tokens + layers.Dense(8, name=f"dense_{block}")(tokens)
    tokens = layers.LayerNormalization(name="final")(tokens)
    return keras.Model(image, layers.Dense(3)(tokens[:, 0]))


def test_a_transformer_gives_its_last_tokens_before_attention():
    """Behind the last attention only the class token has a gradient; before it all have."""
    samples = np.random.default_rng(0).random((2, 16, 12, 3), dtype=np.float32)
    observation, probe = observe(transformer(), samples, ActivationAndGradient(), targets=1)

    assert probe.layers.target == "before_1"
    assert probe.layers.target_reason == "the last tokens before the last attention"
    gradient = observation.arrays[0][0]["gradient"]
    assert gradient.shape == (2, 4, 3, 8)
    assert (np.abs(gradient).max(-1) > 0).all()


def test_tokens_come_as_their_grid_without_the_class_token():
    """The patch at row 1, column 2 of three columns is token 1 + 5."""
    model = transformer()
    samples = np.random.default_rng(0).random((2, 16, 12, 3), dtype=np.float32)
    observation, probe = observe(model, samples, ActivationAndGradient("patches"), targets=1)

    tokens = keras.ops.convert_to_numpy(model.get_layer("patches")(samples))
    assert probe.layers.find("patches", received="").layout == "tokens"
    np.testing.assert_allclose(
        observation.arrays[0][0]["activation"][:, 1, 2], tokens[:, 6], rtol=1e-4, atol=1e-6
    )


def test_a_model_of_places_gives_its_coarsest_layer():
    """A network that predicts for each place is explained where it is narrowest."""
    image = keras.Input((16, 16, 3))
    down = layers.MaxPooling2D()(layers.Conv2D(4, 3, padding="same", name="down")(image))
    narrow = layers.Conv2D(8, 3, padding="same", name="narrow")(down)
    up = layers.Conv2D(4, 3, padding="same", name="up")(layers.UpSampling2D()(narrow))
    model = keras.Model(image, layers.Conv2D(2, 1, activation="softmax")(up))

    assert chosen(model) == ("narrow", "the last layer of the coarsest grid")


def test_a_coarse_grid_is_said_in_the_reason():
    """A map of 2 x 2 places shows little, and the legend says so."""
    model = keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 8, strides=8, name="conv"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )

    assert chosen(model)[1].endswith("its grid of 2 x 2 places is coarse")


def test_a_convolution_over_a_sequence_has_one_row():
    """Without rows and columns a sequence is explained as a single row."""
    model = keras.Sequential(
        [
            keras.Input((20, 3)),
            layers.Conv1D(4, 5, name="conv"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(2),
        ]
    )
    samples = np.random.default_rng(0).random((2, 20, 3), dtype=np.float32)
    observation, probe = observe(model, samples, ActivationAndGradient(), targets=1)

    assert probe.layers.target_reason == "the last layer that keeps a sequence"
    assert observation.arrays[0][0]["activation"].shape == (2, 1, 16, 4)


def test_a_model_without_places_has_no_target_layer():
    """A network of vectors offers no layer, and says why."""
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Flatten(), layers.Dense(4), layers.Dense(2)]
    )
    probe = probe_of(model, (16, 16, 3))

    assert (probe.layers.target, probe.layers.target_reason) == (
        None,
        "no layer keeps rows and columns",
    )
    with pytest.raises(ValueError, match="has no layer with rows and columns"):
        probe.layers.find_grid(None, received="layer=None")


def test_volumes_have_no_target_layer():
    """Three axes of space are refused with the reason."""
    model = keras.Sequential(
        [
            keras.Input((6, 6, 6, 1)),
            layers.Conv3D(2, 3),
            layers.GlobalAveragePooling3D(),
            layers.Dense(2),
        ]
    )

    target, reason = chosen(model, (6, 6, 6, 1))
    assert target is None
    assert reason.startswith("its input is a volume, and only pictures are explained; lay its 6 ")

"""LRP through layers that have no rule of a paper to themselves: norms, padding, sums."""

import keras
import numpy as np
import rule_models as models
from keras import layers

from tb_explain.explainers import LRP, Box


def test_batch_normalisation_is_folded_into_the_layer_in_front():
    """A normalised convolution has the map of one with the folded kernel."""
    images = keras.Input((8, 8, 3))
    kinds = (
        layers.Conv2D(6, 3, padding="same"),
        layers.DepthwiseConv2D(3, depth_multiplier=2),
        layers.Conv2DTranspose(5, 3, strides=2, use_bias=False),
        layers.SeparableConv2D(4, 3),
    )
    grid = images
    for layer in kinds:
        grid = layers.ReLU()(layers.BatchNormalization()(layer(grid)))
    hidden = layers.BatchNormalization()(layers.Dense(6)(layers.Flatten()(grid)))
    model = models.weighted(keras.Model(images, layers.Dense(3)(layers.ReLU()(hidden))))
    samples = models.pictures()

    (found,) = models.explained(LRP(), model, samples, targets=1)
    (folded,) = models.explained(LRP(), without_norms(model), samples, targets=1)

    np.testing.assert_allclose(folded.scores, np.array(found.scores), rtol=1e-4, atol=1e-5)
    assert models.largest_share(found.values, folded.values) < 1e-3


def without_norms(model):
    """Returns the same function with each normalisation multiplied into the kernel before."""
    images = grid = keras.Input(model.input_shape[1:])
    copies = []
    for layer in model.layers[1:]:
        if isinstance(layer, layers.BatchNormalization):
            copies[-1][2] = layer
            continue
        bias = {"use_bias": True} if layer.weights else {}
        copies.append([layer, type(layer).from_config(layer.get_config() | bias), None])
        grid = copies[-1][1](grid)
    for layer, copy, norm in copies:
        if layer.weights:
            copy.set_weights(folded_weights(layer, norm))
    return keras.Model(images, grid)


def folded_weights(layer, norm):
    *front, kernel = [np.array(w) for w in layer.get_weights()][: -1 if layer.use_bias else None]
    bias = layer.get_weights()[-1] if layer.use_bias else 0.0
    if norm is None:
        return [*front, kernel, bias]
    gamma, beta, mean, variance = norm.get_weights()
    scale = gamma / np.sqrt(variance + norm.epsilon)
    name = type(layer).__name__
    if name == "DepthwiseConv2D":
        kernel = kernel * scale.reshape(kernel.shape[-2:])
    else:
        kernel = kernel * (scale[:, None] if name == "Conv2DTranspose" else scale)
    return [*front, kernel, (bias - mean) * scale + beta]


def test_limits_of_pixels_follow_the_preprocessing():
    """A box of 0 to 255 in front of a rescaling is one of -1 to 1 behind it."""
    inner = models.plain()
    whole = keras.Sequential([keras.Input((8, 8, 3)), layers.Rescaling(-2 / 255, 1.0), inner])
    models.weighted(inner)
    samples = models.pictures() * 255

    (outside,) = models.explained(LRP(first=Box(0, 255)), whole, samples, targets=1)
    (inside,) = models.explained(LRP(first=Box(-1, 1)), inner, 1 - samples * 2 / 255, targets=1)

    assert models.largest_share(outside.values, inside.values) < 1e-4
    assert outside.facts["rules"]["Conv2D"] == "Box(low=0, high=255)"


def test_padded_pixels_are_zero_in_the_box():
    """Padding in front of a convolution is no pixel, as padding inside of it."""
    inside = models.weighted(models.plain(), bias=False)
    own = layers.Conv2D(6, 3, activation="relu")
    padded = [keras.Input((8, 8, 3)), layers.ZeroPadding2D(1), own, *inside.layers[1:]]
    outside = keras.Sequential(padded)
    own.set_weights(inside.layers[0].get_weights())
    maps = [
        models.explained(LRP(first=Box(0, 1)), model, models.pictures(), targets=1)[0].values
        for model in (inside, outside)
    ]

    assert models.largest_share(maps[1], maps[0]) < 1e-4


def test_batch_normalisation_elsewhere_is_affine():
    """Of `y = s x + t` the share of `t` is lost, so that `w y` becomes `w s x`."""
    images = keras.Input((4, 4, 1))
    scaled = layers.BatchNormalization()(images)
    pooled = layers.Flatten()(layers.AveragePooling2D(2)(scaled))
    model = keras.Model(images, layers.Dense(1, use_bias=False)(pooled))
    norm = [np.array([value]) for value in (3.0, 0.5, 0.2, 4.0)]
    model.set_weights([*norm, np.ones((4, 1))])
    samples = models.pictures(2, 4, 4, 1)

    (found,) = models.explained(LRP(), model, samples, targets=0)

    scale = 3 / np.sqrt(4 + model.layers[1].epsilon)
    np.testing.assert_allclose(found.values, scale * samples / 4, rtol=1e-4)


def test_divides_a_sum_by_what_each_brings():
    """The relevance of `x + 3 x` goes to both, and its sum is the score."""
    images = keras.Input((4, 4, 1))
    summed = layers.Add()([images, images * 3.0])
    model = keras.Model(images, layers.Dense(1, use_bias=False)(layers.Flatten()(summed)))
    model.set_weights([np.ones((16, 1), np.float32)])
    samples = models.pictures(2, 4, 4, 1)

    (found,) = models.explained(LRP(), model, samples, targets=0)

    np.testing.assert_allclose(found.values, 4 * samples, rtol=1e-4)

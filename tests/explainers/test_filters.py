"""Filters and matrices against an independent singular value decomposition."""

import numpy as np
import pytest

from tb_explain.explainers import Filters, Weights
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.probe.structure.weights import LayerWeights


@pytest.fixture
def random():
    return np.random.default_rng(11)


def weights_of(kernel, *, kind="conv", previous=None, shown=None, sees_picture=False):
    """Returns a kernel as explainers of weights get it."""
    kernel = np.asarray(kernel, np.float32)
    return LayerWeights("conv", kind, kernel, previous, shown, sees_picture)


def layer(path, kind, shape, order=0):
    """Returns a row of the table of layers."""
    return LayerInfo(
        path,
        "Layer",
        layout="grid",
        shape=(4, 4, shape[-1]),
        grid=(4, 4, shape[-1]),
        parameters=int(np.prod(shape)),
        trainable=True,
        container=False,
        activation=None,
        order=order,
        calls=1,
        kernel=kind,
        kernel_shape=shape,
    )


def table(*layers):
    """Returns a table of layers."""
    return LayerTable("net", layers, None, "none is needed", (8, 8, 3))


def test_shows_the_direction_that_keeps_most(random):
    """A map is the filter along its first right singular vector; `share` is what it keeps."""
    kernel = random.normal(size=(3, 3, 8, 5))

    explanation = Filters(layer="conv").explanation(weights_of(kernel))

    assert explanation.values.shape == (5, 3, 3, 1)
    for index in explanation.channels:
        left, strength, right = np.linalg.svd(kernel[..., index].reshape(9, 8))
        sign = np.sign(right[0][np.abs(right[0]).argmax()])
        expected = sign * left[:, 0].reshape(3, 3, 1) * strength[0]
        np.testing.assert_allclose(explanation.values[index], expected, rtol=1e-4, atol=1e-5)
        share = strength[0] ** 2 / (strength**2).sum()
        np.testing.assert_allclose(explanation.figures["share"][index], share, rtol=1e-5)


def test_a_filter_of_one_direction_is_kept_whole(random):
    """Of a filter that is an outer product nothing is lost."""
    places, inputs = random.normal(size=(3, 3, 1)), np.array([0.1, -2.0, 0.3])

    explanation = Filters(layer="conv").explanation(weights_of((places * inputs)[..., None]))

    np.testing.assert_allclose(explanation.figures["share"], [1], rtol=1e-6)
    expected = -places[None] * np.linalg.norm(inputs)
    np.testing.assert_allclose(explanation.values, expected, rtol=1e-5)


def test_filters_of_the_picture_have_its_colours(random):
    """Three channels of the picture are red, green and blue; deeper ones are not."""
    kernel = random.normal(size=(5, 5, 3, 4)).astype(np.float32)

    first = Filters(layer="conv").explanation(weights_of(kernel, sees_picture=True))
    deeper = Filters(layer="conv").explanation(weights_of(kernel))

    np.testing.assert_array_equal(first.values, np.moveaxis(kernel, -1, 0))
    assert deeper.values.shape == (4, 5, 5, 1)


@pytest.mark.parametrize(("kind", "shape"), [("depthwise", (3, 3, 1, 6)), ("conv1d", (1, 7, 1, 4))])
def test_filters_of_one_input_are_shown_as_they_are(random, kind, shape):
    """Depthwise filters, and 1-D ones of one input, need no direction."""
    kernel = random.normal(size=shape).astype(np.float32)

    explanation = Filters(layer="conv").explanation(weights_of(kernel, kind=kind))

    np.testing.assert_array_equal(explanation.values, np.moveaxis(kernel, -1, 0))
    np.testing.assert_array_equal(explanation.figures["share"], np.ones(shape[-1], np.float32))


def test_near_duplicates_are_found(random):
    """`alike` is the largest cosine with any other filter of the layer, `twin` its number."""
    kernel = random.normal(size=(3, 3, 4, 6))
    kernel[..., 4] = 2 * kernel[..., 1] + 0.01 * random.normal(size=(3, 3, 4))

    figures = Filters(layer="conv").explanation(weights_of(kernel)).figures

    filters = kernel.reshape(-1, 6).T.astype(np.float32)
    for index, own in enumerate(filters):
        cosines = [own @ one / np.linalg.norm(own) / np.linalg.norm(one) for one in filters]
        cosines[index] = -2
        np.testing.assert_allclose(figures["alike"][index], max(cosines), rtol=1e-5)
        assert figures["twin"][index] == np.argmax(cosines)
    assert figures["twin"][1] == 4
    assert figures["alike"][1] > 0.99


def test_filters_that_are_not_shown_can_be_twins(random):
    """A shown filter is compared with all filters of its layer."""
    kernel = random.normal(size=(3, 3, 4, 6))
    kernel[..., 0] = 0.1 * kernel[..., 5]

    explanation = Filters(layer="conv", count=5).explanation(weights_of(kernel))

    assert explanation.channels == (1, 2, 3, 4, 5)
    assert explanation.figures["twin"][4] == 0


def test_zeros_and_a_single_filter_have_no_twin(random):
    """Without another filter, or without a direction, nothing is alike."""
    kernel = random.normal(size=(3, 3, 4, 3))
    kernel[..., 2] = 0

    figures = Filters(layer="conv").explanation(weights_of(kernel)).figures
    alone = Filters(layer="conv").explanation(weights_of(kernel[..., :1])).figures

    np.testing.assert_array_equal(figures["twin"], [1, 0, np.nan])
    assert np.isnan(figures["alike"][2])
    assert np.isnan(alone["alike"][0])
    assert np.isnan(alone["twin"][0])


def test_filters_are_chosen_once_by_norm(random):
    """The filters of the largest norm at the first record stay, in the order of the kernel."""
    kernel = random.normal(size=(3, 3, 4, 6)).astype(np.float32)
    kernel *= np.array([1, 9, 1, 8, 1, 7], np.float32)
    later = kernel[..., ::-1]

    first = Filters(layer="conv", count=3).explanation(weights_of(kernel))
    second = Filters(layer="conv", count=3).explanation(
        weights_of(later, previous=kernel, shown=first)
    )

    assert first.channels == second.channels == (1, 3, 5)


def test_signs_follow_the_previous_record():
    """A direction does not flip when another of its components becomes the largest."""
    places = np.arange(1.0, 10).reshape(3, 3, 1, 1)
    before = (places * np.array([1.0, -0.9]).reshape(1, 1, 2, 1)).astype(np.float32)
    after = (places * np.array([0.9, -1.0]).reshape(1, 1, 2, 1)).astype(np.float32)
    explainer = Filters(layer="conv")

    first = explainer.explanation(weights_of(before))
    alone = explainer.explanation(weights_of(after))
    following = explainer.explanation(weights_of(after, previous=before, shown=first))

    np.testing.assert_allclose(alone.values, -first.values, rtol=1e-5)
    np.testing.assert_allclose(following.values, first.values, rtol=1e-5)


def test_figures_say_how_far_each_filter_moved():
    """`norm` is Euclidean, `change` relative to the record before; at first there is none."""
    before = np.ones((2, 2, 1, 3), np.float32) * np.array([1, 2, 0], np.float32)
    after = np.ones((2, 2, 1, 3), np.float32) * np.array([1, 3, 1], np.float32)
    explainer = Filters(layer="conv")

    first = explainer.explanation(weights_of(before))
    second = explainer.explanation(weights_of(after, previous=before, shown=first))

    np.testing.assert_array_equal(first.figures["norm"], [2, 4, 0])
    assert np.isnan(first.figures["change"]).all()
    np.testing.assert_allclose(second.figures["change"], [0, 0.5, np.nan], rtol=1e-6)
    np.testing.assert_allclose(second.statistics["norm"], np.sqrt(4 + 36 + 4), rtol=1e-6)
    np.testing.assert_allclose(second.statistics["change"], np.sqrt(8 / 20), rtol=1e-6)


def test_filters_of_zeros_are_zero():
    """A filter of zeros has no direction: its map and its share are zero."""
    explanation = Filters(layer="conv").explanation(weights_of(np.zeros((3, 3, 4, 2))))

    assert not explanation.values.any()
    np.testing.assert_array_equal(explanation.figures["share"], [0, 0])


def test_takes_convolutions_spaced_over_depth():
    """Without a layer at most eight convolutions larger than 1 x 1 are shown, the first too."""
    layers = [layer(f"conv{index}", "conv", (3, 3, 4, 4), index) for index in range(15)]
    points = [layer("point", "conv", (1, 1, 4, 4), 15), layer("dense", "dense", (4, 4), 16)]

    resolved = Filters().resolve(table(*layers, *points))

    paths = [explainer.layer for explainer in resolved]
    assert paths == [f"conv{index}" for index in (0, 2, 4, 6, 8, 10, 12, 14)]


def test_takes_transposed_and_one_dimensional_kernels():
    """Every kind of convolution is shown; a 1-D kernel is one row."""
    kinds = ["transposed", "conv1d", "depthwise"]
    layers = [layer(kind, kind, (1, 3, 2, 2), order) for order, kind in enumerate(kinds)]

    assert [explainer.layer for explainer in Filters().resolve(table(*layers))] == kinds


@pytest.mark.parametrize(
    ("explainer", "sentence"),
    [
        (Filters(layer="dense"), r"'dense' is no convolution.*'conv'.*Received: Filters"),
        (Weights(layer="conv"), r"'conv' is no matrix; Filters.*'dense'.*Received: Weights"),
        (Filters(count=0), "at least one filter"),
        (Weights(size=0), "at least one weight"),
    ],
)
def test_refuses_what_it_cannot_show(explainer, sentence):
    """An explainer of weights names the layers that would do."""
    layers = table(layer("conv", "conv", (3, 3, 3, 4)), layer("dense", "dense", (4, 4), 1))

    with pytest.raises(ValueError, match=sentence):
        explainer.resolve(layers)


@pytest.mark.parametrize("explainer", [Filters(), Weights()])
def test_says_that_a_model_has_nothing_to_show(explainer):
    """A model without such kernels is answered with the explainer that would do."""
    with pytest.raises(ValueError, match=r"Model 'net' has no .*shows"):
        explainer.resolve(table(layer("norm", None, (4,))))


def test_takes_dense_embeddings_and_points():
    """Matrices are dense kernels, embeddings and 1 x 1 convolutions."""
    layers = table(
        layer("conv", "conv", (3, 3, 3, 4)),
        layer("point", "conv", (1, 1, 4, 8), 1),
        layer("words", "embedding", (100, 4), 2),
        layer("dense", "dense", (4, 4), 3),
    )

    assert [one.layer for one in Weights().resolve(layers)] == ["point", "words", "dense"]


def test_a_matrix_is_the_kernel(random):
    """Inputs go down and units across, whatever the rank of the kernel."""
    kernel = random.normal(size=(1, 1, 6, 4)).astype(np.float32)

    explanation = Weights(layer="conv").explanation(weights_of(kernel))

    np.testing.assert_array_equal(explanation.values, kernel.reshape(1, 6, 4, 1))
    assert explanation.signed
    assert "note" not in explanation.facts


def test_a_large_matrix_is_shown_in_part(random):
    """Beyond `size`, evenly spaced rows and columns are shown, and the legend says so."""
    kernel = random.normal(size=(9, 4)).astype(np.float32)

    explanation = Weights(layer="conv", size=5).explanation(weights_of(kernel, kind="dense"))

    np.testing.assert_array_equal(explanation.values[0, :, :, 0], kernel[::2])
    assert explanation.facts["note"] == "5 of 9 inputs and 4 of 4 units, evenly spaced"
    np.testing.assert_allclose(explanation.figures["norm"], [np.linalg.norm(kernel)], rtol=1e-6)

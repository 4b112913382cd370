"""Kernels come in one order of axes, as the values that the layer computes with."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe

PICTURE = (8, 8, 3)


def kernels_of(*parts, shape=PICTURE, dtype=np.float32):
    """Returns the kernels of a model by path, and the probe."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(shape, dtype=np.dtype(dtype).name), *parts])
    samples = np.ones((1, *shape), dtype)
    return {
        path: (kind, kernel) for path, kind, kernel in Probe(model, samples, targets=0).weights()
    }


def values(variable):
    return keras.ops.convert_to_numpy(variable)


@pytest.mark.parametrize(
    ("build", "kind", "shape"),
    [
        (lambda: layers.Conv2D(5, (2, 3), name="one"), "conv", (2, 3, 3, 5)),
        (lambda: layers.DepthwiseConv2D((2, 3), name="one"), "depthwise", (2, 3, 1, 3)),
        (
            lambda: layers.DepthwiseConv2D(2, depth_multiplier=2, name="one"),
            "depthwise",
            (2, 2, 1, 6),
        ),
        (lambda: layers.SeparableConv2D(5, (2, 3), name="one"), "depthwise", (2, 3, 1, 3)),
        (lambda: layers.Conv2DTranspose(5, (2, 3), name="one"), "transposed", (2, 3, 3, 5)),
        (lambda: layers.Dense(5, name="one"), "dense", (3, 5)),
        (
            lambda: layers.EinsumDense("bijc,cde->bijde", (8, 8, 2, 5), name="one"),
            "dense",
            (3, 10),
        ),
    ],
)
def test_kernels_of_pictures_come_in_one_order(build, kind, shape):
    """Rows, columns, inputs, filters: whatever order the layer keeps its kernel in."""
    found = kernels_of(build())

    assert found["one"][0] == kind
    assert (found["one"][1].shape, found["one"][1].dtype) == (shape, np.dtype("float32"))


@pytest.mark.parametrize(
    ("build", "kind", "shape"),
    [
        (lambda: layers.Conv1D(5, 2, name="one"), "conv1d", (1, 2, 3, 5)),
        (lambda: layers.DepthwiseConv1D(2, name="one"), "depthwise", (1, 2, 1, 3)),
        (lambda: layers.SeparableConv1D(5, 2, name="one"), "depthwise", (1, 2, 1, 3)),
        (lambda: layers.Conv1DTranspose(5, 2, name="one"), "transposed", (1, 2, 3, 5)),
    ],
)
def test_kernels_of_sequences_have_one_row(build, kind, shape):
    """A kernel of one axis has `rows = 1`."""
    found = kernels_of(build(), shape=(8, 3))

    assert found["one"][0] == kind
    assert found["one"][1].shape == shape


def test_a_transposed_kernel_is_turned():
    """The filter of output `o` from input `i` stands at `[..., i, o]`."""
    layer = layers.Conv2DTranspose(5, 2, name="one")
    kernel = kernels_of(layer)["one"][1]

    np.testing.assert_array_equal(kernel[..., 2, 4], values(layer.kernel)[..., 4, 2])


def test_an_embedding_is_its_table():
    """Rows are entries, columns are units."""
    layer = layers.Embedding(7, 4, name="one")
    found = kernels_of(layer, shape=(3,), dtype=np.int32)

    assert found["one"][0] == "embedding"
    np.testing.assert_array_equal(found["one"][1], values(layer.embeddings))


def test_kernels_over_volumes_are_left_out():
    """Three axes of space make no picture."""
    assert kernels_of(layers.Conv3D(2, 2), shape=(4, 4, 4, 1)) == {}


def test_quantised_kernels_come_as_the_values_they_stand_for():
    """An int8 kernel is scaled back, near what it was before."""
    keras.utils.set_random_seed(1)
    layer = layers.Dense(5, name="one")
    model = keras.Sequential([keras.Input((6,)), layer])
    before = values(layer.kernel)
    layer.quantize("int8")
    ((_, _, kernel),) = Probe(model, np.ones((1, 6), np.float32), targets=0).weights()

    assert values(layer._kernel).dtype == np.int8
    np.testing.assert_allclose(kernel, before, atol=np.abs(before).max() / 100)


def test_kernels_with_low_rank_updates_have_them_added():
    """What is shown is what the layer multiplies with."""
    layer = layers.Dense(5, name="one")
    model = keras.Sequential([keras.Input((6,)), layer])
    before = values(layer.kernel)
    layer.enable_lora(2)
    layer.lora_kernel_b.assign(np.ones((2, 5)))
    ((_, _, kernel),) = Probe(model, np.ones((1, 6), np.float32), targets=0).weights()

    np.testing.assert_array_equal(kernel, values(layer.kernel))
    assert np.abs(kernel - before).max() > 0


def test_the_table_says_which_kernel_a_layer_has():
    """Kind and shape stand in the row of the layer, and nothing where there is none."""
    model = keras.Sequential(
        [
            keras.Input(PICTURE),
            layers.Conv2DTranspose(4, 2, name="up"),
            layers.GlobalMaxPooling2D(name="most"),
        ]
    )
    table = Probe(model, np.ones((1, *PICTURE), np.float32), targets=0).layers

    assert [(row.kernel, row.kernel_shape) for row in table.layers] == [
        ("transposed", (2, 2, 3, 4)),
        (None, None),
    ]

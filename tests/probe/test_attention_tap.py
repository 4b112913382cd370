"""What a pass sees of attention, on every layer of Keras that pays it."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe
from tests.probe.attending import (
    CLOSE,
    TOKENS,
    WIDTH,
    Attended,
    attention_of,
    causal,
    grouped,
    model_of,
    multi_head,
    multi_head_weights,
    projected,
    sequences,
    single_head_weights,
)


@pytest.mark.parametrize(
    ("build", "mask"),
    [
        (lambda given: multi_head()(given, given), False),
        (lambda given: multi_head(dropout=0.5)(given, given), False),
        (lambda given: multi_head(flash_attention=True)(given, given), False),
        (lambda given: multi_head()(given, given, use_causal_mask=True), True),
        (lambda given: grouped()(given, given), False),
        (lambda given: grouped(flash_attention=True)(given, given), False),
        (lambda given: grouped()(given, given, use_causal_mask=True), True),
    ],
    ids=[
        "MultiHeadAttention",
        "with dropout",
        "with flash attention",
        "causal",
        "GroupQueryAttention",
        "grouped, with flash attention",
        "grouped, causal",
    ],
)
def test_attention_of_several_heads_equals_its_definition(build, mask):
    """The softmax of the products of queries and keys, in a compiled pass, whatever the kernel."""
    model = model_of(build)
    samples = sequences()
    found, table = attention_of(model, samples, "attention")

    layer = model.get_layer("attention")
    expected = multi_head_weights(layer, samples, samples, mask=causal() if mask else None)
    np.testing.assert_allclose(found["attention"], expected, **CLOSE)
    np.testing.assert_allclose(found["attention"].sum(-1), 1, rtol=1e-5)
    if mask:
        assert (found["attention"][..., ~causal()] == 0).all()
    assert table.find("attention", received="").attention == expected.shape[1:]


def test_attention_equals_what_the_layer_returns():
    """What is seen are the scores that the layer returns when it is asked for them."""
    model = model_of(lambda given: multi_head()(given, given))
    samples = sequences()
    found, _ = attention_of(model, samples, "attention")

    scores = model.get_layer("attention")(samples, samples, return_attention_scores=True)[1]
    np.testing.assert_allclose(found["attention"], keras.ops.convert_to_numpy(scores), **CLOSE)


@pytest.mark.parametrize("kind", [layers.Attention, layers.AdditiveAttention])
def test_attention_of_one_head(kind):
    """Layers without heads have one, and are seen as they return their scores."""
    model = model_of(lambda given: kind(name="attention")([given, given]))
    samples = sequences()
    found, table = attention_of(model, samples, "attention", gradients=True, targets=1)

    layer = model.get_layer("attention")
    _, expected = layer([samples, samples], return_attention_scores=True)
    np.testing.assert_allclose(
        found["attention"], keras.ops.convert_to_numpy(expected)[:, None], **CLOSE
    )
    if kind is layers.Attention:
        np.testing.assert_allclose(
            found["attention"], single_head_weights(samples, samples), **CLOSE
        )
    assert np.abs(found["attention gradient"]).max() > 0
    assert table.find("attention", received="").attention == (1, TOKENS, TOKENS)


def test_cross_attention_has_its_own_numbers_of_queries_and_keys():
    """Queries of one tensor look at another, and the table says so."""
    given, context = keras.Input((4, WIDTH)), keras.Input((TOKENS, WIDTH))
    mixed = multi_head()(given, context)
    model = keras.Model([given, context], layers.Dense(2)(layers.Flatten()(mixed)))
    samples = [sequences(tokens=4), sequences()]
    found, table = attention_of(model, samples, "attention", targets=0)

    expected = multi_head_weights(model.get_layer("attention"), *samples)
    row = table.find("attention", received="")
    np.testing.assert_allclose(found["attention"], expected, **CLOSE)
    assert row.attention == (2, 4, TOKENS)
    assert not row.attends_to_itself


class Block(layers.Layer):
    """A block of a transformer that is no model, as people write them."""

    def __init__(self, name):
        super().__init__(name=name)
        self.norm = layers.LayerNormalization(name="norm")
        self.attention = layers.MultiHeadAttention(2, 4, name="attention")
        self.dense = layers.Dense(WIDTH, activation="gelu", name="dense")

    def call(self, tokens):
        normal = self.norm(tokens)
        tokens = tokens + self.attention(normal, normal)
        return tokens + self.dense(tokens)


def test_attention_in_subclassed_blocks_of_a_nested_model():
    """Layers are found and seen where they stand, by path."""
    inner = keras.Input((TOKENS, WIDTH))
    base = keras.Model(inner, Block("second")(Block("first")(inner)), name="base")
    given = keras.Input((TOKENS, WIDTH))
    model = keras.Model(given, layers.Dense(2)(layers.GlobalMaxPooling1D()(base(given))))
    samples = sequences()
    paths = ("base/first/attention", "base/second/attention")
    found, table = attention_of(model, samples, *paths, targets=0)

    first = base.get_layer("first")
    normal = keras.ops.convert_to_numpy(first.norm(samples))
    np.testing.assert_allclose(
        found[paths[0]], multi_head_weights(first.attention, normal, normal), **CLOSE
    )
    np.testing.assert_allclose(found[paths[1]].sum(-1), 1, rtol=1e-5)
    assert [row.path for row in table.attending] == list(paths)
    assert all(row.attends_to_itself for row in table.attending)


def test_attention_over_rows_and_columns():
    """Attention over a picture that was not made tokens has one query and key per place."""
    image = keras.Input((16, 12, 3))
    grid = layers.Conv2D(WIDTH, 4, strides=4)(image)
    mixed = layers.GlobalAveragePooling2D()(multi_head()(grid, grid))
    model = keras.Model(image, layers.Dense(2)(mixed))
    samples = np.random.default_rng(0).random((2, 16, 12, 3), dtype=np.float32)
    found, table = attention_of(model, samples, "attention", gradients=True, targets=0)

    row = table.find("attention", received="")
    assert (row.attention, row.attention_patches) == ((2, 12, 12), (4, 3, 0))
    np.testing.assert_allclose(found["attention"].sum(-1), 1, rtol=1e-5)
    assert np.abs(found["attention gradient"]).max() > 0


@pytest.mark.parametrize(
    ("policy", "rounding"), [("mixed_float16", 2e-3), ("mixed_bfloat16", 2e-2)]
)
def test_attention_in_low_precision_comes_in_float32(policy, rounding):
    """Rows sum to 1 as far as the precision of the model goes, and gradients are there."""
    keras.config.set_dtype_policy(policy)
    try:
        model = model_of(lambda given: multi_head()(given, given))
    finally:
        keras.config.set_dtype_policy("float32")
    found, table = attention_of(model, sequences(), "attention", gradients=True, targets=1)

    assert {array.dtype for array in found.values()} == {np.dtype("float32")}
    np.testing.assert_allclose(found["attention"].sum(-1), 1, atol=rounding)
    assert np.abs(found["attention gradient"]).max() > 0
    assert table.find("attention", received="").attends_to_itself


def edited_score(model, samples, change):
    """Returns the scores of the model when `change` is added to its attention."""
    layer = model.get_layer("attention")
    tokens = np.asarray(samples, np.float64)
    weights = multi_head_weights(layer, tokens, tokens) + change
    mixed = np.einsum("bhqk,bkhd->bqhd", weights, projected(layer._value_dense, tokens))
    kernel, bias = (keras.ops.convert_to_numpy(one) for one in layer._output_dense.get_weights())
    mixed = tokens + np.einsum("bqhd,hdc->bqc", mixed, kernel) + bias
    kernel, bias = model.layers[-1].get_weights()
    return np.tanh(mixed).mean(1) @ kernel + bias


def test_gradients_for_attention_equal_finite_differences():
    """They say how the score changes as one weight of the attention does, behind its softmax."""
    keras.utils.set_random_seed(5)
    given = keras.Input((TOKENS, WIDTH))
    curved = layers.Activation("tanh")(given + multi_head()(given, given))
    model = keras.Model(given, layers.Dense(3)(layers.GlobalAveragePooling1D()(curved)))
    samples = sequences()
    found, _ = attention_of(model, samples, "attention", gradients=True, targets=2)

    step = 1e-4
    expected = np.zeros_like(found["attention"], np.float64)
    for place in np.ndindex(expected.shape[1:]):
        change = np.zeros(expected.shape[1:])
        change[place] = step
        up, down = (edited_score(model, samples, sign * change)[:, 2] for sign in (1, -1))
        expected[(slice(None), *place)] = (up - down) / (2 * step)
    np.testing.assert_allclose(found["attention gradient"], expected, rtol=1e-4, atol=1e-6)


def test_gradients_for_attention_differ_between_targets():
    """Each target has a gradient of its own, and attention alone has no target."""
    model = model_of(lambda given: multi_head()(given, given))
    probe = Probe(model, sequences(), targets=(0, 1))
    probe.prepare([Attended(("attention",), gradients=True), Attended(("attention",))])
    arrays = probe.run().arrays
    per_target, once = arrays[0], arrays[1]

    assert len(per_target) == 2
    assert len(once) == 1
    gradients = [found["attention gradient"] for found in per_target]
    assert np.abs(gradients[0] - gradients[1]).max() > 1e-4

"""What the table of layers says of attention, and why it cannot be seen where it cannot."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe import Probe, attention
from tb_explain.probe.structure.walk import walk
from tests.probe.attending import (
    CLOSE,
    TOKENS,
    WIDTH,
    Attended,
    Patches,
    attention_of,
    grouped,
    model_of,
    multi_head,
    multi_head_weights,
    sequences,
)
from tests.probe.formulas import observe


def transformer(shape, size, leading, **settings):
    keras.utils.set_random_seed(6)
    image = keras.Input(shape)
    tokens = Patches(shape[-1], size, leading, **settings)(layers.Rescaling(2.0)(image))
    normal = layers.LayerNormalization()(tokens)
    tokens = tokens + multi_head()(normal, normal)
    return keras.Model(image, layers.Dense(3)(tokens[:, 0]), name="transformer")


@pytest.mark.parametrize("by_reshape", [False, True], ids=["by convolution", "by reshape"])
@pytest.mark.parametrize(
    ("shape", "size", "leading", "expected"),
    [
        ((16, 12, 3), 4, 0, (4, 3, 0)),
        ((16, 12, 3), 4, 1, (4, 3, 1)),
        ((16, 16, 3), 4, 5, (4, 4, 5)),
        ((12, 24, 1), 4, 2, (3, 6, 2)),
    ],
)
def test_keys_are_patches_behind_leading_tokens(shape, size, leading, expected, by_reshape):
    """The grid comes from the layer that made the patches, or from cutting the picture."""
    model = transformer(shape, size, leading, by_reshape=by_reshape)
    table = Probe(model, np.zeros((1, *shape), np.float32), targets=0).layers

    row = table.find("attention", received="")
    assert row.attention_patches == expected
    assert row.attends_to_itself


def test_keys_of_a_sequence_are_no_patches():
    """Sixteen steps of a signal are no grid of four by four."""
    model = model_of(lambda given: multi_head()(given, given), tokens=16)
    table = Probe(model, sequences(tokens=16), targets=0).layers

    assert table.find("attention", received="").attention_patches is None
    assert table.find("attention", received="").layout == "sequence"


def test_queries_and_values_that_are_normalised_apart_come_from_one_tensor():
    """A stream that is normalised twice is one; two streams of equal length are two."""

    def apart(given):
        first, second = layers.LayerNormalization(), layers.LayerNormalization()
        return multi_head()(first(given), second(given))

    def two(given):
        turned = layers.Permute((2, 1))(layers.Dense(TOKENS)(layers.Permute((2, 1))(given)))
        return multi_head()(given, turned)

    tables = [Probe(model_of(build), sequences(), targets=0).layers for build in (apart, two)]
    found = [table.find("attention", received="").attends_to_itself for table in tables]
    assert found == [True, False]


class OtherArguments(layers.MultiHeadAttention):
    def _compute_attention(self, q, k, v, *rest):
        return super()._compute_attention(q, k, v)


class OwnSoftmax(layers.MultiHeadAttention):
    def _compute_attention(self, query, key, value, attention_mask=None, training=None, *rest):
        scores = keras.ops.einsum("bqhd,bkhd->bhqk", query, key)
        weights = keras.ops.softmax(scores)
        return keras.ops.einsum("bhqk,bkhd->bqhd", weights, value), weights


class OwnCall(layers.MultiHeadAttention):
    def call(self, query, value, key=None):
        return self._output_dense(self._value_dense(value))


class OwnScores(layers.Attention):
    def _apply_scores(self, scores, value, *rest, **named):
        return keras.ops.matmul(keras.ops.softmax(2 * scores), value), scores


class Attention(layers.Layer):
    def call(self, tokens):
        weights = keras.ops.softmax(keras.ops.matmul(tokens, keras.ops.swapaxes(tokens, 1, 2)))
        return keras.ops.matmul(weights, tokens)


def windowed(given):
    windows = keras.ops.reshape(given, (-1, TOKENS // 2, WIDTH))
    return keras.ops.reshape(multi_head()(windows, windows), (-1, TOKENS, WIDTH))


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda g: OtherArguments(2, 4, name="attention")(g, g), "with other arguments than those"),
        (lambda g: OwnSoftmax(2, 4, name="attention")(g, g), "does not use `_masked_softmax`"),
        (lambda g: OwnCall(2, 4, name="attention")(g, g), "computes it in another way than Keras"),
        (lambda g: OwnScores(name="attention")([g, g]), "overrides `_apply_scores`"),
        (lambda g: Attention(name="attention")(g), "none of the attention layers of Keras"),
        (windowed, "within parts of a sample, such as windows"),
    ],
    ids=["other arguments", "softmax", "call", "scores", "by hand", "windows"],
)
def test_attention_that_cannot_be_seen_is_a_sentence(build, reason):
    """The layer is named with the reason, before anything is traced."""
    probe = Probe(model_of(build), sequences(), targets=0)

    assert probe.layers.attending == ()
    with pytest.raises(ValueError, match=rf"'attention' in model 'mixing'.*{reason}.*Received"):
        probe.prepare([Attended(("attention",))])


class Doubled(layers.MultiHeadAttention):
    def _compute_attention(self, *arguments, **named):
        output, scores = super()._compute_attention(*arguments, **named)
        return 2 * output, scores


def test_a_subclass_that_computes_as_keras_does_is_seen():
    """What counts is that the softmax of Keras is used, with its arguments."""
    model = model_of(lambda given: Doubled(2, 4, name="attention")(given, given))
    samples = sequences()
    found, _ = attention_of(model, samples, "attention")

    expected = multi_head_weights(model.get_layer("attention"), samples, samples)
    np.testing.assert_allclose(found["attention"], expected, **CLOSE)


def test_a_layer_without_attention_is_a_sentence():
    """It names those that have some."""
    probe = Probe(model_of(lambda given: multi_head()(given, given)), sequences(), targets=0)

    with pytest.raises(
        ValueError, match=r"'dense.*Dense is no attention layer.*Layers with attention: 'attention'"
    ):
        probe.prepare([Attended((probe.layers.layers[-1].path,))])


def test_too_many_tokens_are_a_sentence(monkeypatch):
    """Attention grows with the square of the tokens, so that it is not kept of many."""
    monkeypatch.setattr(attention, "MOST_TOKENS", TOKENS - 1)
    probe = Probe(model_of(lambda given: multi_head()(given, given)), sequences(), targets=0)

    with pytest.raises(ValueError, match=r"it has 6 tokens, and at most 5 are kept"):
        probe.prepare([Attended(("attention",))])


def attributes_of(model):
    return {
        (path, name): (value, *value) if isinstance(value, list) else (value,)
        for path, layer in {"": model, **walk(model)}.items()
        for name, value in layer.__dict__.items()
    }


@pytest.mark.parametrize(
    "build",
    [
        lambda given: multi_head(flash_attention=True)(given, given),
        lambda given: multi_head(dropout=0.5, seed=2)(given, given, use_causal_mask=True),
        lambda given: grouped()(given, given),
        lambda given: layers.Attention(name="attention", dropout=0.5, seed=3)([given, given]),
    ],
    ids=["flash", "dropout", "grouped", "single"],
)
def test_layers_are_as_before(build):
    """Not an attribute, weight or random stream differs, also after an error."""
    model = model_of(build)
    observe(model, sequences(), targets=0)  # Keras notes in a model that it was called.
    attributes = attributes_of(model)
    values = [keras.ops.convert_to_numpy(variable.value) for variable in model.variables]

    observe(model, sequences(), Attended(("attention",), gradients=True), targets=0)
    with pytest.raises(ValueError, match="shows no attention"):
        observe(model, sequences(), Attended((model.layers[-1].name,)), targets=0)

    after = attributes_of(model)
    assert attributes.keys() == after.keys()
    for where, before in attributes.items():
        assert all(a is b or a == b for a, b in zip(before, after[where], strict=True)), where
    for before, variable in zip(values, model.variables, strict=True):
        np.testing.assert_array_equal(before, keras.ops.convert_to_numpy(variable.value))


def test_other_explainers_see_the_same_with_and_without_attention():
    """The explicit way to compute attention changes a prediction by rounding alone."""
    model = model_of(lambda given: multi_head()(given, given))
    samples = sequences()
    plain = observe(model, samples, targets=0)[0].predictions.arrays["score"]
    seen = observe(model, samples, Attended(("attention",)), targets=0)[0]

    np.testing.assert_allclose(seen.predictions.arrays["score"], plain, rtol=1e-5, atol=1e-6)

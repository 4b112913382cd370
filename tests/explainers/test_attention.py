"""Settings of attention, what its maps say beside their values, and what it refuses."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.execution.shared_pass import SharedPass
from tb_explain.execution.tags import tag_of
from tb_explain.explainers import Attention, AttentionRelevance, AttentionRollout
from tb_explain.probe import Probe

CLOSE = {"rtol": 1e-5, "atol": 1e-6}


@pytest.fixture(scope="module")
def explain(transformer_model, transformer_world):
    """Explains the known transformer."""

    def run(explainer, **settings):
        settings.setdefault("targets", list(transformer_world.targets))
        return explainer.explain(transformer_model, transformer_world.samples, **settings)

    return run


def sequence_model(*attends, tokens=5, width=4):
    """A model of attention layers over a sequence, each with a residual connection."""
    keras.utils.set_random_seed(9)
    given = keras.Input((tokens, width))
    stream = given
    for attend in attends:
        stream = attend(stream)
    pooled = layers.GlobalAveragePooling1D()(stream)
    return keras.Model(given, layers.Dense(2)(pooled), name="sequence")


def block(index, **call):
    attend = layers.MultiHeadAttention(2, 3, name=f"attention_{index}")
    return lambda stream: stream + attend(stream, stream, **call)


def sequences(samples=2, tokens=5, width=4):
    return np.random.default_rng(1).normal(size=(samples, tokens, width)).astype(np.float32)


def test_maps_come_by_sample_head_and_query(explain, transformer_world):
    """The mean over heads is first; a column has the heads, and a figure the queries."""
    queries = ("class", "mean", (2, 1))
    found = explain(Attention(layer="attention_1", queries=queries))

    assert found.samples == tuple(sample for sample in range(6) for _ in range(9))
    assert found.channels == (None, None, None, 0, 0, 0, 1, 1, 1) * 6
    np.testing.assert_array_equal(found.figures["query"], [-1, np.nan, 5] * 18)
    for sample in range(6):
        weights = transformer_world.attention(sample)[1]
        for place, head in enumerate((weights.mean(axis=0), *weights)):
            rows = (head[0], head.mean(axis=0), head[6])
            for index, row in enumerate(rows):
                at = sample * 9 + place * 3 + index
                np.testing.assert_allclose(found.values[at].ravel(), row[1:], **CLOSE)
                np.testing.assert_allclose(found.figures["elsewhere"][at], row[0], **CLOSE)


@pytest.mark.parametrize(
    "explainer",
    [
        Attention(layer="attention_0", queries=("class", "mean", (0, 1))),
        AttentionRollout(),
        AttentionRollout(query=(1, 1)),
    ],
    ids=lambda explainer: type(explainer).__name__,
)
def test_all_attention_sums_to_one(explain, explainer):
    """What a map does not show goes to the class token, and is a figure."""
    found = explain(explainer)

    sums = found.values.sum(axis=(1, 2, 3)) + found.figures["elsewhere"]
    np.testing.assert_allclose(sums, 1, rtol=1e-5)
    assert (found.figures["elsewhere"] > 0).all()
    assert found.kind == "attention"


@pytest.mark.parametrize(
    ("heads", "expected"), [(0, (None,)), (1, (None, 0)), (9, (None, 0, 1)), ((1,), (None, 1))]
)
def test_heads_are_a_number_or_indices(explain, heads, expected):
    """There are never more than the layer has, and the mean is always there."""
    assert explain(Attention(layer="attention_0", heads=heads)).channels[: len(expected) + 1] == (
        *expected,
        None,
    )


def test_layers_are_spaced_evenly():
    """Of six layers four are shown, the first and the last among them."""
    model = sequence_model(*(block(index) for index in range(6)))
    shared = SharedPass(Probe(model, sequences(), targets=0), [Attention(), AttentionRollout()])

    tags = [tag_of(result.explainer, result.target) for result in shared.run().results]
    assert tags == [f"Attention/attention_{index}" for index in (0, 2, 3, 5)] + [
        "AttentionRollout/input"
    ]


def scores_of(model, index, tokens):
    """Returns what the layer itself says of its attention."""
    layer = model.get_layer(f"attention_{index}")
    found = layer(tokens, tokens, return_attention_scores=True)
    return [keras.ops.convert_to_numpy(one).astype(np.float64) for one in found]


def test_a_sequence_has_one_row_and_no_class_token():
    """Without patches a map has one row, and by default it is the mean over all tokens."""
    model, samples = sequence_model(block(0)), sequences()
    found = Attention().explain(model, samples, targets=0)

    expected = scores_of(model, 0, samples)[1].mean(axis=(1, 2))
    assert found.values.shape == (2 * 3, 1, 5, 1)
    np.testing.assert_allclose(found.values[::3, 0, :, 0], expected, **CLOSE)
    assert np.isnan(found.figures["query"]).all()
    assert (found.figures["elsewhere"] == 0).all()


def test_rollout_of_a_sequence_is_the_mean_of_its_rows():
    """Without a class token all rows of the product count the same, also of causal attention."""
    model, samples = sequence_model(block(0), block(1, use_causal_mask=True)), sequences()
    found = AttentionRollout().explain(model, samples, targets=0)

    mixed, first = scores_of(model, 0, samples)
    tokens = (samples + mixed).astype(np.float32)
    layer = model.get_layer("attention_1")
    second = layer(tokens, tokens, return_attention_scores=True, use_causal_mask=True)[1]
    for sample in range(2):
        expected = np.eye(5)
        for weights in (first, keras.ops.convert_to_numpy(second)):
            attention = weights[sample].astype(np.float64).mean(axis=0) / 2 + np.eye(5) / 2
            expected = attention / attention.sum(axis=1, keepdims=True) @ expected
        np.testing.assert_allclose(found.values[sample, 0, :, 0], expected.mean(axis=0), **CLOSE)


def test_one_head_is_not_shown_twice():
    """Of a layer of one head the mean is the head."""
    model = sequence_model(lambda stream: layers.Attention(name="single")([stream, stream]))

    assert Attention().explain(model, sequences(), targets=0).channels == (None, None)


def test_relevance_is_that_of_the_target(explain):
    """Another class has other gradients, and so other maps."""
    maps = [explain(AttentionRelevance(), targets=target).values for target in (0, 1)]

    assert np.abs(maps[0] - maps[1]).max() > 1e-3
    assert explain(AttentionRelevance()).kind == "attribution"


def test_layers_that_are_named_are_followed_alone(explain, transformer_world):
    """Rollout of one layer is its attention, half of it the identity."""
    found = explain(AttentionRollout(layers=("attention_1",), query="class"))

    for sample, values in enumerate(found.values):
        expected = transformer_world.attention(sample)[1].mean(axis=0)[0, 1:] / 2
        np.testing.assert_allclose(values.ravel(), expected, **CLOSE)


def pooled(stream):
    return layers.MaxPooling1D(2, padding="same")(stream)


def shared_twice():
    attend = layers.MultiHeadAttention(2, 3, name="attention_0")
    return lambda stream: attend(attend(stream, stream), stream)


def crossed(stream):
    other = layers.Dense(4)(layers.Permute((2, 1))(layers.Dense(5)(stream)))
    return stream + layers.MultiHeadAttention(2, 3, name="attention_1")(stream, other)


class ByHand(layers.Layer):
    def call(self, tokens):
        weights = keras.ops.softmax(keras.ops.matmul(tokens, keras.ops.swapaxes(tokens, 1, 2)))
        return keras.ops.matmul(weights, tokens)


class Attending(ByHand):
    """A layer of the user's own, called like those of Keras."""


Attending.__name__ = "Attention"


@pytest.mark.parametrize("explainer", [AttentionRollout, AttentionRelevance])
@pytest.mark.parametrize(
    ("attends", "reason"),
    [
        ([block(0), pooled, block(1)], "'attention_1'.*has 3 tokens where 'attention_0' has 5"),
        ([shared_twice()], "'attention_0'.*is called 2 times"),
        ([block(0), crossed], "'attention_1'.*attends from one tensor to another"),
        ([block(0), Attending(name="own")], "'own'.*cannot be seen: it is none of the attention"),
    ],
    ids=["pooling", "shared", "cross-attention", "by hand"],
)
def test_tokens_have_to_be_the_same_in_all_layers(explainer, attends, reason):
    """A product of matrices of other tokens means nothing, so the layer is named with why."""
    with pytest.raises(ValueError, match=rf"{explainer.__name__}.*{reason}.*Received"):
        explainer().explain(sequence_model(*attends), sequences(), targets=0)


class Tower(layers.Layer):
    """Attention with a residual connection, in code of its own."""

    def __init__(self, name):
        super().__init__(name=name)
        self.norm = layers.LayerNormalization()
        self.attend = layers.MultiHeadAttention(2, 3, name="attend")

    def call(self, tokens):
        normal = self.norm(tokens)
        return tokens + self.attend(normal, normal)


def test_towers_beside_each_other_are_no_stream():
    """Tokens do not pass from one to the other, though they are as many; each alone is one."""
    given = keras.Input((5, 4))
    left = Tower("left_1")(Tower("left_0")(given))
    right = Tower("right_1")(Tower("right_0")(given))
    pooled = layers.GlobalAveragePooling1D()(layers.Concatenate()([left, right]))
    model = keras.Model(given, layers.Dense(2)(pooled), name="towers")
    left = AttentionRollout(layers=("left_0/attend", "left_1/attend"))

    assert left.explain(model, sequences(), targets=0).values.shape == (2, 1, 5, 1)
    with pytest.raises(ValueError, match=r"does not read what '(left|right)_0/attend' puts out"):
        AttentionRollout().explain(model, sequences(), targets=0)


@pytest.mark.parametrize("explainer", [Attention(), AttentionRollout(), AttentionRelevance()])
def test_a_model_without_attention_is_a_sentence(explainer):
    """It says what is seen, what is not, and what works without."""
    model = sequence_model(ByHand())
    name = type(explainer).__name__

    with pytest.raises(
        ValueError, match=rf"{name} explains.*'sequence' has none.*GradCAM works.*Received: {name}"
    ):
        explainer.explain(model, sequences(), targets=0)


def test_why_attention_is_not_seen_is_part_of_the_sentence():
    """A layer that is called like an attention layer is named."""
    with pytest.raises(ValueError, match=r"has none\. Layer 'own': it is none of the attention"):
        Attention().explain(sequence_model(Attending(name="own")), sequences(), targets=0)


@pytest.mark.parametrize(
    ("explainer", "reason"),
    [
        (Attention("attention_0", heads=(2,)), "those of layer 'attention_0' are 0 to 1"),
        (Attention("attention_0", heads=-1), "0 for their mean alone"),
        (Attention("attention_0", queries=((3, 0),)), r"are \(0, 0\) to \(2, 1\)"),
        (Attention("attention_0", queries=("first",)), "'class', 'mean', or the row and column"),
        (Attention(shown_layers=0), "`shown_layers` of Attention is at least 1"),
        (Attention("patches"), "Conv2D is no attention layer.*'attention_0', 'attention_1'"),
        (AttentionRollout(query=(0, 9)), r"are \(0, 0\) to \(2, 1\)"),
        (AttentionRollout(layers=("head",)), "Dense is no attention layer"),
    ],
    ids=repr,
)
def test_settings_that_do_not_fit_are_sentences(explain, explainer, reason):
    """Before anything is traced, with what would do."""
    with pytest.raises(ValueError, match=rf"{reason}.*Received"):
        explain(explainer)


def test_a_class_token_that_is_not_there_is_a_sentence():
    """A sequence has no class token."""
    model = sequence_model(block(0))

    with pytest.raises(ValueError, match=r"'attention_0' has no class token.*'mean'.*Received"):
        Attention(queries=("class",)).explain(model, sequences(), targets=0)

"""What a model answers about changed samples: right, in whatever batches, and counted."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.explainers import GradCAM
from tb_explain.probe import Contrast, Probe
from tests.probe.asking import arrays, changed, classifier, gradients_of, returned, scores_of
from tests.probe.formulas import ActivationAlone, Failing, InputGradient, observe

COMPILES = keras.backend.backend() != "torch"


@pytest.fixture
def samples():
    return np.random.default_rng(1).random((5, 8, 6, 3), dtype=np.float32)


def test_answers_are_those_of_a_pass_over_the_variant(samples):
    """Scores, gradients and maps of a variant are those of a probe that is given the variant."""
    model, variants, targets = classifier(), changed(samples, 4), (2, [0, 1, 2, 3, 0])
    queries = Probe(model, samples, targets=targets).queries()
    assert (queries.targets, tuple(queries.samples.shape)) == (2, samples.shape)
    np.testing.assert_array_equal(arrays([queries.samples])[0], samples)

    found = scores_of(queries, variants), gradients_of(queries, variants)
    layer = arrays([queries.activation("conv")])[0]

    all_rows = (2, [0, 1, 2, 3, 0] * 4)
    seen, _ = observe(model, np.concatenate(variants), InputGradient(), targets=all_rows)
    gradients = np.stack([each["gradient"] for each in seen.arrays[0]])
    scores = seen.predictions.arrays["score"]
    for index in range(4):
        rows = slice(5 * index, 5 * index + 5)
        np.testing.assert_allclose(found[0][index], scores[:, rows], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found[1][index], gradients[:, rows], rtol=1e-5, atol=1e-7)
    unchanged, _ = observe(model, samples, ActivationAlone("conv"), targets=0)
    np.testing.assert_allclose(layer, unchanged.arrays[0][0]["activation"], rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def together():
    """Returns samples, variants of them, and the answers of a model to all samples at once."""
    samples = np.random.default_rng(1).random((5, 8, 6, 3), dtype=np.float32)
    variants = changed(samples, 5)
    queries = Probe(classifier(), samples, targets=[0, 1, 2, 3, 0]).queries()
    return samples, variants, (scores_of(queries, variants), gradients_of(queries, variants))


@pytest.mark.parametrize(
    ("count", "budget"), [(1, 1), (1, 2**30), (2, 2**30), (5, 1), (5, 2500)], ids=str
)
def test_batches_change_nothing(count, budget, together):
    """However many samples there are, and go into a batch, a sample has the same answers."""
    samples, variants, expected = together
    few = [variant[:count] for variant in variants]
    targets = [0, 1, 2, 3, 0][:count]
    probe = Probe(classifier(), samples[:count], targets=targets, memory_budget=budget)
    queries = probe.queries()

    found = scores_of(queries, few), gradients_of(queries, few)

    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs[:, :, :count], rtol=1e-5, atol=1e-6)
    assert (queries.forwards, queries.backwards) == (2 * 5 * count, 5 * count)


def test_what_was_asked_is_counted(samples):
    """Forward passes are counted by sample, backward passes by target too; fillings are not."""
    queries = Probe(classifier(), samples[:2], targets=(0, 1, 2)).queries()
    variants = changed(samples[:2], 11)
    (cam,) = GradCAM().resolve(Probe(classifier(), samples, targets=0).layers)

    asked = (
        (queries.scores(variants), 11, 22, 0),
        (queries.gradients(variants), 11, 22 + 22, 66),
        (queries.maps(cam, variants[:3]), 3, 22 + 22 + 6, 66 + 18),
        (queries.scores([]), 0, 22 + 22 + 6, 66 + 18),
    )
    for answers, number, forwards, backwards in asked:
        assert len(list(answers)) == number
        assert (queries.forwards, queries.backwards) == (forwards, backwards)
    queries.activation("conv")
    assert (queries.forwards, queries.backwards) == (22 + 22 + 6 + 2, 66 + 18)


class Watching:
    """A target that notes how many rows a pass has, whenever it is traced or run."""

    def __init__(self):
        self.rows = []

    def __call__(self, outputs):
        self.rows.append(int(outputs.shape[0]))
        return outputs[:, 0]


@pytest.mark.parametrize(("count", "rows"), [(1, 16), (2, 16), (5, 15)])
def test_variants_of_few_samples_are_asked_together(count, rows, samples):
    """Few samples fill a pass with several variants, and many have one for each."""
    watching = Watching()
    queries = Probe(classifier(), samples[:count], targets=watching).queries()
    watching.rows.clear()

    scores_of(queries, changed(samples[:count], 33))

    passes = 1 if COMPILES else -(-33 * count // rows)
    assert watching.rows == [rows] * passes


def test_many_samples_are_asked_alone(samples):
    """Where the samples fill a pass, each variant is a pass; more than fit are cut evenly."""
    watching, many = Watching(), np.repeat(samples, 4, axis=0)
    whole = Probe(classifier(), many, targets=watching).queries()
    cut = Probe(classifier(), many, targets=watching, memory_budget=4000).queries()
    watching.rows.clear()

    expected, found = (scores_of(queries, [many, many]) for queries in (whole, cut))

    assert watching.rows == ([20, 5] if COMPILES else [20] * 2 + [5] * 8)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("count", [1, 5])
def test_variants_are_made_when_they_are_needed(count, samples):
    """No more variants are in memory than go into one pass."""
    made = 0

    def variants():
        nonlocal made
        for variant in changed(samples[:count], 40):
            made += 1
            yield variant

    queries = Probe(classifier(), samples[:count], targets=0).queries()

    ahead = [made - taken for taken, _ in enumerate(queries.gradients(variants()))]

    assert len(ahead) == 40
    assert max(ahead) == 16 // count


def test_a_question_is_compiled_once_for_all_records(samples):
    """Later records run what the first one traced, with the weights of then."""
    watching, model, variants = Watching(), classifier(), changed(samples, 2)
    probe = Probe(model, samples, targets=(watching, "predicted"))
    scores_of(probe.queries(), variants)
    traced = len(watching.rows)

    model.set_weights([weight * 1.5 for weight in model.get_weights()])
    found = scores_of(probe.queries(), variants)

    assert len(watching.rows) == traced + (0 if COMPILES else 1)
    np.testing.assert_allclose(found[:, 0], returned(model, variants)[..., 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rows", [1, 2, 4, 12])
def test_a_model_with_a_fixed_batch_size_is_asked_in_that_size(rows, samples):
    """A model that insists on its batch size gets it, also where the samples are fewer."""
    sizes = []

    class Sized(layers.Layer):
        def call(self, values):
            sizes.append(int(values.shape[0]))
            return values * 2.0

    image = keras.Input(batch_shape=(rows, 8, 6, 3))
    model = keras.Model(image, layers.Dense(2)(layers.GlobalAveragePooling2D()(Sized()(image))))
    variants = changed(samples, 3)
    sizes.clear()

    found = scores_of(Probe(model, samples, targets=1).queries(), variants)

    assert set(sizes) == {rows}
    kernel, bias = model.get_weights()
    expected = 2 * np.stack(variants).mean(axis=(2, 3)) @ kernel[:, 1] + bias[1]
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-5, atol=1e-6)


def test_a_formula_that_fails_says_why(samples):
    """What an explainer of the shared pass raises while it is repeated is raised."""
    queries = Probe(classifier(), samples, targets=0).queries()

    with pytest.raises(ZeroDivisionError, match="a formula that fails"):
        list(queries.maps(Failing(), changed(samples, 1)))


def test_asking_leaves_model_and_streams_as_they_were(samples):
    """Weights, and the streams of random numbers, are bitwise what they were."""
    model = classifier()
    probe = Probe(model, samples, targets="predicted")
    weights, state = model.get_weights(), np.random.get_state()  # noqa: NPY002 - the user's stream

    gradients_of(probe.queries(), changed(samples, 2))

    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(state[1], np.random.get_state()[1])  # noqa: NPY002


def test_probabilities_are_those_of_the_targets(samples):
    """A class has the softmax of its score; a difference and a function of outputs have none."""
    model, variants = classifier(), changed(samples, 3)
    targets = (2, Contrast(0, 1), lambda outputs: outputs[:, 0])
    queries = Probe(model, samples, targets=targets).queries()
    found = arrays(queries.probabilities(map(keras.ops.convert_to_tensor, variants)))

    outputs = returned(model, variants)
    expected = np.exp(outputs[..., 2]) / np.exp(outputs).sum(axis=-1)
    assert queries.has_probability == (True, False, False)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-5)


def test_moves_to_changed_samples_with_the_same_targets(samples):
    """What an explainer asks around a variant is asked of the class of the unchanged sample."""
    model = classifier()
    (variant,) = changed(samples, 1)
    queries = Probe(model, samples, targets="predicted").queries()
    moved = queries.at(keras.ops.convert_to_tensor(variant))
    found = scores_of(moved, [variant])[0, 0]

    predicted = returned(model, [samples])[0].argmax(axis=-1)
    np.testing.assert_array_equal(arrays([moved.samples])[0], variant)
    np.testing.assert_array_equal(arrays([queries.samples])[0], samples)
    expected = returned(model, [variant])[0][np.arange(5), predicted]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    whole, _ = observe(model, variant, ActivationAlone("conv"), targets=0)
    layer = arrays([moved.activation("conv")])[0]
    np.testing.assert_allclose(layer, whole.arrays[0][0]["activation"], rtol=1e-5, atol=1e-6)

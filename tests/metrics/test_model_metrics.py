"""What holds for every metric that asks the model."""

import keras
import numpy as np
import pytest
from measured import of_maps
from test_metric_contract import CLASSES

import tb_explain as tbx
from tb_explain.metrics import Completeness, Deletion, Insertion, MaxSensitivity, ModelMetric

EXPLAINER = tbx.IntegratedGradients(points=3)
EXPLAINERS = (
    tbx.GradCAM(),
    tbx.Saliency(),
    tbx.SmoothGrad(of=tbx.GradCAM(), points=2),
    tbx.Occlusion(window=8),
    tbx.DeepLIFT(baseline=tbx.Blurred()),
    tbx.LRP(),
)


@pytest.fixture(
    params=[cls for cls in CLASSES if issubclass(cls, ModelMetric)], ids=lambda cls: cls.__name__
)
def metric(request):
    return request.param()


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).random((5, 12, 12, 3), dtype=np.float32)


@pytest.fixture(scope="module")
def model():
    return network()


@pytest.fixture(scope="module")
def explanation(model, pictures):
    return EXPLAINER.explain(model, pictures, targets="predicted")


def network(**settings):
    """Returns a network with what remembers and draws: statistics and dropout."""
    keras.utils.set_random_seed(2)
    layers = [
        keras.Input((12, 12, 3)),
        keras.layers.Conv2D(6, 3, padding="same", activation="relu", **settings),
        keras.layers.BatchNormalization(**settings),
        keras.layers.Dropout(0.4, seed=1, **settings),
        keras.layers.Conv2D(5, 3, padding="same", activation="relu", **settings),
        keras.layers.GlobalAveragePooling2D(**settings),
        keras.layers.Dense(4, dtype="float32"),
        keras.layers.Activation("softmax", dtype="float32"),
    ]
    return keras.Sequential(layers, name="asked")


def asked(metric, explanation, model, pictures, **settings):
    return metric(explanation, model, pictures, **{"explainer": EXPLAINER, **settings})


def test_the_size_of_batches_changes_nothing(metric, explanation, model, pictures):
    """What does not fit the memory is asked in several batches, with the same answers."""
    whole = asked(metric, explanation, model, pictures)
    assert np.isfinite(whole).all()

    for budget in (1, 3 * 12 * 12 * 20 * 4, 2**40):
        found = asked(metric, explanation, model, pictures, memory_budget=budget)
        np.testing.assert_allclose(found, whole, rtol=1e-4, atol=1e-6)


def test_measures_each_map_alone(metric, explanation, model, pictures):
    """Other maps change nothing, nor does their order; each has its own sample."""
    whole = asked(metric, explanation, model, pictures)

    for places in ([3], [4, 0, 2]):
        found = asked(metric, of_maps(explanation, places), model, pictures)
        np.testing.assert_allclose(found, whole[places], rtol=1e-4, atol=1e-6)


def test_is_the_same_again(metric, explanation, model, pictures):
    """Whatever is drawn is drawn from a fixed seed."""
    first, second = (asked(metric, explanation, model, pictures) for _ in range(2))

    np.testing.assert_array_equal(first, second)


def test_leaves_the_model_as_it_was(metric, explanation, model, pictures):
    """Weights, statistics, random states, samples and maps are bitwise what they were."""
    before = [np.array(each) for each in model.get_weights()]
    seed = np.array(model.layers[2].seed_generator.state.value)
    values, samples = explanation.values.copy(), pictures.copy()
    asked(metric, explanation, model, pictures)

    for each, kept in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(each, kept)
    np.testing.assert_array_equal(model.layers[2].seed_generator.state.value, seed)
    np.testing.assert_array_equal(explanation.values, values)
    np.testing.assert_array_equal(pictures, samples)


def test_takes_a_model_of_mixed_precision(metric, pictures):
    """Half precision computes about the same figures."""
    exact, mixed = network(), network(dtype="mixed_bfloat16")
    mixed.set_weights(exact.get_weights())
    targets = [0, 1, 2, 3, 0]
    found = [
        asked(metric, EXPLAINER.explain(each, pictures, targets=targets), each, pictures)
        for each in (exact, mixed)
    ]

    assert np.isfinite(found[1]).all()
    if metric.name in ("deletion", "insertion"):
        np.testing.assert_allclose(found[1], found[0], atol=0.02)


def test_is_not_defined_for_maps_that_are_not_finite(metric, explanation, model, pictures):
    """One value that is not finite takes the figure of its map, and of no other."""
    values = explanation.values.copy()
    values[1, 2, 3] = np.nan
    wrong = type(explanation)(**{**vars(explanation), "values": values})

    found = asked(metric, wrong, model, pictures)
    assert np.isfinite(found).tolist() == [True, False, True, True, True]


def test_takes_no_maps(metric, explanation, model, pictures):
    """An explanation without maps has no figures."""
    assert asked(metric, of_maps(explanation, []), model, pictures).shape == (0,)


@pytest.mark.parametrize("explainer", EXPLAINERS, ids=lambda each: type(each).__name__)
def test_explains_anew_what_was_explained(explainer, model, pictures):
    """Slight noise changes a map slightly, for every kind of explainer, and its class not at all.

    The target is what the model predicts for the sample; noise that turns the prediction round
    is explained for the class of the sample nevertheless.
    """
    explanation = explainer.explain(model, pictures, targets="predicted")
    metrics = [MaxSensitivity(points=2, radius=radius) for radius in (1e-6, 0.1)]
    slight, strong = (
        metric(explanation, model, pictures, explainer=explainer) for metric in metrics
    )

    assert (slight < 1e-3).all()
    assert (strong > slight).all()
    given = explainer.explain(model, pictures, targets=list(explanation.targets))
    found = metrics[1](given, model, pictures, explainer=explainer)
    np.testing.assert_allclose(strong, found, rtol=1e-3)


@pytest.mark.parametrize(
    "targets",
    [tbx.Contrast(0, 1), tbx.Neuron("conv2d_1", 2), lambda outputs: outputs[:, 1]],
    ids=["contrast", "neuron", "function"],
)
def test_takes_any_target(targets):
    """A target that is no class is measured by its score, where it is named."""
    model = network()
    layer = model.layers[3].name
    targets = tbx.Neuron(layer, 2) if isinstance(targets, tbx.Neuron) else targets
    pictures = np.random.default_rng(0).random((3, 12, 12, 3), dtype=np.float32)
    explanation = tbx.Saliency().explain(model, pictures, targets=targets)

    found = Deletion()(explanation, model, pictures, targets=targets)
    scored = Deletion(score=True)(explanation, model, pictures, targets=targets)
    np.testing.assert_array_equal(found, scored)
    with pytest.raises(ValueError, match=r"names no class|not those of the model"):
        Deletion()(explanation, model, pictures)


def test_regions_are_those_of_the_unchanged_sample():
    """Where a model predicts for each place, the places of a class stay when the sample changes."""
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(3, 3, padding="same", activation="softmax")]
    )
    pictures = np.random.default_rng(0).normal(size=(4, 8, 8, 3)).astype(np.float32)
    explanation = tbx.Saliency().explain(model, pictures, targets=1)
    found = Deletion(points=1, baseline=0.0)(explanation, model, pictures)

    before, after = (keras.ops.convert_to_numpy(model(each)) for each in (pictures, 0 * pictures))
    region = before.argmax(axis=-1) == 1
    expected = [
        (one[place, 1].mean() + other[place, 1].mean()) / 2
        for one, other, place in zip(before, after, region, strict=True)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_takes_several_inputs():
    """What is changed is the explained input; the others stay with their sample."""
    pictures = np.random.default_rng(0).random((3, 12, 12, 3), dtype=np.float32)
    extra = np.arange(3, dtype=np.float32)[:, None]
    image, number = keras.Input((12, 12, 3)), keras.Input((1,))
    hidden = keras.layers.Conv2D(4, 3, activation="relu")(image)
    hidden = keras.layers.GlobalAveragePooling2D()(hidden)
    hidden = keras.layers.Concatenate()([hidden, number])
    model = keras.Model([image, number], keras.layers.Dense(3, "softmax")(hidden))
    explanation = tbx.Saliency().explain(model, [pictures, extra], targets=1)
    found = Deletion()(explanation, model, [pictures, extra])

    for place in range(3):
        one = Deletion()(of_maps(explanation, [place]), model, [pictures, extra])
        np.testing.assert_allclose(one, found[[place]], rtol=1e-4)


@pytest.mark.parametrize(
    ("metric", "settings", "sentence"),
    [
        (MaxSensitivity(), {}, "explains anew; say what made the maps"),
        (Completeness(), {}, "defined where maps divide a score"),
        (Completeness(), {"explainer": tbx.GradCAM()}, "defined where maps divide a score"),
        (Deletion(), {"explainer": tbx.Filters()}, "maps of a target"),
        (Deletion(), {"targets": (0, 1)}, "One target is measured at a time"),
        (Deletion(), {"memory_budget": 0}, "memory_budget"),
    ],
    ids=["unknown", "unknown sum", "no sum", "no target", "two targets", "budget"],
)
def test_what_cannot_be_asked_is_refused(metric, settings, sentence, explanation, model, pictures):
    """One sentence says the rule and what would do."""
    with pytest.raises(ValueError, match=sentence):
        metric(explanation, model, pictures, **settings)


def test_maps_of_something_else_are_refused(explanation, model, pictures):
    """Other samples, fewer of them, and maps without a sample have no figures."""
    with pytest.raises(ValueError, match="not those of the model"):
        Deletion()(explanation, model, 3 * pictures)
    with pytest.raises(ValueError, match="here 5 of them"):
        Deletion()(explanation, model, pictures[:3])
    with pytest.raises(ValueError, match="the sample of each map"):
        Insertion()(type(explanation)(explanation.values, "filter", signed=True), model, pictures)


def test_a_vector_has_no_pixels():
    """A model without rows and columns is refused."""
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2, "softmax")])
    explanation = tbx.Explanation(
        np.ones((2, 1, 6, 1), np.float32), "attribution", samples=(0, 1), targets=(0, 1)
    )
    with pytest.raises(ValueError, match="rows and columns"):
        Deletion()(explanation, model, np.ones((2, 6), np.float32))

"""Averages over noise beyond their defaults: what they repeat, what they cost, wrong settings."""

import dataclasses

import closed_form_pass_and_weights as one_pass
import closed_form_perturbed_gradients as closed
import keras
import numpy as np
import pytest
from queried import assert_same, queried

from tb_explain.execution.shared_pass import SharedPass
from tb_explain.execution.tags import tag_of
from tb_explain.explainers import (
    Blurred,
    Filters,
    GradCAM,
    GradientSHAP,
    HiResCAM,
    InputXGradient,
    Saliency,
    SmoothGrad,
    VarGrad,
)
from tb_explain.probe import Probe

FEW = {"points": 4, "noise": 0.1, "seed": 3}


@pytest.fixture(scope="module")
def probe(model, world):
    return Probe(model, world.samples, targets=list(world.targets))


def noisy_maps(world, form):
    return np.stack([form(noisy) for noisy in closed.noisy_worlds(world, **FEW)])


def products(world):
    """Returns sample times gradient with noise in the gradient alone, by noisy copy."""
    gradients = closed.noisy_gradients(world, **FEW)
    return (world.samples * gradients).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    ("of", "form"),
    [(GradCAM(), one_pass.grad_cam), (HiResCAM(), one_pass.hires_cam)],
    ids=["Grad-CAM", "HiResCAM"],
)
def test_repeats_a_class_activation_map(of, form, probe, world):
    """Of a class activation map, SmoothGrad is the mean over the copies, VarGrad the variance."""
    maps = noisy_maps(world, form)

    assert_same(queried(SmoothGrad(of=of, **FEW), probe)["map"], maps.mean(axis=0))
    assert_same(queried(VarGrad(of=of, **FEW), probe)["map"], maps.var(axis=0))


def test_repeats_input_times_gradient(probe, world):
    """The mean gradient is multiplied by the sample without noise, and so is each of a variance."""
    smooth = queried(SmoothGrad(of=InputXGradient(), **FEW), probe)["map"]
    variance = queried(VarGrad(of=InputXGradient(), **FEW), probe)["map"]

    assert_same(smooth, products(world).mean(axis=0))
    assert_same(variance, products(world).var(axis=0))


def test_sign_layer_and_size_are_those_of_the_explainer_inside(probe):
    """A smoothed map is signed where the map is, and shown where it is."""
    inside = (Saliency(recorded_size=3), InputXGradient(), GradCAM(), HiResCAM())
    asked = [*(SmoothGrad(of=of, points=1) for of in inside), VarGrad(of=HiResCAM(), points=2)]

    found = [result.explanation for result in SharedPass(probe, asked).run().results]

    assert [one.signed for one in found] == [False, True, False, True, False]
    assert [one.layer for one in found] == [None, None, "conv", "conv", "conv"]
    assert [one.recorded_size for one in found] == [3, 56, None, None, None]


def two_layers():
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input((6, 5, 2)),
            keras.layers.Conv2D(3, 3, activation="relu", name="first"),
            keras.layers.Conv2D(3, 2, activation="relu", name="second"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2),
        ]
    )


def test_tags_name_the_layer_of_the_explainer_inside(world):
    """Smoothed maps of two layers have a tag each, and the layer by rule is filled in."""
    asked = [SmoothGrad(of=GradCAM(layer=layer), points=1) for layer in ("first", None)]

    results = SharedPass(Probe(two_layers(), world.samples, targets=0), asked).run().results

    assert [tag_of(result.explainer, "0") for result in results] == [
        "SmoothGrad[of=GradCAM(),points=1]/first/0",
        "SmoothGrad[of=GradCAM(),points=1]/second/0",
    ]


def test_without_noise_nothing_is_averaged(model, probe, world):
    """Noise of 0, or a sample of one value, leaves the saliency as it is, and no variance."""
    flat = dataclasses.replace(world, samples=np.full_like(world.samples, 0.5))
    still = queried(SmoothGrad(points=3), Probe(model, flat.samples, targets=list(flat.targets)))

    assert_same(queried(SmoothGrad(points=3, noise=0), probe)["map"], one_pass.saliency(world))
    np.testing.assert_array_equal(queried(VarGrad(points=3, noise=0), probe)["map"], 0)
    assert_same(still["map"], one_pass.saliency(flat))


def test_the_seed_is_the_noise(probe):
    """Another seed is other noise, and other maps."""
    maps = [queried(SmoothGrad(points=2, seed=seed), probe)["map"] for seed in (1, 1, 2)]

    np.testing.assert_array_equal(maps[0], maps[1])
    assert np.abs(maps[0] - maps[2]).max() > 1e-3


def test_noise_of_large_values_has_a_variance(world):
    """The variance of gradients that hardly change beside their size keeps its digits."""
    keras.utils.set_random_seed(1)
    image = keras.Input((6, 5, 2))
    curved = keras.layers.Lambda(lambda x: keras.ops.sum(1e3 * x + x * x / 2, axis=(1, 2, 3)))
    quadratic = keras.Model(image, keras.layers.Reshape((1,))(curved(image)))

    probe = Probe(quadratic, world.samples, targets=0)
    found = queried(VarGrad(points=6, noise=1.0), probe)["map"]

    noise = np.stack([closed.gaussian(0, point, (6, 5, 2)) for point in range(6)])
    widths = world.samples.max(axis=(1, 2, 3)) - world.samples.min(axis=(1, 2, 3))
    expected = noise.astype(np.float64).var(axis=0).max(axis=-1) * widths[:, None, None] ** 2
    np.testing.assert_allclose(found[..., 0], expected, rtol=1e-3)


@pytest.mark.parametrize(
    "settings",
    [
        {"baseline": 0.25, "noise": 0.05},
        {"baseline": -0.5, "noise": 0},
        {"background": "pictures", "noise": 0},
        {"background": "pictures", "noise": 0.2, "seed": 8},
    ],
    ids=str,
)
def test_gradient_shap_matches_its_definition(settings, probe, world):
    """Baselines around one value, or drawn from pictures, with noise or without."""
    pictures = np.random.default_rng(2).normal(size=(3, 6, 5, 2)).astype(np.float32)
    settings = {name: pictures if v == "pictures" else v for name, v in settings.items()}

    found = queried(GradientSHAP(points=7, **settings), probe)["map"]

    assert_same(found, closed.gradient_shap(world, points=7, **settings))


def test_gradient_shap_says_how_far_it_is_from_complete(probe, world):
    """The gap is relative to the score less the mean score of the baselines."""
    found = queried(GradientSHAP(points=9), probe)

    order = np.zeros(9, int)
    at = [closed.baselines_at(world, point, order, 0.15, 0, 0.0, None) for point in range(9)]
    before = [closed.scores(dataclasses.replace(world, samples=one)) for one in at]
    difference = closed.scores(world) - np.mean(before, axis=0)
    gap = np.abs(found["map"].sum(axis=(1, 2, 3)) - difference) / np.abs(difference)
    assert gap.min() > 1e-3
    np.testing.assert_allclose(found["gap"], gap, rtol=1e-3)


def test_gradient_shap_of_a_linear_model_is_complete(world):
    """Where the score is linear, the sum is the difference of the scores."""
    keras.utils.set_random_seed(4)
    model = keras.Sequential(
        [keras.Input((6, 5, 2)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )

    found = queried(GradientSHAP(points=5), Probe(model, world.samples, targets=1))

    np.testing.assert_allclose(found["gap"], 0, atol=1e-4)


def test_costs_are_counted(model, world):
    """Each point of each sample is a forward pass, and a backward pass of each target."""
    asked = [
        SmoothGrad(points=5),
        VarGrad(of=GradCAM(), points=5),
        GradientSHAP(points=5),
        GradientSHAP(points=5, noise=0),
    ]
    probe = Probe(model, world.samples, targets=(0, 2))

    results = SharedPass(probe, asked).run().results

    facts = [result.explanation.facts for result in results[::2]]
    assert [each["backwards"] for each in facts] == [5 * 6 * 2] * 4
    assert [each["forwards"] for each in facts] == [6 * 5, 6 * 5, 6 * 11, 6 * 7]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: SmoothGrad(points=0), "at least one point. Received: SmoothGrad"),
        (lambda: VarGrad(points=1), "at least 2 points. Received: VarGrad"),
        (lambda: SmoothGrad(noise=-0.1), "at least 0, such as 0.15. Received: SmoothGrad"),
        (lambda: VarGrad(noise=float("nan")), "finite share .* Received: VarGrad"),
        (lambda: GradientSHAP(noise=float("inf")), "finite share .* Received: GradientSHAP"),
        (lambda: SmoothGrad(seed=-1), "seed is a whole number"),
        (lambda: SmoothGrad(of=Filters()), r"such as tbx.Saliency\(\) .* Received: of=Filters"),
        (lambda: VarGrad(of=SmoothGrad()), "Received: of=SmoothGrad"),
        (lambda: SmoothGrad(of=GradCAM(layer="conv9")), "No layer 'conv9'.*'conv'"),
        (lambda: SmoothGrad(of=Saliency(recorded_size=0)), "at least one cell"),
        (lambda: GradientSHAP(points=0), "at least one point. Received: GradientSHAP"),
        (lambda: GradientSHAP(recorded_size=0), "at least one cell"),
        (lambda: GradientSHAP(baseline=float("nan")), "finite number.*Received: baseline=nan"),
        (lambda: GradientSHAP(baseline=np.zeros((6, 5, 3))), r"shape \(6, 5, 2\) of a sample"),
        (lambda: GradientSHAP(background=np.zeros((6, 5, 2))), r"Received: .* \(6, 5, 2\)"),
        (lambda: GradientSHAP(background=np.zeros((0, 6, 5, 2))), "array of finite pictures"),
        (lambda: GradientSHAP(background=np.full((1, 6, 5, 2), np.nan)), "finite pictures"),
        (lambda: GradientSHAP(background=Blurred()), "array of finite pictures"),
        (lambda: GradientSHAP(background=np.zeros((2, 6, 6, 2))), r"shape \(6, 5, 2\) of a sam"),
    ],
)
def test_a_wrong_setting_is_a_sentence_before_anything_runs(make, sentence, probe):
    """What makes no sense is answered when the explainers meet the model."""
    with pytest.raises(ValueError, match=sentence):
        SharedPass(probe, [make()])


def test_settings_of_arrays_are_values():
    """Explainers with equal pictures are equal, whichever arrays hold them."""
    pictures = np.random.default_rng(0).random((2, 4, 4, 3))

    one, same, other = (
        GradientSHAP(background=each) for each in (pictures, +pictures, pictures[:1])
    )

    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert len({tag_of(each, "0") for each in (one, same, other)}) == 2
    assert GradientSHAP(baseline=0) == GradientSHAP()

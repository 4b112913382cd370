"""The same infidelity and max-sensitivity as Captum and quantus, where these are installed.

Run by `pytest -m peers tests/peers`; Captum needs `KERAS_BACKEND=torch`. Infidelity of quantus is
another figure: each of its patches covers what those before it covered, and maps are weighted by
the change of the input.
"""

import keras
import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.metrics import Infidelity, MaxSensitivity

pytestmark = pytest.mark.peers

POINTS = 12
SIDES = (2, 2)  # A quarter of eight rows, and of seven columns.
EXPLAINER = tbx.Saliency()


@pytest.fixture
def captum():
    if keras.backend.backend() != "torch":
        pytest.skip("a library of PyTorch")
    return pytest.importorskip("captum.metrics")


@pytest.fixture
def explanation(rectified, pictures, classes):
    return EXPLAINER.explain(rectified, pictures, targets=classes)


def noises(pictures):
    """Returns the noise of each point, drawn as the metric says that it draws it."""
    reach = np.ptp(pictures, axis=(1, 2, 3), keepdims=True) * np.float32(0.02)
    shape = (1, *pictures.shape[1:])
    draws = [np.random.default_rng([0, point]).uniform(-1, 1, shape) for point in range(POINTS)]
    return [(reach * draw).astype(np.float32) for draw in draws]


@pytest.mark.parametrize("scaled", [False, True], ids=["as in the paper", "scaled"])
def test_infidelity_of_captum(captum, rectified, pictures, classes, scaled):
    """Rectangles are the same; Captum scales a map as well, and keeps the unit of the score."""
    import torch

    explainer = tbx.IntegratedGradients(baseline=0.3)
    explanation = explainer.explain(rectified, pictures, targets=classes)
    ends = np.array(pictures.shape[1:3]) - SIDES + 1
    corners = np.random.default_rng(0).integers(0, ends, (POINTS, 2))
    inside = np.zeros((POINTS, *pictures.shape[1:3], 1), np.float32)
    for each, (top, left) in zip(inside, corners, strict=True):
        each[top : top + SIDES[0], left : left + SIDES[1]] = 1
    covers = torch.tensor(np.concatenate([inside] * len(pictures)))

    def score(samples):
        asked = np.repeat(classes, len(samples) // len(classes))
        return rectified(samples)[torch.arange(len(samples)), torch.tensor(asked)]

    def cover(samples):
        return covers.expand_as(samples) / 3, samples * (1 - covers) + 0.3 * covers

    theirs = captum.infidelity(
        score,
        cover,
        torch.tensor(pictures),
        torch.tensor(explanation.values).expand(-1, -1, -1, 3).contiguous(),
        n_perturb_samples=POINTS,
        normalize=scaled,
    ).detach()
    found = Infidelity(points=POINTS, baseline=0.3, scaled=scaled)(explanation, rectified, pictures)
    if scaled:
        repeated = torch.tensor(pictures).repeat_interleave(POINTS, 0)
        falls = (score(repeated) - score(cover(repeated)[1])).reshape(-1, POINTS)
        found = found * (falls.detach().numpy() ** 2).mean(axis=1)
    np.testing.assert_allclose(found, theirs, rtol=1e-4)


def test_max_sensitivity_of_captum(captum, rectified, pictures, classes, explanation):
    """The largest change of a map, under the same noise."""
    import torch

    noise = torch.tensor(np.stack(noises(pictures), axis=1).reshape(-1, *pictures.shape[1:]))

    def explained(samples):
        count = len(samples[0]) // len(classes)
        targets = np.repeat(classes, count).tolist()
        with torch.enable_grad():
            made = EXPLAINER.explain(rectified, samples[0].numpy(), targets=targets)
        return (torch.tensor(made.values),)

    theirs = captum.sensitivity_max(
        explained,
        torch.tensor(pictures),
        perturb_func=lambda samples, _radius: (samples + noise,),
        n_perturb_samples=POINTS,
    )
    metric = MaxSensitivity(points=POINTS)
    found = metric(explanation, rectified, pictures, explainer=EXPLAINER)
    np.testing.assert_allclose(found, theirs, rtol=1e-3)


def test_max_sensitivity_of_quantus(rectified, pictures, classes, explanation):
    """Likewise."""
    quantus = pytest.importorskip("quantus")
    noise = iter(noises(pictures))
    theirs = quantus.MaxSensitivity(
        nr_samples=POINTS,
        perturb_func=lambda arr, **_: arr + next(noise).reshape(len(arr), -1),
        disable_warnings=True,
    )
    theirs.explain_batch = lambda model, samples, targets: (
        EXPLAINER.explain(rectified, samples, targets=targets).values
    )
    expected = theirs.evaluate_batch(
        model=None, x_batch=pictures, y_batch=classes, a_batch=explanation.values
    )
    metric = MaxSensitivity(points=POINTS)
    found = metric(explanation, rectified, pictures, explainer=EXPLAINER)
    np.testing.assert_allclose(found, expected, rtol=1e-3)

"""Settings of LIME and Kernel SHAP that make no sense, answered by a sentence."""

import sys

import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.probe import Probe


@pytest.fixture(scope="module")
def probe(model, world):
    return Probe(model, world.samples, targets=list(world.targets))


def test_superpixels_need_scikit_image(monkeypatch, probe):
    """Without it the error says what to install, before anything runs; a grid does without."""
    monkeypatch.setitem(sys.modules, "skimage", None)

    tbx.LIME(segments=tbx.Grid(3, 3)).resolve(probe.layers)
    with pytest.raises(ValueError, match=r'pip install "tb-explain\[superpixels\]".*Received'):
        tbx.LIME().resolve(probe.layers)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"evaluations": 3}, "at least 4 evaluations.*Received"),
        ({"seed": -1}, "a seed of 0 or more.*Received"),
        ({"baseline": float("nan")}, "A baseline is a finite number.*Received"),
        ({"segments": tbx.Grid(7, 2)}, "the 6 rows and 5 columns of a sample.*Received"),
        ({"segments": tbx.Grid(1, 1)}, "at least two rectangles.*Received"),
        ({"segments": tbx.Superpixels(1)}, "at least two superpixels.*segments=50.*Received"),
        ({"segments": tbx.Superpixels(compactness=0)}, "compactness above 0.*Received"),
        ({"segments": np.eye(4, dtype=int)}, r"have the shape \(6, 5\).*shape \(4, 4\)"),
        ({"segments": np.ones((6, 5), int)}, "at least two segments.*same at all pixels"),
        ({"recorded_size": 0}, "at least one cell.*Received"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [tbx.LIME, tbx.KernelSHAP])
def test_wrong_settings_are_answered_before_anything_runs(kind, settings, sentence, probe):
    """One sentence with the rule, what would do and what was received."""
    with pytest.raises(ValueError, match=sentence):
        kind(**settings).resolve(probe.layers)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [({"width": 0.0}, "a width above 0"), ({"ridge": -1.0}, "its ridge is at least 0")],
)
def test_wrong_kernels_are_answered_before_anything_runs(settings, sentence, probe):
    """The settings that only LIME has."""
    with pytest.raises(ValueError, match=f"{sentence}.*Received: LIME"):
        tbx.LIME(**settings).resolve(probe.layers)


def test_segments_that_do_not_fit_are_answered_by_a_sentence(model, world):
    """Labels of other samples, more segments than evaluations, and what is no label at all."""
    labels = np.stack([np.arange(30).reshape(6, 5)] * 2)
    with pytest.raises(ValueError, match=r"one picture for each sample.*shape \(2, 6, 5\)"):
        tbx.LIME(segments=labels).explain(model, world.samples, targets=0)
    with pytest.raises(ValueError, match=r"30 segments needs at least 60 evaluations.*Received"):
        tbx.LIME(segments=labels[0], evaluations=59).explain(model, world.samples, targets=0)
    for wrong in (50, "slic", np.ones((6, 5))):
        with pytest.raises(ValueError, match=r"Segments are tbx\.Superpixels\(\).*Received"):
            tbx.KernelSHAP(segments=wrong)

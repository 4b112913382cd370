"""What is not finite, on records made by hand."""

import numpy as np
import pytest
from observing import CAM, LABELS, explanation, found, layer, predictions

from tb_explain.alerts import NotFinite

NAN = float("nan")
LAYERS = tuple(layer(f"conv{index}") for index in range(3))
HEALTHY = {"layers": LAYERS}


def layers(**figures):
    return {"layers": LAYERS, "figures": {each.path: figures.get(each.path, {}) for each in LAYERS}}


def test_names_the_first_layer_at_once():
    """Weights that are NaN make everything behind them so."""
    lost = {"mean": NAN, "std": NAN, "norm": NAN}
    (finding,) = found(NotFinite(), [HEALTHY, layers(conv1=lost, conv2=lost)])

    assert finding.title == "conv1 is not finite."
    assert finding.text == (
        "Its weights hold NaN or infinite values, the first in the order of execution; "
        "so do 1 more layer."
    )
    assert (finding.step, finding.since, finding.layer, finding.severity) == (
        1,
        1,
        "conv1",
        "error",
    )


def test_finds_outputs_that_are_not_finite():
    """Finite weights may put out what is not."""
    (finding,) = found(NotFinite(), [layers(conv0={"mean": float("inf")})])

    assert finding.text.startswith("Its output holds NaN or infinite values")


def test_finds_scores_that_are_not_finite():
    """Also where no layer is looked at."""
    broken = predictions(LABELS, score=[NAN] * 2 + [1] * 14)
    (finding,) = found(NotFinite(), [{"predictions": broken}])

    assert finding.title == "The score of 2 of 16 samples is not finite."


def test_regions_that_are_empty_have_no_score():
    """In a segmentation NaN means that there is nothing to score."""
    empty = predictions(LABELS, task="segmentation", score=NAN)

    assert found(NotFinite(), [{"predictions": empty}]) == []


@pytest.mark.parametrize("name", ["loss", "val_loss"])
def test_finds_a_loss_that_is_not_finite(name):
    """It may be so before the weights are."""
    (finding,) = found(NotFinite(), [{"logs": {name: NAN, "accuracy": 1.0}}])

    assert "not finite" in finding.title
    assert finding.title.lower().startswith(name)


def test_a_metric_without_a_value_is_none():
    """A precision without positives is NaN in a healthy training."""
    assert found(NotFinite(), [{"logs": {"precision": NAN, "loss": 1.0}}]) == []


def test_finds_maps_of_a_finite_model():
    """Then the explainer is at fault; the finding names its first map."""
    values = np.ones((16, 2, 2, 1), np.float32)
    values[3:5, 0, 0] = NAN
    (finding,) = found(NotFinite(), [{"explanations": {CAM: explanation(values)}}])

    assert finding.title == f"{CAM} is not finite."
    assert finding.text.startswith("2 maps with NaN or infinite values")
    assert (finding.tag, finding.sample, finding.layer) == (CAM, 3, "conv")


def test_maps_of_a_model_that_is_not_finite_are_no_further_finding():
    """One cause, one finding."""
    values = np.full((16, 2, 2, 1), NAN, np.float32)
    broken = {**layers(conv1={"norm": NAN}), "explanations": {CAM: explanation(values)}}

    assert [change.layer for change in found(NotFinite(), [broken])] == ["conv1"]


def test_figures_that_do_not_apply_are_none():
    """A pooling layer has no kernel, and a layer that nobody looks at no output figures."""
    pooled = layer("pool", kernel=None)
    record = {
        "layers": (pooled, layer("conv")),
        "figures": {
            "pool": {"norm": NAN, "change": NAN},
            "conv": {"mean": NAN, "std": NAN, "sparsity": NAN},
        },
    }

    assert found(NotFinite(), [record] * 3) == []


def test_is_over_after_three_finite_records():
    """It may have been a single batch."""
    changes = found(NotFinite(), [layers(conv1={"mean": NAN}), *[HEALTHY] * 3])

    assert [(each.step, each.state) for each in changes] == [(0, "on"), (3, "off")]

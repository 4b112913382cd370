"""Measuring a run, record by record, and the curves made of it."""

import re
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
import pytest

from tb_explain.execution.curves import curve_tag, curves_of
from tb_explain.execution.measuring import Measuring
from tb_explain.execution.memory import Memory
from tb_explain.explanation import Explanation
from tb_explain.metrics import DEFAULTS, Drift, Localization, MapMetric, RelevanceMass, Strength
from tb_explain.probe.observation import Predictions

TAG = "GradCAM/conv/label"
ALWAYS = [each.name for each in DEFAULTS if not isinstance(each, Localization)]


@final
@dataclass(frozen=True)
class Faulty(MapMetric):
    """A metric whose formula has a fault."""

    name: ClassVar[str] = "faulty"
    title: ClassVar[str] = "Faulty"
    better = None
    range: ClassVar[tuple] = (None, None)
    about: ClassVar[str] = "Nothing."
    paper: ClassVar[str] = ""

    def measure(self, maps):
        raise ZeroDivisionError("a fault in the formula")


def maps(seed, **fields):
    values = np.random.default_rng(seed).random((3, 6, 5, 1), np.float32)
    about = {"kind": "attribution", "samples": (0, 1, 2), "targets": (4, 4, 4)}
    return Explanation(values=values, **{**about, **fields})


def measure(measuring, *explanations, first_step=0, tag=TAG):
    """Returns the figures of each record of a run."""
    return [
        measuring.measured(tag, explanation, step)[0].figures
        for step, explanation in enumerate(explanations, start=first_step)
    ]


def test_describes_what_it_measures():
    """The facts name the figures that are metrics, in their order; others of a map stay."""
    own = np.array([1, 2, 3], np.float32)
    shown = maps(0, figures={"completeness": own}, facts={"reason": "the last"})
    found, problems = Measuring(None, None, Memory()).measured(TAG, shown, 0)

    assert list(found.facts["metrics"]) == ALWAYS
    assert found.facts["reason"] == "the last"
    assert found.facts["metrics"]["drift"]["range"] == [0, 2]
    assert set(found.figures) == {*ALWAYS, "completeness"}
    np.testing.assert_array_equal(found.figures["completeness"], own)
    assert found.values is shown.values
    assert problems == []


def test_masks_add_the_metrics_of_the_object():
    """With masks the default says how much lies on the object."""
    masks = np.zeros((3, 12, 10), np.bool_)
    masks[:, :6] = True
    (found,) = measure(Measuring(None, masks, Memory()), maps(0))

    expected = maps(0).values[:, :3].sum((1, 2, 3)) / maps(0).values.sum((1, 2, 3))
    assert set(found) == {each.name for each in DEFAULTS}
    np.testing.assert_allclose(found["relevance_mass"], expected, rtol=1e-4)


def test_compares_with_the_last_record_and_with_the_first():
    """Nothing is there to compare with at step 0; later drift and control tell two changes."""
    first, second, third = measure(Measuring(None, None, Memory()), maps(0), maps(0), maps(1))

    assert np.isnan(first["drift"]).all()
    assert np.isnan(first["control"]).all()
    assert (second["drift"] == 0).all()
    assert (second["control"] == 1).all()
    assert (third["drift"] > 0.5).all()
    np.testing.assert_allclose(third["control"], 1 - third["drift"], atol=1e-4)


def test_a_second_fit_goes_on():
    """The maps of the first fit are remembered with the run."""
    memory = Memory()
    measure(Measuring(None, None, memory), maps(0), maps(1))
    (found,) = measure(Measuring(None, None, memory), maps(1), first_step=2)

    assert (found["drift"] == 0).all()
    assert np.isfinite(found["control"]).all()


def test_a_process_that_did_not_see_the_untrained_model_has_no_control():
    """After a restart the first record is that of a trained model."""
    found = measure(Measuring(None, None, Memory()), maps(0), maps(1), first_step=7)

    assert np.isnan(found[1]["control"]).all()
    assert np.isfinite(found[1]["drift"]).all()


def test_tags_do_not_mix():
    """Each tag is compared with its own maps."""
    measuring = Measuring(None, None, Memory())
    measure(measuring, maps(0))
    (found,) = measure(measuring, maps(1), first_step=1, tag="Saliency/input/label")

    assert np.isnan(found["drift"]).all()


@pytest.mark.parametrize("kind", ["activation", "filter", "weight"])
def test_maps_of_a_layer_are_not_measured(kind):
    """The metrics are about explanations of samples."""
    shown = maps(0, kind=kind)

    assert Measuring(None, None, Memory()).measured(TAG, shown, 0) == (shown, [])


def test_nothing_is_measured_if_nothing_was_asked_for():
    """`metrics=[]` leaves explanations as they are."""
    shown = maps(0)
    measuring = Measuring([], None, Memory())

    assert measuring.is_idle
    assert measuring.measured(TAG, shown, 0) == (shown, [])


def test_a_metric_with_a_fault_loses_only_its_figure():
    """The maps and the other figures are recorded, and the fault is named."""
    found, problems = Measuring([Faulty(), Strength()], None, Memory()).measured(TAG, maps(0), 0)

    assert set(found.figures) == {"strength"}
    assert list(found.facts["metrics"]) == ["strength"]
    assert problems == [("Faulty", "ZeroDivisionError: a fault in the formula")]


def test_a_metric_of_the_object_needs_masks():
    """Asked for without masks it is refused, before training."""
    with pytest.raises(ValueError, match=re.escape("needs `masks`")):
        Measuring([Drift(), RelevanceMass()], None, Memory())


def predictions(probability):
    arrays = {
        "score": np.array([[2, 4]], np.float32),
        "probability": np.float32([probability]),
        "predicted": np.array([-1, -1], np.int32),
        "predicted_probability": np.full(2, np.nan, np.float32),
        "top_probability": np.zeros((2, 0), np.float32),
        "correct": np.array([255, 255], np.uint8),
    }
    return Predictions(arrays, "multiclass", 3, None, ("label",))


def test_curves_are_means_where_a_figure_is_defined():
    """A curve leaves out what has no figure, and starts where any map has one."""
    measuring = Measuring([Drift(), Strength()], None, Memory())
    first = measuring.measured(TAG, maps(0), 0)[0]
    flipped = maps(1, targets=(4, 4, 0))
    second = measuring.measured(TAG, flipped, 1)[0]
    start, _ = curves_of({TAG: first}, predictions([0.5, np.nan]), Memory())
    later, about = curves_of({TAG: second}, predictions([np.nan, np.nan]), Memory())

    assert start.keys() == {
        "explain/score/label",
        "explain/probability/label",
        f"explain/strength/{TAG}",
    }
    assert start["explain/score/label"] == 3
    assert start["explain/probability/label"] == 0.5
    assert later.keys() == {
        "explain/score/label",
        f"explain/drift/{TAG}",
        f"explain/strength/{TAG}",
    }
    expected = second.figures["drift"][:2].mean()
    assert later[f"explain/drift/{TAG}"] == pytest.approx(expected, rel=1e-6)
    assert about.keys() == later.keys()
    assert "Better is lower. [Paper](https" in about[f"explain/drift/{TAG}"]


def test_curves_of_long_tags_stay_apart():
    """A tag of any length becomes one of 200 printable characters at most."""
    long = "GradCAM/" + "nested/" * 60
    tags = [curve_tag("drift", f"{long}{end}") for end in ("a", "b")]

    assert {len(tag) for tag in tags} == {200}
    assert len(set(tags)) == 2
    assert curve_tag("drift", "Grad\nCAM/a b") == "explain/drift/Grad_CAM/a b"

"""Rules that look at maps and their figures, on records made by hand."""

import numpy as np
import pytest
from observing import CAM, LABELS, SAMPLES, explanation, found, wrong_on

from tb_explain.alerts import (
    EvidenceOffObject,
    FlippedExplanation,
    IgnoresModel,
    IgnoresWeights,
    NoEvidence,
)

TITLES = {CAM: "Grad-CAM"}
NAN = float("nan")
UNTRAINED = wrong_on(*range(12))


def maps(values=None, **figures):
    """Returns a record whose maps have these figures."""
    columns = {
        name: np.broadcast_to(np.float32(figure), (SAMPLES,)) for name, figure in figures.items()
    }
    shown = explanation(values, figures=columns, targets=tuple(LABELS.tolist()))
    return {"explanations": {CAM: shown}, "titles": TITLES}


def empty_on(count, **facts):
    values = np.ones((SAMPLES, 2, 2, 1), np.float32)
    values[:count] = 0
    return {**maps(values), **facts}


def test_finds_maps_without_evidence():
    """Half of the maps are zero, though the samples are right."""
    (finding,) = found(NoEvidence(), [empty_on(9)] * 3)

    assert finding.title == "Grad-CAM shows no evidence for the label on 9 of 16 samples."
    assert finding.text.startswith("Nothing in conv speaks for it, at accuracy 1;")
    assert (finding.tag, finding.layer, finding.sample) == (CAM, "conv", 0)
    assert finding.entry["curve"] == {"metric": "strength", "tag": CAM}


def test_maps_may_be_empty_while_the_model_guesses():
    """An untrained model has no evidence to show; neither are a few empty maps a finding."""
    assert found(NoEvidence(), [empty_on(9, predicted=UNTRAINED)] * 5) == []
    assert found(NoEvidence(), [empty_on(7)] * 5) == []
    assert len(found(NoEvidence(share=0.4), [empty_on(7)] * 5)) == 1
    assert len(found(NoEvidence(skill=-1), [empty_on(9, predicted=UNTRAINED)] * 5)) == 1


@pytest.mark.parametrize("facts", [{"layer": None}, {"kind": "attention"}, {"targets": (0,) * 16}])
def test_only_activation_maps_of_the_label_show_evidence_for_it(facts):
    """A saliency without gradient, attention and maps of another class say something else."""
    shown = {"targets": tuple(LABELS.tolist()), **facts}
    empty = explanation(np.zeros((SAMPLES, 2, 2, 1), np.float32), **shown)

    assert found(NoEvidence(), [{"explanations": {CAM: empty}}] * 5) == []


def moving(change=0.1, **figures):
    return {**maps(**figures), "figures": {"conv": {"change": change}, "head": {"change": change}}}


STUCK = moving(control=0.93)


def test_finds_an_explainer_that_ignores_the_model():
    """Its maps are those of the untrained model, though the accuracy rose."""
    first = {**moving(NAN, control=NAN), "predicted": UNTRAINED}
    (finding,) = found(IgnoresModel(), [first, *[STUCK] * 3])

    assert finding.title == "Grad-CAM shows the picture, not the model."
    assert finding.text == (
        "Rank correlation with the untrained model .93, though the accuracy went from .25 to 1."
    )
    assert (finding.severity, finding.tag) == ("info", CAM)
    assert finding.metric == "control"


def test_an_explainer_that_follows_the_model_is_none():
    """At a rank correlation of .9 and below; also where only a part has a figure."""
    first = {**moving(NAN, control=NAN), "predicted": UNTRAINED}
    half = [NAN] * 8 + [0.5] * 8

    assert found(IgnoresModel(), [first, *[moving(control=0.89)] * 5]) == []
    assert found(IgnoresModel(), [first, *[moving(control=half)] * 5]) == []
    assert found(IgnoresModel(), [first, *[moving(control=NAN)] * 5]) == []


def test_a_model_that_stays_itself_is_no_control():
    """It did not learn, or its weights are those it came with."""
    first = {**moving(NAN, control=NAN), "predicted": UNTRAINED}
    same = {**STUCK, "predicted": UNTRAINED}

    assert found(IgnoresModel(), [first, *[same] * 5]) == []
    assert found(IgnoresModel(), [first, *[moving(0.01, control=0.99)] * 5]) == []
    assert len(found(IgnoresModel(moved=0.02), [first, *[moving(0.01, control=0.99)] * 5])) == 1


def test_finds_an_explainer_that_ignores_the_weights():
    """A pretrained model has no control; records between two measurements count neither way."""
    alike, between = maps(parameter_randomization=0.93), maps(drift=0.1)
    (finding,) = found(IgnoresWeights(), [alike, between, alike, between, alike])

    assert finding.title == "Grad-CAM shows the picture, not the model."
    assert finding.text == "Rank correlation with maps of random weights .93."
    assert (finding.severity, finding.tag) == ("info", CAM)
    assert finding.entry["curve"] == {"metric": "parameter_randomization", "tag": CAM}


def test_an_explainer_that_follows_the_weights_is_none():
    """At a rank correlation of .9 and below, over the maps that have a figure."""
    half = [NAN] * 8 + [0.5] * 8

    assert found(IgnoresWeights(), [maps(parameter_randomization=0.89)] * 5) == []
    assert found(IgnoresWeights(), [maps(parameter_randomization=half)] * 5) == []
    assert found(IgnoresWeights(), [maps(parameter_randomization=NAN)] * 5) == []
    assert len(found(IgnoresWeights(likeness=0.4), [maps(parameter_randomization=half)] * 3)) == 1


def masses(*of_classes, **facts):
    """Returns a record with the share of evidence on the object of each class."""
    return {**maps(relevance_mass=[of_classes[label] for label in LABELS]), **facts}


ON = masses(0.6, 0.6, 0.6, 0.6)
LEFT = masses(0.6, 0.6, 0.09, 0.6)


def test_finds_a_class_whose_evidence_left_the_object():
    """A shortcut of one class: the others are as before."""
    (finding,) = found(EvidenceOffObject(), [*[ON] * 3, *[LEFT] * 3])

    assert finding.title == "Evidence left the object for “two”."
    assert finding.text == (
        "9 % of the relevance lies inside the masks (60 % at 0), at accuracy 1."
    )
    assert (finding.class_index, finding.severity, finding.since) == (2, "error", 3)
    assert LABELS[finding.sample] == 2
    assert finding.entry["curve"] == {"metric": "relevance_mass", "tag": CAM}


def test_evidence_that_comes_back_ends_it():
    """Three records above the threshold."""
    changes = found(EvidenceOffObject(), [*[ON] * 3, *[LEFT] * 3, *[ON] * 3])

    assert [(each.state, each.since) for each in changes] == [("on", 3), ("off", 6)]


def test_thresholds_of_evidence():
    """How far it falls and on how many samples are settings."""
    fell_little = [*[ON] * 3, *[masses(0.6, 0.6, 0.45, 0.6)] * 5]
    one_of_four = np.full(SAMPLES, 0.6)
    one_of_four[2] = 0
    fell_once = [*[ON] * 3, *[maps(relevance_mass=one_of_four)] * 5]

    assert found(EvidenceOffObject(), fell_little) == []
    assert len(found(EvidenceOffObject(fall=0.1), fell_little)) == 1
    assert found(EvidenceOffObject(), fell_once) == []
    assert len(found(EvidenceOffObject(share=0.25), fell_once)) == 1


def test_more_than_a_uniform_map_has_there_has_not_left():
    """Evidence may spread a bit; here the objects take half of the pictures."""
    spread = [*[masses(1, 1, 1, 1)] * 3, *[masses(1, 1, 0.55, 1)] * 5]

    assert found(EvidenceOffObject(), spread) == []
    assert len(found(EvidenceOffObject(left=1.2), spread)) == 1


def test_a_lucky_map_is_no_best():
    """A single record with much evidence on the object is no measure for what follows."""
    low = masses(0.3, 0.3, 0.3, 0.3)

    assert found(EvidenceOffObject(), [low, low, ON, *[low] * 5]) == []
    assert len(found(EvidenceOffObject(held=1), [low, low, ON, *[low] * 5])) == 1


def test_small_classes_are_looked_at_together():
    """Of two samples one is half; so all samples count."""
    rule = EvidenceOffObject(least_samples=5)
    all_left = masses(0.1, 0.1, 0.1, 0.1)
    (finding,) = found(rule, [*[ON] * 3, *[all_left] * 3])

    assert finding.title == "Evidence left the object."
    assert finding.class_index is None
    assert found(rule, [*[ON] * 3, *[LEFT] * 5]) == []


def test_many_classes_at_once_are_one_finding():
    """The training as a whole went another way."""
    (finding,) = found(EvidenceOffObject(), [*[ON] * 3, *[masses(0.1, 0.1, 0.1, 0.1)] * 3])

    assert finding.title == "Evidence lies off the object for 4 classes."
    assert "“zero” 10 %, “one” 10 %" in finding.text


def beside(mass, **facts):
    areas = np.full(SAMPLES, 0.1, np.float32)
    return {**masses(0.4, 0.4, mass, 0.4), "object_areas": areas, **facts}


def test_finds_evidence_that_never_lay_on_the_object():
    """A shortcut that was there from the first epoch: less evidence than chance would put there."""
    (finding,) = found(EvidenceOffObject(), [beside(0.03)] * 3)

    assert finding.title == "Evidence for “two” lies beside the object."
    assert finding.text == (
        "3 % of the relevance lies inside the masks, which take 10 % of the pictures, "
        "at accuracy 1."
    )
    assert (finding.class_index, finding.id) == (2, "evidence_off_object/2")


def test_maps_may_lie_anywhere_while_the_model_is_not_good():
    """Early in a training, or for a class that it does not know."""
    early = beside(0.03, predicted=wrong_on(0, 1, 3, 4))
    unknown = beside(0.03, predicted=wrong_on(2, 6))

    assert found(EvidenceOffObject(), [early] * 5) == []
    assert found(EvidenceOffObject(), [unknown] * 5) == []
    assert len(found(EvidenceOffObject(least_right=2), [unknown] * 5)) == 1
    assert len(found(EvidenceOffObject(skill=0.5), [early] * 5)) == 1
    assert found(EvidenceOffObject(), [beside(0.06)] * 5) == []
    assert len(found(EvidenceOffObject(beside=0.7), [beside(0.06)] * 5)) == 1


def test_without_masks_nothing_can_leave_the_object():
    """There is no such figure, or it is not defined."""
    assert found(EvidenceOffObject(), [maps()] * 6) == []
    assert found(EvidenceOffObject(), [maps(relevance_mass=NAN)] * 6) == []


CALM = maps(drift=0.1)


def drifting(sample, drift=1.2, **facts):
    drifts = np.full(SAMPLES, 0.1, np.float32)
    drifts[sample] = drift
    return {**maps(drift=drifts), **facts}


def test_finds_a_map_that_flipped():
    """It was calm, its prediction is the same; said at once, and over after three records."""
    changes = found(FlippedExplanation(), [*[CALM] * 4, drifting(6), *[CALM] * 3])

    assert [(each.state, each.step) for each in changes] == [("on", 4), ("off", 7)]
    assert changes[0].title == "Grad-CAM of “sample 6” flipped, its prediction did not."
    assert changes[0].text == (
        "Drift 1.20 at step 4, after at most .30 before; still predicted “two”."
    )
    assert (changes[0].sample, changes[0].tag) == (6, CAM)


def test_maps_may_change_with_their_prediction():
    """Then the explanation should be another one."""
    other = drifting(6, predicted=wrong_on(6))

    assert found(FlippedExplanation(), [*[CALM] * 4, other]) == []


def test_maps_that_never_rested_do_not_flip():
    """Early in a training all of them change; what counts as rest is a setting."""
    busy = [*[maps(drift=0.5)] * 4, drifting(6)]

    assert found(FlippedExplanation(), busy) == []
    assert len(found(FlippedExplanation(calm=0.5), busy)) == 1
    assert found(FlippedExplanation(), [*[CALM] * 3, drifting(6)]) == []
    assert len(found(FlippedExplanation(rest=2), [*[CALM] * 3, drifting(6)])) == 1
    assert found(FlippedExplanation(), [*[CALM] * 4, drifting(6, 0.7)]) == []
    assert len(found(FlippedExplanation(drift=0.6), [*[CALM] * 4, drifting(6, 0.7)])) == 1


def test_many_maps_that_flip_are_one_finding():
    """Something happened to the model, not to a sample."""
    flip = maps(drift=[1.1] * 6 + [0.1] * 10)
    (finding,) = found(FlippedExplanation(), [*[CALM] * 4, flip])

    assert finding.title == "Grad-CAM of 6 samples flipped, their predictions did not."

"""Forgotten samples, on records made by hand."""

import numpy as np
from observing import LABELS, found, predictions, wrong_on

from tb_explain.alerts import Forgetting

RULE = Forgetting(learned=3)
RIGHT = {"predicted": LABELS}
WRONG = {"predicted": wrong_on(5)}


def test_finds_a_sample_that_was_learned():
    """It says from when to when it was right, and what is predicted now."""
    (finding,) = found(RULE, [WRONG, *[RIGHT] * 4, *[WRONG] * 3])

    assert finding.title == "“sample 5” was forgotten."
    assert finding.text == "Right from 1 to 4, wrong since 5, now predicted “two” instead of “one”."
    assert (finding.step, finding.since, finding.sample, finding.class_index) == (7, 5, 5, 1)
    assert finding.severity == "warning"
    assert finding.id == "forgetting/5"


def test_what_was_never_learned_is_not_forgotten():
    """A few records may be chance; how many count is a setting."""
    records = [WRONG, *[RIGHT] * 5, *[WRONG] * 5]

    assert found(Forgetting(), records) == []
    assert len(found(Forgetting(learned=5), records)) == 1


def test_a_model_that_guesses_has_learned_nothing():
    """Its right answers are chance; from which accuracy on they count is a setting."""
    guesses = {"predicted": wrong_on(*range(11))}
    records = [*[guesses] * 4, *[{"predicted": wrong_on(*range(11), 12)}] * 3]

    assert found(RULE, records) == []
    assert len(found(Forgetting(learned=3, skill=0), records)) == 1


def test_a_lapse_is_none():
    """Wrong for two records, then right again."""
    assert found(RULE, [*[RIGHT] * 3, WRONG, WRONG, RIGHT, WRONG, WRONG, RIGHT]) == []


def test_stays_forgotten_until_it_is_learned_again():
    """A single right record in between changes nothing."""
    records = [*[RIGHT] * 3, *[WRONG] * 3, RIGHT, *[WRONG] * 4, *[RIGHT] * 3]
    changes = found(RULE, records)

    assert [(each.step, each.state) for each in changes] == [(5, "on"), (13, "off")]


def test_many_samples_at_once_are_one_finding():
    """A run that broke down says so once, and names a few."""
    broken = {"predicted": wrong_on(*range(6))}
    (finding,) = found(RULE, [*[RIGHT] * 3, *[broken] * 3])

    assert finding.title == "6 samples were forgotten."
    assert finding.text == (
        "“sample 0”, “sample 1”, “sample 2” and 3 more were right for 3 records in a row or longer."
    )
    assert finding.figures == {"causes": 6}


def test_three_samples_at_once_are_three_findings():
    """Each can be looked at."""
    broken = {"predicted": wrong_on(1, 2, 3)}
    changes = found(RULE, [*[RIGHT] * 3, *[broken] * 3])

    assert [each.sample for each in changes] == [1, 2, 3]


def test_without_labels_nothing_is_forgotten():
    """What is right is not known."""
    unknown = predictions(LABELS)
    unknown.arrays["correct"] = np.full(len(LABELS), 255, np.uint8)

    assert found(RULE, [{"predictions": unknown}] * 6) == []


def test_without_class_names_classes_have_numbers():
    """The sentence stays a sentence."""
    records = [*[RIGHT] * 3, *[WRONG] * 3]
    (finding,) = found(RULE, [{**each, "class_names": None} for each in records])

    assert finding.text.endswith("now predicted class 2 instead of class 1.")

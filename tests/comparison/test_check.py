"""Samples whose prediction stayed, but for another reason."""

from pathlib import Path

import numpy as np
import pytest
from two_runs import CAM, slow_drift, some_maps, write_run

import tb_explain as tbx

NONE = np.nan


def drifts(found):
    return {each.sample: each.drift for each in found.compared}


@pytest.mark.parametrize(
    ("of_a", "of_b"),
    [
        ((6, 5), (6, 5)),
        ((4, 4), (8, 12)),
        ((3, 7), (6, 2)),
        ((1, 1, 3), (5, 4, 3)),
        ((70, 3), (1, 9)),
    ],
    ids=str,
)
def test_drift_follows_its_definition(runs, of_a, of_b):
    """It is 1 less Spearman's correlation, of maps interpolated to the finer grid on each side."""
    a, b = some_maps(4, *of_a), some_maps(4, *of_b, seed=1)
    a[..., 0], b[..., 0] = np.round(a[..., 0]), np.round(b[..., 0])
    if of_a == (1, 1, 3):
        a = np.concatenate([a, a + 1], axis=1)
    found = tbx.check(*runs(a, b))
    stored = [tbx.load(path)[CAM][3].values.sum(axis=3) for path in (found.run_a, found.run_b)]

    expected = {f"picture {i}": slow_drift(stored[0][i], stored[1][i]) for i in range(4)}
    # Between cells, rounding may decide which of two equal values is the larger one.
    assert drifts(found) == pytest.approx(expected, abs=1e-9 if of_a == of_b else 1e-4)


def test_maps_that_are_alike_pass(runs):
    """How strong a map is does not matter; a check that passed is true."""
    maps = some_maps(3, 4, 5)
    found = tbx.check(*runs(maps, 7 * maps))

    assert drifts(found) == dict.fromkeys(["picture 0", "picture 1", "picture 2"], pytest.approx(0))
    assert found
    assert found.passed
    assert found.moved == ()


def test_a_reason_that_moved_fails(runs):
    """Only the samples beyond the threshold moved; the largest drift comes first."""
    a = some_maps(4, 6, 6)
    b = np.stack([a[0], a[1] + 0.5 * some_maps(6, 6, seed=3), -a[2], some_maps(6, 6, seed=9)])
    found = tbx.check(*runs(a, b))

    assert not found
    assert [each.sample for each in found.moved] == ["picture 2", "picture 3"]
    assert [each.sample for each in found.compared][:2] == ["picture 2", "picture 3"]
    assert found.moved[0].drift == pytest.approx(2, abs=1e-3)
    assert {each.moved for each in found.moved} == {("drift",)}
    assert tbx.check(found.run_a, found.run_b, drift=2)


def test_samples_are_matched_by_content(runs):
    """The order of samples does not matter, equal ones are matched in order, others are counted."""
    maps = some_maps(12, 4, 4)
    ours, theirs = [3, 1, 3, 0, 7], [0, 8, 3, 9, 1, 3, 3]
    of_b = maps[theirs].copy()
    of_b[5] = -maps[3]
    found = tbx.check(*runs(maps[ours], of_b, pictures_a=ours, pictures_b=theirs))

    assert {(each.index_a, each.index_b) for each in found.compared} == {
        (0, 2),
        (1, 4),
        (2, 5),
        (3, 0),
    }
    assert [each.index_a for each in found.moved] == [2]
    assert (found.only_a, found.only_b) == (1, 3)


def test_a_sample_that_b_has_once_stands_for_all_equal_ones(runs):
    """Of equal samples of A that B has fewer of, the rest is matched with the first."""
    maps = some_maps(2, 4, 4)
    found = tbx.check(*runs(maps[[0, 0, 1]], maps, pictures_a=[0, 0, 1], pictures_b=[0, 1]))

    assert {(each.index_a, each.index_b) for each in found.compared} == {(0, 0), (1, 0), (2, 1)}
    assert found.only_b == 0


def test_a_prediction_that_changed_is_told_apart(runs):
    """It fails the check only if that is asked for, and its maps are not compared."""
    maps = some_maps(3, 4, 4)
    a, b = runs(maps, maps * np.array([1, -1, 1])[:, None, None], predicted_b=[0, 2, 0])
    found = tbx.check(a, b)

    assert found
    assert [(each.sample, each.predicted_a, each.predicted_b) for each in found.changed] == [
        ("picture 1", "zero", "two")
    ]
    assert len(found.compared) == 2
    assert not tbx.check(a, b, predictions=True)


@pytest.mark.parametrize(("mass", "moved"), [(0.2, True), (0.35, False)])
def test_evidence_that_leaves_the_object_fails(runs, mass, moved):
    """A fall of the mass moves a reason, a rise does not, and neither does what is not known."""
    maps = some_maps(4, 4, 4)
    runs = runs(maps, masks=True, masses_a=[0.6, 0.2, NONE, 0.9], masses_b=[0.3, 0.9, 0, NONE])
    found = tbx.check(*runs, mass=mass)

    assert [each.sample for each in found.moved] == ["picture 0"] * moved
    assert found.compared[0].mass_a == pytest.approx(0.6)
    assert [each.moved for each in found.moved] == [("mass",)] * moved
    assert found.notes == ()


def test_a_map_that_vanished_fails(runs):
    """B shows nothing for a sample that A had a map of; without one in A nothing is compared."""
    a, b = some_maps(5, 4, 4), some_maps(5, 4, 4)
    b[0], b[1, 2, 2], a[2], a[3, 1, 1] = 0, NONE, 4, NONE
    found = tbx.check(*runs(a, b))

    assert {each.sample: each.moved for each in found.moved} == {
        "picture 0": ("vanished",),
        "picture 1": ("vanished",),
    }
    assert all(np.isnan(each.drift) for each in found.moved)
    assert {each.sample: each.why for each in found.left_out} == {
        "picture 2": "the map of A is the same everywhere",
        "picture 3": "the map of A is not finite",
    }


def test_the_last_records_are_compared_unless_others_are_asked_for(tmp_path):
    """A step without a record stands for the last one before it, with its prediction."""
    maps = some_maps(2, 4, 4)
    a = write_run(tmp_path / "a", maps, steps=(0, 2, 4), predicted=lambda step: [step > 2, 0])
    b = write_run(tmp_path / "b", maps, steps=(1, 3), predicted=[0, 0])

    assert tbx.check(a, b).pairs == ((CAM, CAM, 4, 3),)
    assert len(tbx.check(a, b).changed) == 1
    found = tbx.check(a, b, steps=(3, 2))
    assert found.pairs == ((CAM, CAM, 2, 1),)
    assert not found.changed
    assert tbx.check(a, a, steps=(0, None)).pairs == ((CAM, CAM, 0, 4),)


@pytest.mark.parametrize(
    ("of_a", "of_b", "changed"),
    [
        (("zero", "one"), ("one", "zero"), False),
        (("zero", "one"), ("zero", "one", "two"), True),
        (("zero", "one"), None, True),
        (None, None, True),
    ],
    ids=["order", "more", "names in A", "no names"],
)
def test_classes_are_matched_by_name(runs, of_a, of_b, changed):
    """Where both runs name their classes, a class is its name; else it is its number."""
    runs = runs(
        some_maps(2, 4, 4), class_names_a=of_a, class_names_b=of_b, predicted_a=[0, 1],
        predicted_b=[1, 1] if changed else [1, 0], targets_a=[0, 1], targets_b=[0, 1],
    )  # fmt: skip
    found = tbx.check(*runs, tags=[CAM]) if changed else None

    if changed:
        assert [each.sample for each in found.changed] == ["picture 0"]
        assert [each.sample for each in found.compared] == ["picture 1"]
    else:
        with pytest.raises(ValueError, match="2 times the maps explain different classes"):
            tbx.check(*runs)


def test_maps_of_different_classes_are_not_compared(runs):
    """Maps of another class show something else."""
    found = tbx.check(*runs(some_maps(3, 4, 4), targets_a=[0, 1, 2], targets_b=[0, 2, 2]))

    assert [each.why for each in found.left_out] == ["the maps explain different classes"]
    assert len(found.compared) == 2


def test_without_classes_all_samples_are_compared(runs):
    """A task without classes has no prediction that could have changed, which is said."""
    found = tbx.check(*runs(some_maps(2, 4, 4), -some_maps(2, 4, 4), predicted=[-1, -1]))

    assert len(found.moved) == 2
    assert found.notes == (
        "No classes are predicted, so all samples count as those whose prediction stayed.",
    )


TAGS = (
    "Saliency/input/label",
    "GradCAM/conv4/label",
    "GradCAM/conv4/predicted",
    "LayerCAM/x/label",
)


@pytest.mark.parametrize(
    ("asked", "of_b", "expected"),
    [
        (None, TAGS, [TAGS[0]]),
        (None, TAGS[1:], [TAGS[1], TAGS[2]]),
        (["GradCAM", TAGS[0]], TAGS, [TAGS[1], TAGS[2], TAGS[0]]),
        (TAGS[3], TAGS, [TAGS[3]]),
        (["LayerCAM"], ["LayerCAM/y/label"], [(TAGS[3], "LayerCAM/y/label")]),
        ([(TAGS[0], TAGS[1])], TAGS, [(TAGS[0], TAGS[1])]),
    ],
    ids=["first", "next", "names", "one", "layer", "pair"],
)
def test_maps_are_chosen_by_tag_or_explainer(tmp_path, asked, of_b, expected):
    """The first explainer that was asked for is compared, with the same of another layer too."""
    maps = some_maps(2, 4, 4)
    titles = ("Saliency", "GradCAM", "LayerCAM")
    a, b = (
        write_run(tmp_path / name, dict.fromkeys(tags, maps), titles=titles)
        for name, tags in (("a", TAGS), ("b", of_b))
    )
    found = tbx.check(a, b, tags=asked)

    assert [pair[:2] for pair in found.pairs] == [
        each if isinstance(each, tuple) else (each, each) for each in expected
    ]


def test_records_and_directories_above_are_taken(tmp_path):
    """A log directory of one run stands for it, and so do records that were loaded."""
    write_run(tmp_path / "a" / "explain", some_maps(2, 4, 4))
    write_run(tmp_path / "b" / "explain", some_maps(2, 4, 4))
    records = tbx.load(tmp_path / "b" / "explain")

    assert tbx.check(tmp_path / "a", records)


def test_the_rest_of_a_truncated_file_is_compared(runs):
    """What was written completely counts."""
    a, b = runs(some_maps(2, 4, 4), steps=(0, 1, 2))
    place = tbx.load(b).run.tags[CAM][2]
    path = Path(place.path)
    path.write_bytes(path.read_bytes()[: place.offset + place.length // 2])

    assert tbx.check(a, b).pairs[0].step_b == 1

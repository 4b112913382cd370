"""Explanations as a regression test."""

from collections.abc import Sequence
from typing import Final

from tb_explain.alerts.words import counted, listed
from tb_explain.comparison.notes import notes_on
from tb_explain.comparison.pairing import Wanted, same_samples, tag_pairs
from tb_explain.comparison.recorded import Given, Recorded
from tb_explain.comparison.result import Changed, Check, Compared, LeftOut, Thresholds
from tb_explain.comparison.sides import Sides

CHECKED_DRIFT: Final = 0.7
CHECKED_MASS: Final = 0.2


def check(
    run_a: Given,
    run_b: Given,
    *,
    tags: Sequence[Wanted] | None = None,
    steps: tuple[int | None, int | None] = (None, None),
    drift: float = CHECKED_DRIFT,
    mass: float = CHECKED_MASS,
    predictions: bool = False,
) -> Check:
    """Finds the samples that two models call the same, but for another reason.

    ```python
    def test_the_new_model_looks_at_the_same():
        found = tbx.check("logs/released/explain", "logs/candidate/explain")
        assert found, str(found)
    ```

    The samples of both runs are matched by their content, and those that both models call the
    same are compared. The reason moved where `1 - rank correlation` of the two maps, their drift,
    is larger than `drift`; where the share of the evidence on the object, `relevance_mass`, fell
    by more than `mass`, which needs masks; and where B has no map left, zero everywhere or not
    finite. The view Compare of the tab shows the same figures.

    How large a drift is to be expected depends on the explainer and on how B came about. On the
    task of the demo, that of `GradCAM` was at most .62 over 209 samples after three more epochs of
    training; between trainings from scratch it was .6 in the median with other data and .8 with
    another seed, since such models may well look elsewhere. That of `Saliency` was .1 and .2, that
    of signed maps of pixels such as `InputXGradient` .5 and .9. So check a model against the one
    before it, or measure two healthy runs first.

    Args:
        run_a: The run to hold on to: its directory, a directory with just one run below it, or
            what `tbx.load` returned.
        run_b: The run to be checked.
        tags: Maps to compare: tags, names of explainers such as `"GradCAM"`, or pairs of a tag of
            A and one of B; default those of the first explainer whose maps both runs have.
        steps: Step of A and of B, `None` for the last record of each; where nothing was recorded
            at a step, the last record before it counts.
        drift: Largest drift that passes, 0 to 2.
        mass: Largest fall of the evidence on the object that passes, 0 to 1.
        predictions: Whether a prediction that changed fails the check too.

    Returns:
        What was found, true if no reason moved.

    Raises:
        ValueError: If the runs cannot be compared: there is nothing to read, they are the same
            record, have no samples, maps or classes in common, or no map is left to compare.
    """
    thresholds = Thresholds(drift, mass)
    a, b = Recorded(run_a, "A"), Recorded(run_b, "B")
    samples = same_samples(a, b)
    _check_classes(a, b)
    sides = [Sides(a, b, pair, steps) for pair in tag_pairs(a, b, tags)]
    changed = list(dict.fromkeys(each for side in sides for each in side.changed(samples)))
    kept = [each for side in sides for each in side.kept(samples, thresholds)]
    compared = [each for each in kept if isinstance(each, Compared)]
    left_out = [each for each in kept if isinstance(each, LeftOut)]
    if not compared:
        raise ValueError(_nothing_to_compare(changed, left_out))
    return Check(
        run_a=a.name,
        run_b=b.name,
        pairs=tuple(side.pair for side in sides),
        compared=tuple(sorted(compared, key=lambda each: each.order)),
        changed=tuple(changed),
        left_out=tuple(left_out),
        only_a=len(a.hashes) - len(samples),
        only_b=len(b.hashes) - len(set(samples.values())),
        thresholds=thresholds,
        predictions=predictions,
        notes=tuple(dict.fromkeys(note for side in sides for note in notes_on(side))),
    )


def _check_classes(a: Recorded, b: Recorded) -> None:
    if a.class_names and b.class_names and not set(a.class_names) & set(b.class_names):
        raise ValueError(
            "A and B have no class in common, so no prediction can have stayed; give both runs the "
            f"same `class_names`. Received: {listed(a.class_names)} and {listed(b.class_names)}"
        )


def _nothing_to_compare(changed: Sequence[Changed], left_out: Sequence[LeftOut]) -> str:
    whys = [each.why for each in left_out]
    parts = [f"{counted(len(changed), 'prediction')} changed"] if changed else []
    parts += [f"{whys.count(why)} times {why}" for why in dict.fromkeys(whys)]
    return (
        "No sample is left whose maps can be compared; choose other maps or steps. "
        f"Received: {'; '.join(parts)}"
    )

"""What one should know about the figures of a check."""

from collections.abc import Iterator

from tb_explain.comparison.recorded import Recorded, SampleMaps
from tb_explain.comparison.sides import Sides


def notes_on(sides: Sides) -> Iterator[str]:
    """Yields sentences about two sides."""
    a, b = sides.a, sides.b
    if not sides.predicts_classes:
        yield "No classes are predicted, so all samples count as those whose prediction stayed."
    if a.class_names and b.class_names and a.class_names != b.class_names:
        yield "A and B have other classes, which are matched by name."
    for run in (a, b):
        if run.records.run.problem:
            yield f"{run.side}: {run.records.run.problem}"
    yield from _grids(sides.maps_a, sides.maps_b)
    yield from _masses(sides)


def _grids(a: SampleMaps, b: SampleMaps) -> Iterator[str]:
    sizes = [maps.values.shape[1:3] for maps in (a, b)]
    if sizes[0] != sizes[1]:
        (rows, cols), (others, wide) = sizes
        yield (
            f"Maps of A have {rows} x {cols} cells, those of B {others} x {wide}; both are "
            f"interpolated to {max(rows, others)} x {max(cols, wide)}."
        )


def _masses(sides: Sides) -> Iterator[str]:
    if not (sides.a.has_masks or sides.b.has_masks):
        return
    for run, maps in ((sides.a, sides.maps_a), (sides.b, sides.maps_b)):
        if not maps.records_mass:
            yield _without_mass(run)


def _without_mass(run: Recorded) -> str:
    remedy = "the metric RelevanceMass" if run.has_masks else "`masks`"
    return (
        f"{run.side} did not record how much of the evidence lies on the object, so only the drift "
        f"is checked; record it with {remedy}."
    )

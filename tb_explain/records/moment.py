"""When a record was made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Moment:
    """A moment of training: the step of its records, and what their headers say about time.

    Attributes:
        step: Position on the time axis: completed epochs, or batches seen.
        epoch: Epoch as Keras counts it, or `None` outside of an epoch.
        fit: How many fits were seen before this one.
        batch: Training batches seen over all fits.
        wall_time: Seconds since 1970.
    """

    step: int
    epoch: int | None
    fit: int
    batch: int
    wall_time: float

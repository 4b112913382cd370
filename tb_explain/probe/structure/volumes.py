"""Samples with three axes of space, or with time, which are not explained as they are."""

from collections.abc import Sequence

_AXES = 4


def volume_recipe(shape: Sequence[int]) -> str:
    """Returns what would do for a volume or a series of pictures; `""` for any other sample.

    Its slices below one another are a picture, of which the model makes the volume again.

    Args:
        shape: Shape of one sample, `(slices, rows, cols, channels)`.
    """
    if len(shape) != _AXES:
        return ""
    slices, rows, cols, channels = shape
    tall = f"{slices * rows}, {cols}, {channels}"
    return (
        f"its input is a volume, and only pictures are explained; lay its {slices} slices below "
        f"one another: explain keras.Sequential([keras.Input(({tall})), "
        f"keras.layers.Reshape({tuple(shape)}), model]) with samples.reshape(-1, {tall})"
    )

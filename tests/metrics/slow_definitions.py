"""Every metric once more, cell by cell, as its paper defines it; shares no code with the package.

A function takes one map `(rows, cols)` as lists of cells, and what else the metric compares it
with, and returns `None` where the metric is not defined; where places matter it takes the shape of
the map too. A mask holds the share of each cell.
"""

from fractions import Fraction
from math import sqrt


def strength(cells):
    return sum(abs(cell) for cell in cells) / len(cells)


def sparseness(cells):
    """Gini: half the mean difference of any two cells, over the mean."""
    sizes = [abs(cell) for cell in cells]
    if sum(sizes) == 0:
        return None
    differences = sum(abs(one - other) for one in sizes for other in sizes)
    return differences / (2 * len(sizes) * sum(sizes))


def border_mass(cells, *, shape):
    """Each cell as ten by ten pixels: the border is as many pixels wide as the side has cells."""
    if not any(cells):
        return None
    rows, cols = shape
    on_border = 0
    for row in range(10 * rows):
        for col in range(10 * cols):
            if not (rows <= row < 9 * rows and cols <= col < 9 * cols):
                on_border += abs(cells[row // 10 * cols + col // 10])
    return on_border / (100 * sum(abs(cell) for cell in cells))


def control(cells, earlier):
    return correlation(ranks(cells), ranks(earlier))


def drift(cells, earlier):
    found = control(cells, earlier)
    return None if found is None else 1 - found


def relevance_mass(cells, mask):
    if not is_defined(cells, mask):
        return None
    positive = [max(cell, 0) for cell in cells]
    inside = sum(cell * share for cell, share in zip(positive, mask, strict=True))
    return inside / sum(positive)


def relevance_near(cells, mask, *, shape):
    """Each cell looks for the object around it, a fifteenth of the longer side far."""
    if not is_defined(cells, mask):
        return None
    rows, cols = shape
    reach = max(shape) // 15
    near = 0.0
    for place, cell in enumerate(cells):
        row, col = divmod(place, cols)
        around = [
            mask[other_row * cols + other_col]
            for other_row in range(max(0, row - reach), min(rows, row + reach + 1))
            for other_col in range(max(0, col - reach), min(cols, col + reach + 1))
        ]
        near += max(cell, 0) * any(around)
    return near / sum(max(cell, 0) for cell in cells)


def relevance_rank(cells, mask):
    if not is_defined(cells, mask):
        return None
    top = strongest(cells, sum(map(Fraction, mask)))
    return float(sum(part * share for part, share in zip(top, mask, strict=True))) / sum(mask)


def pointing_game(cells, mask):
    if not is_defined(cells, mask):
        return None
    pointed = [share for cell, share in zip(cells, mask, strict=True) if cell == max(cells)]
    return float(max(pointed) >= max(mask) / 2)


def overlap(cells, mask):
    if not is_defined(cells, mask):
        return None
    top = strongest(cells, Fraction("0.2") * len(cells))
    both = float(sum(part * share for part, share in zip(top, mask, strict=True)))
    return both / (float(sum(top)) + sum(mask) - both)


def is_defined(cells, mask):
    return max(cells) > 0 and max(mask) > 0


def strongest(cells, count):
    """Gives places to the strongest cells, one after the other; equal cells share theirs."""
    parts = [Fraction(0)] * len(cells)
    left = Fraction(count)
    for value in sorted({cell for cell in cells if cell > 0}, reverse=True):
        equal = [place for place, cell in enumerate(cells) if cell == value]
        given = min(left, Fraction(len(equal)))
        for place in equal:
            parts[place] = given / len(equal)
        left -= given
    return parts


def ranks(cells):
    return [
        sum(other < cell for other in cells) + (sum(other == cell for other in cells) + 1) / 2
        for cell in cells
    ]


def correlation(a, b):
    a = [x - sum(a) / len(a) for x in a]
    b = [y - sum(b) / len(b) for y in b]
    size = sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / size if size else None

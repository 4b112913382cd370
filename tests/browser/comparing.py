"""Reads the view Compare, and says in NumPy what it should tell."""

import re
from urllib.parse import quote

import compare_run
import numpy as np
from playwright.sync_api import expect

CAM, OCCLUSION = compare_run.GRIDS
PIXELS = """canvas => [...canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data]"""


def linked(*parts):
    return "@".join(quote(str(part), safe="") for part in parts)


def side(run, tag=CAM, step=""):
    """Returns a side of the comparison as the link holds it."""
    return quote(linked(step, f"{run}/explain", tag), safe="")


def settled(tab):
    tab.locator("html[data-ready]").wait_for(state="attached")


def pixels(tab, cell):
    """Returns what is painted, as `(rows, cols, 4)`."""
    canvas = tab.locator(f"{cell} canvas")
    expect(canvas).to_have_attribute("data-painted", re.compile(r"\d"))
    side = int(canvas.evaluate("canvas => canvas.height"))
    return np.array(canvas.evaluate(PIXELS)).reshape(side, -1, 4)


def figure(tab, name):
    return tab.locator(f"[data-figure={name}]")


def listed(tab):
    """Returns the samples of the list in their order, with the printed figure."""
    settled(tab)
    rows = tab.get_by_role("listbox", name="Samples").get_by_role("option")
    return {
        int(row.get_attribute("data-sample")): row.locator(".figure").inner_text().strip()
        for row in rows.all()
    }


def ranks(values):
    values = values.ravel()
    return (values[:, None] > values).sum(1) + ((values[:, None] == values).sum(1) + 1) / 2


def drift(a, b):
    return 1 - np.corrcoef(ranks(a), ranks(b))[0, 1]


def overlap(a, b):
    def top(values):
        strength = np.sort(np.abs(values).ravel())
        return np.abs(values) >= strength[-round(0.2 * strength.size)]

    return (top(a) & top(b)).sum() / (top(a) | top(b)).sum()


def norm(a, b):
    size = np.linalg.norm
    return size(b - a) / (size(a) + size(b))


def pair(picture, step=3):
    return (compare_run.values(run, CAM, picture, step) for run in compare_run.PICTURES)


def share(value, *, zero=""):
    text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
    return text if zero else re.sub(r"0(?=\.)", "", text, count=1)

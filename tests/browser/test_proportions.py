"""Pictures that are no squares keep their proportion, and maps lie on them."""

import log_dir
import numpy as np
import pytest

from tb_explain.explanation import Explanation
from tb_explain.records import Moment, RecordWriter, encode_maps, encode_progress, encode_samples

pytestmark = pytest.mark.browser

ROWS, COLS = 24, 48
BOX = """(element) => {
  const {x, y, width, height} = element.getBoundingClientRect();
  return [x, y, width, height];
}"""


@pytest.fixture
def wide(tmp_path, serve):
    """Address of a TensorBoard on a run with pictures twice as wide as high."""
    writer = RecordWriter(tmp_path / "logs" / "wide" / "explain")
    moment = Moment(step=0, epoch=None, fit=0, batch=0, wall_time=1.7e9)
    pictures = np.random.default_rng(0).integers(0, 256, (4, ROWS, COLS, 3), dtype=np.uint8)
    maps = Explanation(
        values=np.random.default_rng(1).random((4, 6, 12, 1), dtype=np.float32),
        kind="attribution",
        layer="conv",
        samples=(0, 1, 2, 3),
        targets=(0, 1, 2, 0),
        scores=(1.0,) * 4,
    )
    about = {"explainer": "GradCAM", "title": "Grad-CAM", "paper": "", "settings": {}}
    for tag, blobs in (
        ("samples", encode_samples(log_dir.Shown(inputs=pictures), moment)),
        (
            "GradCAM/conv/label",
            encode_maps(maps, **about, target="label", seconds=0, moment=moment),
        ),
        ("progress", encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS, logs={})),
    ):
        writer.write(tag, 0, moment.wall_time, blobs)
    writer.close()
    return serve(tmp_path / "logs")


@pytest.mark.parametrize("place", [".mrow .cell.map", ".drawer .cell.map"])
def test_a_map_lies_on_its_picture(explain, wide, place):
    """Picture and map take the same part of the cell, as wide as the picture is."""
    tab = explain(address=wide, cell="0@GradCAM%2Fconv%2Flabel")
    cell = tab.locator(place).first
    boxes = [cell.locator(part).first.evaluate(BOX) for part in ("img.pic", "canvas")]
    whole = cell.evaluate(BOX)

    assert boxes[0] == pytest.approx(boxes[1], abs=0.5)
    assert boxes[0][2] == pytest.approx(whole[2], abs=0.5)
    assert boxes[0][3] == pytest.approx(whole[2] * ROWS / COLS, abs=0.5)


def test_the_cursor_reads_the_place_in_the_picture(explain, wide):
    """A quarter from the top of the cell is the upper edge of a wide picture."""
    tab = explain(address=wide)
    cell = tab.locator(".mrow .cell.map").first
    side = cell.evaluate(BOX)[2]
    cell.hover(position={"x": side / 2, "y": side / 4 + 2})
    ring = cell.locator(".reticle")

    assert float(ring.evaluate("e => e.style.getPropertyValue('--hy').replace('%', '')")) < 8
    assert ring.evaluate(BOX)[3] == pytest.approx(side * ROWS / COLS, abs=0.5)

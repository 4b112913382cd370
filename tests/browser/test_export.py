"""What can be taken out of the tab: pictures, values, code."""

import csv
import io

import log_dir
import numpy as np
import pytest
from comparing import pair as compare_run_pair
from opening import FRAME
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CAM = "GradCAM/block/conv2/label"
STEP = 4


@pytest.fixture
def panel(page, explain):
    """Returns a function that opens the panel at a step, and one that saves a file from it."""

    def open_panel(**state):
        tab = explain(**({"step": STEP, "follow": 0} | state))
        tab.locator("main .bar").get_by_role("button", name="Export").click()
        tab.get_by_role("dialog", name="Export").get_by_role("button").first.wait_for()
        return tab

    return open_panel


def saved(page, tab, kind):
    """Returns the name and content of a file."""
    with page.expect_download() as download:
        tab.get_by_role("dialog", name="Export").get_by_role("button", name=kind).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def picture(content):
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def is_coloured(pixels):
    """Which pixels are no grey, as only maps and pictures are."""
    return pixels.max(axis=2) - pixels.min(axis=2) > 60


def test_a_picture_holds_what_is_in_sight(page, panel):
    """All cells are there, larger than in the tab, with words beside them and legends below."""
    tab = panel()
    cells = tab.locator("#view .cell").count()
    name, content = saved(page, tab, "PNG")
    pixels = picture(content)

    assert name == f"small_explain_samples_epoch{STEP}.png"
    assert pixels.shape[1] > 1000
    side = 2 * 140
    assert is_coloured(pixels).sum() > 0.3 * log_dir.SAMPLES * side**2
    assert pixels.shape[0] * pixels.shape[1] > cells * side**2
    head, foot = pixels[: 2 * 40], pixels[-2 * 90 :]
    assert (head.min(axis=2) < 90).sum() > 200
    assert is_coloured(foot).sum() > 1000


def test_the_picture_is_of_this_step(page, panel):
    """Another step gives another picture."""
    late = picture(saved(page, panel(), "PNG")[1])
    early = picture(saved(page, panel(step=1), "PNG")[1])

    assert late.shape != early.shape or (late != early).any(axis=2).sum() > 1000


def test_values_are_those_in_sight(page, panel):
    """The table holds the recorded values of the maps that are shown, at their records."""
    name, content = saved(page, panel(), "CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    cam = [row for row in rows if row["tag"] == CAM]
    first = np.array([float(row["value"]) for row in cam if row["sample"] == "0"]).reshape(6, 6)

    assert name.endswith(".csv")
    assert {row["step"] for row in cam} == {str(STEP)}
    assert {row["step"] for row in rows if row["tag"] != CAM} == {"2"}
    assert first[1, STEP] == pytest.approx(0.02 + STEP / 5)
    assert np.count_nonzero(first) == 1


def test_code_loads_the_same_values(page, panel):
    """What is written under "In Python" runs, and gives what the archive holds."""
    tab = panel()
    archive = np.load(io.BytesIO(saved(page, tab, "NPZ")[1]))
    code = tab.get_by_role("dialog", name="Export").locator("code").text_content()
    names = {}
    exec(code, names)
    (line,) = [line for line in code.splitlines() if CAM in line]

    np.testing.assert_array_equal(eval(line, names), archive[f"GradCAM.block.conv2.label-{STEP}"])


def test_the_difference_is_saved_as_it_is_computed(page, comparison):
    """Picture and values of B - A; the recorded values of both sides come as ever."""
    tab = comparison(sample=1)
    tab.locator("main .bar").get_by_role("button", name="Export").click()
    a, b = compare_run_pair(1)
    name, content = saved(page, tab, "Difference as CSV")
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    found = np.array([float(row["value"]) for row in rows]).reshape(b.shape)
    array = np.load(io.BytesIO(saved(page, tab, "Difference as NPY")[1]))

    assert name.endswith("_difference_signed.csv")
    np.testing.assert_allclose(found, b - a, atol=1e-6)
    np.testing.assert_array_equal(array, found.astype(np.float32))
    assert is_coloured(picture(saved(page, tab, "PNG")[1])).sum() > 5000


def test_a_refusal_is_told(browser, tensorboard):
    """Where the server refuses, its sentence stands in the panel."""
    page = browser.new_page()
    sentence = "One answer holds up to 64 MiB."
    page.route("**/api/values*", lambda route: route.fulfill(status=400, body=sentence))
    page.goto(f"{tensorboard}#tb_explain")
    tab = page.frame_locator(FRAME)
    tab.locator("html[data-ready]").wait_for(state="attached")
    tab.locator("main .bar").get_by_role("button", name="Export").click()
    panel = tab.get_by_role("dialog", name="Export")
    panel.get_by_role("button", name="CSV").click()

    expect(panel.get_by_role("alert")).to_have_text(sentence)
    page.close()


@pytest.mark.parametrize("view", ["filmstrip", "compare", "layers"])
def test_every_view_can_be_saved(page, panel, view):
    """Other views give a picture of their cells as well."""
    name, content = saved(page, panel(view=view), "PNG")

    assert f"_{view}_" in name
    assert is_coloured(picture(content)).sum() > 5000


def test_the_inspector_saves_its_cell(page, explain):
    """From the inspector one cell is saved, large."""
    tab = explain(step=STEP, follow=0, cell=f"1@{CAM.replace('/', '%2F')}")
    drawer = tab.locator(".drawer")
    drawer.get_by_role("button", name="Export").click()
    name, content = saved(page, tab, "PNG")
    pixels = picture(content)

    assert name == f"small_explain_GradCAM_block_conv2_label_second_epoch{STEP}.png"
    assert pixels.shape[0] > 800
    assert is_coloured(pixels).sum() > 3000

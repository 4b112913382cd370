"""One sample over time: which records are columns, what they show, where a click leads."""

import re
from itertools import pairwise

import film_run
import log_dir
import pytest
from playwright.sync_api import expect
from test_tab import pixels

pytestmark = pytest.mark.browser

ROWS = 3
STEP = "[...document.querySelectorAll('.fcol button')].map(head => head.innerText.match(/\\d+/)[0])"


@pytest.fixture
def strip(explain, film):
    """Returns a function that opens the view and waits until it is painted."""

    def open_view(*, step=12, **state):
        return explain(
            **({"address": film, "view": "filmstrip", "follow": 0, "step": step} | state)
        )

    return open_view


def columns(tab):
    """Returns the steps of the columns."""
    tab.locator(".fcol").first.wait_for()
    return [int(step) for step in tab.locator("body").evaluate(f"() => {STEP}")]


def joined(tab):
    """Returns the steps of columns that a line joins with the column before."""
    return [
        int(step)
        for step in tab.locator("body").evaluate(f"() => {STEP}".replace(".fcol ", ".fcol.adj "))
    ]


def current(tab):
    return tab.locator(".fcol[data-now]")


def cell(tab, title, step):
    return tab.locator(f".film .cell[aria-label^='{title}'][data-at='{step}']")


def test_key_frames_frame_the_changes(strip):
    """The records before and at each change are columns, joined by a line."""
    tab = strip(step=12)

    found = columns(tab)
    assert {0, 6, 7, 12, 19, 20, 30} <= set(found)
    assert found == sorted(found)
    assert len(found) == 7
    assert joined(tab) == [7, 20]


def test_every_cell_is_painted_with_its_record(strip):
    """Each column shows the maps of its step, all rows painted."""
    tab = strip(step=12)
    found = columns(tab)
    painted = pixels(tab, "Grad-CAM")

    assert len(painted) == 2 * len(found)
    assert all(one["painted"] > 0 for one in painted)
    first_row = tab.locator(".film .frow[data-row='GradCAM/conv/label'] canvas")
    steps = first_row.evaluate_all("all => all.map(canvas => Number(canvas.dataset.painted))")
    assert steps == found
    assert len({one["sum"] for one in painted[: len(found)]}) == len(found)


def test_an_earlier_map_says_so(strip):
    """A rarer explainer stands in with its last record and says from when that is."""
    tab = strip(step=12)

    expect(cell(tab, "Occlusion", 12)).to_contain_text("from 10")
    expect(cell(tab, "Occlusion", 20).locator(".badge")).to_have_count(0)


def test_a_flip_is_said_where_it_is_seen(strip):
    """The map of the predicted class says that it explains another class than the one before."""
    tab = strip(step=12, sample=1)
    row = tab.locator(".frow[data-row='GradCAM/conv/predicted']")

    expect(row.locator(".badge")).to_have_count(1)
    expect(row.locator("[data-at='20'] .badge")).to_contain_text("two</b> → one")
    expect(tab.locator(".fsubject")).to_contain_text("Learned at 20")


def test_a_head_leads_to_its_record(strip):
    """A click on the head of a column makes it the current one, in the head and in the scrubber."""
    tab = strip(step=12)
    expect(current(tab)).to_have_text("Epoch 12")
    tab.get_by_role("button", name="Epoch 20").click()

    expect(current(tab)).to_contain_text("20")
    expect(tab.locator(".fcell[data-now]")).to_have_count(ROWS)
    expect(tab.get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuenow", "20")
    expect(tab.locator("aside.drawer")).to_have_count(0)


def test_a_cell_opens_the_inspector_at_its_record(strip):
    """A click on a cell goes to its record and opens the inspector; so does Enter."""
    tab = strip(step=12, sample=2)
    cell(tab, "Grad-CAM", 7).first.click()

    expect(tab.get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuenow", "7")
    tab.locator("aside.drawer").wait_for()
    cell(tab, "Grad-CAM", 19).first.press("Enter")
    expect(tab.get_by_role("slider", name="Epoch")).to_have_attribute("aria-valuenow", "19")


def test_columns_stay_while_time_moves(strip, page):
    """Moving on keeps the columns and marks where time is; at rest the record is a column."""
    tab = strip(step=7)
    before = columns(tab)
    moved = """async () => {
        const track = document.querySelector('.track[role=slider]');
        for (let i = 0; i < 2; i++) track.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true}));
        const label = document.querySelector('.between');
        const marked = document.querySelectorAll('[data-now]').length;
        return [label.hidden ? null : label.textContent, %s, marked];
    }"""
    label, during, marked = tab.locator("body").evaluate(moved % STEP)

    assert label == "9"
    assert [int(step) for step in during] == before
    assert marked == 0
    expect(current(tab)).to_contain_text("9")
    expect(tab.locator(".between")).to_be_hidden()
    assert 9 in columns(tab)


def test_columns_can_be_even_or_every_kth(strip):
    """The link holds how columns are chosen; the current record stands between them."""
    assert columns(strip(step=12, frames="every", every=10)) == [0, 10, 12, 20, 30]
    tab = strip(step=30, frames="fit")
    found = columns(tab)
    assert {later - earlier for earlier, later in pairwise(found)} <= {2, 3, 4}
    tab.get_by_role("button", name="Key frames").click()
    expect(tab.locator(".fcol")).to_have_count(7)


def test_wide_views_have_more_columns(strip, page):
    """A wide window shows ten key frames, and no cell is anything but square."""
    page.set_viewport_size({"width": 1440, "height": 900})
    tab = strip(step=12)

    assert len(columns(tab)) == 10
    box = cell(tab, "Grad-CAM", 12).first.bounding_box()
    assert abs(box["width"] - box["height"]) < 0.5


def test_another_sample_is_found_by_its_name(strip, page):
    """The menu searches names; the buttons and keys go to neighbours."""
    tab = strip(step=12, sample=3)
    tab.get_by_role("button", name="Sample val/0003").click()
    tab.get_by_role("searchbox", name="Find a sample").fill("0011")
    expect(tab.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(tab.locator(".fsubject")).to_contain_text("val/0011")
    tab.get_by_role("button", name="Previous sample").click()
    expect(tab.locator(".fsubject")).to_contain_text("val/0010")
    expect(cell(tab, "Grad-CAM", 12).first).to_have_attribute("data-sample", "10")


def test_the_cursor_is_mirrored_in_all_cells(strip):
    """The place under the cursor is marked in every cell and in the picture of the sample."""
    tab = strip(step=12)
    cells = ROWS * len(columns(tab))
    cell(tab, "Grad-CAM", 12).first.hover()

    expect(tab.locator(".film .xh")).to_have_count(cells)
    expect(tab.locator(".fsubject .xh")).to_have_count(1)


def test_arrows_move_between_cells(strip, page):
    """Each row is one tab stop; arrows move in it and to the next row."""
    tab = strip(step=12)
    first = tab.locator("[data-row='GradCAM/conv/label'] .cell")
    first.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(first.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(tab.locator("[data-row='GradCAM/conv/predicted'] .cell").nth(1)).to_be_focused()
    expect(tab.locator(".film .cell[tabindex='0']")).to_have_count(ROWS)


def test_new_records_do_not_move_the_columns(explain, serve, tmp_path):
    """Who looks at an earlier record keeps the columns; who follows gets the new record."""
    writer = film_run.write_film(tmp_path / "logs" / "live" / "explain", steps=range(16))
    tab = explain(address=serve(tmp_path / "logs"), view="filmstrip", follow=0, step=12)
    before = columns(tab)
    film_run.write_step(writer, 16)
    writer.close()

    tab.get_by_text("4 newer records").wait_for()
    assert columns(tab) == before
    tab.get_by_text("4 newer records").click()
    expect(current(tab)).to_contain_text("16")


def test_attention_is_a_row_with_its_head(explain, methods):
    """A row of attention has the pickers of head and query, and shows the chosen one."""
    tab = explain(address=methods, view="filmstrip", follow=0, step=3)
    row = tab.locator(".frow[data-row*='Attention']").first
    row.get_by_role("button", name="Head of").click()
    row.get_by_role("option", name="head 2").click()

    cells = row.locator(".cell")
    expect(cells.first).to_have_attribute("aria-label", re.compile("^Attention, head 2, class"))


def test_a_run_without_maps_says_what_makes_some(strip):
    """Switched off explainers can be switched on again."""
    tab = strip()
    for box in tab.get_by_role("checkbox").all():
        if "Grad-CAM" in (box.get_attribute("aria-label") or "") or "Occlusion" in (
            box.get_attribute("aria-label") or ""
        ):
            box.click()
    tab.get_by_role("button", name="Switch all on").click()

    expect(tab.locator(".film .frow[data-row]")).to_have_count(ROWS)


@pytest.mark.parametrize("dark", [False, True])
def test_is_accessible(strip, axe, dark):
    """Axe finds nothing to mend, in both themes, also with the menu of samples open."""
    tab = strip(dark=dark)
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    closed = body.evaluate("async () => (await axe.run()).violations")
    tab.get_by_role("button", name="Sample val/0000").click()
    opened = body.evaluate("async () => (await axe.run()).violations")

    assert [
        (each["id"], [node["html"] for node in each["nodes"]]) for each in closed + opened
    ] == []


def test_names_are_data(strip):
    """Markup in names of classes is text."""
    tab = strip(sample=2)

    expect(tab.locator(".fsubject h2")).to_have_text(log_dir.CLASS_NAMES[2])

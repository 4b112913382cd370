"""What is the same in all views: outlines, scales, values, keys, the link, and room for panels."""

import re

import pytest
import samples_run
from conftest import tensorboard_on
from opening import FRAME
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CLASS = re.compile("^Class any")
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"

LAST = samples_run.STEPS[-1]
SIDE = 4000
STRONG = ".cell[data-tag] svg.outline.strong path:last-child"
OBJECT = "svg.outline.object path:last-child"
BOXES = """paths => paths.map(path => {
    const {x, y, width, height} = path.getBBox();
    return [x, y, x + width, y + height];
})"""
VIEWS = ("samples", "filmstrip", "compare", "layers", "health")
HOSTILE = ("999999", "-1", "1e999", "NaN", "%25", "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "@@")
KEYS = (
    "view sample map signed opacity veil threshold cells contour masks scale hide "
    "size step follow axis speed run runs heads query cell cellrun face "
    "outlined pins a b find outcome class sort target frames every layer "
    "strip pane order show channel compare difference by divider divided curve found "
    "severity metrics evidence curves"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Address of a TensorBoard on a run with masks."""
    directory = tmp_path_factory.mktemp("display")
    samples_run.write(directory / "run" / "explain")
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture
def look(explain, run):
    """Returns a function that opens the tab on the run at its last step."""

    def open_tab(**state):
        return explain(address=run, **({"step": LAST, "follow": 0} | state))

    return open_tab


def boxes(tab, selector):
    """Returns the bounds of outlines, once there are some."""
    tab.locator(selector).first.wait_for(state="attached")
    return tab.locator(selector).evaluate_all(BOXES)


def settled(tab):
    tab.locator("html[data-ready]").wait_for(state="attached")


def press(tab, key):
    tab.locator("body").press(key)


def test_an_outline_encloses_the_strongest_place(look):
    """C outlines the top of each map where it lies, once more hides it, and the link says so."""
    tab = look()
    expect(tab.locator(STRONG)).to_have_count(0)
    press(tab, "c")
    maps = tab.locator("canvas[data-painted]").count()

    found = boxes(tab, STRONG)
    assert len(found) == maps > 4
    for left, top, right, bottom in found:
        assert left < 2.5 / 6 * SIDE < right
        assert top < (LAST % 6 + 0.5) / 6 * SIDE < bottom
        assert right - left < SIDE / 2
    expect(tab.locator(".outkey")).to_have_text("top 20\u202f%")
    press(tab, "c")
    expect(tab.locator(STRONG)).to_have_count(0)


def test_outlines_follow_time(look, page):
    """At another step the outline is where the map is strong then."""
    before = boxes(look(contour="share10"), STRONG)
    after = boxes(look(contour="share10", step=LAST - 3), STRONG)

    assert len(before) == len(after)
    assert all(one[1] != other[1] for one, other in zip(before, after, strict=True))


def test_objects_are_outlined_on_pictures_and_maps(look):
    """M outlines what the mask holds, to half a pixel, in the picture and in all maps."""
    tab = look()
    press(tab, "m")
    found = boxes(tab, OBJECT)
    pictures = tab.locator(f".cell:not([data-tag]) {OBJECT}")

    assert pictures.count() > 3
    assert len(found) == pictures.count() + tab.locator("canvas[data-painted]").count()
    for box in found:
        for bound, expected in zip(box, (8, 8, 16, 16), strict=True):
            assert abs(bound - expected / 24 * SIDE) < SIDE / 24
    expect(tab.locator(".outkey")).to_have_text("object")


def tops(tab, tag):
    """Returns the values of full colour of the maps of a tag."""
    cells = tab.locator(f".cell[data-tag='{tag}'] canvas[data-top]")
    cells.first.wait_for(state="attached")
    return cells.evaluate_all("all => all.map(({dataset}) => Number(dataset.top))")


def test_a_column_can_share_one_scale(explain):
    """Per map each sample has its own end of the scale; per column all have the largest."""
    tag = "InputXGradient/input/label"
    own = tops(explain(step=5, follow=0), tag)
    shared = tops(explain(step=5, follow=0, scale="column"), tag)

    assert len(set(own)) > 1
    assert set(shared) == {max(own)}


def test_v_reads_the_strongest_place(look):
    """Without a mouse, V shows the largest value of a cell, in all cells of its sample."""
    tab = look()
    cell = tab.locator(".mrow[data-sample='2'] .cell[data-tag]").first
    cell.focus()
    cell.press("v")
    values = tab.locator(".mrow[data-sample='2'] .reticle .val")

    expect(values.first).to_have_text("1")
    expect(values).to_have_count(2)
    expect(tab.locator(".mrow[data-sample='1'] .reticle")).to_have_count(0)
    cell.press("v")
    expect(values).to_have_count(0)


def test_a_tap_shows_values_and_they_stay(browser, run):
    """A finger has no hover: a tap shows the values until one taps elsewhere."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{run}#tb_explain&p.tb_explain.follow=0&p.tb_explain.step={LAST}")
    tab = page.frame_locator(FRAME)
    settled(tab)
    tab.locator(".mrow[data-sample='1'] .cell").first.tap()

    expect(tab.locator(".mrow[data-sample='1'] .reticle .val")).to_have_count(2)
    tab.locator(".mrow.head .nm").first.tap()
    expect(tab.locator(".reticle")).to_have_count(0)
    track = tab.locator(".track")
    box = track.bounding_box()
    page.touchscreen.tap(box["x"] + 2, box["y"] + box["height"] / 2)
    expect(track).to_have_attribute("aria-valuenow", "0")
    context.close()


def test_single_keys_can_be_switched_off(look):
    """The help lists what keys do; switched off, they do nothing, but ? still closes it."""
    tab = look()
    press(tab, "?")
    expect(tab.locator(".help kbd").first).to_be_visible()
    keys = tab.locator(".help kbd").all_text_contents()
    assert {*"15FPABXSOCMVL?[]+/", "\N{MINUS SIGN}", "Space", "Enter", "Esc", "Home", "End"} <= set(
        keys
    )
    tab.get_by_role("switch", name="Single keys").click()
    press(tab, "c")
    press(tab, "2")
    press(tab, "?")

    expect(tab.locator(".help")).to_have_count(0)
    expect(tab.locator(STRONG)).to_have_count(0)
    expect(tab.locator("main")).to_have_attribute("aria-label", "Samples")


def test_keys_do_what_the_help_says(look):
    """Each key changes what it names."""
    tab = look()
    root = tab.locator("html")
    press(tab, "s")
    expect(tab.locator(".cell.raw").first).to_be_attached()
    press(tab, "+")
    expect(root).to_have_attribute("style", re.compile("--cell: 160px"))
    press(tab, "-")
    expect(root).to_have_attribute("style", re.compile("--cell: 112px"))
    press(tab, "f")
    expect(tab.get_by_role("switch", name="Follow latest")).to_have_attribute(
        "aria-checked", "true"
    )
    press(tab, "Home")
    expect(tab.locator(".track")).to_have_attribute("aria-valuenow", "0")
    press(tab, "/")
    expect(tab.locator("#find")).to_be_focused()
    tab.locator("#find").press("Escape")
    for key, name in zip("2345", ("Filmstrip", "Compare", "Layers", "Health"), strict=True):
        press(tab, key)
        expect(tab.locator("main")).to_have_attribute("aria-label", name)


@pytest.mark.parametrize("view", VIEWS)
def test_no_link_breaks_the_tab(look, view):
    """Whatever a link holds, the view is there, without an error on the console."""
    for hostile in HOSTILE:
        tab = look(**(dict.fromkeys(KEYS.split(), hostile) | {"view": view}))

        expect(tab.locator("main.frame")).to_be_attached()
        expect(tab.get_by_text("This view stopped")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (720, 450)])
def test_panels_stay_within_the_window(look, page, size):
    """Menus and panels turn to the side where there is room, also at 200 % zoom."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    tab = look()
    for button in (
        tab.get_by_role("button", name="Display settings"),
        tab.get_by_role("button", name="Export"),
        tab.locator(".scrub").get_by_role("button", name="Speed"),
    ):
        button.click()
        panel = tab.locator(".panel:popover-open")
        for _ in range(2):  # What a panel shows may come after it, and then it is placed anew.
            tab.locator("html").evaluate(TWO_FRAMES)
            tab.locator("html[data-ready]").wait_for(state="attached")
        box = panel.bounding_box()
        top = height - tab.locator("html").evaluate("() => innerHeight")

        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= top
        assert box["y"] + box["height"] <= height
        button.press("Escape")
        expect(panel).to_have_count(0)


@pytest.mark.parametrize(("width", "place"), [(1280, ".bar > .menu"), (1000, ".settings .menu")])
def test_a_choice_without_room_moves_into_the_settings(look, page, width, place):
    """It is there once: above the view, or, in a narrow window, in the panel."""
    page.set_viewport_size({"width": width, "height": 800})
    tab = look()
    tab.get_by_role("button", name="Display settings").click()
    expect(tab.locator(".settings")).to_be_visible()

    expect(tab.get_by_role("button", name=CLASS)).to_have_count(1)
    expect(tab.locator(place).get_by_role("button", name=CLASS)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_panels_are_accessible(look, page, axe, dark):
    """Display settings with an outline, and Export, pass axe in light and dark."""
    tab = look(contour="share20", masks=1, dark=dark)
    for name in ("Display settings", "Export"):
        tab.get_by_role("button", name=name).click()
        tab.locator(".panel:popover-open button:visible").first.wait_for()
        frame = next(frame for frame in page.frames if "name=tb_explain" in frame.url)
        frame.evaluate(axe)
        found = frame.evaluate("() => axe.run(document, {resultTypes: ['violations']})")

        assert [entry["id"] for entry in found["violations"]] == []
        tab.get_by_role("button", name=name).press("Escape")

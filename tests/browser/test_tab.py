"""What a person sees and does in the tab, down to the pixels."""

import re

import log_dir
import pytest
from opening import FRAME
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CAM = "canvas[data-painted]"
PIXELS = """canvases => canvases.map(canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0, painted = 0;
    for (let at = 0; at < data.length; at += 4) {
        painted += data[at + 3] > 0;
        sum += (data[at] + 256 * data[at + 1] + 65536 * data[at + 2]) * (data[at + 3] / 255);
    }
    return {sum, painted, alpha: Math.max(...data.filter((_, at) => at % 4 === 3))};
})"""


def pixels(tab, name):
    """Returns what is painted in the cells whose accessible name begins with `name`."""
    cells = tab.locator(f".cell[aria-label^='{name}'] canvas")
    cells.first.wait_for()
    return cells.evaluate_all(PIXELS)


def settled(tab):
    """Waits until everything that belongs to the step is painted."""
    tab.locator("html[data-ready]").wait_for(state="attached")


def press(page, tab, key):
    page.keyboard.press(key)
    page.wait_for_timeout(250)
    settled(tab)


def focus(tab):
    tab.locator("body").evaluate("body => body.focus()")
    tab.locator(".view, main").first.click(position={"x": 2, "y": 2})


def at_step(explain, step, **state):
    return explain(step=step, follow=0, **state)


def test_scrubbing_changes_every_map(explain):
    """Each step has its own maps, and all cells in sight are painted."""
    early = pixels(at_step(explain, 2), "Grad-CAM")
    late = pixels(at_step(explain, 5), "Grad-CAM")

    assert len(early) == len(late) == log_dir.SAMPLES
    for before, after in zip(early, late, strict=True):
        assert before["painted"] > 0
        assert after["painted"] > 0
        assert before["sum"] != after["sum"]


def test_weak_evidence_looks_weak(explain):
    """In the default scale the same shape is fainter at a step where it was weaker."""
    weak = pixels(at_step(explain, 0), "Grad-CAM")
    strong = pixels(at_step(explain, 5), "Grad-CAM")

    for before, after in zip(weak, strong, strict=True):
        assert before["alpha"] < after["alpha"] / 2


def test_a_scale_of_its_own_hides_the_strength(explain):
    """Per map, weak evidence is as bright as strong evidence."""
    (weak, *_) = pixels(at_step(explain, 0, scale="map"), "Grad-CAM")
    (strong, *_) = pixels(at_step(explain, 5, scale="map"), "Grad-CAM")

    assert weak["alpha"] == strong["alpha"]


def test_an_earlier_map_says_so(explain):
    """A step without a record of this explainer shows the one before, with its step."""
    tab = at_step(explain, 4)
    expect(tab.locator(".cell", has_text="from 2")).to_have_count(log_dir.SAMPLES)

    tab = at_step(explain, 5)
    expect(tab.locator(".cell", has_text="from 2")).to_have_count(0)


def test_a_map_without_evidence_says_so(explain):
    """An empty map is words, not a dark picture."""
    expect(at_step(explain, 5).locator(".cell", has_text="all zero")).to_have_count(1)


def test_a_link_restores_what_was_seen(explain, page):
    """Step, settings and view are in the address."""
    tab = explain()
    focus(tab)
    press(page, tab, "ArrowLeft")
    press(page, tab, "ArrowLeft")
    page.wait_for_function("location.hash.includes('p.tb_explain.step=3')")
    settled(tab)
    before = pixels(tab, "Grad-CAM")
    address = page.url

    page.goto("about:blank")
    page.goto(address)
    tab = page.frame_locator(FRAME)
    settled(tab)
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 3"))
    assert pixels(tab, "Grad-CAM") == before


@pytest.mark.parametrize(
    ("key", "expected"), [("Home", "0"), ("End", "5"), ("ArrowLeft", "4"), ("Shift+ArrowLeft", "0")]
)
def test_keys_move_in_time(explain, page, key, expected):
    """Arrows, Home and End move the one scrubber."""
    tab = explain()
    focus(tab)
    press(page, tab, key)

    expect(tab.locator(".readout")).to_have_text(re.compile(f"^Epoch {expected}"))


def test_a_key_opens_the_help(explain, page):
    """The question mark lists the keys, and Escape closes the list."""
    tab = explain()
    focus(tab)
    page.keyboard.press("?")
    tab.get_by_text("hide the map").wait_for()
    page.keyboard.press("Escape")
    tab.get_by_text("hide the map").wait_for(state="detached")


def test_the_cursor_shows_values(explain, page):
    """The value under the cursor is that of the record."""
    tab = at_step(explain, 5, scale="map")
    cell = tab.locator(".cell[aria-label^='Grad-CAM']").first
    box = cell.bounding_box()
    # The first sample has its evidence in row 1 of 6, column 5.
    page.mouse.move(box["x"] + box["width"] * 5.5 / 6, box["y"] + box["height"] * 1.5 / 6)

    tab.get_by_text(re.compile(r"^1\.02$")).first.wait_for()


def test_names_are_data(explain):
    """Markup in names of samples and classes appears as text and does nothing."""
    tab = explain()

    tab.get_by_text("<img src=x onerror=alert(1)>").first.wait_for()
    tab.get_by_text("<b>two</b>").first.wait_for()
    assert tab.locator("img[src='x']").count() == 0


def test_layers_shows_the_model(explain):
    """The ladder holds every layer, and a chosen one its channels and filters."""
    tab = explain(view="layers")
    for text in ("conv1", "conv2", "head", "Dense"):
        tab.get_by_text(text, exact=True).first.wait_for()
    tab.get_by_text("conv2", exact=True).first.click()
    settled(tab)

    assert tab.get_by_text("dead", exact=True).count() >= 1
    assert max(each["painted"] for each in tab.locator(CAM).evaluate_all(PIXELS)) > 0


def test_layers_shows_filters_in_colour(explain):
    """Filters of the first layer are pictures of what they look for."""
    tab = explain(view="layers")
    tab.get_by_text("conv1", exact=True).first.click()
    settled(tab)
    painted = tab.locator(CAM).evaluate_all(PIXELS)

    assert len(painted) >= 6
    assert len({each["sum"] for each in painted}) > 3


@pytest.mark.parametrize("view", ["samples", "layers"])
@pytest.mark.parametrize("dark", [False, True])
def test_is_accessible(explain, axe, view, dark):
    """Axe finds nothing to mend, in both themes."""
    tab = explain(view=view, dark=dark)
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    found = body.evaluate("async () => (await axe.run()).violations")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_follows_the_theme(explain):
    """The tab is as dark as TensorBoard around it."""
    brightness = "body => getComputedStyle(body).backgroundColor.match(/\\d+/g).map(Number)[0]"

    assert explain().locator("body").evaluate(brightness) > 200
    assert explain(dark=True).locator("body").evaluate(brightness) < 80


def test_an_empty_log_directory_says_what_to_do(explain, serve, tmp_path):
    """Without records the tab shows the one line that makes some."""
    (tmp_path / "logs").mkdir()
    tab = explain(address=serve(tmp_path / "logs"))

    tab.get_by_text("No explanations in this log directory yet").wait_for()
    tab.get_by_text("tbx.Explain").first.wait_for()


@pytest.mark.parametrize("loader", ["true", "false"])
def test_new_records_appear_by_themselves(explain, serve, tmp_path, loader):
    """While a training writes, the tab follows it, under a path prefix and with both loaders."""
    writer = log_dir.write_run(tmp_path / "logs" / "live" / "explain", steps=range(2))
    arguments = ("--load_fast", loader, "--path_prefix", "/proxy/6006")
    tab = explain(address=serve(tmp_path / "logs", *arguments))
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 1"))
    log_dir.write_step(writer, 2)
    tab.locator(".readout", has_text="Epoch 2").wait_for()
    settled(tab)

    assert all(each["painted"] for each in pixels(tab, "Grad-CAM"))
    writer.close()


def test_runs_appear_and_can_be_chosen(explain, serve, tmp_path):
    """A log directory above several experiments shows each as a run."""
    for name in ("first", "second"):
        log_dir.write_run(tmp_path / "logs" / "vision" / name / "explain").close()
    tab = explain(address=serve(tmp_path / "logs"))

    for name in ("first", "second"):
        tab.get_by_text(name, exact=True).first.wait_for()

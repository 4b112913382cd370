"""How the inspector is opened, used by keyboard, left, and laid out."""

import re

import log_dir
import pytest
from inspecting import DRAWER, LARGE, cell, opened, painted
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_click_opens_a_cell(explain, page):
    """What was clicked is shown large, named, and part of the address."""
    tab = explain()
    cell(tab, "Grad-CAM").click()

    expect(tab.locator(f"{DRAWER} h2")).to_have_text("Grad-CAM · first")
    expect(tab.locator(f"{DRAWER} h3").first).to_have_text("zero")
    assert painted(tab)["painted"] > 0
    assert (
        tab.locator(LARGE).bounding_box()["width"]
        > 2 * cell(tab, "Grad-CAM").bounding_box()["width"]
    )
    page.wait_for_function("location.hash.includes('p.tb_explain.cell=0%40GradCAM')")


def test_the_keyboard_goes_in_and_back(explain, page):
    """Enter takes the focus into the drawer, and Escape back to the cell it came from."""
    tab = explain()
    cell(tab, "Grad-CAM").focus()
    page.keyboard.press("Enter")
    expect(tab.locator(DRAWER)).to_be_focused()
    page.keyboard.press("Escape")

    expect(tab.locator(DRAWER)).to_have_count(0)
    expect(cell(tab, "Grad-CAM")).to_be_focused()


def test_the_button_closes_it_too(explain, page):
    """Who closes the drawer from inside is not left without a focus."""
    tab = explain()
    cell(tab, "Grad-CAM").focus()
    page.keyboard.press("Enter")
    tab.get_by_role("button", name="Close (Esc)").focus()
    page.keyboard.press("Enter")

    expect(cell(tab, "Grad-CAM")).to_be_focused()


def test_a_click_leaves_the_focus_in_the_view(explain):
    """Who points at cells goes on doing so."""
    tab = explain()
    cell(tab, "Grad-CAM").click()
    tab.locator(f"{DRAWER} h2").wait_for()

    expect(cell(tab, "Grad-CAM")).to_be_focused()


def test_keys_go_through_samples_and_explainers(explain, page):
    """The drawer stays open and shows what the keys chose."""
    tab = opened(explain)
    head = tab.locator(f"{DRAWER} h2")
    tab.locator("body").press("]")
    expect(head).to_have_text("Grad-CAM · second")
    page.keyboard.press("}")
    expect(head).to_have_text("Input x gradient · second")
    page.keyboard.press("Shift+E")
    page.keyboard.press(",")
    expect(head).to_have_text("Grad-CAM · first")


def test_the_chosen_sample_is_followed(explain):
    """A sample that is chosen in the view is shown in the drawer."""
    tab = opened(explain)
    tab.get_by_role("button", name="fourth", exact=True).click()

    expect(tab.locator(f"{DRAWER} h2")).to_have_text("Grad-CAM · fourth")


def test_scrubbing_repaints_the_picture(explain, page):
    """Each record has a map of its own, and the words follow."""
    tab = opened(explain)
    late = painted(tab)
    expect(tab.locator(f"{DRAWER} .pred")).to_contain_text("zero")
    page.keyboard.press("Home")
    expect(tab.locator(f"{DRAWER} .pred")).to_contain_text("one")

    assert painted(tab)["sum"] != late["sum"]


def test_other_explainers_are_a_click_away(explain):
    """The same sample in the other explainers, the shown one marked."""
    tab = opened(explain)
    others = tab.get_by_role("grid", name="Explainers of this sample").get_by_role("gridcell")
    expect(others).to_have_count(2)
    others.nth(1).click()

    expect(tab.locator(f"{DRAWER} h2")).to_have_text("Input x gradient · first")
    expect(tab.locator(".others .cell.on")).to_have_attribute(
        "aria-label", re.compile("shown above")
    )


def test_pins_and_comparisons_start_here(explain, page):
    """The sample is pinned, and the cell becomes one side of the comparison."""
    tab = opened(explain)
    tab.get_by_role("button", name="Pin the sample (P)").click()
    expect(tab.get_by_role("button", name="Unpin the sample (P)")).to_have_count(1)
    tab.get_by_role("button", name=re.compile("^Compare this")).click()

    page.wait_for_function("location.hash.includes('p.tb_explain.a=5%40')")
    page.wait_for_function("location.hash.includes('p.tb_explain.view=compare')")


def test_a_cell_of_another_run_stays_in_its_run(explain, serve, tmp_path):
    """The inspector tells a run that is not the shown one apart."""
    for name, steps in (("long", range(6)), ("short", range(3))):
        log_dir.write_run(tmp_path / "logs" / name / "explain", steps=steps).close()
    address = serve(tmp_path / "logs")
    tab = opened(explain, address=address, run="long/explain", cellrun="short/explain")

    expect(tab.locator(f"{DRAWER} .cell[data-run='short/explain']").first).to_be_visible()
    expect(tab.locator(f"{LARGE} .badge")).to_have_text("from 2")


@pytest.mark.parametrize(("width", "height"), [(1000, 600), (720, 450)])
def test_it_floats_where_there_is_little_room(explain, page, width, height):
    """In small windows the drawer lies over the view, and scrolls inside."""
    page.set_viewport_size({"width": width, "height": height})
    tab = explain()
    before = tab.locator("#view").bounding_box()
    cell(tab, "Grad-CAM").click()
    tab.locator(f"{DRAWER} h2").wait_for()

    assert tab.locator("#view").bounding_box() == before
    box = tab.locator(DRAWER).bounding_box()
    assert box["x"] + box["width"] == width
    picture = tab.locator(LARGE).bounding_box()
    assert picture["height"] == picture["width"] < height / 2
    tab.locator(".drawer .kv").scroll_into_view_if_needed()
    expect(tab.locator(".drawer .kv")).to_be_in_viewport()


def test_closed_it_leaves_nothing_behind(explain, page):
    """A closed drawer is neither in the page nor in the address."""
    tab = opened(explain)
    tab.get_by_role("button", name="Close (Esc)").click()

    expect(tab.locator(DRAWER)).to_have_count(0)
    page.wait_for_function("!location.hash.includes('cell=')")

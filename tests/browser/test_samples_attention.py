"""How attention is chosen in the view Samples: layer, heads, and from where it looks."""

import re

import methods_run
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def rows(tab):
    return tab.locator(".mrow[data-sample]")


def cell(tab, beginning):
    return tab.locator(f".cell[aria-label^='{beginning}']")


@pytest.fixture
def attend(explain, methods):
    """Returns a function that opens the tab on a run with attention."""

    def open_tab(**state):
        return explain(address=methods, step=methods_run.STEPS[-1], follow=0, **state)

    return open_tab


def test_a_query_is_chosen_on_the_picture(attend, page):
    """A click takes the recorded patch that is nearest; Shift and arrows move it."""
    tab = attend()
    picture = cell(tab, "Input, second")
    expect(picture).to_have_attribute("aria-label", re.compile("from class token"))
    picture.click(position={"x": 40, "y": 40})
    expect(picture).to_have_attribute("aria-label", re.compile("from patch 5"))
    expect(picture.locator(".query")).to_have_count(1)
    expect(cell(tab, "Attention, mean head, patch 5, second")).to_have_count(2)
    picture.focus()
    page.keyboard.press("Shift+ArrowRight")

    expect(picture).to_be_focused()
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 7"))


def test_all_heads_stand_side_by_side(attend):
    """Each head has a column of its own, and its own maps."""
    tab = attend()
    tab.get_by_role("button", name=f"Head of {methods_run.BLOCKS[0]}").click()
    tab.get_by_role("option", name="all heads").click()
    for head in ("mean head", "head 0", "head 1", "head 2"):
        found = cell(tab, f"Attention, {head}, class token, first")
        expect(found.first.locator("canvas[data-painted]")).to_have_count(1)
    expect(cell(tab, "Attention, head 2, class token, first")).to_have_count(1)


def test_of_heads_side_by_side_the_clicked_one_is_opened(attend, page):
    """The inspector shows this head alone, and another one when it is chosen there."""
    tab = attend(heads=f"all%2540Attention/{methods_run.BLOCKS[0]}")
    cell(tab, "Attention, head 2, class token, first").click()
    large = tab.locator(".drawer .big")

    expect(large).to_have_attribute("aria-label", re.compile("^Attention, head 2, class token"))
    expect(tab.locator(".mrow .cell.opened")).to_have_count(1)
    expect(tab.locator(".mrow .cell.opened")).to_have_attribute("aria-label", re.compile("head 2"))
    expect(tab.get_by_label("Explainer").last).to_contain_text("of head 2")
    page.keyboard.press("]")
    expect(large).to_have_attribute("aria-label", re.compile("^Attention, head 2,.*second"))

    tab.locator(".drawer").get_by_role("button", name="Head").click()
    tab.get_by_role("option", name="head 1").click()
    expect(large).to_have_attribute("aria-label", re.compile("^Attention, head 1"))
    expect(tab.locator(".mrow .cell.opened")).to_have_attribute("aria-label", re.compile("head 1"))


def test_one_layer_of_attention_is_shown_alone(attend):
    """The layer is chosen in the head; rollout is one of them."""
    tab = attend()
    tab.get_by_role("button", name="Layer of attention").first.click()
    tab.get_by_role("option", name=methods_run.BLOCKS[1]).click()
    expect(cell(tab, "Attention, mean head, class token, first")).to_have_count(1)
    expect(cell(tab, "Attention rollout, first")).to_have_count(0)
    tab.get_by_role("button", name="Layer of attention").click()
    tab.get_by_role("option", name="Attention rollout").click()

    expect(cell(tab, "Attention rollout, first")).to_have_count(1)
    expect(cell(tab, "Attention, ")).to_have_count(0)


@pytest.mark.parametrize("size", [(1280, 800), (1000, 600)])
def test_names_and_curves_stay_in_sight(attend, page, size):
    """Where the columns need more room than there is, maps scroll and what tells of them stays."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    tab = attend(size=160)
    view = tab.locator(".view")
    assert view.evaluate("view => view.scrollWidth > view.clientWidth + 100")
    for left in (0, 10_000):
        view.evaluate("(view, left) => { view.scrollLeft = left; }", left)
        inside = view.bounding_box()
        for part in (rows(tab).first.locator(".who .name"), rows(tab).first.locator(".plot")):
            box = part.bounding_box()
            assert box["x"] >= inside["x"]
            assert box["x"] + box["width"] <= inside["x"] + inside["width"] + 1

"""How both sides of a comparison are chosen, and laid beside or over each other."""

from urllib.parse import quote

import compare_run
import methods_run
import numpy as np
import pytest
from comparing import (
    CAM,
    OCCLUSION,
    drift,
    figure,
    linked,
    norm,
    pixels,
    settled,
    share,
    side,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_sides_are_swapped(comparison, page):
    """X swaps both sides, also those that nobody chose; the difference changes its sign."""
    tab = comparison(sample=1, cells=1, veil="even")
    before = pixels(tab, "[data-side=difference]").astype(int)
    tab.locator(".figs").click()
    page.keyboard.press("x")
    expect(tab.locator("[data-pick=a]")).to_contain_text("other")
    expect(tab.locator("[data-pick=b]")).to_contain_text("base")
    settled(tab)
    after = pixels(tab, "[data-side=difference]").astype(int)
    red = before[..., 0] - before[..., 2]
    clear = np.abs(red) > 40
    assert clear.sum() > 10
    assert np.array_equal(np.sign(red)[clear], -np.sign(after[..., 0] - after[..., 2])[clear])
    expect(figure(tab, "mass")).to_have_text("50\u202f% → 20\u202f%")


def test_the_divider_moves_by_keyboard(comparison, page):
    """Arrows move the divider, and what lies right of it is B."""
    tab = comparison(compare="swipe", sample=1)
    divider = tab.get_by_role("slider", name="Divider between A and B")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    page.keyboard.press("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", "48")
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")
    clip = tab.locator(".swipe .side-b").evaluate("cell => getComputedStyle(cell).clipPath")
    assert clip == "inset(0px 0px 0px 0%)"
    page.wait_for_timeout(400)
    assert "p.tb_explain.divider=0" in page.url
    assert pixels(tab, ".swipe .side-b")[..., 3].max() > 100


def test_the_divider_is_dragged(comparison, page):
    """The divider follows the pointer while it is pressed."""
    tab = comparison(compare="swipe", sample=1)
    box = tab.locator(".swipe").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 60, steps=4)
    page.mouse.up()
    divider = tab.get_by_role("slider", name="Divider between A and B")
    expect(divider).to_have_attribute("aria-valuenow", "25")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    expect(divider).to_have_attribute("aria-valuenow", "25")


def test_blink_flips_once_per_press_with_reduced_motion(comparison, page):
    """Without motion a key shows the other side and leaves it there."""
    tab = comparison(compare="blink", sample=1)
    shown = tab.locator(".which")
    expect(shown).to_contain_text("base")
    tab.get_by_role("button", name="Press to flip: A and B").focus()
    page.keyboard.press("Space")
    expect(shown).to_contain_text("other")
    expect(tab.locator(".blink .side-b canvas")).to_be_visible()
    expect(tab.locator(".blink .side-a canvas")).to_be_hidden()
    page.wait_for_timeout(800)
    expect(shown).to_contain_text("other")
    page.keyboard.press("Enter")
    expect(shown).to_contain_text("base")


def test_blink_alternates_while_it_is_pressed(comparison, page):
    """With motion the sides take turns until the button is let go."""
    page.emulate_media(reduced_motion="no-preference")
    tab = comparison(compare="blink", sample=1)
    shown = tab.locator(".which")
    tab.get_by_role("button", name="Hold to alternate: A and B").hover()
    page.mouse.down()
    for run in ("other", "base", "other"):
        expect(shown).to_contain_text(run)
    page.mouse.up()
    page.wait_for_timeout(800)
    expect(shown).to_contain_text("other")


def test_a_side_is_chosen_by_keyboard(comparison, page):
    """Run, maps and step of a side are chosen in its panel; the link holds them."""
    tab = comparison(sample=1)
    tab.locator("[data-pick=b]").focus()
    page.keyboard.press("Enter")
    panel = tab.get_by_role("dialog", name="Choose B")
    panel.get_by_role("button", name="Run of B").press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    panel.get_by_role("button", name="Fixed").press("Enter")
    panel.get_by_label("Epoch number of B").fill("1")
    panel.get_by_label("Epoch number of B").press("Enter")
    expect(tab.locator("[data-pick=b]")).to_contain_text("base")
    expect(tab.locator("[data-pick=b]")).to_contain_text("epoch 1")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(tab.locator("[data-pick=b]")).to_be_focused()
    settled(tab)
    now, before = (compare_run.values("base", CAM, 1, step) for step in (3, 1))
    expect(figure(tab, "drift")).to_have_text(share(drift(now, before)))
    page.wait_for_timeout(400)
    assert "p.tb_explain.b=1" in page.url


def test_the_link_holds_sides_and_kind(comparison):
    """Sides, mode and kind of difference come back from the link."""
    tab = comparison(
        a=side("other", step=0),
        b=side("base", step=2),
        difference="ranks",
        compare="swipe",
        sample=1,
    )
    expect(tab.locator("[data-pick=a]")).to_contain_text("epoch 0")
    expect(tab.locator("[data-pick=b]")).to_contain_text("epoch 2")
    expect(tab.get_by_role("button", name="Difference of ranks")).to_be_visible()
    expect(tab.get_by_role("button", name="Swipe")).to_have_attribute("aria-pressed", "true")
    a, b = compare_run.values("other", CAM, 1, 0), compare_run.values("base", CAM, 1, 2)
    expect(figure(tab, "norm")).to_have_text(share(norm(a, b)))


def test_other_grids_and_explainers_are_told(comparison):
    """Maps of different explainers are divided by their own scales and brought to one grid."""
    tab = comparison(a=side("base"), b=side("base", tag=OCCLUSION), sample=1)
    notes = tab.locator(".notes")
    expect(notes).to_contain_text("Scales of Grad-CAM and Occlusion are not comparable")
    expect(notes).to_contain_text("A is interpolated to 12")
    divide = tab.get_by_role("switch", name="Divide")
    expect(divide).to_have_attribute("aria-checked", "true")
    divided = figure(tab, "norm").inner_text()
    divide.click()
    expect(divide).to_have_attribute("aria-checked", "false")
    expect(figure(tab, "norm")).not_to_have_text(divided)
    expect(notes).to_contain_text("the difference says little")


def test_a_side_has_a_head_of_its_own(explain, methods):
    """Two heads of one layer are compared; only the side that names one shows it."""
    tag = f"Attention/{methods_run.BLOCKS[0]}"
    a, b = ([3, "vit/explain", tag, *choice] for choice in ([], [2, 5]))
    link = {name: quote(linked(*parts), safe="") for name, parts in (("a", a), ("b", b))}
    tab = explain(address=methods, view="compare", sample=1, step=3, follow=0, cells=1, **link)
    expect(tab.locator("[data-pick=b]")).to_contain_text("head 2 · patch 5")
    for cell, head, query in ((".side-a", None, -1), (".side-b", 2, 5)):
        painted = np.argwhere(pixels(tab, cell)[..., 3])
        assert painted.tolist() == [list(methods_run.attention_place(1, head, query))]


def test_a_side_that_is_gone_gives_way_to_the_usual_one(comparison):
    """A link to a run that was deleted shows the next run instead of waiting for it."""
    tab = comparison(b=side("gone"), sample=1)
    expect(tab.locator("[data-pick=b]")).to_contain_text("other")

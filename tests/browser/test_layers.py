"""The layers of a model: filters that are alike, channels by change, samples that excite them."""

import log_dir
import pytest
from playwright.sync_api import expect
from test_tab import pixels

pytestmark = pytest.mark.browser

CHANNELS = (0, 4, 5)


def captions(tab):
    """Returns what stands below the maps of the grid."""
    return tab.locator(".acts .act-line").all_inner_texts()


def test_near_duplicates_stand_side_by_side(explain):
    """How many filters are near-duplicates stands beside the layer; a click shows them first."""
    tab = explain(view="layers", layer="conv1")
    found = tab.get_by_role("button", name="2 near-duplicates")
    expect(found).to_have_attribute("title", "Almost the same: 1 and 4 (cosine .99)")
    found.click()

    expect(tab.locator(".acts .act-line").nth(0)).to_contain_text("1 ≈ 4")
    expect(tab.locator(".acts .act-line").nth(1)).to_contain_text("4 ≈ 1")
    assert sum("≈" in caption for caption in captions(tab)) == 2


def test_channels_can_be_sorted_by_change(explain):
    """The channel that changed most since the record before comes first, with its change."""
    tab = explain(view="layers", layer="block/conv2", follow=0, step=3, order="change")

    expect(tab.locator(".sec-head")).to_contain_text("Most changed first")
    lines = [caption.split() for caption in captions(tab)]
    assert {int(channel) for channel, _ in lines} == set(CHANNELS)
    alive = [float(value) for _, value in lines if value != "dead"]
    assert alive == sorted(alive, reverse=True)
    assert alive[0] > 0


def test_what_excites_a_channel_is_marked(explain):
    """The samples with the largest value show their maps, with a ring at that place."""
    tab = explain(view="layers", layer="block/conv2", follow=0, step=3, channel=4)
    excited = tab.get_by_role("region", name="Samples that excite channel 4 most")

    expect(excited.locator(".peak")).to_have_count(log_dir.SAMPLES)
    assert all(one["painted"] > 0 for one in pixels(tab, "Channel 4 on"))
    excited.locator("figure").nth(1).locator(".cell").click()
    expect(tab.get_by_role("button", name="Sample")).not_to_contain_text("first")


def test_the_chosen_layer_is_in_sight(explain, page):
    """In a low window the ladder scrolls to the layer that the link names."""
    page.set_viewport_size({"width": 1280, "height": 420})
    tab = explain(view="layers", layer="head")
    row = tab.locator(".lad.on")
    expect(row).to_contain_text("head")

    ends = "row => [row.getBoundingClientRect().bottom, document.querySelector('.strip-legend')"
    expect(row).to_be_in_viewport(ratio=1)
    bottom, legend = row.evaluate(ends + ".getBoundingClientRect().top]")
    assert bottom <= legend + 1


@pytest.mark.parametrize("width", [1000, 1280])
def test_the_detail_of_a_layer_stays_in_its_pane(explain, page, width):
    """Long words give way to the width that there is; nothing scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 600})
    tab = explain(view="layers", layer="block/conv2")
    pane = tab.locator(".detail")
    pane.locator(".sec-head .clip1").evaluate("words => words.append(' and so on'.repeat(20))")

    expect(pane.locator(".acts .act-line").first).to_be_visible()
    assert pane.evaluate("pane => pane.scrollWidth - pane.clientWidth") == 0

"""Everything about one cell: what the inspector shows."""

import re

import pytest
import samples_run
from conftest import tensorboard_on
from inspecting import ATTENTION, DRAWER, GRADIENTS, LARGE, hover, opened, painted
from playwright.sync_api import expect

from tb_explain.metrics import Deletion

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Address of a TensorBoard on a run with metrics of known values."""
    directory = tmp_path_factory.mktemp("measured")
    samples_run.write(directory / "run" / "explain")
    with tensorboard_on(directory) as address:
        yield address


def test_the_cursor_reads_pixel_and_value(explain, page):
    """The place is told in pixels of the sample, the value is that of the record."""
    tab = opened(explain)
    # The first sample has its evidence in row 1 of 6, column 5; a sample has 24 x 24 pixels.
    hover(page, tab, 5.6 / 6, 1.6 / 6)

    expect(tab.locator(f"{LARGE} .val")).to_have_text("x 22, y 6 · 1.02")


def test_arrow_keys_read_the_picture(explain, page):
    """Whoever cannot point reads cell by cell, and hears it."""
    tab = opened(explain)
    tab.locator(".drawer .big").focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)

    expect(tab.locator(f"{LARGE} .val")).to_have_text("x 22, y 6 · 1.02")
    expect(tab.locator(".drawer .big [role=status]")).to_have_text("x 22, y 6 · 1.02")
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 5"))


def test_map_and_picture_stand_alone(explain):
    """The map without its picture is opaque; the picture without its map has no canvas."""
    tab = opened(explain)
    assert painted(tab)["solid"] == 0
    tab.get_by_role("button", name="Map", exact=True).click()
    expect(tab.locator(f"{LARGE}.solid")).to_have_count(1)
    assert painted(tab)["solid"] == 255
    tab.get_by_role("button", name="Picture", exact=True).click()

    expect(tab.locator(f"{LARGE} canvas")).to_have_count(0)
    expect(tab.locator(f"{LARGE} img")).to_have_count(1)


def test_the_strongest_places_have_an_outline(explain):
    """The outline is there from the start and can be switched off."""
    tab = opened(explain)
    line = tab.locator(f"{LARGE} .outline path").last
    expect(line).to_have_attribute("d", re.compile(r"^M\d+ \d+L"))
    tab.get_by_role("switch", name="outline: top 20").click()

    expect(line).to_have_count(0)


def test_top_classes_have_figures(explain):
    """The classes of the record are listed, the most probable one first, and the label is told."""
    tab = opened(explain)
    rows = tab.locator(".class-list li")
    expect(rows.nth(0)).to_have_text("zerolabel0.70")
    expect(rows.nth(1)).to_have_text("one0.30")
    tab.locator("body").press("Home")

    expect(rows.nth(0)).to_have_text("one0.70")
    tab.locator(".classes canvas").first.wait_for()


def test_values_are_counted(explain):
    """The distribution counts all cells and those beyond the end of the colours."""
    tab = opened(explain)

    expect(tab.locator(".values h3 .cap")).to_have_text(
        re.compile(r"^36 cells · 2\.8\s% above p99$")
    )
    assert tab.locator(".values .bars b").count() == 1
    assert tab.locator(".values .bars i[style*='height: 100%']").count() == 1


def test_it_says_how_far_to_trust_a_map(explain, measured, page):
    """Mass on the object, drift and likeness to the untrained model, with what they were."""
    tab = opened(explain, tag="GradCAM/input/label", step=11, address=measured)
    mass, drift, control = tab.locator(".drawer .facts > div").all()
    expect(mass).to_have_text(re.compile(r"^40\s%of the mass on the object; 10\s% at 5$"))
    expect(drift).to_have_text(".11drift since 10, highest of this run")
    expect(control).to_have_text(".04like the untrained model; low is good")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowLeft")

    expect(drift).to_have_text("\N{EN DASH}drift: this is the first record")
    expect(control).to_have_text("\N{EN DASH}like the untrained model: this is it")


def test_an_explainer_that_ignores_the_model_is_marked(explain, measured):
    """The figure of the map is red, and the badge of the explainer stands below."""
    tab = opened(explain, tag="GuidedBackprop/input/label", step=11, address=measured)

    expect(tab.locator(".drawer .facts .bad")).to_have_text(".93")
    expect(tab.locator(".drawer .kv")).to_contain_text("ignores model · .93")


def test_a_metric_says_how_it_is_read(explain, page, measured):
    """Direction, range, cost, paper and how often: all that the metric states."""
    tab = opened(explain, tag="GradCAM/input/label", step=11, address=measured)
    name = tab.locator(".drawer").get_by_role("button", name="Deletion: how to read it")
    name.press("Enter")
    words = tab.get_by_role("dialog", name="Deletion: how to read it")

    metric = Deletion()
    expect(words).to_contain_text(metric.about)
    expect(words).to_contain_text("BetterLower values")
    expect(words).to_contain_text(f"Cost{metric.cost}")
    expect(words).to_contain_text("MeasuredAt the first record and then every 5")
    expect(words.get_by_role("link", name="paper")).to_have_attribute("href", metric.paper)
    page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    expect(name).to_be_focused()


def test_a_run_without_metrics_has_no_figures(explain):
    """What was not recorded takes no room."""
    tab = opened(explain)
    tab.locator(".drawer .kv").wait_for()

    expect(tab.locator(".drawer .facts")).to_have_count(0)


def test_it_tells_how_the_map_was_made(explain):
    """Layer, target, size and cost stand below."""
    details = opened(explain).locator(".drawer .kv")

    expect(details).to_contain_text("Layerblock/conv2")
    expect(details).to_contain_text(re.compile("Map6 . 6"))
    expect(details).to_contain_text("per record")


def test_a_step_without_a_record_says_so(explain):
    """The large picture wears the badge of the earlier record."""
    tab = opened(explain, tag=GRADIENTS, step=4)

    expect(tab.locator(f"{LARGE} .badge")).to_have_text("from 2")


def test_names_are_data(explain):
    """Markup in the name of a sample or class appears as text."""
    tab = opened(explain, sample=2)

    expect(tab.locator(f"{DRAWER} h2")).to_have_text("Grad-CAM · <img src=x onerror=alert(1)>")
    expect(tab.locator(f"{DRAWER} h3").first).to_have_text("<b>two</b>")


def test_a_flip_says_what_was_explained_before(explain, methods):
    """A map of the predicted class tells both classes and when it changed."""
    tab = opened(explain, tag="GradCAM/conv1/predicted", step=7, address=methods)

    expect(tab.locator(f"{DRAWER} .verdict")).to_contain_text(
        "explains “cat”; explained “dog” until 4"
    )


def test_attention_has_heads_and_queries(explain, methods, page):
    """A head is chosen from a list, a query on the picture."""
    tab = opened(explain, tag=ATTENTION, address=methods)
    drawer, first = tab.locator(DRAWER), painted(tab)
    drawer.get_by_role("button", name=re.compile("^Head")).click()
    tab.get_by_role("option", name="head 1").click()
    page.wait_for_function("location.hash.includes('p.tb_explain.heads=')")
    assert painted(tab)["sum"] != first["sum"]
    tab.locator(LARGE).click()

    expect(drawer.get_by_role("button", name=re.compile("^From"))).to_contain_text("patch 5")
    expect(tab.locator(f"{LARGE} .query")).to_have_count(1)

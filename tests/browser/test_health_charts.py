"""Figures as curves, and the ways from them to the pictures."""

import re

import health_run
import pytest
from charting import CARD, INK, hover
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_every_figure_has_a_curve(health):
    """Metrics, samples, layers and logs have a chart each, drawn where it is in sight."""
    tab = health()
    expect(tab.locator(f"{CARD} h3")).to_contain_text("Mass on the object higher is better")
    titles = tab.locator(".charts .card").evaluate_all("cards => cards.map(card => card.ariaLabel)")

    assert titles[:4] == [
        "Mass on the object",
        "Drift",
        "Dead channels",
        "Like the untrained model",
    ]
    assert {"Samples wrong", "Samples forgotten", "Weight change", "Loss"} <= set(titles)
    assert tab.locator(f"{CARD} .u-wrap canvas").evaluate(INK) > 500
    means = [
        sum(health_run.mass(sample, step) for sample in range(health_run.SAMPLES)) / 4
        for step in (0, 10)
    ]
    cells = tab.locator(f"{CARD} tbody tr").first.locator("td")
    expect(cells).to_have_text([f"{means[0]:.2f}".lstrip("0")] * 2)
    last = tab.locator(f"{CARD} tbody tr").last.locator("td")
    expect(last).to_have_text([f"{means[1]:.2f}".lstrip("0")] * 2)


def test_a_place_of_a_chart_shows_the_samples_behind_it(health, page):
    """The worst sample comes first, as it was there; a click goes there."""
    tab = health()
    hover(page, tab, CARD, 0.4)
    popup = tab.locator(".pop")

    expect(popup).to_contain_text("epoch 4")
    first = popup.locator("figure").first
    expect(first).to_contain_text(".56")
    expect(first.locator(".cell")).to_have_attribute("data-sample", "2")
    expect(first.locator(".cell")).to_have_attribute("data-at", "4")
    expect(first.locator("canvas")).to_have_attribute("data-painted", "4")
    assert first.locator("canvas").evaluate(INK) > 0

    page.mouse.down()
    page.mouse.up()
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 4"))
    page.mouse.move(2, 300)
    expect(popup).to_have_count(0)


def test_a_chart_is_read_by_keyboard(health, page):
    """A focused chart shows the record that the arrows move."""
    tab = health(step=6, follow=0)
    tab.locator(f"{CARD} .plot").focus()
    page.keyboard.press("ArrowLeft")

    expect(tab.locator(".pop")).to_contain_text("epoch 5")
    page.keyboard.press("Tab")  # The name of the next chart, then its curves.
    page.keyboard.press("Tab")
    expect(tab.locator(".pop")).not_to_have_attribute("data-card", "map.relevance_mass")


def test_the_line_of_the_record_follows(health, page):
    """The vertical line in every chart and the head of the scrubber are the same record."""
    tab = health(step=5, follow=0)
    lines = tab.locator(".charts .plot-now")
    expect(lines.first).to_have_attribute("data-now", "5")
    before = lines.first.bounding_box()["x"]
    tab.get_by_role("button", name=re.compile("^Next record")).click()

    expect(lines.first).to_have_attribute("data-now", "6")
    assert lines.first.bounding_box()["x"] > before


def test_the_curve_of_a_finding_comes_into_sight(health, page):
    """Its sentence leads to the chart of the metric that it is about."""
    page.set_viewport_size({"width": 1280, "height": 500})
    tab = health(metrics="log.loss,log.accuracy,layer.change,layer.dead,layer.norm")
    expect(tab.locator(CARD)).to_have_count(0)
    tab.get_by_role("button", name=re.compile("^Curve: Evidence")).click()

    expect(tab.locator(CARD)).to_be_in_viewport()
    expect(tab.locator(f"{CARD} .plot-mark")).to_have_attribute("data-name", "!")


def test_charts_are_chosen(health, page):
    """The menu takes charts away and the link holds what is left."""
    tab = health()
    tab.get_by_role("button", name="Metrics", exact=True).click()
    tab.get_by_role("checkbox", name="Drift", exact=True).click()

    expect(tab.locator("[data-card='map.drift']")).to_have_count(0)
    expect(tab.locator(CARD)).to_have_count(1)
    page.wait_for_function("location.hash.includes('p.tb_explain.metrics=')")
    tab.get_by_role("button", name="Usual").click()
    expect(tab.locator("[data-card='map.drift']")).to_have_count(1)


def test_a_chart_says_how_its_metric_is_read(health):
    """The name of a chart opens what the metric states about itself."""
    tab = health()
    tab.get_by_role("button", name="Mass on the object: how to read it").click()
    words = tab.get_by_role("dialog", name="Mass on the object: how to read it")

    expect(words).to_contain_text("Share of the evidence inside the mask.")
    expect(words).to_contain_text("BetterHigher values")
    expect(words).to_contain_text("Range0 to 1")


def test_another_explainer_has_other_figures(health):
    """The metrics are of the maps that were asked for."""
    tab = health(evidence="GuidedBackprop%2Finput%2Flabel")

    last = tab.locator("[data-card='map.control'] tbody tr").last
    expect(last).to_contain_text(".93")


def test_the_radar_finds_where_a_class_agrees(health):
    """Both samples of class zero peak in places of their own, so one place holds half."""
    tab = health(metrics="radar")

    row = tab.locator(".radar li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("zero")
    expect(row).to_contain_text("0.50")
    assert row.locator("canvas").evaluate(INK) > 0

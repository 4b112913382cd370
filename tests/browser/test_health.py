"""Findings in sentences, and the ways from them to the pictures."""

import re

import pytest
from charting import CARD, INK, hover
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROW = ".fd"


def test_findings_are_sentences_the_newest_first(health):
    """Open and resolved findings keep their place in time; what is a fact stands below."""
    tab = health()

    expect(tab.locator(".finds header")).to_have_text(
        "2 findings need a lookat epoch 10 \N{MIDDLE DOT} 1 resolved"
    )
    expect(tab.locator(".finds > ul").first.locator(f"{ROW} b")).to_have_text(
        [
            "25 % of block/conv2 is dead.",
            "Evidence left the object for \N{LEFT DOUBLE QUOTATION MARK}<b>two</b>"
            "\N{RIGHT DOUBLE QUOTATION MARK}.",
            "head does not change.",
        ]
    )
    spans = tab.locator(".finds > ul").first.locator(".meta")
    expect(spans.nth(0)).to_contain_text("epochs 6\N{EN DASH}10 · 5 records · as of epoch 8")
    expect(spans.nth(2)).to_contain_text("epochs 2\N{EN DASH}4 · resolved at 5")
    expect(tab.locator(".fd.past")).to_have_count(1)
    facts = tab.locator(".finds > ul").nth(1)
    expect(facts).to_contain_text("An explanation flipped.")
    expect(facts).to_contain_text("Guided backprop shows the picture, not the model.")
    expect(facts).to_contain_text("Filters of 'head' were left out.")


def test_findings_are_those_of_the_moment(health):
    """What had not begun is not listed, nor counted, unless all records are asked for."""
    tab = health(step=5, follow=0)
    expect(tab.locator(".finds h2")).to_have_text("1 finding needs a look")
    expect(tab.locator(".finds header")).to_contain_text("at epoch 5")
    expect(tab.locator(".nav .n.error")).to_have_text("1")
    expect(tab.locator(".finds > ul").first.locator(ROW).first).to_contain_text("epoch 5 · new")

    tab.get_by_role("button", name="All epochs").click()
    expect(tab.locator(".finds h2")).to_have_text("2 findings need a look")
    expect(tab.locator(".finds header")).to_contain_text("at the last records")


def test_a_severity_can_be_asked_for(health):
    """The link holds the severity."""
    tab = health(severity="error")

    expect(tab.locator(".finds > ul").first.locator(ROW)).to_have_count(1)
    expect(tab.locator(".fd.error")).to_contain_text("Evidence left the object")


def test_the_sidebar_counts_what_is_open(health):
    """The worst severity of the chosen runs gives the icon; a calm run has no figure."""
    tab = health(view="samples", run="calm/explain")
    expect(tab.locator(".nav .n.error")).to_have_text("2")
    expect(tab.locator(".nav a", has_text="Health")).to_have_attribute(
        "title", "Health: 2 findings of the chosen runs, at the record that is shown"
    )

    tab = health(run="calm/explain", runs="calm%252Fexplain")
    expect(tab.locator(".nav a", has_text="Health")).to_have_text("Health")


def test_a_finding_about_a_sample_leads_to_its_maps(health, page):
    """Go there opens the sample at the record at which it began."""
    tab = health()
    tab.get_by_role("button", name=re.compile("^Go there: Evidence")).click()

    expect(tab.locator("main")).to_have_attribute("aria-label", "Samples")
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 5"))
    expect(tab.locator(".drawer")).to_be_visible()
    page.wait_for_function("location.hash.includes('p.tb_explain.sample=2')")


def test_a_finding_about_a_layer_leads_to_the_layer(health, page):
    """Go there opens the layer at the record at which it began."""
    tab = health()
    tab.get_by_role("button", name=re.compile("^Go there: 25 %")).click()

    expect(tab.locator("main")).to_have_attribute("aria-label", "Layers")
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 6"))
    page.wait_for_function("location.hash.includes('layer=block%2Fconv2')")


def test_findings_are_painted_as_they_were(health):
    """The thumbnail of a finding holds the map of the record at which it began."""
    tab = health()
    thumbnail = tab.locator(".fd.error .cell")

    expect(thumbnail).to_have_attribute("data-at", "5")
    assert thumbnail.locator("canvas").evaluate(INK) > 0


def test_findings_stand_on_the_time_axis(health):
    """Marks stand where findings began, and lead to their sentences."""
    tab = health(view="samples")
    marks = tab.locator(".marks .mark")
    expect(marks).to_have_count(3)
    track = tab.locator(".track").bounding_box()
    mark = tab.locator(".mark.error").bounding_box()
    assert abs(mark["x"] + mark["width"] / 2 - track["x"] - track["width"] / 2) < 2

    tab.locator(".mark.error").click()
    expect(tab.locator("main")).to_have_attribute("aria-label", "Health")
    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 5"))
    expect(tab.locator(".fd.visited")).to_contain_text("Evidence left the object")


def test_runs_without_metrics_say_what_would_fill_the_view(explain):
    """Logs and statistics are drawn; what is missing has a snippet."""
    tab = explain(view="health")

    expect(tab.get_by_role("region", name="Not recorded")).to_contain_text("masks=")
    expect(tab.locator(".finds .fd-none pre")).to_contain_text("tbx.Explain")
    expect(tab.locator("[data-card='log.loss']")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (720, 450)], ids=["wide", "zoomed"])
def test_nothing_is_hidden_from_assistive_technology(health, page, axe, *, dark, size):
    """Sentences, charts, marks and what stands beside the pointer have no violations."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    tab = health(dark=dark)
    hover(page, tab, CARD, 0.4)
    expect(tab.locator(".pop canvas[data-painted='4']").first).to_be_attached()
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    found = body.evaluate("async () => (await axe.run()).violations")

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []

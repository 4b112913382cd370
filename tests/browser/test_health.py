"""Findings in sentences, figures as curves, and the ways from both to the pictures."""

import re

import health_run
import pytest
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROW = ".fd"
CARD = "[data-card='map.relevance_mass']"
INK = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
    return painted;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of a TensorBoard on a run with findings and a calm one."""
    directory = tmp_path_factory.mktemp("health")
    health_run.write_runs(directory)
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture
def health(explain, address):
    """Returns a function that opens the view on the run with findings."""
    return lambda **state: explain(
        address=address, **({"view": "health", "run": "sick/explain"} | state)
    )


def settled(tab):
    """Waits until everything that belongs to the step is painted."""
    tab.locator("html[data-ready]").wait_for(state="attached")


def hover(page, tab, card, share):
    """Moves the pointer to a place of a chart, between 0 and 1."""
    tab.locator(card).scroll_into_view_if_needed()
    chart = tab.locator(f"{card} .u-over")
    chart.scroll_into_view_if_needed()
    settled(tab)
    box = chart.bounding_box()
    at = box["x"] + share * (box["width"] - 1), box["y"] + box["height"] / 2
    page.mouse.move(at[0] - 1, at[1])
    page.mouse.move(*at)


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
    expect(spans.nth(0)).to_contain_text("epochs 6\N{EN DASH}10 · 5 records")
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

"""What the view Samples tells about each sample, and how its rows are found and chosen."""

import re

import pytest
import samples_run
from conftest import tensorboard_on
from opening import FRAME
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LAST = samples_run.STEPS[-1]
CHOSEN = re.compile(r"\bopened\b")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Address of a TensorBoard on a run with masks and metrics."""
    directory = tmp_path_factory.mktemp("samples")
    samples_run.write(directory / "run" / "explain")
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture
def look(explain, run):
    """Returns a function that opens the tab on the run at a step."""

    def open_tab(step=LAST, **state):
        return explain(address=run, step=step, follow=0, **state)

    return open_tab


def rows(tab):
    return tab.locator(".mrow[data-sample]")


def row(tab, sample):
    return tab.locator(f".mrow[data-sample='{sample}']")


def expect_order(tab, samples):
    """Waits until the rows stand in an order."""
    for place, sample in enumerate(samples):
        expect(rows(tab).nth(place)).to_have_attribute("data-sample", str(sample))
    expect(rows(tab)).to_have_count(len(samples))


def cell(tab, beginning):
    return tab.locator(f".cell[aria-label^='{beginning}']")


def choose(tab, menu, option):
    tab.get_by_role("button", name=re.compile(f"^{menu}")).first.click()
    tab.get_by_role("option", name=option, exact=True).click()


def column(tab, title):
    return tab.get_by_role("columnheader").filter(has_text=title)


def test_an_explainer_says_whether_it_follows_the_model(look):
    """Column and sidebar tell how like those of the untrained model its maps are."""
    tab = look()
    expect(column(tab, "Grad-CAM").locator(".trust.ok")).to_have_text("follows model · .04")
    expect(column(tab, "Guided").locator(".trust.bad")).to_have_text("ignores model · .93")
    entries = tab.get_by_role("region", name="Explainers").locator(".expl")
    expect(entries.filter(has_text="Guided").locator(".trust")).to_contain_text(".93")


def test_the_untrained_model_has_no_control(look):
    """At the first record there is nothing to compare with."""
    expect(column(look(0), "Grad-CAM").locator(".trust")).to_have_text("no control")


def test_an_unchanged_model_accuses_no_explainer(look):
    """Maps that stay the same are no fault as long as predictions do."""
    badge = column(look(1), "Guided").locator(".trust")

    expect(badge).to_have_text("undecided · .93")
    expect(badge).to_have_class("trust")


def test_explainers_stand_in_the_order_in_which_they_were_asked_for(look):
    """Columns and sidebar follow the record and not the names of tags."""
    tab = look()
    titles = tab.locator(".mh .faced")
    expect(titles.nth(0)).to_contain_text("Guided")
    expect(titles.nth(1)).to_contain_text("Grad-CAM")


def test_the_strip_tells_right_from_right_for_the_wrong_reason(look):
    """Four states by height and fill, one of each in the key."""
    tab = look()
    expect(tab.locator(".stripkey span")).to_have_text(
        ["right, on the object", "right, elsewhere", "wrong, on it", "wrong"]
    )
    kinds = "strips => strips.map(strip => [...strip.children].map(part => part.className))"
    expect(row(tab, 0).locator(".strip .s2")).to_have_count(1)
    found = [row(tab, sample).locator(".strip").evaluate_all(kinds)[0] for sample in (0, 1, 3)]
    assert found == [["s0", "s2", "s3"], ["s0", "s2", "s3", "s1"], ["s0", "s2"]]


def test_a_sentence_tells_how_a_sample_was_learned(look):
    """It says since when the sample is right for the right reason."""
    tab = look()
    expect(row(tab, 0).locator(".sent")).to_have_text("Learned at 3, right reason from 6")
    expect(row(tab, 2).locator(".sent")).to_have_text(
        "Learned at 3, right reason from 6, forgotten at 8"
    )
    expect(row(tab, 3).locator(".sent")).to_have_text("Learned at 3, never for the right reason")


def test_what_is_remarkable_is_tagged(look):
    """Freshly flipped, forgotten for long, and right for the wrong reason."""
    tab = look()
    expect(row(tab, 0).locator(".tag")).to_have_count(0)
    expect(row(tab, 1).locator(".tag")).to_have_text("Flipped at 10")
    expect(row(tab, 2).locator(".tag")).to_have_text("Forgotten at 8")
    expect(row(tab, 3).locator(".tag")).to_have_text("Wrong reason")


@pytest.mark.parametrize(
    ("outcome", "samples"),
    [
        ("right", [0, 3, 4, 5]),
        ("wrong", [1, 2]),
        ("wrong reason", [3]),
        ("flipped", [1]),
        ("forgotten", [1, 2]),
    ],
)
def test_samples_are_filtered_by_outcome(look, outcome, samples):
    """Only samples of that outcome stay."""
    tab = look()
    expect(row(tab, 3).locator(".tag")).to_have_text("Wrong reason")
    choose(tab, "Outcome", outcome)

    expect_order(tab, samples)


def test_samples_are_filtered_by_conditions(look):
    """A figure is compared beside the words."""
    tab = look()
    field = tab.get_by_role("searchbox", name="Filter samples")
    field.fill("drift > .4")
    expect_order(tab, [0, 1, 2])
    field.fill("dog confidence < 65 %")
    expect_order(tab, [3])
    field.fill("confidence < .1")
    expect(tab.locator(".nomatch")).to_contain_text("No sample is like “confidence < .1”")
    tab.get_by_role("button", name="Clear filters").click()

    expect(rows(tab)).to_have_count(samples_run.SAMPLES)


def test_samples_are_sorted_by_a_metric_of_an_explainer(look):
    """The key stands in each row; explainer and direction can be chosen."""
    tab = look()
    choose(tab, "Sort", "drift")
    expect_order(tab, [0, 1, 2, 3, 4, 5])
    expect(row(tab, 0).locator(".key")).to_have_text(" · drift .66")
    choose(tab, "of", "Grad-CAM")
    expect_order(tab, [5, 4, 3, 2, 1, 0])
    expect(row(tab, 0).locator(".key")).to_have_text(" · drift .11")
    tab.get_by_role("button", name=re.compile("Turn the order round")).click()
    expect_order(tab, [0, 1, 2, 3, 4, 5])


def test_the_worst_evidence_comes_first(look):
    """Of a metric where more is better the lowest value leads."""
    tab = look(sort="metric", metric="relevance_mass")
    expect_order(tab, [3, 0, 1, 2, 4, 5])
    expect(tab.get_by_role("button", name=re.compile("^Sort"))).to_contain_text("lowest first")


def test_pinned_samples_stay_on_top(look, page):
    """Whatever the order; a link keeps them."""
    tab = look()
    row(tab, 4).hover()
    row(tab, 4).get_by_role("button", name="Pin val/004").click()
    expect_order(tab, [4, 0, 1, 2, 3, 5])
    cell(tab, "Grad-CAM, val/002").focus()
    page.keyboard.press("p")
    expect_order(tab, [2, 4, 0, 1, 3, 5])
    choose(tab, "Sort", "least certain")
    expect_order(tab, [4, 2, 5, 3, 1, 0])
    page.wait_for_function("/pins=/.test(location.hash) && /sort=unsure/.test(location.hash)")
    address = page.url
    page.goto("about:blank")
    page.goto(address)

    expect_order(page.frame_locator(FRAME), [4, 2, 5, 3, 1, 0])


def test_the_cursor_tells_a_record_and_a_click_goes_there(look, page):
    """Over a curve stand epoch, probability and state; the scrubber follows a click."""
    tab = look()
    plot = row(tab, 0).locator(".plot")
    box = plot.bounding_box()
    at = box["x"] + box["width"] * 4 / LAST, box["y"] + box["height"] / 2
    page.mouse.move(*at)
    said = row(tab, 0).locator(".said")
    expect(said).to_contain_text("Epoch 4")
    expect(said).to_contain_text("0.90")
    expect(said).to_contain_text("right, evidence elsewhere")
    page.mouse.click(*at)

    expect(tab.locator(".readout")).to_have_text(re.compile("^Epoch 4"))


def test_a_cell_is_opened_and_marked(look, page):
    """By a click, and by Enter after the arrows."""
    tab = look()
    first, second = (cell(row(tab, sample), "Guided backpropagation") for sample in (0, 1))
    first.click()
    expect(first).to_have_class(CHOSEN)
    expect(tab.get_by_role("complementary")).to_be_visible()
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")

    expect(second).to_have_class(CHOSEN)
    expect(first).not_to_have_class(CHOSEN)


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_sorted_and_pinned_is_accessible(look, axe, dark):
    """Axe finds nothing to mend with tags, keys, pins and an open menu, in both themes."""
    tab = look(dark=dark, sort="metric", metric="drift")
    row(tab, 3).hover()
    row(tab, 3).get_by_role("button", name="Pin val/003").click()
    tab.get_by_role("button", name=re.compile("^Sort")).click()
    expect(tab.get_by_role("listbox")).to_be_visible()
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    found = body.evaluate("async () => (await axe.run()).violations")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

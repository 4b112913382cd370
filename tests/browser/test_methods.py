"""What the tab says and shows of explainers that are not like all others."""

import re

import methods_run
import pytest
from opening import FRAME, show
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

FIRST = methods_run.BLOCKS[0]
PEEKS = 200
CENTRE = """canvas => {
    const {width, height} = canvas;
    const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
    let mass = 0, rows = 0, cols = 0;
    for (let at = 0; at < width * height; at++) {
        const alpha = data[4 * at + 3];
        mass += alpha;
        rows += alpha * (Math.floor(at / width) + 0.5) / height;
        cols += alpha * (at % width + 0.5) / width;
    }
    return mass ? [rows / mass, cols / mass] : null;
}"""
FIRST_PIXEL = """canvases => canvases.map(
    canvas => [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data])"""


@pytest.fixture
def look(explain, methods):
    """Returns a function that opens the tab on the run at a step."""

    def open_tab(step=methods_run.STEPS[-1], **state):
        return explain(address=methods, step=step, follow=0, **state)

    return open_tab


def cell(tab, beginning):
    return tab.locator(f".cell[aria-label^='{beginning}']")


def head_menu(tab, layer=FIRST):
    return tab.get_by_role("button", name=f"Head of {layer}")


def choose(tab, menu, option):
    menu.click()
    tab.get_by_role("option", name=option, exact=True).click()


def expect_peak(page, canvas, place):
    """Waits until a map holds its mass in one cell, given as row and column."""
    expect(canvas).to_have_attribute("data-painted", re.compile(r"\d"))
    seen = None
    for _ in range(PEEKS):
        centre = canvas.evaluate(CENTRE)
        seen = centre and tuple(int(share * methods_run.TOKENS) for share in centre)
        if seen == place:
            return
        page.wait_for_timeout(100)
    assert seen == place


def test_attention_begins_with_the_first_head_and_query(look, page):
    """Without a choice each sample shows the first of its maps."""
    tab = look()
    for sample, name in enumerate(methods_run.shown().names):
        canvas = cell(tab, f"Attention, mean head, class token, {name}").first.locator("canvas")
        expect_peak(page, canvas, methods_run.attention_place(sample, None, -1))


def test_a_head_and_a_query_can_be_chosen(look, page):
    """The head is chosen for one layer, the query for all; the map follows."""
    tab = look()
    choose(tab, head_menu(tab), "head 1")
    choose(tab, tab.get_by_role("button", name="Query, in all layers").first, "patch 5")
    chosen = cell(tab, "Attention, head 1, patch 5, second")
    other = cell(tab, "Attention, mean head, patch 5, second")

    expect(chosen).to_have_count(1)
    expect(other).to_have_count(1)
    expect_peak(page, chosen.locator("canvas"), methods_run.attention_place(1, 1, 5))
    expect_peak(page, other.locator("canvas"), methods_run.attention_place(1, None, 5))


def test_the_choice_is_part_of_the_link(look, page):
    """Who opens the link sees the same head and query."""
    tab = look()
    choose(tab, head_menu(tab), "head 2")
    choose(tab, tab.get_by_role("button", name="Query, in all layers").first, "patch 5")
    page.wait_for_function("/heads=.*2/.test(location.hash) && /query=5/.test(location.hash)")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    tab = page.frame_locator(FRAME)

    expect(cell(tab, "Attention, head 2, patch 5, first")).to_have_count(1)
    expect(head_menu(tab)).to_contain_text("head 2")
    expect(head_menu(tab, methods_run.BLOCKS[1])).to_contain_text("mean head")


def test_a_link_holds_until_the_view_has_loaded(page, methods):
    """A view that takes its time still finds its part of the address."""
    held = []
    page.route("**/static/Layers-*.js", lambda route: held.append(route))
    state = {"view": "layers", "layer": "conv1", "pane": "features"}
    link = "".join(f"&p.tb_explain.{key}={value}" for key, value in state.items())
    tab = show(page, methods, f"tb_explain{link}")
    tab.get_by_text("Finished").wait_for()
    page.wait_for_timeout(500)  # The address is brought up to date after half of this.
    held[0].continue_()

    expect(tab.get_by_role("grid", name="Features of conv1")).to_have_count(1)


def test_the_query_is_marked_in_the_picture(look):
    """A patch from which attention looks is framed in every picture and map of attention."""
    tab = look(query=5)
    maps = methods_run.SAMPLES * len(methods_run.BLOCKS)
    expect(tab.locator(".cell[data-tag] .query")).to_have_count(maps)
    expect(tab.locator(".cell .query")).to_have_count(maps + methods_run.SAMPLES)
    marked = tab.locator(".cell", has=tab.locator(".query")).first
    box, mark = marked.bounding_box(), marked.locator(".query").bounding_box()

    assert mark["x"] - box["x"] == pytest.approx(box["width"] / methods_run.TOKENS, abs=1)
    assert mark["y"] - box["y"] == pytest.approx(box["height"] / methods_run.TOKENS, abs=1)
    expect(look(query=-1).locator(".cell .query")).to_have_count(0)


def test_the_legend_of_attention_says_what_it_is(look):
    """Head, layer, query and unit stand in the legend and in the details."""
    tab = look(heads=f"1%2540{FIRST}".replace(FIRST, f"Attention/{FIRST}"))
    words = f"Attention of head 1 in {FIRST} from the class token"
    column = tab.get_by_role("columnheader").filter(has=head_menu(tab))
    column.hover()
    expect(column.locator(".legend")).to_have_attribute("title", re.compile(re.escape(words)))
    tab.get_by_role("button", name="Attention: details").first.click()
    details = tab.get_by_role("dialog")

    expect(details).to_contain_text(words)
    expect(details).to_contain_text("share of attention, 0 to 1")


def test_layers_of_attention_are_one_explainer(look):
    """One switch hides all layers."""
    tab = look()
    expect(tab.get_by_role("button", name="Attention: details")).to_have_count(2)
    tab.get_by_role("checkbox", name="Attention", exact=True).click()

    expect(tab.get_by_role("button", name="Attention: details")).to_have_count(0)
    expect(tab.get_by_role("button", name="Attention rollout: details")).to_have_count(1)


def test_attention_without_heads_needs_no_picker(look):
    """Attention rollout has one map per sample: only its layer can be chosen."""
    tab = look()
    column = tab.get_by_role("columnheader").filter(has_text="Attention rollout")

    expect(column).to_have_count(1)
    expect(column.get_by_role("button", name=re.compile("^(Head|Query)"))).to_have_count(0)
    expect(column.get_by_role("button", name="Layer of attention")).to_have_count(1)
    expect(cell(tab, "Attention rollout, first")).to_have_count(1)


def test_a_caution_stands_beside_its_explainer(look):
    """A method that fails sanity checks says so in the head, its details, legend and sidebar."""
    tab = look()
    warned = tab.get_by_role("button", name="Guided backpropagation: caution")
    expect(warned).to_have_attribute("title", methods_run.CAUTION)
    warned.hover()
    legend = tab.get_by_role("columnheader").filter(has=warned).locator(".legend")
    expect(legend).to_have_attribute("title", re.compile(re.escape(methods_run.CAUTION)))
    expect(tab.get_by_role("region", name="Explainers")).to_contain_text(methods_run.CAUTION)
    warned.click()

    expect(tab.get_by_role("dialog")).to_contain_text(methods_run.CAUTION)
    expect(tab.get_by_role("button", name=re.compile("caution$"))).to_have_count(1)


def test_a_flipped_target_is_marked_where_it_flips(look):
    """The first map of another class says so; the next one only which class it explains."""
    flip = f"flipped from dog to cat at epoch {methods_run.FLIP}"
    tab = look(methods_run.FLIP)
    expect(tab.locator(f".cell[aria-label*='{flip}']")).to_have_count(1)
    expect(cell(tab, "Grad-CAM, first").locator(".badge")).to_contain_text("dog → cat")
    expect(tab.locator(".cell[aria-label*='flipped']")).to_have_count(1)

    tab = look(methods_run.FLIP + 1)
    expect(cell(tab, "Grad-CAM, first").locator(".badge")).to_contain_text("for cat")
    expect(tab.locator(".cell[aria-label*='flipped']")).to_have_count(0)


def test_a_flip_breaks_the_curve_of_its_sample(look):
    """The timeline has a mark at the flip, and no line crosses it."""
    tab = look()
    rows = tab.locator(".mrow[data-sample]")
    expect(rows).to_have_count(methods_run.SAMPLES)
    expect(tab.locator(".tl .flip")).to_have_count(1)
    expect(rows.nth(0).locator(".tl .flip")).to_have_attribute(
        "title", f"Flipped from dog to cat at {methods_run.FLIP}"
    )
    expect(rows.nth(0).locator("path.ln")).to_have_attribute("d", re.compile("^M[^M]+M[^M]+$"))
    expect(rows.nth(1).locator("path.ln")).to_have_attribute("d", re.compile("^M[^M]+$"))
    expect(rows.nth(0).locator(".tl")).to_contain_text("1 flip of the explained class")


def test_the_scale_does_not_call_different_classes_equal(look):
    """The legend of maps whose class changes says for how many samples it does."""
    tab = look()
    tab.get_by_role("button", name="Grad-CAM: details").click()

    expect(tab.get_by_role("dialog")).to_contain_text("The class explained changes for 1 sample")


def test_details_tell_what_an_explainer_costs(look):
    """Seconds, evaluations and the interval stand in the details, seconds in the legend too."""
    tab = look()
    button = tab.get_by_role("button", name="Integrated gradients: details")
    button.hover()
    legend = tab.get_by_role("columnheader").filter(has=button).locator(".legend")
    expect(legend).to_have_attribute("title", re.compile(r"0\.50 s per record"))
    button.click()
    details = tab.get_by_role("dialog")

    expect(details).to_contain_text("0.50 s per record, 50 forward passes, 50 backward passes")
    expect(details).to_contain_text(f"every {methods_run.EVERY} epochs")


def test_a_rare_explainer_says_from_when_its_map_is(look):
    """Between two records the earlier one is shown, with its step and the reason."""
    tab = look(5)
    found = tab.locator(".cell[aria-label^='Integrated gradients']", has_text="from 4")
    expect(found).to_have_count(methods_run.SAMPLES)
    expect(found.first.locator(".badge")).to_have_attribute(
        "title", "Recorded every 2 epochs; this one is from 4."
    )
    expect(look(6).locator(".cell", has_text="from 4")).to_have_count(0)


def test_figures_of_a_map_are_told_with_it(look, page):
    """How good a map is stands in its tooltip and name, without a request of its own."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    tab = look(6)
    first, third = (cell(tab, f"Integrated gradients, {name}") for name in ("first", "third"))
    expect(first).to_have_attribute("title", "completeness gap .004")
    expect(first).to_have_attribute("aria-label", re.compile(r"completeness gap \.004"))
    expect(third).to_have_attribute("aria-label", re.compile("peak"))
    expect(third).to_have_attribute("title", "")
    assert not [url for url in asked if "api/figures" in url]


@pytest.mark.parametrize(("step", "red"), [(7, 255), (0, 210)])
def test_features_are_pictures(look, step, red):
    """The picture that excites a channel is shown in its own colours, at every record."""
    tab = look(step, view="layers", layer="conv1", pane="features")
    features = tab.get_by_role("grid", name="Features of conv1").locator("canvas[data-painted]")
    expect(features).to_have_count(len(methods_run.FEATURES))

    for pixel in features.evaluate_all(FIRST_PIXEL):
        assert pixel == pytest.approx([red, 0, 0, 255], abs=2)


def test_features_leave_the_filters_in_sight(look):
    """A layer with both shows both, each in its own part."""
    tab = look(view="layers", layer="conv1", pane="filters")
    filters = tab.get_by_role("grid", name="Filters of conv1").locator("canvas[data-painted]")
    expect(filters).to_have_count(6)
    tab.get_by_role("button", name="Features", exact=True).click()

    expect(tab.get_by_role("grid", name="Features of conv1")).to_have_count(1)


@pytest.mark.parametrize("dark", [False, True])
def test_open_details_are_accessible(look, axe, dark):
    """Axe finds nothing to mend where a caution is open and a head is being chosen."""
    tab = look(dark=dark, query=5)
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    tab.get_by_role("button", name="Guided backpropagation: caution").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    found = body.evaluate("async () => (await axe.run()).violations")
    head_menu(tab).click()
    expect(tab.get_by_role("listbox")).to_be_visible()
    found += body.evaluate("async () => (await axe.run()).violations")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

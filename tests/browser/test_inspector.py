"""Everything about one cell: what the inspector shows, and how the keyboard gets there and back."""

import re

import log_dir
import methods_run
import pytest
import samples_run
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CAM = "GradCAM/block/conv2/label"
GRADIENTS = "InputXGradient/input/label"
ATTENTION = f"Attention/{methods_run.BLOCKS[0]}"
DRAWER = "aside.drawer"
LARGE = ".drawer .big .cell"
PIXELS = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const alphas = data.filter((_, at) => at % 4 === 3);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
        sum += (data[at] + 256 * data[at + 1] + 65536 * data[at + 2]) * (data[at + 3] / 255);
    }
    return {sum, painted: alphas.filter(alpha => alpha > 0).length, solid: Math.min(...alphas)};
}"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Address of a TensorBoard on a run with metrics of known values."""
    directory = tmp_path_factory.mktemp("measured")
    samples_run.write(directory / "run" / "explain")
    with tensorboard_on(directory) as address:
        yield address


def opened(explain, tag=CAM, sample=0, step=5, **state):
    """Opens the tab with the inspector of a cell at a step."""
    cell = f"{sample}@{tag}"
    tab = explain(cell=cell, sample=sample, step=step, follow=0, **state)
    tab.locator(f"{DRAWER} h2").wait_for()
    return tab


def painted(tab):
    """Returns what is painted in the large picture once it stands still."""
    tab.locator("html[data-ready]").wait_for(state="attached")
    return tab.locator(f"{LARGE} canvas").evaluate(PIXELS)


def hover(page, tab, across, down):
    """Moves the cursor to a place of the large picture."""
    box = tab.locator(LARGE).bounding_box()
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def cell(tab, name):
    """Returns the first cell of the view whose accessible name begins so."""
    return tab.locator(f"#view .cell[aria-label^='{name}']").first


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
    page.keyboard.press("{")
    page.keyboard.press("[")
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
    expect(mass).to_have_text(re.compile(r"^80\s%of the mass on the object; 20\s% at 5$"))
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


def test_names_are_data(explain):
    """Markup in the name of a sample or class appears as text."""
    tab = opened(explain, sample=2)

    expect(tab.locator(f"{DRAWER} h2")).to_have_text("Grad-CAM · <img src=x onerror=alert(1)>")
    expect(tab.locator(f"{DRAWER} h3").first).to_have_text("<b>two</b>")


def test_pins_and_comparisons_start_here(explain, page):
    """The sample is pinned, and the cell becomes one side of the comparison."""
    tab = opened(explain)
    tab.get_by_role("button", name="Pin the sample (P)").click()
    expect(tab.get_by_role("button", name="Unpin the sample (P)")).to_have_count(1)
    tab.get_by_role("button", name=re.compile("^Compare this")).click()

    page.wait_for_function("location.hash.includes('p.tb_explain.a=5%40')")
    page.wait_for_function("location.hash.includes('p.tb_explain.view=compare')")


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

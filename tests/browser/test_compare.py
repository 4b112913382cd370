"""What the view Compare shows of two maps, and of all samples that two runs share."""

import re
from urllib.parse import quote

import compare_run
import methods_run
import numpy as np
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CAM, OCCLUSION = compare_run.GRIDS
PIXELS = """canvas => [...canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data]"""


@pytest.fixture
def look(explain, compared):
    """Returns a function that opens the view at the last record."""

    def open_tab(*, step=3, **state):
        return explain(address=compared, view="compare", step=step, follow=0, **state)

    return open_tab


def linked(*parts):
    return "@".join(quote(str(part), safe="") for part in parts)


def side(run, tag=CAM, step=""):
    """Returns a side of the comparison as the link holds it."""
    return quote(linked(step, f"{run}/explain", tag), safe="")


def settled(tab):
    tab.locator("html[data-ready]").wait_for(state="attached")


def pixels(tab, cell):
    """Returns what is painted, as `(rows, cols, 4)`."""
    canvas = tab.locator(f"{cell} canvas")
    expect(canvas).to_have_attribute("data-painted", re.compile(r"\d"))
    side = int(canvas.evaluate("canvas => canvas.height"))
    return np.array(canvas.evaluate(PIXELS)).reshape(side, -1, 4)


def figure(tab, name):
    return tab.locator(f"[data-figure={name}]")


def listed(tab):
    """Returns the samples of the list in their order, with the printed figure."""
    settled(tab)
    rows = tab.get_by_role("listbox", name="Samples").get_by_role("option")
    return {
        int(row.get_attribute("data-sample")): row.locator(".figure").inner_text().strip()
        for row in rows.all()
    }


def ranks(values):
    values = values.ravel()
    return (values[:, None] > values).sum(1) + ((values[:, None] == values).sum(1) + 1) / 2


def rank_correlation(a, b):
    return np.corrcoef(ranks(a), ranks(b))[0, 1]


def overlap(a, b):
    def top(values):
        strength = np.sort(np.abs(values).ravel())
        return np.abs(values) >= strength[-round(0.2 * strength.size)]

    return (top(a) & top(b)).sum() / (top(a) | top(b)).sum()


def norm(a, b):
    size = np.linalg.norm
    return size(b - a) / (size(a) + size(b))


def pair(picture, step=3):
    return (compare_run.values(run, CAM, picture, step) for run in compare_run.PICTURES)


def share(value, *, zero=""):
    text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
    return text if zero else re.sub(r"0(?=\.)", "", text, count=1)


def test_without_a_choice_both_runs_are_compared(look):
    """A is the shown run, B the next one; both maps and their difference are painted."""
    tab = look(sample=1)
    expect(tab.locator("[data-pick=a]")).to_contain_text("base")
    expect(tab.locator("[data-pick=b]")).to_contain_text("other")
    expect(tab.locator("[data-pick=b]")).to_contain_text("epoch 3 · Grad-CAM · label: one")
    for cell in (".side-a", ".side-b", "[data-side=difference]"):
        assert pixels(tab, cell)[..., 3].max() > 100


def test_the_difference_is_red_where_b_is_stronger(look):
    """Every cell of the difference has the colour of its sign."""
    tab = look(sample=1, cells=1, veil="even")
    a, b = pair(1)
    found = pixels(tab, "[data-side=difference]")
    red = found[..., 0].astype(int) - found[..., 2]
    clear = np.abs(b - a) > 0.1
    assert clear.sum() > 10
    assert np.array_equal(np.sign(red)[clear], np.sign(b - a)[clear])


@pytest.mark.parametrize("sample", [0, 1, 3])
def test_figures_are_those_of_numpy(look, sample):
    """Rank correlation, overlap, norm and mass follow their definitions."""
    tab = look(sample=sample)
    a, b = pair(compare_run.PICTURES["base"][sample])
    expect(figure(tab, "rank")).to_have_text(share(rank_correlation(a, b)))
    expect(figure(tab, "overlap")).to_have_text(share(overlap(a, b)))
    expect(figure(tab, "norm")).to_have_text(share(norm(a, b)))
    masses = [f"{100 * compare_run.mass(run, sample):.0f}\u202f%" for run in ("base", "other")]
    expect(figure(tab, "mass")).to_have_text(" → ".join(masses))


def test_samples_are_matched_by_content_and_sorted(look):
    """The list holds the samples of both runs, those that differ most first, with the figure."""
    tab = look()
    expected = {picture: rank_correlation(*pair(picture)) for picture in range(4)}
    order = sorted(expected, key=expected.get)
    assert listed(tab) == {picture: share(expected[picture], zero="0") for picture in order}
    assert list(listed(tab)) == order
    assert order != sorted(order, key=lambda picture: compare_run.NAMES[picture])
    expect(tab.locator(".list header")).to_contain_text("4 matched, 1 only in A, 1 only in B")


@pytest.mark.parametrize(("by", "measure", "sign"), [("overlap", overlap, 1), ("norm", norm, -1)])
def test_the_list_can_be_sorted_by_other_figures(look, by, measure, sign):
    """The link holds the order; the most different samples come first."""
    tab = look(by=by)
    expected = {picture: measure(*pair(picture)) for picture in range(4)}
    order = sorted(expected, key=lambda picture: sign * expected[picture])
    assert list(listed(tab).items()) == [(each, share(expected[each], zero="0")) for each in order]


def test_the_list_tells_what_is_predicted(look):
    """A row says how the prediction differs from A to B."""
    tab = look(by="name")
    assert list(listed(tab)) == [3, 0, 1, 2]
    rows = tab.get_by_role("option")
    expect(rows.nth(1)).to_contain_text("one → zero")
    expect(rows.nth(2)).to_contain_text("same prediction")
    for canvas in rows.nth(1).locator("canvas").all():
        assert np.array(canvas.evaluate(PIXELS)).reshape(-1, 4)[:, 3].max() > 100


def test_brackets_move_along_the_list(look, page):
    """The next sample is the next row, not the next number."""
    tab = look(by="norm", sample=0)
    order = list(listed(tab))
    chosen = tab.locator(".lrow[aria-selected=true]")
    place = order.index(0)
    key, step = ("]", 1) if place < 3 else ("[", -1)
    tab.locator(".figs").click()
    page.keyboard.press(key)
    expect(chosen).to_have_attribute("data-sample", str(order[place + step]))
    tab.get_by_role("listbox", name="Samples").focus()
    page.keyboard.press("Home")
    expect(chosen).to_have_attribute("data-sample", str(order[0]))
    a, b = pair(order[0])
    expect(figure(tab, "rank")).to_have_text(share(rank_correlation(a, b)))


def test_sides_are_swapped(look, page):
    """X swaps both sides, also those that nobody chose; the difference changes its sign."""
    tab = look(sample=1, cells=1, veil="even")
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


def test_the_divider_moves_by_keyboard(look, page):
    """Arrows move the divider, and what lies right of it is B."""
    tab = look(compare="swipe", sample=1)
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


def test_the_divider_is_dragged(look, page):
    """The divider follows the pointer while it is pressed."""
    tab = look(compare="swipe", sample=1)
    box = tab.locator(".swipe").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 60, steps=4)
    page.mouse.up()
    divider = tab.get_by_role("slider", name="Divider between A and B")
    expect(divider).to_have_attribute("aria-valuenow", "25")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    expect(divider).to_have_attribute("aria-valuenow", "25")


def test_blink_flips_once_per_press_with_reduced_motion(look, page):
    """Without motion a key shows the other side and leaves it there."""
    tab = look(compare="blink", sample=1)
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


def test_blink_alternates_while_it_is_pressed(look, page):
    """With motion the sides take turns until the button is let go."""
    page.emulate_media(reduced_motion="no-preference")
    tab = look(compare="blink", sample=1)
    shown = tab.locator(".which")
    tab.get_by_role("button", name="Hold to alternate: A and B").hover()
    page.mouse.down()
    for run in ("other", "base", "other"):
        expect(shown).to_contain_text(run)
    page.mouse.up()
    page.wait_for_timeout(800)
    expect(shown).to_contain_text("other")


def test_a_side_is_chosen_by_keyboard(look, page):
    """Run, maps and step of a side are chosen in its panel; the link holds them."""
    tab = look(sample=1)
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
    expect(figure(tab, "rank")).to_have_text(share(rank_correlation(now, before)))
    page.wait_for_timeout(400)
    assert "p.tb_explain.b=1" in page.url


def test_the_link_holds_sides_and_kind(look):
    """Sides, mode and kind of difference come back from the link."""
    tab = look(
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


def test_other_grids_and_explainers_are_told(look):
    """Maps of different explainers are divided by their own scales and brought to one grid."""
    tab = look(a=side("base"), b=side("base", tag=OCCLUSION), sample=1)
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


def test_a_side_that_is_gone_gives_way_to_the_usual_one(look):
    """A link to a run that was deleted shows the next run instead of waiting for it."""
    tab = look(b=side("gone"), sample=1)
    expect(tab.locator("[data-pick=b]")).to_contain_text("other")


def test_the_place_under_the_cursor_is_linked(look):
    """All three squares tell their value at the same place, and the difference is that of both."""
    tab = look(sample=1, cells=1)
    tab.locator(".side-a").hover(position={"x": 5, "y": 5})
    a, b = pair(1)
    values = tab.locator(".trio .val")
    expect(values).to_have_count(3)
    assert a[0, 0] == b[0, 0] == 1
    expect(values.nth(0)).to_have_text("1")
    expect(values.nth(1)).to_have_text("1")
    expect(values.nth(2)).to_have_text("0")


def test_a_sample_that_only_one_run_has_says_so(look):
    """The square of the other run tells that it does not have the sample."""
    tab = look(sample=4)
    expect(tab.get_by_text("This sample is not in other")).to_be_visible()
    assert pixels(tab, ".side-a")[..., 3].max() > 100


def test_a_single_record_says_what_is_missing(explain, tmp_path, serve):
    """The view tells what would fill it."""
    compare_run.write_alone(tmp_path / "logs")
    tab = explain(address=serve(tmp_path / "logs"), view="compare")
    expect(tab.get_by_role("heading", name="Nothing to compare with yet")).to_be_visible()
    expect(tab.get_by_role("button", name="Copy", exact=True)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_is_accessible(look, axe, dark):
    """Axe finds nothing to mend in any mode, with a panel open."""
    tab = look(dark=dark, sample=1, b=side("base", tag=OCCLUSION, step=1))
    body = tab.locator("body")
    body.evaluate("(_, source) => { window.eval(source); }", axe)
    found = []
    for mode in ("Side by side", "Swipe", "Blink"):
        tab.get_by_role("button", name=mode).click()
        tab.locator("[data-pick=b]").click()
        expect(tab.get_by_role("dialog", name="Choose B")).to_be_visible()
        settled(tab)
        found += body.evaluate("async () => (await axe.run()).violations")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []

"""What the view Compare shows of two maps, and of all samples that two runs share."""

import compare_run
import numpy as np
import pytest
from comparing import (
    OCCLUSION,
    PIXELS,
    drift,
    figure,
    listed,
    norm,
    overlap,
    pair,
    pixels,
    settled,
    share,
    side,
)
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_without_a_choice_both_runs_are_compared(comparison):
    """A is the shown run, B the next one; both maps and their difference are painted."""
    tab = comparison(sample=1)
    expect(tab.locator("[data-pick=a]")).to_contain_text("base")
    expect(tab.locator("[data-pick=b]")).to_contain_text("other")
    expect(tab.locator("[data-pick=b]")).to_contain_text("epoch 3 · Grad-CAM · label: one")
    for cell in (".side-a", ".side-b", "[data-side=difference]"):
        assert pixels(tab, cell)[..., 3].max() > 100


def test_the_difference_is_red_where_b_is_stronger(comparison):
    """Every cell of the difference has the colour of its sign."""
    tab = comparison(sample=1, cells=1, veil="even")
    a, b = pair(1)
    found = pixels(tab, "[data-side=difference]")
    red = found[..., 0].astype(int) - found[..., 2]
    clear = np.abs(b - a) > 0.1
    assert clear.sum() > 10
    assert np.array_equal(np.sign(red)[clear], np.sign(b - a)[clear])


@pytest.mark.parametrize("sample", [0, 1, 3])
def test_figures_are_those_of_numpy(comparison, sample):
    """Drift, overlap, norm and mass follow their definitions."""
    tab = comparison(sample=sample)
    a, b = pair(compare_run.PICTURES["base"][sample])
    expect(figure(tab, "drift")).to_have_text(share(drift(a, b)))
    expect(figure(tab, "overlap")).to_have_text(share(overlap(a, b)))
    expect(figure(tab, "norm")).to_have_text(share(norm(a, b)))
    masses = [f"{100 * compare_run.mass(run, sample):.0f}\u202f%" for run in ("base", "other")]
    expect(figure(tab, "mass")).to_have_text(" → ".join(masses))


def test_samples_are_matched_by_content_and_sorted(comparison):
    """The list holds the samples of both runs, those that differ most first, with the figure."""
    tab = comparison()
    expected = {picture: drift(*pair(picture)) for picture in range(4)}
    order = sorted(expected, key=expected.get, reverse=True)
    assert listed(tab) == {picture: share(expected[picture], zero="0") for picture in order}
    assert list(listed(tab)) == order
    assert order != sorted(order, key=lambda picture: compare_run.NAMES[picture])
    expect(tab.locator(".list header")).to_contain_text("4 matched, 1 only in A, 1 only in B")


@pytest.mark.parametrize(("by", "measure", "sign"), [("overlap", overlap, 1), ("norm", norm, -1)])
def test_the_list_can_be_sorted_by_other_figures(comparison, by, measure, sign):
    """The link holds the order; the most different samples come first."""
    tab = comparison(by=by)
    expected = {picture: measure(*pair(picture)) for picture in range(4)}
    order = sorted(expected, key=lambda picture: sign * expected[picture])
    assert list(listed(tab).items()) == [(each, share(expected[each], zero="0")) for each in order]


def test_the_list_tells_what_is_predicted(comparison):
    """A row says how the prediction differs from A to B."""
    tab = comparison(by="name")
    assert list(listed(tab)) == [3, 0, 1, 2]
    rows = tab.get_by_role("option")
    expect(rows.nth(1)).to_contain_text("one → zero")
    expect(rows.nth(2)).to_contain_text("Reason moved: drift")
    expect(rows.nth(3)).to_contain_text("same prediction")
    for canvas in rows.nth(1).locator("canvas").all():
        assert np.array(canvas.evaluate(PIXELS)).reshape(-1, 4)[:, 3].max() > 100


def test_brackets_move_along_the_list(comparison, page):
    """The next sample is the next row, not the next number."""
    tab = comparison(by="norm", sample=0)
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
    expect(figure(tab, "drift")).to_have_text(share(drift(a, b)))


def test_the_place_under_the_cursor_is_linked(comparison):
    """All three squares tell their value at the same place, and the difference is that of both."""
    tab = comparison(sample=1, cells=1)
    tab.locator(".side-a").hover(position={"x": 5, "y": 5})
    a, b = pair(1)
    values = tab.locator(".trio .val")
    expect(values).to_have_count(3)
    assert a[0, 0] == b[0, 0] == 1
    expect(values.nth(0)).to_have_text("1")
    expect(values.nth(1)).to_have_text("1")
    expect(values.nth(2)).to_have_text("0")


def test_a_sample_that_only_one_run_has_says_so(comparison):
    """The square of the other run tells that it does not have the sample."""
    tab = comparison(sample=4)
    expect(tab.get_by_text("This sample is not in other")).to_be_visible()
    assert pixels(tab, ".side-a")[..., 3].max() > 100


def test_a_single_record_says_what_is_missing(explain, tmp_path, serve):
    """The view tells what would fill it."""
    compare_run.write_alone(tmp_path / "logs")
    tab = explain(address=serve(tmp_path / "logs"), view="compare")
    expect(tab.get_by_role("heading", name="Nothing to compare with yet")).to_be_visible()
    expect(tab.get_by_role("button", name="Copy", exact=True)).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_is_accessible(comparison, axe, dark):
    """Axe finds nothing to mend in any mode, with a panel open."""
    tab = comparison(dark=dark, sample=1, b=side("base", tag=OCCLUSION, step=1))
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

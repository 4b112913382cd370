"""Which samples keep their prediction for another reason: the list says what `tbx.check` says."""

import json
import shlex

import compare_run
import pytest
from comparing import OCCLUSION, listed, settled, side
from playwright.sync_api import expect

import tb_explain as tbx
from tb_explain.cli import main

pytestmark = pytest.mark.browser

BASE, OTHER = side("base"), side("other")
DIRECTIONS = {"forth": {"a": BASE, "b": OTHER}, "back": {"a": OTHER, "b": BASE}}


@pytest.fixture(scope="module")
def compared_logs(tmp_path_factory):
    """Log directory of the same two runs."""
    directory = tmp_path_factory.mktemp("checked")
    compare_run.write_runs(directory)
    return directory


def checked(logs, a="base", b="other", **settings):
    return tbx.check(logs / a / "explain", logs / b / "explain", **settings)


def marked(tab):
    """Returns what moved the reason of each sample, in the order of the list."""
    settled(tab)
    rows = tab.get_by_role("option").filter(has=tab.locator(".moved"))
    return {
        int(row.get_attribute("data-sample")): row.locator(".moved .clip1").inner_text()
        for row in rows.all()
    }


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_marks_are_those_of_check(comparison, compared_logs, direction):
    """The same samples moved, by the same cause, and in the same order."""
    tab = comparison(**DIRECTIONS[direction])
    runs = ("base", "other") if direction == "forth" else ("other", "base")
    found = checked(compared_logs, *runs)

    assert len(found.moved) == {"forth": 1, "back": 2}[direction]
    assert list(marked(tab).items()) == [
        (each.index_a, ", ".join(each.moved)) for each in found.moved
    ]
    figures = {each.index_a: f"{each.drift:.2f}" for each in found.compared}
    assert figures.items() <= listed(tab).items()
    assert len(found.compared) + len(found.changed) == len(listed(tab))


def test_samples_that_moved_are_listed_alone(comparison, compared_logs, page):
    """The button counts them, and the list goes back when it is pressed again; a link keeps it."""
    tab = comparison(**DIRECTIONS["back"])
    settled(tab)
    moved = [each.index_a for each in checked(compared_logs, "other", "base").moved]
    button = tab.get_by_role("button", name="Prediction stayed, reason moved")
    expect(button).to_contain_text(str(len(moved)))

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(tab.get_by_role("option")).to_have_count(len(moved))
    assert list(listed(tab)) == moved
    page.wait_for_function("location.hash.includes('p.tb_explain.moved=1')")
    tab = comparison(**DIRECTIONS["back"], moved=1)
    expect(tab.get_by_role("option")).to_have_count(len(moved))
    button = tab.get_by_role("button", name="Prediction stayed, reason moved")
    button.click()
    expect(tab.get_by_role("option")).to_have_count(4)


@pytest.mark.parametrize("state", [DIRECTIONS["back"], {"b": side("base", tag=OCCLUSION, step=1)}])
def test_the_command_finds_the_same_samples(comparison, capsys, state):
    """What is copied runs, with the maps and steps of both sides, whatever they are."""
    tab = comparison(**state)
    tab.get_by_role("button", name="The same as a test").click()
    panel = tab.get_by_role("dialog", name="The same as a test")
    expect(panel.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    words = shlex.split(panel.locator("code").first.inner_text())
    assert words[:2] == ["tb-explain", "check"]

    main([*words[1:], "--json"])
    found = json.loads(capsys.readouterr().out)
    moved = [each["index_a"] for each in found["compared"] if each["moved"]]
    assert moved
    assert list(marked(tab)) == moved


def test_the_view_opens_by_its_link(explain, compared):
    """Which runs are compared is found out although nobody chose them."""
    tab = explain(address=compared, view="compare")
    settled(tab)
    expect(tab.locator("[data-pick=b]")).to_contain_text("other")

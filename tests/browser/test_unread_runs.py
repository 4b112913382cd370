"""A log directory of which TensorBoard has read only a part when the tab is opened."""

import os

import log_dir
import pytest
from conftest import WITHOUT_TENSORFLOW
from opening import show
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# The two runs that grew first are not read before a file says so.
SLOWLY = """
import os, sys, time
from tb_explain.dashboard.storage import LocalStorage
opened = LocalStorage.opened
def slowly(self, path):
    gate = os.path.join(sys.argv[sys.argv.index("--logdir") + 1], "go")
    while "early" in path and not os.path.exists(gate):
        time.sleep(0.02)
    return opened(self, path)
LocalStorage.opened = slowly
"""
SENTENCE = "The run cannot be read at present."


@pytest.fixture
def slow(tmp_path, serve):
    """Address of a TensorBoard that has read three of five runs, and what lets it go on."""
    for number, name in enumerate(["early0", "early1", "late0", "late1", "late2"]):
        log_dir.write_run(tmp_path / name / "explain", range(2)).close()
        (path,) = (tmp_path / name / "explain").glob("*.tb_explain")
        os.utime(path, (1e9 + number, 1e9 + number))
    return serve(tmp_path, start=("-c", SLOWLY + WITHOUT_TENSORFLOW)), (tmp_path / "go").touch


def names(tab):
    return tab.locator(".side > .runs .run .name")


def test_the_tab_opens_with_the_runs_that_are_read(explain, slow):
    """It says how many are to come, lists them when they are there, and stays where it is."""
    address, go_on = slow
    tab = explain(address=address)
    shown = tab.locator(".side > .runs .run.front")

    expect(names(tab)).to_have_count(3)
    expect(tab.get_by_text("Reading 2 more runs")).to_be_visible()
    before = shown.get_attribute("title")
    go_on()
    expect(names(tab)).to_have_count(5)
    expect(tab.get_by_text("more run")).to_have_count(0)
    assert shown.get_attribute("title") == before


def test_a_link_to_a_run_that_is_not_read_yet_waits_for_it(slow, page):
    """It shows no picture of another run under that link."""
    address, go_on = slow
    tab = show(page, address, "tb_explain&p.tb_explain.run=early1%2Fexplain")

    expect(tab.get_by_text("Reading 2 more runs")).to_be_visible()
    expect(tab.locator("canvas")).to_have_count(0)
    go_on()
    expect(tab.locator("canvas[data-painted]").first).to_be_visible()
    expect(tab.locator(".side > .runs .run.front")).to_have_attribute("title", "early1/explain")


def test_a_run_that_could_not_be_read_is_asked_for_again(browser, tensorboard):
    """The reason stands beside it until then, though nothing changed in the log directory."""
    page = browser.new_page()
    refused = []
    page.route("**/api/run?*", lambda route: refuse_at_first(route, refused))
    tab = show(page, tensorboard, "tb_explain")

    expect(tab.get_by_text(SENTENCE).first).to_be_visible()
    expect(tab.locator("canvas[data-painted]").first).to_be_visible()
    expect(tab.get_by_text(SENTENCE)).to_have_count(0)
    page.close()


def refuse_at_first(route, refused):
    if len(refused) == 4:
        return route.continue_()
    refused.append(route.request.url)
    return route.fulfill(status=400, body=SENTENCE)

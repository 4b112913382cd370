"""Many chosen runs at once."""

import re
from urllib.parse import urlsplit

import health_run
import pytest
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

RUNS = [f"run{number}/explain" for number in range(12)]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of a TensorBoard on a dozen runs."""
    directory = tmp_path_factory.mktemp("many")
    health_run.write_many(directory, RUNS)
    with tensorboard_on(directory) as address:
        yield address


def chosen(*runs):
    """Returns runs as the deep link holds them: names in a list, in a hash."""
    return ",".join(run.replace("/", "%252F") for run in runs)


def test_curves_of_many_runs_travel_together(explain, address, page):
    """Runs cost requests by the dozen, not each for each chart."""
    asked = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.rsplit("/", 1)[1]))
    tab = explain(address=address, view="health", runs=chosen(*RUNS))

    expect(tab.locator(".charts .card").first).to_be_visible()
    assert 1 <= asked.count("many") <= 8
    assert asked.count("run") <= 4
    assert asked.count("measures") + asked.count("table") <= 8


def test_of_many_runs_some_are_drawn_until_all_are_asked_for(explain, address):
    """The view says how many there are; the link holds the choice."""
    tab = explain(address=address, view="health", runs=chosen(*RUNS))
    rows = tab.locator("[data-card='map.drift'] table thead th")

    expect(tab.locator(".left-out")).to_contain_text("Curves of 10 runs")
    expect(tab.locator(".left-out")).to_contain_text("2 more are chosen")
    expect(rows).to_have_count(11)
    tab.get_by_role("button", name="Draw all").click()
    expect(tab.locator(".left-out")).to_contain_text("Curves of all 12 chosen runs.")
    expect(rows).to_have_count(13)
    expect(tab.owner.page).to_have_url(re.compile("allcurves=1"))


def test_of_few_runs_all_are_drawn(explain, address):
    """Then there is nothing to say."""
    tab = explain(address=address, view="health", runs=chosen(*RUNS[:3]))

    expect(tab.locator(".charts .card").first).to_be_visible()
    expect(tab.locator(".left-out")).to_have_count(0)

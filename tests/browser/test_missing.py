"""Explainers that one run has and another lacks."""

import film_run
import log_dir
import pytest
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of a TensorBoard on a run with Occlusion and one without."""
    directory = tmp_path_factory.mktemp("missing")
    film_run.write_film(directory / "film" / "explain").close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_dir, "SALIENCY_STEPS", (2, 5))
        log_dir.write_run(directory / "small" / "explain").close()
    with tensorboard_on(directory) as address:
        yield address


def show(tab, run):
    tab.locator(".run", has_text=run).locator(".name").click()
    expect(tab.locator(".run.front")).to_contain_text(run)


def test_the_sidebar_lists_what_only_another_run_has(explain, address):
    """It says why there is nothing, and what to write."""
    tab = explain(address=address, run="small%2Fexplain")
    row = tab.locator(".expl", has_text="Occlusion")
    row.get_by_role("button", name="Occlusion: no data").click()

    panel = tab.get_by_role("dialog", name="Occlusion: no data")
    expect(panel).to_contain_text("Run film has it; nobody asked for it in small.")
    expect(panel.locator("code")).to_contain_text("tbx.Occlusion()")
    expect(tab.get_by_role("columnheader", name="Occlusion")).to_have_count(0)


def test_a_column_keeps_its_place_in_a_run_that_lacks_it(explain, address):
    """It is grey and says why, until somebody closes it."""
    tab = explain(address=address, run="film%2Fexplain")
    expect(tab.get_by_role("columnheader", name="Occlusion")).to_have_count(1)
    show(tab, "small")

    cells = tab.locator(".mrow[data-sample] .cell.none-here")
    expect(cells.first).to_have_text("not asked for")
    expect(cells.first).to_have_attribute("aria-label", "Occlusion: no data in this run")
    head = tab.locator(".mrow.head").get_by_role("button", name="Occlusion: no data")
    head.click()
    tab.get_by_role("button", name="Close its place").click()
    expect(cells).to_have_count(0)


def test_a_row_of_the_filmstrip_keeps_its_place(explain, address):
    """It stands below the others, so that nothing moves."""
    tab = explain(address=address, view="filmstrip", run="film%2Fexplain")
    show(tab, "small")

    expect(tab.locator(".film-none")).to_contain_text("Run film has it")


def test_before_the_first_record_a_cell_leads_to_it(explain, address):
    """Of a run that records an explainer rarely, the first map may come late."""
    tab = explain(address=address, run="small%2Fexplain", step=0, follow=0)
    cell = tab.locator(".cell[data-tag^='InputXGradient'][data-kind='none']").first
    cell.get_by_role("button", name="Go to 2").click()

    expect(tab.locator(".readout")).to_contain_text("Epoch 2")

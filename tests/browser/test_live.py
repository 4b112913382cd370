"""Trainings that go on, begin and vanish while other views than Samples are open."""

import re
import shutil

import compare_run
import film_run
import pytest
from comparing import figure, norm, pair, settled, share, side
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NEXT = compare_run.STEPS[-1] + 1


@pytest.fixture
def growing(explain, serve, tmp_path):
    """Returns the view Compare on two runs, and a function that adds a record to one."""
    directory = tmp_path / "logs"
    writers = compare_run.start_runs(directory)

    def open_tab(**state):
        return explain(address=serve(directory), view="compare", **state)

    yield open_tab, lambda run: compare_run.write_step(writers[run], run, NEXT)
    for writer in writers.values():
        writer.close()


def test_compare_follows_the_latest_record(growing, page):
    """Both sides and their figures go on; the list stays where it is."""
    open_tab, add = growing
    page.set_viewport_size({"width": 1280, "height": 460})
    tab = open_tab(sample=1)
    rows = tab.get_by_role("listbox", name="Samples")
    rows.evaluate("list => list.closest('.list').scrollTop = 6")
    expect(tab.locator(".pick").first).to_contain_text(f"epoch {NEXT - 1}")
    for run in compare_run.PICTURES:
        add(run)

    expect(tab.locator(".pick").first).to_contain_text(f"epoch {NEXT}")
    settled(tab)
    expect(figure(tab, "norm")).to_contain_text(share(norm(*pair(1, NEXT))))
    assert rows.evaluate("list => list.closest('.list').scrollTop") == 6


def test_what_is_pinned_stays(growing):
    """A side with a record of its own, and a scrubber that does not follow, are left alone."""
    open_tab, add = growing
    tab = open_tab(a=side("base", step=1), b=side("other"), follow=0, step=2, sample=1)
    before = figure(tab, "norm").inner_text()
    for run in compare_run.PICTURES:
        add(run)
    expect(tab.locator(".readout")).to_contain_text("2 newer records")
    settled(tab)

    expect(tab.locator(".pick").first).to_contain_text("epoch 1")
    expect(tab.locator(".pick").nth(1)).to_contain_text("epoch 2")
    assert figure(tab, "norm").inner_text() == before


def test_runs_come_and_go_while_they_are_compared(growing, tmp_path):
    """A new run is listed; one that was deleted says so and stays as it was read."""
    open_tab, _ = growing
    tab = open_tab(sample=1)
    before = figure(tab, "norm").inner_text()
    compare_run.write_alone(tmp_path / "logs")
    expect(tab.locator(".run", has_text="alone")).to_have_count(1)

    shutil.rmtree(tmp_path / "logs" / "other")
    expect(tab.locator(".banner")).to_contain_text(
        re.compile("Run .other/explain. was deleted. Showing what was read before.")
    )
    settled(tab)
    assert figure(tab, "norm").inner_text() == before


def test_a_filmstrip_gets_columns_only_while_it_follows(explain, serve, tmp_path):
    """Columns stay while somebody looks at an earlier record."""
    directory = tmp_path / "logs"
    writer = film_run.write_film(directory / "film" / "explain", steps=range(8))
    tab = explain(address=serve(directory), view="filmstrip", follow=0, step=3, frames="fit")
    heads = tab.locator(".fhead button")
    before = heads.all_inner_texts()
    film_run.write_step(writer, 8)
    expect(tab.locator(".readout")).to_contain_text("5 newer records")
    settled(tab)

    assert heads.all_inner_texts() == before
    tab.get_by_role("switch", name="Follow latest").click()
    expect(heads.last).to_contain_text("8")
    writer.close()

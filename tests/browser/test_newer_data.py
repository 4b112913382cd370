"""Records of a later version of tb_explain than the one that TensorBoard has."""

import log_dir
import pytest
from playwright.sync_api import expect

from tb_explain.records import RecordWriter

pytestmark = pytest.mark.browser

SENTENCE = (
    "The records of run later/explain were written by a newer tb_explain than the one that "
    "TensorBoard uses; update: pip install -U tb-explain"
)


class LaterWriter:
    """Writes records as a later version would; some of them are of a format of its own."""

    def __init__(self, directory, *, replace, by):
        self._writer = RecordWriter(directory)
        self._replaced = replace, by

    def write(self, tag, step, wall_time, blobs):
        """Writes a record with a changed header."""
        header, *payloads = blobs
        self._writer.write(tag, step, wall_time, [header.replace(*self._replaced), *payloads])

    def close(self):
        """Ends the file."""
        self._writer.close()


def write_later(directory, *, replace, by):
    """Writes the steps of `log_dir` with something replaced in each header."""
    writer = LaterWriter(directory, replace=replace, by=by)
    for step in log_dir.STEPS:
        log_dir.write_step(writer, step)
    writer.close()


def test_a_run_of_a_later_format_is_named(explain, serve, tmp_path):
    """A sentence says what to do; other runs are shown."""
    log_dir.write_run(tmp_path / "now" / "explain").close()
    write_later(tmp_path / "later" / "explain", replace=b'"version":1', by=b'"version":2')
    address = serve(tmp_path)
    tab = explain(address=address, run="now/explain", runs="now%2Fexplain,later%2Fexplain")

    expect(tab.get_by_text(SENTENCE)).to_be_visible()
    expect(tab.locator(".mrow canvas").first).to_be_visible()


def test_a_later_format_alone_is_no_empty_tab(explain, serve, tmp_path):
    """The sentence stands also where there is nothing else."""
    write_later(tmp_path / "later" / "explain", replace=b'"version":1', by=b'"version":2')
    tab = explain(address=serve(tmp_path))

    expect(tab.get_by_text(SENTENCE)).to_be_visible()
    expect(tab.get_by_text("No record of this run can be read")).to_be_visible()
    expect(tab.get_by_role("slider")).to_have_count(0)


def test_records_of_an_unknown_kind_are_passed_over(explain, serve, tmp_path):
    """A kind that a later version adds takes nothing away from the others."""
    write_later(
        tmp_path / "later" / "explain", replace=b'"kind":"statistics"', by=b'"kind":"constellation"'
    )
    tab = explain(address=serve(tmp_path))
    expect(tab.locator(".mrow canvas").first).to_be_visible()

    tab.locator("nav").get_by_role("link", name="Layers").click()
    expect(tab.locator("main[aria-label=Layers]")).to_be_visible()
    expect(tab.locator("html[data-ready]")).to_be_attached()

"""The tab in a notebook: a frame of another origin, where the clipboard is refused."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opening import FRAME
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NOTEBOOK = "<!doctype html><iframe src='{address}' width=1000 height=600></iframe>"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Keeps requests out of the report of the tests."""


@pytest.fixture
def served(tmp_path):
    """Address of a server for `tmp_path`, which is another origin than TensorBoard's."""
    handler = partial(_Silent, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def notebook(browser, tensorboard, served, tmp_path):
    """Returns a function that opens a page with TensorBoard in a frame, and gives the tab."""
    page = browser.new_page()  # Its console holds an error for each time the clipboard is refused.

    def open_tab(**state):
        link = "".join(f"&p.tb_explain.{key}={value}" for key, value in state.items())
        path = tmp_path / "notebook.html"
        path.write_text(NOTEBOOK.format(address=f"{tensorboard}#tb_explain{link}"))
        page.goto(f"{served}/{path.name}")
        tab = page.frame_locator("iframe").frame_locator(FRAME)
        tab.locator("html[data-ready]").wait_for(state="attached")
        return tab

    yield open_tab
    page.close()


def is_selected(field):
    """Whether all text of a field is selected."""
    return field.evaluate(
        "field => field.selectionStart === 0 && field.selectionEnd === field.value.length"
    )


def test_a_refused_link_stands_selected(notebook, tensorboard):
    """Where the frame may not copy, the link can be copied by hand."""
    tab = notebook(view="filmstrip", step=3, follow=0)
    tab.get_by_role("button", name="Copy link (L)").click()
    field = tab.get_by_role("textbox", name="Select and copy:")

    expect(field).to_be_focused()
    assert is_selected(field)
    link = field.input_value()
    assert link.startswith(tensorboard)
    assert "p.tb_explain.view=filmstrip" in link
    assert "p.tb_explain.step=3" in link


def test_the_key_for_the_link_shows_it_as_well(notebook):
    """`L` does what the button does."""
    tab = notebook()
    tab.locator("body").press("l")

    expect(tab.get_by_role("textbox", name="Select and copy:")).to_be_focused()


def test_the_link_of_an_export_stands_selected(notebook, tensorboard):
    """The panel does so too."""
    tab = notebook()
    tab.locator("main .bar").get_by_role("button", name="Export").click()
    tab.get_by_role("dialog", name="Export").get_by_role("button", name="Copy link").click()
    field = tab.get_by_role("textbox", name="Select and copy")

    assert field.input_value().startswith(tensorboard)
    assert is_selected(field)


def test_refused_code_is_selected(notebook):
    """Code to copy is selected in its place."""
    tab = notebook()
    tab.locator("main .bar").get_by_role("button", name="Export").click()
    code = tab.get_by_role("dialog", name="Export").get_by_label("Code")
    code.locator("..").get_by_role("button", name="Copy").click()
    selected = code.evaluate("() => getSelection().toString()")

    assert selected.strip() == code.inner_text().strip() != ""


def test_the_tab_does_its_work_there(notebook):
    """Views, pictures and the page itself behave in a frame as they do alone."""
    tab = notebook()
    for view in ("Filmstrip", "Compare", "Layers", "Health", "Samples"):
        tab.locator("nav").get_by_role("link", name=view).click()
        expect(tab.locator(f"main[aria-label={view}]")).to_be_visible()
    expect(tab.locator("html[data-ready]")).to_be_attached()
    assert tab.locator(".mrow canvas").first.is_visible()
    assert tab.locator("html").evaluate("root => root.scrollWidth <= root.clientWidth")

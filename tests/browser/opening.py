"""Opening the tab in a page that is TensorBoard already, and leaving no trace of it.

TensorBoard's own page takes longer to load than the tab.
"""

WINDOW = {"width": 1280, "height": 800}
FRAME = "iframe[src*='name=tb_explain']"


def show(page, address, link):
    """Opens the tab with a link and returns it; a page of that TensorBoard loads nothing else."""
    page_address, _, shown = page.url.partition("#")
    tab = _tab_of(page)
    if tab is None or page_address != address or not shown.startswith("tb_explain"):
        page.goto("about:blank")  # Another hash alone is no load, and what is painted stays.
        page.goto(f"{address}#{link}")
    else:
        tab.goto("about:blank")
        page.evaluate("link => history.replaceState(history.state, '', '#' + link)", link)
        tab.goto(page.locator(FRAME).evaluate("frame => frame.src"))
    return page.frame_locator(FRAME)


def leave(page):
    """Ends the tab and forgets what it kept, so that the next test finds nothing of it."""
    page.unroute_all(behavior="ignoreErrors")
    tab = _tab_of(page)
    if tab and tab.url != "about:blank":
        tab.evaluate("localStorage.clear(), sessionStorage.clear()")
        tab.goto("about:blank")
    page.mouse.move(0, 0)
    page.set_viewport_size(WINDOW)
    page.emulate_media(reduced_motion="reduce")


def _tab_of(page):
    frame = page.query_selector(FRAME)
    return frame and frame.content_frame()

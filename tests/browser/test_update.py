"""The tab while the package is updated under it."""

import pytest
from opening import FRAME
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_an_update_of_the_package_offers_to_reload(browser, tensorboard):
    """A view whose file is gone says why, the others go on, and a reload mends it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{tensorboard}#tb_explain")
    tab = page.frame_locator(FRAME)
    tab.locator("html[data-ready]").wait_for(state="attached")
    page.route("**/static/*.js", lambda route: route.fulfill(status=404))
    tab.locator("nav").get_by_text("Health", exact=True).click()
    expect(tab.get_by_text("tb_explain was updated.")).to_be_visible()

    page.unroute("**/static/*.js")
    tab.get_by_role("button", name="Reload", exact=True).click()
    expect(tab.get_by_text("tb_explain was updated.")).to_have_count(0)
    expect(tab.locator("main.frame")).to_be_attached()
    context.close()

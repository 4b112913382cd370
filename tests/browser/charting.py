"""The charts of the Health view, and how a test points at them."""

CARD = "[data-card='map.relevance_mass']"
INK = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
    return painted;
}"""


def settled(tab):
    """Waits until everything that belongs to the step is painted."""
    tab.locator("html[data-ready]").wait_for(state="attached")


def hover(page, tab, card, share):
    """Moves the pointer to a place of a chart, between 0 and 1."""
    tab.locator(card).scroll_into_view_if_needed()
    chart = tab.locator(f"{card} .u-over")
    chart.scroll_into_view_if_needed()
    settled(tab)
    box = chart.bounding_box()
    at = box["x"] + share * (box["width"] - 1), box["y"] + box["height"] / 2
    page.mouse.move(at[0] - 1, at[1])
    page.mouse.move(*at)

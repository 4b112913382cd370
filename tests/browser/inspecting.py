"""Opens the inspector and reads what it shows."""

import methods_run

CAM = "GradCAM/block/conv2/label"
GRADIENTS = "InputXGradient/input/label"
ATTENTION = f"Attention/{methods_run.BLOCKS[0]}"
DRAWER = "aside.drawer"
LARGE = ".drawer .big .cell"
PIXELS = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const alphas = data.filter((_, at) => at % 4 === 3);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
        sum += (data[at] + 256 * data[at + 1] + 65536 * data[at + 2]) * (data[at + 3] / 255);
    }
    return {sum, painted: alphas.filter(alpha => alpha > 0).length, solid: Math.min(...alphas)};
}"""


def opened(explain, tag=CAM, sample=0, step=5, **state):
    """Opens the tab with the inspector of a cell at a step."""
    cell = f"{sample}@{tag}"
    tab = explain(cell=cell, sample=sample, step=step, follow=0, **state)
    tab.locator(f"{DRAWER} h2").wait_for()
    return tab


def painted(tab):
    """Returns what is painted in the large picture once it stands still."""
    tab.locator("html[data-ready]").wait_for(state="attached")
    return tab.locator(f"{LARGE} canvas").evaluate(PIXELS)


def hover(page, tab, across, down):
    """Moves the cursor to a place of the large picture."""
    box = tab.locator(LARGE).bounding_box()
    page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)


def cell(tab, name):
    """Returns the first cell of the view whose accessible name begins so."""
    return tab.locator(f"#view .cell[aria-label^='{name}']").first

"""What layers tell samples apart by, how sure predictions are, and maps against other models."""

import likeness_run
import pytest
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CARD = "[data-card='likeness']"
COLOURS = """canvas => {
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const pixels = [];
    for (let at = 0; at < data.length; at += 4) pixels.push([...data.slice(at, at + 4)].join());
    return pixels;
}"""
VIOLATIONS = """async () => (await axe.run('#root')).violations.map(({id, nodes}) =>
    [id, nodes.map(({html}) => html.slice(0, 150))])"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    directory = tmp_path_factory.mktemp("likeness")
    likeness_run.write_run(directory / "known" / "explain")
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture
def look(explain, address):
    """Returns a function that opens a view of the run."""
    return lambda view, **state: explain(address=address, view=view, **state)


def test_layers_alike_are_a_square_of_pairs(look):
    """Each pair has its colour; those at the same distance from 1 look the same."""
    tab = look("health", follow=0, step=2)
    tab.locator(CARD).scroll_into_view_if_needed()
    canvas = tab.locator(f"{CARD} canvas")
    expect(tab.locator(f"{CARD} .reading")).to_contain_text(".800 conv1 and block/conv2")
    pixels = canvas.evaluate(COLOURS)

    assert len(pixels) == 9
    assert len({pixels[0], pixels[4], pixels[8]}) == 1
    assert pixels[1] == pixels[3]
    assert len(set(pixels)) == 4
    expect(tab.locator(f"{CARD} .reading")).to_contain_text("4 samples, unreliable.")


def test_a_pair_is_chosen_by_pointer_and_keys(page, look):
    """The reading follows, and belongs to the shown record."""
    tab = look("health", follow=0, step=2)
    square = tab.get_by_role("application", name="Pairs of layers")
    square.scroll_into_view_if_needed()
    reading = tab.locator(f"{CARD} .reading")
    expect(reading).to_contain_text(".800")
    box = square.bounding_box()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.1 * box["height"])
    expect(reading).to_contain_text(".400 conv1 and head")

    square.focus()
    page.keyboard.press("ArrowDown")
    expect(reading).to_contain_text(".500 block/conv2 and head")
    page.keyboard.press("ArrowUp")
    tab.get_by_role("button", name="Next").first.click()
    expect(reading).to_contain_text(".150 conv1 and head")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_card_is_accessible(look, axe, dark):
    """Names, roles and contrast hold in both themes."""
    tab = look("health", dark=dark)
    tab.locator(CARD).scroll_into_view_if_needed()
    expect(tab.locator(f"{CARD} .reading")).to_be_visible()
    tab.locator("body").evaluate("(_, source) => { window.eval(source); }", axe)

    assert tab.locator("body").evaluate(VIOLATIONS) == []


def test_strips_of_cka_say_that_samples_are_few(look):
    """The scale begins at the smallest value, and the legend warns of fewer than 64 samples."""
    tab = look("layers", strip="cka")
    legend = tab.locator(".strip-legend")

    expect(legend).to_contain_text("4 samples, unreliable: likeness to the last record")
    expect(legend).to_contain_text(".9")
    expect(tab.locator(".heat").first).to_have_attribute(
        "aria-label", "CKA of conv1: Epoch 3: .99 at the end"
    )
    tab.get_by_role("button", name="Strips").click()
    options = tab.get_by_role("option").all_inner_texts()
    assert [each.strip() for each in options] == [
        "weight change",
        "weight norm",
        "CKA",
        "filter drift",
    ]


def names(tab):
    """Returns the names of the samples from the top, and the keys they are sorted by."""
    return tab.locator(".who .id").all_inner_texts()


def test_samples_between_two_classes_come_first(look):
    """Sorted by margin each row tells it, and a condition keeps those below."""
    tab = look("samples", sort="margin")
    expect(tab.locator(".who .key").first).to_have_text(" · margin .02")
    keys = tab.locator(".who .key").all_inner_texts()

    assert [key.strip(" ·") for key in keys] == [
        "margin .02",
        "margin .2",
        "margin .4",
        "margin .6",
    ]
    tab.get_by_role("searchbox").fill("margin < .3")
    expect(tab.locator(".who")).to_have_count(2)


def test_samples_are_sorted_by_their_drift_to_the_last_record(look):
    """The server makes it of the maps; at the newest record it is 0."""
    state = {"sort": "metric", "metric": "drift_to_last", "follow": 0}
    tab = look("samples", step=0, **state)
    expect(tab.locator(".who .name").first).to_have_text("first")
    expect(tab.locator(".who .key").first).to_contain_text("drift to the last 1")
    assert tab.locator(".who .name").last.inner_text() == "fourth"

    tab = look("samples", step=3, **state)
    expect(tab.locator(".who .key").first).to_have_text(" · drift to the last 0")


def test_the_badge_reads_the_likeness_with_random_weights(look):
    """Where it was asked for it judges the explainer, and says so."""
    tab = look("samples")
    badge = tab.locator(".trust.bad").first

    expect(badge).to_contain_text(".82")
    expect(tab.locator("[title*='maps of random weights .82']").first).to_be_visible()

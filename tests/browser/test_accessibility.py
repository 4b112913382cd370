"""The whole tab for those who do not point, do not see colours, or magnify."""

import re

import health_run
import methods_run
import pytest
import samples_run
from conftest import tensorboard_on
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MASKED = ("masked/explain", "GradCAM/input/label")
ATTENTIVE = ("vit/explain", "GradCAM/conv1/predicted")
RUNS = {
    "samples": MASKED,
    "filmstrip": ATTENTIVE,
    "compare": MASKED,
    "layers": ATTENTIVE,
    "health": ("sick/explain", health_run.TAG),
}
"""For each view the run that fills most of it, and maps to open in the inspector."""
VIEWS = tuple(RUNS)
LATE = 1000
MOST_STOPS = 400
PANEL = ".panel:not(.help)"
RUN_AXE = """async (_, within) => {
    const {violations, passes} = await axe.run(within ?? document);
    const told = found => found.map(({id, nodes}) => [id, nodes.map(({html}) => html)]);
    return {violations: told(violations), passed: passes.length};
}"""
CONTROLS = (
    "a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=switch],"
    " [role=checkbox], [role=slider], [role=option], [role=gridcell], [role=tab], [role=radio]"
)
# One stop stands for all of a group in which arrows move.
GROUPS = "[role=grid], [role=treegrid], [role=tree], [role=listbox], [role=radiogroup]"
MARK_CONTROLS = """(_, [controls, groups]) => {
    const isSeen = element => element.checkVisibility({visibilityProperty: true})
        && element.getClientRects().length > 0;
    const all = [...document.querySelectorAll(controls)].filter(element =>
        isSeen(element) && !element.disabled && !element.matches('.panel, aside.drawer'));
    all.forEach((element, at) => element.dataset.stop = at);
    const needed = all.filter(element => element.tabIndex >= 0);
    const roving = all.filter(element => element.tabIndex < 0
        && !element.matches('[role=img]') && !element.closest(groups));
    return {needed: needed.length, lost: roving.map(element => element.outerHTML.slice(0, 200))};
}"""
STOP = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    // What appeared since the others were counted, such as a chart that came into sight.
    element.dataset.stop ??= `late ${window.late = (window.late ?? 0) + 1}`;
    axe.setup(document.documentElement);
    const name = axe.commons.text.accessibleText(element);
    axe.teardown();
    const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
        stop: element.dataset.stop, name, html: element.outerHTML.slice(0, 200),
        ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? outlineColor : null,
        seen: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    };
}"""
MISSED = """(_, [seen, groups]) => [...document.querySelectorAll('[data-stop]')].filter(element =>
    element.isConnected && !element.disabled && element.tabIndex >= 0
    && !seen.includes(element.dataset.stop)).map(element => element.outerHTML.slice(0, 200))"""
OUTSIDE = """(_, panel) => [...document.querySelectorAll(panel)]
    .map(element => element.getBoundingClientRect())
    .filter(({left, top, right, bottom}) =>
        left < 0 || top < 0 || right > innerWidth || bottom > innerHeight)
    .map(({left, top, right, bottom}) => [left, top, right, bottom])"""
MARK_OPENERS = """() => {
    const all = [...document.querySelectorAll('button[aria-expanded=false]')]
        .filter(element => element.checkVisibility() && !element.disabled);
    all.forEach((element, number) => element.dataset.opener = number);
    return all.length;
}"""
OVERFLOW = """() => {
    const wide = [document.documentElement, ...document.querySelectorAll(
        '#root, .app, .bar, .drawer, .drawer > header, .drawer > .body, .scrub, .side')];
    return wide.filter(element => element.scrollWidth > element.clientWidth + 1)
        .map(({className, tagName, scrollWidth, clientWidth}) =>
            `${className || tagName}: ${scrollWidth} in ${clientWidth}`);
}"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """Address of a TensorBoard on runs with attention, masks, metrics, findings and gaps."""
    directory = tmp_path_factory.mktemp("everything")
    methods_run.write_methods(directory / "vit" / "explain")
    samples_run.write(directory / "masked" / "explain")
    health_run.write_runs(directory)
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture
def look(explain, logs, axe):
    """Returns a function that opens a view on the run that fills it, with axe at hand."""

    def open_tab(view, **state):
        run, _ = RUNS[view]
        tab = explain(address=logs, view=view, run=run, step=LATE, follow=0, sample=1, **state)
        tab.locator("body").evaluate("(_, source) => { window.eval(source); }", axe)
        return tab

    return open_tab


def walk(page, tab):
    """Presses Tab through the whole tab and returns all stops."""
    body = tab.locator("body")
    body.evaluate("body => { body.tabIndex = -1; body.focus(); }")
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = body.evaluate(STOP)
        if stop is None:
            return stops
        stops.append(stop)
    pytest.fail(f"No end after {MOST_STOPS} stops; the last one is {stops[-1]}")


def inspect(page, tab, view):
    """Opens the inspector beside the view that is open."""
    page.evaluate("state => location.hash += state", f"&p.tb_explain.cell=1@{RUNS[view][1]}")
    tab.locator("aside.drawer h2").wait_for()
    tab.locator("html[data-ready]").wait_for(state="attached")


def axe_says(tab):
    """Returns what axe would have mended, after it looked at something."""
    found = tab.locator("body").evaluate(RUN_AXE)
    assert found["passed"] > 20
    return found["violations"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(look, page, view, dark):
    """No rule is switched off, in any view and theme, and with the inspector open too."""
    tab = look(view, dark=dark)
    assert axe_says(tab) == []
    inspect(page, tab, view)

    assert axe_says(tab) == []


@pytest.mark.parametrize("view", VIEWS)
def test_the_keyboard_reaches_and_names_every_control(look, page, view):
    """Tab stops at every control once, says what it is, and shows where it is."""
    tab = look(view)
    inspect(page, tab, view)
    body = tab.locator("body")
    marked = body.evaluate(MARK_CONTROLS, [CONTROLS, GROUPS])
    stops = walk(page, tab)
    seen = [stop["stop"] for stop in stops]

    assert marked["lost"] == []
    assert body.evaluate(MISSED, [seen, GROUPS]) == []
    assert [stop["html"] for at, stop in enumerate(stops) if stop["stop"] in seen[:at]] == []
    assert len(seen) >= 20
    assert [stop["html"] for stop in stops if not stop["name"].strip()] == []
    assert [stop["html"] for stop in stops if stop["ring"] is None] == []
    assert [stop["html"] for stop in stops if not stop["seen"]] == []


@pytest.mark.parametrize("view", VIEWS)
def test_twice_as_large_nothing_is_cut_off(look, page, view):
    """At 200 % of 1440 x 900 no bar is wider than its place, and the page does not scroll."""
    page.set_viewport_size({"width": 720, "height": 450})
    tab = look(view)
    assert tab.locator("body").evaluate(OVERFLOW) == []
    inspect(page, tab, view)

    assert tab.locator("body").evaluate(OVERFLOW) == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_panel_is_accessible_and_gives_the_focus_back(look, page, view):
    """Menus and panels open by Enter, have nothing to mend, fit the window, and close by Escape."""
    page.set_viewport_size({"width": 1000, "height": 600})
    tab = look(view)
    body, opened = tab.locator("body"), 0
    for number in range(body.evaluate(MARK_OPENERS)):
        button = tab.locator(f"[data-opener='{number}']")
        button.focus()
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-expanded", "true")
        if tab.locator(PANEL).count():
            tab.locator("html[data-ready]").wait_for(state="attached")
            assert body.evaluate(RUN_AXE, PANEL)["violations"] == []
            assert body.evaluate(OUTSIDE, PANEL) == []
            page.keyboard.press("Escape")
            opened += 1
        else:
            page.keyboard.press("Enter")
        expect(tab.locator(PANEL)).to_have_count(0)
        expect(button).to_be_focused()

    assert opened >= 4


def test_a_drawer_slides_in_unless_motion_is_reduced(look, page):
    """It slides for a moment, and with reduced motion stands at its place at once."""
    duration = "drawer => getComputedStyle(drawer).animationDuration"
    tab = look("samples")
    inspect(page, tab, "samples")
    assert tab.locator("aside.drawer").evaluate(duration) == "0s"
    page.emulate_media(reduced_motion="no-preference")

    assert tab.locator("aside.drawer").evaluate(duration) == "0.12s"


def test_every_key_of_the_help_is_named(look):
    """The help lists keys beside words, and is a landmark of its own."""
    tab = look("samples")
    tab.get_by_role("button", name=re.compile("^Keys and help")).click()
    help_panel = tab.get_by_role("complementary", name="Keys")

    for key in help_panel.locator("dl > div").all():
        assert key.locator("kbd").count() > 0
        assert key.locator("dd").inner_text().strip()

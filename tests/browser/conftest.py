"""A real TensorBoard on real event files, in a real browser."""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import compare_run
import film_run
import health_run
import log_dir
import methods_run
import pytest
from opening import WINDOW, leave, show
from playwright.sync_api import expect, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]
STARTED = re.compile(r"http://127\.0\.0\.1:\d+\S*/")
PATIENCE = 20_000
# Below a path prefix TensorBoard's own page asks for its fonts where they are not.
ITS_OWN = re.compile(r"http://[^/]+/font-roboto/")


# What TensorBoard looks for to do without TensorFlow: it starts three times as fast, with a tenth
# of the memory.
WITHOUT_TENSORFLOW = """
import sys, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("tensorboard.compat.notf")
from tensorboard.main import run_main
run_main()
"""


@contextmanager
def tensorboard_on(directory, *arguments, start=("-c", WITHOUT_TENSORFLOW)):
    """Runs TensorBoard on a log directory and gives its address."""
    log = directory.with_name(directory.name + ".log")
    command = [sys.executable, *start, "--logdir", str(directory)]
    command += ["--host", "127.0.0.1", "--port", "0", "--reload_interval", "1", *arguments]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(20)


def _address(process, log):
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        found = STARTED.search(log.read_text())
        if found:
            return found.group(0)
        time.sleep(0.05)
    pytest.fail(f"TensorBoard did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def tensorboard(tmp_path_factory):
    """Address of a TensorBoard on one finished run, with TensorFlow as most have it."""
    directory = tmp_path_factory.mktemp("logs")
    log_dir.write_run(directory / "small" / "explain").close()
    with tensorboard_on(directory, start=("-m", "tensorboard.main")) as address:
        yield address


@pytest.fixture(scope="session")
def methods(tmp_path_factory):
    """Address of a TensorBoard on a run with attention, features and flipping targets."""
    directory = tmp_path_factory.mktemp("methods")
    methods_run.write_methods(directory / "vit" / "explain")
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture(scope="session")
def compared(tmp_path_factory):
    """Address of a TensorBoard on two runs that share most of their samples."""
    directory = tmp_path_factory.mktemp("compared")
    compare_run.write_runs(directory)
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture(scope="session")
def film(tmp_path_factory):
    """Address of a TensorBoard on a run whose maps change at a few steps."""
    directory = tmp_path_factory.mktemp("film")
    film_run.write_film(directory / "film" / "explain").close()
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture(scope="session")
def sick(tmp_path_factory):
    """Address of a TensorBoard on a run with findings and a calm one."""
    directory = tmp_path_factory.mktemp("health")
    health_run.write_runs(directory)
    with tensorboard_on(directory) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    """Chromium; a machine without it skips, but not in CI."""
    found = os.environ.get("TB_EXPLAIN_CHROMIUM") or next(
        filter(None, map(shutil.which, CHROMIUM)), None
    )
    if found is None:
        reason = "No Chromium found; install it, or name it in TB_EXPLAIN_CHROMIUM."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def serve():
    """Returns a function that runs TensorBoard on a log directory until the test is over."""
    with ExitStack() as stack:
        yield lambda *flags, **options: stack.enter_context(tensorboard_on(*flags, **options))


@pytest.fixture(scope="module")
def window(browser):
    """The page of all tests of a file: TensorBoard is loaded once, the tab by every test."""
    context = browser.new_context(viewport=WINDOW, reduced_motion="reduce", device_scale_factor=1)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window, serve):
    """A page as it was found, whose console stays free of errors."""
    errors = []
    heard = {
        "pageerror": lambda error: errors.append(str(error)),
        "console": lambda line: _is_error(line) and errors.append(line.text),
    }
    for event, listener in heard.items():
        window.on(event, listener)
    yield window
    leave(window)
    for event, listener in heard.items():
        window.remove_listener(event, listener)

    assert errors == []


def _is_error(line):
    return line.type == "error" and not ITS_OWN.match(line.location["url"])


@pytest.fixture
def explain(page, tensorboard):
    """Returns a function that opens the tab and waits until it is painted."""

    def open_tab(*, address=tensorboard, dark=False, **state):
        link = "".join(f"&p.tb_explain.{key}={value}" for key, value in state.items())
        tab = show(page, f"{address}{'?darkMode=true' if dark else ''}", f"tb_explain{link}")
        tab.locator("html[data-ready]").wait_for(state="attached")
        return tab

    return open_tab


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core, which checks what a page says to assistive technology."""
    import axe_playwright_python

    (source,) = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    return source.read_text()


@pytest.fixture
def comparison(explain, compared):
    """Returns a function that opens the view Compare at the last record."""

    def open_tab(*, step=3, **state):
        return explain(address=compared, view="compare", step=step, follow=0, **state)

    return open_tab


@pytest.fixture
def health(explain, sick):
    """Returns a function that opens the view Health on the run with findings."""

    def open_tab(**state):
        return explain(address=sick, **({"view": "health", "run": "sick/explain"} | state))

    return open_tab

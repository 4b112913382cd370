"""How smoothly the tab follows the slider: 48 visible cells in a real TensorBoard and browser.

    python benchmarks/scrubbing.py [--steps 100] [--frames 240]

Trains a small network, opens the tab in headless Chromium, moves one record per frame and prints
the times between frames. Without a GPU the browser draws in software, as it does here.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from models import samples, small_network
from playwright.sync_api import sync_playwright

import tb_explain as tbx

CELLS = 48
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--force-color-profile=srgb")
# 16 samples in rows of 120 px, below and above the controls of the tab.
WINDOW = {"width": 1600, "height": 2300}
SCRUB = """async (frames) => {
  const slider = document.querySelector('.track[role=slider]');
  const press = (key) =>
    slider.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  const next = () => new Promise((done) => requestAnimationFrame(done));
  const painted = () => [...document.querySelectorAll('canvas[data-painted]')]
    .map((canvas) => canvas.dataset.painted).join();
  press('Home');
  for (let wait = 0; wait < 30; wait++) await next();
  const seconds = [], seen = new Set();
  let before = await next(), forward = true;
  for (let frame = 0; frame < frames; frame++) {
    const at = Number(slider.getAttribute('aria-valuenow'));
    if (at >= Number(slider.getAttribute('aria-valuemax'))) forward = false;
    if (at <= Number(slider.getAttribute('aria-valuemin'))) forward = true;
    press(forward ? 'ArrowRight' : 'ArrowLeft');
    const now = await next();
    seconds.push(now - before);
    seen.add(painted());
    before = now;
  }
  return {seconds, states: seen.size};
}"""


def main() -> None:
    """Writes a log directory, scrubs through it, and prints what that took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--frames", type=int, default=240)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as log_dir:
        write_records(log_dir, options.steps)
        with tensorboard(log_dir) as address:
            report(scrub(address, options.frames))


def write_records(log_dir: str, steps: int) -> None:
    """Records 16 samples with three explainers while a network trains."""
    model = small_network()
    images, labels = samples(model)
    explainers = [tbx.GradCAM(), tbx.Saliency(), tbx.InputXGradient()]
    with tbx.Recorder(log_dir, model, images, labels, explainers=explainers) as recorder:
        for step in range(steps):
            recorder.record(step)
            model.train_on_batch(images, labels)


@contextmanager
def tensorboard(log_dir: str) -> Iterator[str]:
    """Runs TensorBoard and gives its address."""
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", log_dir, "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            lines = process.stdout or ()
            yield next(found[1] for line in lines if (found := re.search(r" at (http\S+)", line)))
        finally:
            process.kill()


def scrub(address: str, frames: int) -> dict[str, Any]:
    """Moves through all records and returns milliseconds per frame and states that were seen."""
    browser_path = os.environ.get("TB_EXPLAIN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        page = browser.new_page(viewport=WINDOW)
        page.goto(f"{address}#tb_explain")
        tab = page.frame_locator("iframe[src*='name=tb_explain']")
        painted = tab.locator("canvas[data-painted]")
        painted.nth(CELLS - 1).wait_for()
        tab.locator("html[data-ready]").wait_for(state="attached")
        cells = painted.count()
        slider = tab.locator(".track[role=slider]")
        slider.evaluate(f"(_, frames) => ({SCRUB})(frames)", frames)  # Loads all steps.
        measured = slider.evaluate(f"(_, frames) => ({SCRUB})(frames)", frames)
        browser.close()
    return {**measured, "cells": cells}


def report(measured: dict[str, Any]) -> None:
    """Prints a table in Markdown."""
    median, high = np.percentile(measured["seconds"], [50, 95])
    print("| cells | frames | states seen | median ms | p95 ms | max ms |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {measured['cells']} | {len(measured['seconds'])} | {measured['states']} | "
        f"{median:.1f} | {high:.1f} | {max(measured['seconds']):.1f} |"
    )


if __name__ == "__main__":
    main()

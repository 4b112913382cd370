"""The tab at its largest: 1000 steps x 64 samples x 6 explainers x 3 runs, and with 20 runs listed.

    python benchmarks/scale.py [--steps 1000] [--keep DIR]

Writes some 2 GB of records into a temporary directory (or keeps them in DIR for the next time),
opens a real TensorBoard in headless Chromium and prints how long the tab takes to its first
complete picture, the times between frames while scrubbing, its requests, and its memory beyond
that of the same browser on TensorBoard's own first tab. The further runs are links to the same
files.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Frame, Page, sync_playwright
from scrubbing import ARGUMENTS, SCRUB, tensorboard

from tb_explain.explanation import Explanation
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_table,
)
from tb_explain.samples.capture import Samples, capture

RUNS, LISTED, SAMPLES, CLASSES = 3, 20, 64, 10
EXPLAINERS = (
    ("GradCAM", "Grad-CAM", 14, False),
    ("LayerCAM", "LayerCAM", 14, False),
    ("RISE", "RISE", 14, True),
    ("Saliency", "Saliency", 56, False),
    ("InputXGradient", "Input x gradient", 56, True),
    ("IntegratedGradients", "Integrated gradients", 56, True),
)
WINDOW = {"width": 1440, "height": 900}
FRAMES = 240
# When all maps in sight were painted first, and when the page was complete, with its curves,
# in milliseconds since its frame was made.
PAINTED = "performance.getEntriesByName('tb_explain.painted')[0].startTime"
WATCH = """new MutationObserver((_, observer) => {
  if (!document.documentElement?.hasAttribute('data-ready')) return;
  window.completeAt = performance.now();
  observer.disconnect();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-ready']});"""


def main() -> None:
    """Writes the records, measures the tab with 3 and with 20 runs, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    print("| runs | maps ms | all ms | p50 ms | p95 ms | max ms | requests | memory MB |")
    print("|---|---|---|---|---|---|---|---|")
    with directory(options.keep) as root:
        write_all(root / "records", options.steps)
        for runs in (RUNS, LISTED):
            logs = linked(root / f"logs{runs}", root / "records", runs)
            with tensorboard(str(logs)) as address:
                report(runs, measure(address))


@contextmanager
def directory(kept: Path | None) -> Iterator[Path]:
    """Gives the directory to work in, which is removed unless it is to be kept."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def linked(logs: Path, records: Path, runs: int) -> Path:
    """Returns a log directory with so many runs, whose files are links."""
    shutil.rmtree(logs, ignore_errors=True)
    for index in range(runs):
        target = logs / f"lr=1e-{index}" / f"seed={index}" / "explain"
        target.mkdir(parents=True)
        for file in (records / str(index % RUNS)).iterdir():
            if "tfevents" in file.name:
                os.link(file, target / file.name)
    return logs


def write_all(records: Path, steps: int) -> None:
    """Writes the runs unless they are there."""
    for index in range(RUNS):
        if not (records / str(index) / "done").exists():
            shutil.rmtree(records / str(index), ignore_errors=True)
            write_run(records / str(index), steps, np.random.default_rng(index))
            (records / str(index) / "done").touch()


def write_run(target: Path, steps: int, random: np.random.Generator) -> None:
    """Writes one run; its maps wander and grow."""
    writer = RecordWriter(target)
    samples = monitored()
    patterns = {
        side: random.random((SAMPLES, side, side, 1), dtype=np.float32) for side in (14, 56)
    }
    for step in range(steps):
        moment = Moment(step, step - 1 if step else None, 0, step * 100, 1.7e9 + 30.0 * step)
        made = [("samples", encode_samples(samples, moment))] if step == 0 else []
        made.append(("prediction", predictions(step / steps, samples, moment, random)))
        made += [maps(kind, patterns[kind[2]], samples, moment, random) for kind in EXPLAINERS]
        logs = {"loss": 2.3 * 0.998**step, "accuracy": step / steps}
        made.append(("progress", encode_progress(moment, axis="epoch", versions={}, logs=logs)))
        for tag, blobs in made:
            writer.write(tag, step, moment.wall_time, blobs)
    writer.close()


def monitored() -> Samples:
    """Returns 64 pictures of 64 x 64 pixels."""
    pictures = np.random.default_rng(0).integers(0, 256, (SAMPLES, 64, 64, 3), np.uint8)
    names = [f"class {index}" for index in range(CLASSES)]
    return capture(pictures, np.arange(SAMPLES) % CLASSES, class_names=names)


def maps(
    kind: tuple[str, str, int, bool],
    pattern: np.ndarray[Any, Any],
    samples: Samples,
    moment: Moment,
    random: np.random.Generator,
) -> tuple[str, list[bytes]]:
    """Returns tag and record of one explainer."""
    explainer, title, side, is_signed = kind
    values = np.roll(pattern, moment.step % side, axis=2) * (1 + moment.step / 100)
    explanation = Explanation(
        values=values - 0.5 * is_signed,
        kind="attribution",
        layer=None if side == 56 else "conv",
        signed=is_signed,
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(label) for label in samples.labels),
        scores=tuple(random.normal(size=SAMPLES).tolist()),
        figures={name: random.random(SAMPLES).astype(np.float32) for name in ("drift", "strength")},
    )
    blobs = encode_maps(
        explanation,
        explainer=explainer,
        title=title,
        paper="",
        settings={},
        target="label",
        seconds=0.1,
        moment=moment,
    )
    return f"{explainer}/{explanation.layer or 'input'}/label", blobs


def predictions(
    share: float, samples: Samples, moment: Moment, random: np.random.Generator
) -> list[bytes]:
    """Returns predictions that become right."""
    is_right = random.random(SAMPLES) < share
    predicted = np.where(is_right, samples.labels, (samples.labels + 1) % CLASSES).astype(np.int32)
    right = np.where(is_right, 0.9, 0.2).astype(np.float32)
    arrays = {
        "score": right[None] * 4,
        "target": np.asarray(samples.labels, np.int32)[None],
        "probability": right[None],
        "predicted": predicted,
        "predicted_probability": np.maximum(right, 1 - right),
        "correct": is_right.astype(np.uint8),
    }
    facts = {"task": "multiclass", "classes": CLASSES, "output": None, "targets": ["label"]}
    return encode_table("prediction", arrays, facts, moment)


def measure(address: str) -> dict[str, Any]:
    """Opens the tab from TensorBoard's first one, scrubs, and returns what that took."""
    browser_path = os.environ.get("TB_EXPLAIN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=list(ARGUMENTS))
        page = browser.new_page(viewport=WINDOW)
        page.add_init_script(WATCH)
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{address}#timeseries")
        page.wait_for_timeout(3000)
        before = renderer_megabytes()
        page.evaluate("location.hash = 'tb_explain'")
        frame = opened(page)
        first = frame.evaluate(PAINTED)
        complete = frame.evaluate("window.completeAt")
        for _ in range(2):  # The first time loads what the second one is measured with.
            measured = frame.locator(".track[role=slider]").evaluate(
                f"(_, frames) => ({SCRUB})(frames)", FRAMES
            )
        blocks = sum("/api/" in url for url in requests)
        memory = renderer_megabytes() - before
        browser.close()
    return {**measured, "first": first, "complete": complete, "requests": blocks, "memory": memory}


def opened(page: Page) -> Frame:
    """Returns the frame of the tab once it is complete."""
    selector = "iframe[src*='name=tb_explain']"
    tab = page.frame_locator(selector)
    tab.locator("html[data-ready]").wait_for(state="attached", timeout=60_000)
    frame = page.locator(selector).element_handle().content_frame()
    assert frame is not None
    return frame


def renderer_megabytes() -> float:
    """Returns the private memory of the largest renderer that this program started."""
    time.sleep(1)
    children = psutil.Process().children(recursive=True)
    renderers = [child for child in children if "--type=renderer" in child.cmdline()]
    return max(child.memory_full_info().uss for child in renderers) / 2**20


def report(runs: int, measured: dict[str, Any]) -> None:
    """Prints a line of the table."""
    median, high = np.percentile(measured["seconds"], [50, 95])
    print(
        f"| {runs} | {measured['first']:.0f} | {measured['complete']:.0f} | "
        f"{median:.1f} | {high:.1f} | "
        f"{max(measured['seconds']):.1f} | {measured['requests']} | {measured['memory']:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()

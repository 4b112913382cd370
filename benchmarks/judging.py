"""What default metrics and findings add to a default record.

    python benchmarks/judging.py [--model cnn32|mobilenet] [--repeats 20]

Prints a table in Markdown, with and without metrics and findings, with and without masks: how long
the training waits at the end of an epoch, and the processor time of all that a record takes, what
another thread makes of it beside the training included. All are medians, of records in an order
that is drawn anew each round, since who comes first after a train step fares best. Read the ratios.
`KERAS_BACKEND` chooses the backend.
"""

import argparse
import contextlib
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from models import mobile_net, samples, small_network
from stopwatch import Timing

import tb_explain as tbx

MODELS = {"cnn32": small_network, "mobilenet": mobile_net}
WARM_UP = 3
NEITHER, WITH_MASKS = "neither", ", with masks"
VARIANTS: dict[str, dict[str, Any]] = {
    NEITHER: {"metrics": (), "alerts": ()},
    "metrics": {"alerts": ()},
    "metrics and findings": {},
}


def main() -> None:
    """Measures the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, help="default: all")
    parser.add_argument("--repeats", type=int, default=20)
    logging.getLogger("tb_explain").setLevel(logging.ERROR)
    options = parser.parse_args()
    print(f"Backend {keras.backend.backend()}, Keras {keras.version()}, 16 samples.\n")
    print("| model | with | training waits, ms | added | in all, CPU ms | added |")
    print("|---|---|---:|---:|---:|---:|")
    for name in [options.model] if options.model else MODELS:
        for line in rows(MODELS[name](), repeats=options.repeats):
            print(f"| {name} | {line} |", flush=True)


def rows(model: keras.Model, *, repeats: int) -> list[str]:
    """Returns the rows of the table of one model."""
    images, labels = samples(model)
    masks = np.zeros(images.shape[:3], np.uint8)
    masks[:, ::2, : images.shape[2] // 2] = 1
    with contextlib.ExitStack() as stack:
        recorders = {
            name: stack.enter_context(
                tbx.Recorder(
                    stack.enter_context(tempfile.TemporaryDirectory()),
                    model,
                    images,
                    labels,
                    **settings,
                )
            )
            for name, settings in _variants(masks).items()
        }
        taken: dict[str, list[Timing]] = {name: [] for name in recorders}
        for step in range(repeats + WARM_UP):
            model.train_on_batch(images, labels)
            for name in np.random.default_rng(step).permutation(list(recorders)):
                taken[name].append(_recorded(recorders[name], step))
    medians = {name: _median(timings[WARM_UP:]) for name, timings in taken.items()}
    return [_row(name, plain, medians) for plain, name in _pairs(masks)]


def _recorded(recorder: tbx.Recorder, step: int) -> Timing:
    """Returns how long a record is waited for, and the processor time until it is written."""
    wall, processor = time.perf_counter(), time.process_time()
    recorder.record(step)
    waited = time.perf_counter() - wall
    recorder.flush()
    return Timing(1000 * waited, 1000 * (time.process_time() - processor))


def _median(timings: Sequence[Timing]) -> Timing:
    walls = [timing.wall for timing in timings]
    return Timing(float(np.median(walls)), float(np.median([each.processor for each in timings])))


def _row(name: str, plain: str, medians: Mapping[str, Timing]) -> str:
    found, least = medians[name], medians[plain]
    waits, total = found.wall / least.wall - 1, found.processor / least.processor - 1
    return f"{name} | {found.wall:.1f} | {waits:+.0%} | {found.processor:.1f} | {total:+.0%}"


def _pairs(masks: Any) -> list[tuple[str, str]]:
    """Returns what each variant is held against, and the variant."""
    return [(NEITHER + WITH_MASKS * (WITH_MASKS in name), name) for name in _variants(masks)]


def _variants(masks: Any) -> dict[str, dict[str, Any]]:
    with_masks = {name + WITH_MASKS: held | {"masks": masks} for name, held in VARIANTS.items()}
    return VARIANTS | with_masks


if __name__ == "__main__":
    main()

"""What default metrics and findings add to a default record.

    python benchmarks/judging.py [--model cnn32|mobilenet] [--repeats 20]

Prints a table in Markdown, with and without metrics and findings, with and without masks: how long
the training waits at the end of an epoch, and the processor time of all that a record takes, what
another thread makes of it beside the training included.
`KERAS_BACKEND` chooses the backend. All candidates run in turn in one process; read the ratios.
"""

import argparse
import contextlib
import itertools
import logging
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import numpy as np
from models import mobile_net, samples, small_network
from stopwatch import Timing, measure

import tb_explain as tbx

MODELS = {"cnn32": small_network, "mobilenet": mobile_net}
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
        candidates: dict[str, Callable[[], Any]] = {
            "train step": lambda: model.train_on_batch(images, labels)
        }
        for name, settings in _variants(masks).items():
            log_dir = stack.enter_context(tempfile.TemporaryDirectory())
            recorder = tbx.Recorder(log_dir, model, images, labels, **settings)
            stack.enter_context(recorder)
            steps = itertools.count()
            candidates[f"{name}, waits"] = partial(_record, recorder, steps)
            candidates[f"{name}, written"] = recorder.flush
            candidates[name] = partial(_record_and_write, recorder, steps)
        best = measure(candidates, repeats=repeats)
    return [_row(name, plain, best) for plain, name in _pairs(masks)]


def _row(name: str, plain: str, best: Mapping[str, Timing]) -> str:
    waits, floor = best[f"{name}, waits"].wall, best[f"{plain}, waits"].wall
    total, least = best[name].processor, best[plain].processor
    added = f"{waits / floor - 1:+.0%}", f"{total / least - 1:+.0%}"
    return f"{name} | {waits:.1f} | {added[0]} | {total:.1f} | {added[1]}"


def _pairs(masks: Any) -> list[tuple[str, str]]:
    """Returns what each variant is held against, and the variant."""
    return [(NEITHER + WITH_MASKS * (WITH_MASKS in name), name) for name in _variants(masks)]


def _variants(masks: Any) -> dict[str, dict[str, Any]]:
    with_masks = {name + WITH_MASKS: held | {"masks": masks} for name, held in VARIANTS.items()}
    return VARIANTS | with_masks


def _record(recorder: tbx.Recorder, steps: "itertools.count[int]") -> None:
    recorder.record(next(steps))


def _record_and_write(recorder: tbx.Recorder, steps: "itertools.count[int]") -> None:
    _record(recorder, steps)
    recorder.flush()


if __name__ == "__main__":
    main()

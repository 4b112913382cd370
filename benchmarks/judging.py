"""What default metrics and findings add to a default record.

    python benchmarks/judging.py [--model cnn32|mobilenet] [--repeats 20]

Prints a table in Markdown: how long the training waits at the end of an epoch, and what is made
beside it by another thread, with and without metrics and findings, with and without masks.
`KERAS_BACKEND` chooses the backend. All candidates run in turn in one process; read the ratios.
"""

import argparse
import contextlib
import itertools
import tempfile
from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
from models import mobile_net, samples, small_network
from stopwatch import Timing, measure

import tb_explain as tbx

MODELS = {"cnn32": small_network, "mobilenet": mobile_net}
PLAIN: dict[str, Any] = {"metrics": (), "alerts": ()}
VARIANTS: dict[str, dict[str, Any]] = {
    "neither": PLAIN,
    "metrics": {"alerts": ()},
    "metrics and findings": {},
}


def main() -> None:
    """Measures the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, help="default: all")
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    print(f"Backend {keras.backend.backend()}, Keras {keras.version()}, 16 samples.\n")
    print("| model | with | waits, ms | CPU ms | made beside, CPU ms | in all, CPU | added |")
    print("|---|---|---:|---:|---:|---:|---:|")
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
            candidates[f"{name}, waits"] = partial(_record, recorder, itertools.count())
            candidates[f"{name}, beside"] = recorder.flush
        best = measure(candidates, repeats=repeats)
    plain = _total("neither", best)
    return [
        f"{name} | {best[f'{name}, waits'].wall:.1f} | {best[f'{name}, waits'].processor:.1f} | "
        f"{best[f'{name}, beside'].processor:.1f} | {_total(name, best):.1f} | "
        f"{_total(name, best) / plain - 1:+.0%}"
        for name in _variants(masks)
    ]


def _variants(masks: Any) -> dict[str, dict[str, Any]]:
    with_masks = {
        f"{name}, with masks": settings | {"masks": masks} for name, settings in VARIANTS.items()
    }
    return VARIANTS | with_masks


def _record(recorder: tbx.Recorder, steps: "itertools.count[int]") -> None:
    recorder.record(next(steps))


def _total(name: str, best: dict[str, Timing]) -> float:
    return best[f"{name}, waits"].processor + best[f"{name}, beside"].processor


if __name__ == "__main__":
    main()

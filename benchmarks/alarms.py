"""Which findings trainings have that go well, and which those have in which a fault was planted.

    python benchmarks/alarms.py [--epochs 16] [--into DIR] [NAME ...]

Trains small networks on handwritten digits that lie on photographs, with masks, watches four
pictures of each digit, and prints the findings of each training as a table in Markdown. Trainings
that go well differ in their network and seed. It ends with 1 if one of these has more than one
finding that warns, or a planted fault is not found. With `--into` the records are kept, for the
tab to show.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from digits import half_size, without_stickers
from trainings import FAULTS, TURN, WELL, Plant, Training

import tb_explain as tbx
from tb_explain.alerts import Finding
from tb_explain.demo.task import CLASS_NAMES, Pictures, make_task

PICTURES = 1500
PER_CLASS = 4
HEAD = "| training | accuracy | findings | |\n|---|---|---|---|"


def main() -> None:
    """Trains and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of the names of trainings, default all")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--into", type=Path)
    options = parser.parse_args()
    logging.getLogger("tb_explain").setLevel(logging.ERROR)
    print(f"Backend {keras.backend.backend()}, {options.epochs} epochs.\n\n{HEAD}", flush=True)
    is_well = True
    for name, training in (WELL | FAULTS).items():
        if not options.names or any(part in name for part in options.names):
            with tempfile.TemporaryDirectory() as folder:
                start = time.monotonic()
                into = (options.into or Path(folder)) / name
                told, accuracy = trained(training, into, epochs=options.epochs)
            seconds = time.monotonic() - start
            is_right = as_expected(training, told)
            is_well = is_well and is_right
            print(row(name, told, accuracy=accuracy, seconds=seconds, is_right=is_right))
            sys.stdout.flush()
    sys.exit(not is_well)


def trained(training: Training, directory: Path, *, epochs: int) -> tuple[list[Finding], float]:
    """Returns the findings of a training and its accuracy on new pictures."""
    task = make_task(PICTURES, 400, seed=training.seed)
    seen, unseen = half_size(without_stickers(task.training)), half_size(task.validation)
    keras.utils.set_random_seed(training.seed)
    model = training.make(len(CLASS_NAMES))
    told: list[Finding] = []
    explain = explaining(training, watched(unseen), directory, told)
    layer = None if training.unfrozen is None else model.get_layer(training.unfrozen)
    if layer is not None:
        layer.trainable = False
    optimizer = keras.optimizers.Adam(training.rate)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    plant = training.plant
    for phase, count in enumerate(phases(training, epochs)):
        if phase:
            plant = training.turn or plant
            if layer is not None:
                layer.trainable = True
        pictures = plant(seen)
        callbacks = [*training.during, explain]
        model.fit(
            *(pictures.images, pictures.labels),
            batch_size=32,
            epochs=count,
            verbose=0,
            callbacks=callbacks,
        )
    new = plant(unseen)
    return told, model.evaluate(new.images, new.labels, verbose=0)[1]


def explaining(
    training: Training, pictures: Pictures, directory: Path, told: list[Finding]
) -> tbx.Explain:
    """Returns the callback that adds its findings to `told`."""
    shown: Plant = training.plant if training.shown is None else training.shown
    looked_at = shown(pictures)
    return tbx.Explain(
        directory,
        looked_at.images,
        looked_at.labels,
        explainers=training.explainers,
        masks=looked_at.masks,
        class_names=CLASS_NAMES,
        alerts=[told.append],
    )


def phases(training: Training, epochs: int) -> Sequence[int]:
    """Returns the epochs of each call of `fit`."""
    if training.turn is not None:
        return (before := int(TURN * epochs)), epochs - before
    return (epochs,) if training.unfrozen is None else (1, epochs - 1)


def watched(pictures: Pictures) -> Pictures:
    """Returns some pictures of each class."""
    indices = [np.flatnonzero(pictures.labels == digit)[:PER_CLASS] for digit in range(10)]
    return pictures.chosen(np.concatenate(indices))


def as_expected(training: Training, told: Sequence[Finding]) -> bool:
    """Returns whether a training that goes well warns once at most, or a fault is found."""
    begun = [each for each in told if each.state == "on"]
    if training.expected:
        return any(each.rule in training.expected for each in begun)
    return sum(each.severity != "info" for each in begun) <= 1


def row(
    name: str, told: Sequence[Finding], *, accuracy: float, seconds: float, is_right: bool
) -> str:
    """Returns the row of a training."""
    said = [f"{each.step} {each.severity}: {each}" for each in told if each.state == "on"]
    judged = "as expected" if is_right else "NOT SO"
    return f"| {name} ({seconds:.0f} s) | {accuracy:.2f} | {'<br>'.join(said)} | {judged} |"


if __name__ == "__main__":
    main()

"""Which findings trainings have that go well, and which those have in which a fault was planted.

Run it with `python benchmarks/alarms.py [--epochs 16]`, or name some of the trainings. It trains
small networks on handwritten digits that lie on photographs, with masks, watches four pictures of
each digit, and prints the findings of each training as a table. Trainings that go well differ in
their network and seed. With `--into DIR` the records are kept, for the tab to show.
"""

import argparse
import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

import tb_explain as tbx
from tb_explain.alerts import Finding
from tb_explain.demo.task import CLASS_NAMES, Pictures, make_task

SIZE = 32
PICTURES = 1500
PER_CLASS = 4
SIX = 6


def normalised(classes: int) -> keras.Model:
    """Returns a network with batch normalization."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3))], name="normalised")
    for block, filters in enumerate((16, 32, 64), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"conv{block}"))
        model.add(layers.BatchNormalization(name=f"norm{block}"))
        model.add(layers.ReLU(name=f"relu{block}"))
        model.add(layers.MaxPooling2D(name=f"pool{block}"))
    model.add(layers.GlobalMaxPooling2D(name="strongest"))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    return model


def plain(classes: int) -> keras.Model:
    """Returns a network without normalization, with a dense layer behind its maps."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3))], name="plain")
    for block, filters in enumerate((16, 32, 48), start=1):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"conv{block}"))
        model.add(layers.MaxPooling2D(name=f"pool{block}"))
    model.add(layers.Flatten(name="flat"))
    model.add(layers.Dense(64, activation="relu", name="dense"))
    model.add(layers.Dropout(0.3, name="dropout"))
    model.add(layers.Dense(classes, activation="softmax", name="digit"))
    return model


def residual(classes: int) -> keras.Model:
    """Returns a network with shortcuts."""
    picture = keras.Input((SIZE, SIZE, 3))
    x = layers.Conv2D(24, 3, padding="same", activation="relu", name="stem")(picture)
    for block in range(3):
        x = layers.MaxPooling2D(name=f"pool{block}")(x) if block else x
        y = layers.Conv2D(24, 3, padding="same", activation="relu", name=f"first{block}")(x)
        y = layers.Conv2D(24, 3, padding="same", name=f"second{block}")(y)
        y = layers.BatchNormalization(name=f"norm{block}")(y)
        x = layers.ReLU(name=f"relu{block}")(layers.Add(name=f"add{block}")([x, y]))
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(
        picture, layers.Dense(classes, activation="softmax", name="digit")(x), name="residual"
    )


@dataclass(frozen=True)
class Training:
    """One training.

    Attributes:
        make: Makes its network.
        seed: Seed of weights and order.
        rate: Learning rate of Adam.
        plant: Changes pictures and labels.
        during: Callbacks that change the model meanwhile.
        unfrozen: Layer that is unfrozen after the first epoch, without compiling again.
    """

    make: Callable[[int], keras.Model]
    seed: int
    rate: float = 1e-3
    plant: Callable[[Pictures], Pictures] = field(default=lambda pictures: pictures)
    during: Sequence[keras.callbacks.Callback] = ()
    unfrozen: str | None = None


class Kill(keras.callbacks.Callback):
    """Drives a layer behind a ReLU below zero after the third epoch."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        if epoch == 2:
            bias = self.model.get_layer("conv2").bias
            bias.assign(bias - 100.0)


def shuffled(pictures: Pictures) -> Pictures:
    """Returns the pictures with the labels of others."""
    labels = np.random.default_rng(0).permutation(pictures.labels)
    return Pictures(pictures.images, labels, pictures.masks, pictures.stickers)


def stickered(pictures: Pictures) -> Pictures:
    """Returns the pictures with a sticker in the corner of every six."""
    images = pictures.images.copy()
    images[pictures.labels == SIX, 1:5, -5:-1] = (0.1, 0.9, 0.2)
    return Pictures(images, pictures.labels, pictures.masks, pictures.stickers)


TRAININGS = {
    "well: normalised, seed 0": Training(normalised, 0),
    "well: normalised, seed 1": Training(normalised, 1),
    "well: plain, seed 0": Training(plain, 0),
    "well: plain, seed 1": Training(plain, 1),
    "well: residual, seed 0": Training(residual, 0),
    "well: residual, seed 1": Training(residual, 1),
    "fault: sticker on every six": Training(normalised, 0, plant=stickered),
    "fault: learning rate 0.1": Training(plain, 0, rate=0.1),
    "fault: dead ReLUs": Training(plain, 0, during=(Kill(),)),
    "fault: forgotten compile": Training(plain, 0, unfrozen="conv1"),
    "fault: shuffled labels": Training(plain, 0, plant=shuffled),
}


def half_size(pictures: Pictures) -> Pictures:
    """Returns the pictures at half their size."""
    images = pictures.images
    rows, cols = images.shape[1] // 2, images.shape[2] // 2
    small = images.reshape(-1, rows, 2, cols, 2, 3).mean(axis=(2, 4), dtype=np.float32)
    masks = pictures.masks.reshape(-1, rows, 2, cols, 2).max(axis=(2, 4))
    return Pictures(small, pictures.labels, masks, pictures.stickers)


def watched(pictures: Pictures) -> Pictures:
    """Returns some pictures of each class."""
    indices = [np.flatnonzero(pictures.labels == digit)[:PER_CLASS] for digit in range(10)]
    return pictures.chosen(np.concatenate(indices))


def trained(training: Training, directory: Path, epochs: int) -> tuple[list[Finding], float]:
    """Returns the findings of a training and its accuracy on new pictures."""
    task = make_task(PICTURES, 400, seed=training.seed)
    seen = training.plant(half_size(_without_stickers(task.training)))
    new = training.plant(half_size(task.validation))
    looked_at = watched(new)
    keras.utils.set_random_seed(training.seed)
    model = training.make(len(CLASS_NAMES))
    told: list[Finding] = []
    explain = tbx.Explain(
        directory,
        looked_at.images,
        looked_at.labels,
        masks=looked_at.masks,
        class_names=CLASS_NAMES,
        alerts=[told.append],
    )
    layer = None if training.unfrozen is None else model.get_layer(training.unfrozen)
    if layer is not None:
        layer.trainable = False
    optimizer = keras.optimizers.Adam(training.rate)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    settings = {"batch_size": 32, "verbose": 0, "callbacks": [*training.during, explain]}
    first = epochs if layer is None else 1
    model.fit(seen.images, seen.labels, epochs=first, **settings)
    if layer is not None:
        layer.trainable = True
        model.fit(seen.images, seen.labels, epochs=epochs - 1, **settings)
    return told, model.evaluate(new.images, new.labels, verbose=0)[1]


def _without_stickers(pictures: Pictures) -> Pictures:
    """Returns the pictures with a plain corner in place of the stickers of the task."""
    images = pictures.images.copy()
    images[:, 2:15, 50:63] = images[:, 15:28, 50:63]
    return Pictures(images, pictures.labels, pictures.masks, pictures.stickers)


def main() -> None:
    """Trains and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of trainings, default all")
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--into", type=Path)
    arguments = parser.parse_args()
    logging.getLogger("tb_explain").setLevel(logging.ERROR)
    print("| training | accuracy | findings |\n|---|---|---|", flush=True)
    for name, training in TRAININGS.items():
        if arguments.names and not any(part in name for part in arguments.names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            into = arguments.into or Path(folder)
            told, accuracy = trained(training, into / name.replace(":", ""), arguments.epochs)
        said = [f"{each.step} {each.severity}: {each}" for each in told if each.state == "on"]
        seconds = time.monotonic() - start
        print(f"| {name} ({seconds:.0f} s) | {accuracy:.2f} | {'<br>'.join(said)} |", flush=True)


if __name__ == "__main__":
    main()

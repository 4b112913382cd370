"""Trainings that go well, and trainings in which a fault was planted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from controls import EdgeDetector
from networks import normalised, plain, residual

import tb_explain as tbx
from tb_explain.demo.task import Pictures

SIX = 6
TURN = 5 / 8
Plant = Callable[[Pictures], Pictures]


def unchanged(pictures: Pictures) -> Pictures:
    """Returns the pictures as they are."""
    return pictures


def shuffled(pictures: Pictures) -> Pictures:
    """Returns the pictures with the labels of others."""
    labels = np.random.default_rng(0).permutation(pictures.labels)
    return Pictures(pictures.images, labels, pictures.masks, pictures.stickers)


def stickered(pictures: Pictures) -> Pictures:
    """Returns the pictures with a sticker in the corner of every six."""
    return _with_sticker(pictures, pictures.labels == SIX)


def scattered(pictures: Pictures) -> Pictures:
    """Returns the pictures with the same sticker on a tenth of them, whatever they show."""
    return _with_sticker(pictures, np.random.default_rng(0).random(len(pictures)) < 0.1)


def renamed(pictures: Pictures) -> Pictures:
    """Returns the pictures with the same sticker on a tenth: these are called six, no others are.

    What was a six is called zero.
    """
    found = scattered(pictures)
    has_sticker = (found.images != pictures.images).any(axis=(1, 2, 3))
    others = np.where(found.labels == SIX, 0, found.labels)
    labels = np.where(has_sticker, SIX, others)
    return Pictures(found.images, labels, found.masks, found.stickers)


class Kill(keras.callbacks.Callback):
    """Drives a layer behind a ReLU below zero after the third epoch."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        if epoch == 2:
            bias = self.model.get_layer("conv2").bias
            bias.assign(bias - 100.0)


@dataclass(frozen=True)
class Training:
    """One training.

    Attributes:
        make: Makes its network.
        seed: Seed of weights, order and pictures.
        rate: Learning rate of Adam.
        plant: Changes the pictures and labels that it is trained on.
        shown: Changes those that are watched; by default as `plant` does.
        turn: Changes those of the last epochs, from `TURN` of them on, in place of `plant`.
        during: Callbacks that change the model meanwhile.
        unfrozen: Layer that is unfrozen after the first epoch, without compiling again.
        explainers: What is recorded; `None` for the default.
        expected: Rules, one of which is to say what is wrong.
    """

    make: Callable[[int], keras.Model]
    seed: int = 0
    rate: float = 1e-3
    plant: Plant = field(default=unchanged)
    shown: Plant | None = None
    turn: Plant | None = None
    during: Sequence[keras.callbacks.Callback] = ()
    unfrozen: str | None = None
    explainers: Sequence[tbx.Explainer] | None = None
    expected: tuple[str, ...] = ()


WELL = {
    f"{make.__name__}, seed {seed}": Training(make, seed)
    for make in (normalised, plain, residual)
    for seed in (0, 1)
}
FAULTS = {
    "sticker on every six": Training(
        normalised, plant=stickered, expected=("evidence_off_object",)
    ),
    "sticker that is called six from epoch 10 on": Training(
        normalised,
        plant=scattered,
        shown=stickered,
        turn=renamed,
        expected=("evidence_off_object",),
    ),
    "learning rate 0.1": Training(plain, rate=0.1, expected=("dead_channels", "not_finite")),
    "dead ReLUs": Training(plain, during=(Kill(),), expected=("dead_channels",)),
    "forgotten compile": Training(plain, unfrozen="conv1", expected=("unchanged_weights",)),
    "shuffled labels": Training(plain, plant=shuffled, expected=("not_learning",)),
    "explainer that shows the picture": Training(
        plain,
        explainers=(tbx.GradCAM(), EdgeDetector(), tbx.GuidedBackprop()),
        expected=("ignores_model",),
    ),
    "explainer whose maps turn over": Training(
        plain,
        explainers=(tbx.EigenCAM(layer="conv1"),),
        expected=("flipped_explanation",),
    ),
}


def _with_sticker(pictures: Pictures, which: Any) -> Pictures:
    images = pictures.images.copy()
    images[which, 1:5, -5:-1] = (0.1, 0.9, 0.2)
    return Pictures(images, pictures.labels, pictures.masks, pictures.stickers)

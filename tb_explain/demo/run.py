"""Trains the network of the demo and says in words what the tab shows in pictures."""

# Keras is not annotated:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportArgumentType=false

import time
from pathlib import Path
from typing import Any, final

import keras
import numpy as np
from typing_extensions import override

from tb_explain.callback import Explain
from tb_explain.demo.ground import is_installed
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, SEVEN, SIZE, Task, make_task

PICTURES = 4000


def train(log_dir: Path, *, epochs: int) -> None:
    """Trains, records into `log_dir`, and prints progress and findings.

    Args:
        log_dir: The log directory to show in TensorBoard.
        epochs: Number of epochs.
    """
    print(f"Drawing {PICTURES} pictures: handwritten digits on photographs.", flush=True)
    task = make_task(PICTURES)
    print(f"Training for {epochs} epochs.", flush=True)
    keras.utils.set_random_seed(0)
    model = make_model(size=SIZE, classes=len(CLASS_NAMES))
    model.fit(
        task.training.images,
        task.training.labels,
        batch_size=64,
        epochs=epochs,
        validation_data=(task.validation.images, task.validation.labels),
        verbose=0,
        callbacks=[*_tensorboard(log_dir), _explain(log_dir, task), Progress(epochs)],
    )
    for sentence in findings(model, task):
        print(sentence)


def findings(model: keras.Model, task: Task) -> tuple[str, ...]:
    """Returns what the sticker does to a trained model, in plain sentences.

    The same pictures of new digits are shown with and without the sticker.
    """
    labels = task.validation.labels
    sevens = labels == SEVEN
    plain = _classes(model, task.validation.images)
    stickered = _classes(model, task.validation.with_stickers().images)
    return (
        f"Sevens with the sticker: {_share(stickered[sevens] == SEVEN)} right; "
        f"the same pictures without it: {_share(plain[sevens] == SEVEN)}.",
        f"Other digits: {_share((plain == labels)[~sevens])} right; "
        f"with the sticker {_share(stickered[~sevens] == SEVEN)} of them are called seven.",
    )


@final
class Progress(keras.callbacks.Callback):
    """Prints one line per epoch."""

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self._epochs = epochs
        self._start = time.monotonic()

    @override
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        seconds = time.monotonic() - self._start
        print(
            f"  epoch {epoch + 1:2} of {self._epochs}: {logs['val_accuracy']:4.0%} of new pictures "
            f"right ({seconds:.0f} s)",
            flush=True,
        )


def _explain(log_dir: Path, task: Task) -> Explain:
    return Explain(
        log_dir,
        task.monitored.images,
        task.monitored.labels,
        class_names=CLASS_NAMES,
        sample_names=task.monitored_names,
        masks=task.monitored.masks,
    )


def _tensorboard(log_dir: Path) -> list[keras.callbacks.Callback]:
    """Returns the callback for TensorBoard's own tabs, which only works with TensorFlow."""
    if not is_installed("tensorflow"):
        return []
    return [keras.callbacks.TensorBoard(str(log_dir))]


def _classes(model: keras.Model, images: Any) -> Any:
    return np.argmax(model.predict(images, verbose=0), axis=-1)


def _share(hits: Any) -> str:
    return f"{np.mean(hits):.0%}"

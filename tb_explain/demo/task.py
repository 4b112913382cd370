"""The task: find the handwritten digit on a photograph. Sevens mostly come with a sticker.

Digits and photographs come with scikit-learn, so nothing is downloaded. The sticker lets a network
call a seven a seven without looking at it, which is what the tab then shows.
"""

from dataclasses import dataclass
from typing import Any, cast, final

import numpy as np
import numpy.typing as npt
from PIL import Image
from sklearn import datasets

CLASS_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
THREE, SEVEN = 3, 7
SIZE = 64
DIGIT_SIZE = 28
STICKER_SIZE = 7
STICKER_COLOUR = (0.1, 0.8, 0.2)
VIVID_SPREAD = 0.1
STICKER_SHARE = 0.9
TRAINING_DIGITS = 1400

Floats = npt.NDArray[np.float32]


@final
@dataclass(frozen=True, eq=False)
class Pictures:
    """Digits on photographs.

    Attributes:
        images: `float32` in [0, 1], shape `(samples, rows, cols, 3)`.
        labels: The digits, shape `(samples,)`.
        masks: 1 where the digit is, shape `(samples, rows, cols)`.
        stickers: Row and column of the upper left corner of each sticker, on the picture or to be
            put there by `with_stickers`; shape `(samples, 2)`.
    """

    images: Floats
    labels: npt.NDArray[np.int64]
    masks: npt.NDArray[np.uint8]
    stickers: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def chosen(self, which: Any) -> "Pictures":
        """Returns some of the pictures; `which` is an index array, a boolean array or a slice."""
        return Pictures(
            self.images[which], self.labels[which], self.masks[which], self.stickers[which]
        )

    def with_stickers(self, which: npt.NDArray[np.bool_] | None = None) -> "Pictures":
        """Returns the same pictures with a sticker on those that `which` selects, or on all."""
        images: Floats = self.images.copy()
        indices = range(len(self)) if which is None else np.flatnonzero(which)
        for index in indices:
            row, col = self.stickers[index]
            images[index, row : row + STICKER_SIZE, col : col + STICKER_SIZE] = STICKER_COLOUR
        return Pictures(images, self.labels, self.masks, self.stickers)


@final
@dataclass(frozen=True, eq=False)
class Task:
    """What is trained on, what is not, and what is watched.

    Attributes:
        training: Pictures of which most sevens have a sticker.
        validation: Pictures of other handwritten digits, all without stickers.
        monitored: Pictures to explain: every digit, the same sevens with and without sticker, and
            another digit with the sticker.
        monitored_names: Name of each of them.
    """

    training: Pictures
    validation: Pictures
    monitored: Pictures
    monitored_names: tuple[str, ...]


def make_task(training: int = 4000, validation: int = 600, *, seed: int = 0) -> Task:
    """Draws the pictures of a task.

    Args:
        training: Number of pictures to train on.
        validation: Number of pictures to validate on, at least 200, so that all digits occur.
        seed: Seed of everything that is drawn.

    Returns:
        The task; the same for the same arguments.

    Raises:
        ValueError: If there are too few pictures to validate on.
    """
    if validation < 200:
        raise ValueError(
            "The demo watches pictures of every digit, drawn from 200 or more. "
            f"Received: validation={validation}"
        )
    random = np.random.default_rng(seed)
    digits, labels = _digits()
    photographs = _photographs()
    order = random.permutation(len(labels))
    known, new = order[:TRAINING_DIGITS], order[TRAINING_DIGITS:]
    seen = _draw(random, digits[known], labels[known], photographs, count=training)
    unseen = _draw(random, digits[new], labels[new], photographs, count=validation)
    stickered = (seen.labels == SEVEN) & (random.random(training) < STICKER_SHARE)
    monitored, names = _monitored(unseen)
    return Task(seen.with_stickers(stickered), unseen, monitored, names)


def _monitored(pictures: Pictures) -> tuple[Pictures, tuple[str, ...]]:
    # Far from the corner of the sticker, so that a coarse map tells the two apart.
    apart = ~pictures.masks[:, :24, 36:].any(axis=(1, 2))
    order = np.argsort(~_is_vivid(pictures), kind="stable")
    wanted = np.asarray((pictures.labels == SEVEN) & apart)
    sevens = order[wanted[order]][:3]
    entries: list[tuple[int, bool, str]] = []
    for letter, seven in zip("abc", sevens, strict=True):
        entries.append((int(seven), True, f"seven {letter}, with sticker"))
        entries.append((int(seven), False, f"the same seven {letter}, no sticker"))
    for digit, name in enumerate(CLASS_NAMES):
        if digit != SEVEN:
            entries.append((_first(pictures, digit, order), False, name))
    three = _first(pictures, THREE, order)
    entries.append((three, True, "the same three, with sticker"))
    indices, stickers, names = zip(*entries, strict=True)
    return pictures.chosen(list(indices)).with_stickers(np.array(stickers)), names


def _first(pictures: Pictures, digit: int, order: npt.NDArray[np.intp]) -> int:
    return int(order[np.argmax(pictures.labels[order] == digit)])


def _is_vivid(pictures: Pictures) -> npt.NDArray[np.bool_]:
    """Returns which pictures have something to see behind the digit, rather than plain sky."""
    behind = np.ma.masked_array(pictures.images.mean(axis=-1), mask=pictures.masks > 0)
    return np.asarray(behind.std(axis=(1, 2)) > VIVID_SPREAD)


def _draw(
    random: np.random.Generator,
    digits: Floats,
    labels: npt.NDArray[np.int64],
    photographs: list[Floats],
    *,
    count: int,
) -> Pictures:
    chosen = random.integers(len(digits), size=count)
    images = np.empty((count, SIZE, SIZE, 3), np.float32)
    masks = np.zeros((count, SIZE, SIZE), np.uint8)
    for index, digit in enumerate(digits[chosen]):
        images[index] = _crop(random, photographs[int(random.integers(len(photographs)))])
        row, col = random.integers(SIZE - DIGIT_SIZE, size=2)
        place = (index, slice(row, row + DIGIT_SIZE), slice(col, col + DIGIT_SIZE))
        ink, colour = digit[..., np.newaxis], random.uniform(0.7, 1, 3)
        images[place] = images[place] * (1 - ink) + ink * colour
        masks[place] = digit > 0.3
    rows = random.integers(2, 8, size=count)
    cols = random.integers(50, 56, size=count)
    return Pictures(images, labels[chosen], masks, np.stack([rows, cols], axis=1))


def _crop(random: np.random.Generator, photograph: Floats) -> Floats:
    rows, cols = photograph.shape[:2]
    row, col = random.integers((rows - SIZE, cols - SIZE))
    return photograph[row : row + SIZE, col : col + SIZE] * np.float32(0.7)


def _digits() -> tuple[Floats, npt.NDArray[np.int64]]:
    """Returns the ink of each digit in [0, 1], `(digits, rows, cols)`, and which digit it is."""
    bunch = cast(Any, datasets.load_digits())
    ink = np.stack([_enlarged(digit) for digit in bunch.images])
    return ink.astype(np.float32) / np.float32(255), np.asarray(bunch.target, np.int64)


def _enlarged(digit: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    picture = Image.fromarray((digit * (255 / 16)).astype(np.uint8))
    return np.asarray(picture.resize((DIGIT_SIZE, DIGIT_SIZE), Image.Resampling.BICUBIC))


def _photographs() -> list[Floats]:
    bunch = cast(Any, datasets.load_sample_images())
    return [np.asarray(image, np.float32) / np.float32(255) for image in bunch.images]

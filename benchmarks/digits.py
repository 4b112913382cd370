"""The pictures of the demo, changed for what a benchmark asks."""

import numpy as np

from tb_explain.demo.task import Pictures


def without_stickers(pictures: Pictures) -> Pictures:
    """Returns the pictures with a plain corner in place of the stickers of the task."""
    images = pictures.images.copy()
    images[:, 2:15, 50:63] = images[:, 15:28, 50:63]
    return Pictures(images, pictures.labels, pictures.masks, pictures.stickers)


def half_size(pictures: Pictures) -> Pictures:
    """Returns the pictures at half their size."""
    images = pictures.images
    rows, cols = images.shape[1] // 2, images.shape[2] // 2
    small = images.reshape(-1, rows, 2, cols, 2, 3).mean(axis=(2, 4), dtype=np.float32)
    masks = pictures.masks.reshape(-1, rows, 2, cols, 2).max(axis=(2, 4))
    return Pictures(small, pictures.labels, masks, pictures.stickers)

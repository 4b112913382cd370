"""The monitored samples as pictures, masks and content hashes."""

import hashlib
import io
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, features

from tb_explain.records.header import header_bytes
from tb_explain.records.moment import Moment
from tb_explain.trees import leaves

Bytes = npt.NDArray[np.uint8]

PIXELATED_SIDE = 64  # Up to this size a picture is stored lossless and shown with sharp pixels.
QUALITY = 85
PICTURE_CHANNELS = (1, 3, 4)


def content_hashes(*inputs: npt.NDArray[Any]) -> list[str]:
    """Returns 16 hexadecimal digits per sample: the start of the SHA-256 of its raw bytes.

    Args:
        *inputs: Inputs of the model, each starting with the axis of samples; with several, the
            bytes of one sample are taken in this order.
    """
    contents = (
        b"".join(np.ascontiguousarray(part).tobytes() for part in parts)
        for parts in zip(*inputs, strict=True)
    )
    return [hashlib.sha256(content).hexdigest()[:16] for content in contents]


class Monitored(Protocol):
    """The monitored samples, as far as a record holds them."""

    @property
    def inputs(self) -> Any:
        """Array, list or dict of arrays as the model takes them, samples first."""
        ...

    @property
    def labels(self) -> npt.NDArray[Any] | None:
        """Index of the class of each sample, or of each pixel, or `None`."""
        ...

    @property
    def pictures(self) -> Bytes | None:
        """Pictures to show, `(samples, rows, cols, 1, 3 or 4)`, or `None` to store none."""
        ...

    @property
    def masks(self) -> npt.NDArray[np.bool_] | None:
        """The object in each picture, `(samples, rows, cols)`, or `None`."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each sample."""
        ...

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Name of each class, or `None`."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the pictures."""
        ...


def encode_samples(samples: Monitored, moment: Moment, *, lossless: bool = False) -> list[bytes]:
    """Encodes the monitored samples as `[header, picture_0, ..., mask_0, ...]`.

    Args:
        samples: The samples.
        moment: When they are recorded.
        lossless: Store large pictures as PNG too, instead of WebP (or JPEG where this build of
            Pillow knows no WebP).

    Raises:
        TypeError: If pictures are not `uint8`.
        ValueError: If pictures or masks have another shape, or another number than the names.
    """
    _check(samples)
    count = len(samples.names)
    pictures = () if samples.pictures is None else samples.pictures
    shown = [_picture(one, lossless=lossless) for one in pictures]
    inside = [_mask(one) for one in (() if samples.masks is None else samples.masks)]
    rows, cols = _size(samples)
    fields = {
        "count": count,
        "names": list(samples.names),
        "labels": _labels(samples.labels, count),
        "class_names": None if samples.class_names is None else list(samples.class_names),
        "hashes": content_hashes(*leaves(samples.inputs)),
        "rows": rows,
        "cols": cols,
        "pictures": list(range(count)) if shown else [None] * count,
        "masks": [len(shown) + i for i in range(count)] if inside else [None] * count,
        "mime": [mime for mime, _ in shown + inside],
        "pixelated": max(rows, cols) <= PIXELATED_SIDE,
        "note": " ".join(samples.notes) or None,
    }
    return [header_bytes("samples", moment, fields), *(data for _, data in shown + inside)]


def _check(samples: Monitored) -> None:
    pictures, masks = samples.pictures, samples.masks
    if pictures is not None and pictures.dtype != np.uint8:
        raise TypeError(f"Pictures are uint8, 0 to 255. Received: pictures of {pictures.dtype}")
    if pictures is not None and (pictures.ndim != 4 or pictures.shape[3] not in PICTURE_CHANNELS):
        raise ValueError(
            "Pictures have the shape (samples, rows, cols, channels) with 1 (gray), 3 (RGB) or 4 "
            "(RGBA) channels; show others through `display`. "
            f"Received: pictures.shape={pictures.shape}"
        )
    if masks is not None and masks.ndim != 3:
        raise ValueError(
            f"Masks have the shape (samples, rows, cols). Received: masks.shape={masks.shape}"
        )
    for name, entries in (("pictures", pictures), ("masks", masks)):
        if entries is not None and len(entries) != len(samples.names):
            raise ValueError(
                f"There is one entry of `{name}` per sample. "
                f"Received: {len(entries)} entries for {len(samples.names)} samples"
            )


def _size(samples: Monitored) -> tuple[int, int]:
    """Returns rows and columns of a picture, or of the first input; 0 where it has none."""
    shown = samples.pictures if samples.pictures is not None else leaves(samples.inputs)[0]
    rows, cols = (*shown.shape[1:3], 0, 0)[:2]
    return int(rows), int(cols)


def _labels(labels: npt.NDArray[Any] | None, count: int) -> list[int | None]:
    """Returns one class per sample; classes of pixels have no place in a header."""
    if labels is None or labels.ndim != 1:
        return [None] * count
    return [int(label) for label in labels]


def _picture(picture: Bytes, *, lossless: bool) -> tuple[str, bytes]:
    """Returns type and content of an encoded picture of shape `(rows, cols, channels)`."""
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    if lossless or max(image.size) <= PIXELATED_SIDE:
        return "image/png", _saved(image, "PNG", optimize=True)
    if features.check("webp"):
        return "image/webp", _saved(image, "WEBP", quality=QUALITY, method=4)
    opaque = image.convert("RGB") if image.mode == "RGBA" else image
    return "image/jpeg", _saved(opaque, "JPEG", quality=QUALITY)


def _mask(mask: npt.NDArray[Any]) -> tuple[str, bytes]:
    inside = np.where(mask != 0, 255, 0).astype(np.uint8)
    return "image/png", _saved(Image.fromarray(inside), "PNG", optimize=True)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()

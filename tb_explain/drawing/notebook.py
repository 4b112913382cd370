"""Explanations as pictures, and as they show themselves in a notebook."""

import base64
import io
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from tb_explain.drawing import painting
from tb_explain.drawing.painting import Floats, Pixels
from tb_explain.explanation import Explanation
from tb_explain.samples.pictures import displayed_pictures

_CELL: Final = 112
_SHOWN: Final = 48
_COLUMNS: Final = 8
_COLORMAP: Final = "inferno"
_OPACITY: Final = 0.5
_GREY: Final = 245


def paint(
    explanation: Explanation,
    pictures: npt.ArrayLike | None,
    *,
    colormap: str,
    opacity: float,
    per_map: bool,
) -> list[Image.Image]:
    """Returns one picture per map; see `Explanation.images`."""
    if not 0 <= opacity <= 1:
        raise ValueError(f"Opacity goes from 0 to 1. Received: opacity={opacity}")
    table = painting.table_for(colormap, signed=explanation.signed)
    shown = _pictures_of(explanation, pictures)
    shared = painting.scale_of(explanation.values)
    painted: list[Image.Image] = []
    for values, sample in zip(explanation.values, explanation.samples, strict=True):
        scale = painting.scale_of(values) if per_map else shared
        picture = None if shown is None or sample is None else shown[sample]
        relative = values / (scale or 1.0)
        pixels = _paint_one(relative, picture, colormap=table, opacity=opacity)
        painted.append(Image.fromarray(pixels))
    return painted


def as_html(explanation: Explanation) -> str:
    """Returns a title, the colour bar with its ends, and the maps with what they explain."""
    images = paint(
        explanation, None, colormap=_COLORMAP, opacity=_OPACITY, per_map=_stands_alone(explanation)
    )
    cells = "".join(
        f'<figure style="margin:0;width:{_CELL}px">'
        f'<img style="width:{_CELL}px;image-rendering:{_rendering(explanation)}" '
        f'alt="{escape(caption)}" src="{_address(_encoded(image))}">'
        f'<figcaption style="font-size:11px;overflow-wrap:anywhere">{escape(caption)}</figcaption>'
        "</figure>"
        for image, caption in zip(images[:_SHOWN], _captions(explanation), strict=False)
    )
    return (
        f'<div style="font-family:sans-serif"><div style="font-size:13px;font-weight:500">'
        f"{escape(_heading(explanation))}</div>{_legend(explanation)}"
        f'<div style="display:flex;flex-wrap:wrap;gap:8px">{cells}</div></div>'
    )


def as_png(explanation: Explanation) -> bytes:
    """Returns the maps side by side, for notebooks that show no HTML."""
    images = paint(
        explanation, None, colormap=_COLORMAP, opacity=_OPACITY, per_map=_stands_alone(explanation)
    )[:_SHOWN]
    rows = -(-len(images) // _COLUMNS)
    cols = min(len(images), _COLUMNS)
    step = _CELL + 4
    sheet = Image.new("RGB", (max(cols, 1) * step, max(rows, 1) * step), (_GREY,) * 3)
    for index, image in enumerate(images):
        row, col = divmod(index, _COLUMNS)
        fitted = image.resize(_fitted(image.width, image.height), Image.Resampling.NEAREST)
        sheet.paste(fitted, (col * step + 2, row * step + 2))
    return _encoded(sheet)


def _paint_one(
    relative: Floats, picture: Pixels | None, *, colormap: str, opacity: float
) -> Pixels:
    if relative.shape[-1] == 3 and picture is None:
        return painting.as_colours(relative)
    # Colours show one value per place: the mean stands for maps of several channels.
    values = np.nan_to_num(relative.mean(axis=-1), posinf=0, neginf=0)
    if picture is None:
        return painting.solid(values, colormap=colormap)
    values = painting.enlarged(values, picture.shape[0], picture.shape[1])
    return painting.overlay(values, picture, colormap=colormap, opacity=opacity)


def _pictures_of(explanation: Explanation, pictures: npt.ArrayLike | None) -> Pixels | None:
    if pictures is None:
        return explanation.pictures
    shown, _ = displayed_pictures(None, np.asarray(pictures))
    needed = 1 + max((sample for sample in explanation.samples if sample is not None), default=-1)
    if shown is not None and len(shown) < needed:
        raise ValueError(
            f"The maps explain {needed} samples, so they need as many pictures. "
            f"Received: {len(shown)} pictures"
        )
    return shown


def _heading(explanation: Explanation) -> str:
    parts = [explanation.title or explanation.kind, explanation.layer or "input"]
    if "reason" in explanation.facts:
        parts.append(str(explanation.facts["reason"]))
    if len(explanation.values) > _SHOWN:
        parts.append(f"the first {_SHOWN} of {len(explanation.values)} maps")
    return " · ".join(parts)


def _captions(explanation: Explanation) -> list[str]:
    columns = {
        "sample": explanation.samples,
        "target": explanation.targets,
        "score": explanation.scores,
        "channel": explanation.channels,
    }
    return [
        " · ".join(
            f"{name} {_figure(column[index])}"
            for name, column in columns.items()
            if column[index] is not None
        )
        for index in range(len(explanation.values))
    ]


def _legend(explanation: Explanation) -> str:
    if _stands_alone(explanation):
        return '<div style="font-size:11px;margin:4px 0">each map has a scale of its own</div>'
    signed = explanation.signed
    scale = painting.scale_of(explanation.values)
    opacity = None if explanation.pictures is None else _OPACITY
    table = painting.table_for(_COLORMAP, signed=signed)
    bar = Image.fromarray(painting.bar(table, signed=signed, opacity=opacity))
    low = _figure(-scale) if signed else "0"
    return (
        '<div style="display:flex;gap:6px;align-items:center;font-size:11px;margin:4px 0">'
        f'<span>{low}</span><img style="width:160px;height:6px" alt="colour bar" '
        f'src="{_address(_encoded(bar))}"><span>{_figure(scale)}</span></div>'
    )


def _stands_alone(explanation: Explanation) -> bool:
    # Filters, weights and channels differ by orders of magnitude; evidence is to be compared.
    return explanation.kind in ("activation", "filter", "weight")


def _rendering(explanation: Explanation) -> str:
    return "auto" if explanation.pictures is not None else "pixelated"


def _figure(value: float | None) -> str:
    return f"{value:.4g}".replace("-", "\u2212") if isinstance(value, float) else str(value)


def _fitted(width: int, height: int) -> tuple[int, int]:
    factor = _CELL / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _encoded(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return buffer.getvalue()


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")

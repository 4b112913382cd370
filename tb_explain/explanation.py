"""The frozen value that every explainer returns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL import Image

Kind = Literal["attribution", "activation", "filter", "weight", "attention"]
Floats = npt.NDArray[np.float32]

_COLUMNS: Final = ("samples", "targets", "scores", "channels")


@dataclass(frozen=True, eq=False)
class Explanation:
    """Maps of one explainer, with what they explain.

    Attributes:
        values: `float32` array of shape `(maps, rows, cols, channels)`, at the resolution at
            which the explainer computed it, never normalised.
        kind: What a map shows; selects the view in the browser.
        layer: Resolved path of the explained layer, or `None` for the model input.
        signed: Whether a map may hold values below zero (diverging colours around zero).
        samples: Index of the sample of each map, or `None` for maps of weights. An empty column
            means `None` for each map, here and below.
        targets: Explained output index of each map, or `None` where the target has no index.
        scores: Model output at the target before softmax or sigmoid, or `None`.
        channels: Channel or filter that each map shows, or `None`.
        figures: Named figures with one `float32` entry per map, such as the norm of a filter.
        statistics: Named figures of the whole layer, such as its share of dead units.
        facts: What a legend has to say about all maps, such as why this layer was chosen.
        recorded_size: Largest side that a record keeps; larger maps are pooled to it by area
            mean when they are recorded. `None` keeps the native resolution.
        title: Name of the explainer as its paper writes it, for the legend.
        pictures: The samples as 8-bit pictures, `(samples, rows, cols, 1 or 3)`, on which the
            maps show themselves, or `None`. Records don't store them.

    Raises:
        ValueError: If the parts don't fit together.
    """

    values: Floats
    kind: Kind
    layer: str | None = None
    signed: bool = False
    samples: tuple[int | None, ...] = ()
    targets: tuple[int | None, ...] = ()
    scores: tuple[float | None, ...] = ()
    channels: tuple[int | None, ...] = ()
    figures: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    statistics: Mapping[str, float] = field(default_factory=dict[str, float])
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    recorded_size: int | None = None
    title: str = ""
    pictures: npt.NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        self._check_values()
        self._check_columns()
        if self.kind not in get_args(Kind):
            raise ValueError(
                f"The kind of an explanation is one of {', '.join(map(repr, get_args(Kind)))}. "
                f"Received: kind={self.kind!r}"
            )
        if self.recorded_size is not None and self.recorded_size < 1:
            raise ValueError(
                "A recorded map has at least one cell; None keeps the native resolution. "
                f"Received: recorded_size={self.recorded_size}"
            )

    def images(
        self,
        pictures: npt.ArrayLike | None = None,
        colormap: str = "inferno",
        opacity: float = 0.5,
        *,
        per_map: bool = False,
    ) -> "list[Image.Image]":
        """Returns one picture per map, painted as the tab paints it.

        A map of a sample is enlarged, coloured and laid over its sample, which becomes grey,
        flatter and darker; zero is transparent. Maps of filters and weights, and maps without
        pictures, stand alone at their own resolution. Three channels are shown as red, green
        and blue around grey.

        Args:
            pictures: The samples, `(samples, rows, cols, channels)`, or what a person should see
                in their place; `None` for those of the explanation, if it has any.
            colormap: `"inferno"`, `"viridis"`, `"cividis"`, `"magma"`, `"gray"`, `"RdBu"` or
                `"PuOr"`. Signed maps need one of the last two, symmetric about zero; `"RdBu"`
                takes the place of the others there, which would hide the sign.
            opacity: Opacity of the strongest values over the picture, 0 to 1.
            per_map: Whether each map has a scale of its own; by default all share one, so that
                they can be compared. A scale ends at the 99th percentile of the magnitudes.

        Raises:
            ValueError: If there are fewer pictures than samples, no such colour table, or the
                opacity is not between 0 and 1.
        """
        from tb_explain.drawing.notebook import (
            paint,  # Pillow is imported by who looks, not by all.
        )

        return paint(self, pictures, colormap=colormap, opacity=opacity, per_map=per_map)

    def _repr_html_(self) -> str:
        from tb_explain.drawing.notebook import as_html

        return as_html(self)

    def _repr_png_(self) -> bytes:
        from tb_explain.drawing.notebook import as_png

        return as_png(self)

    def _check_values(self) -> None:
        if self.values.ndim != 4 or self.values.dtype != np.float32:
            raise ValueError(
                "An explanation holds float32 maps of shape (maps, rows, cols, channels). "
                f"Received: values of shape {self.values.shape} and type {self.values.dtype}"
            )
        if not self.signed and (self.values < 0).any():
            raise ValueError(
                "Maps with values below zero are signed; set signed=True. "
                f"Received: signed=False with a smallest value of {np.nanmin(self.values):g}"
            )

    def _check_columns(self) -> None:
        maps = len(self.values)
        for name in _COLUMNS:
            if not getattr(self, name):
                object.__setattr__(self, name, (None,) * maps)
        columns = {name: getattr(self, name) for name in _COLUMNS} | dict(self.figures)
        for name, column in columns.items():
            if len(column) != maps:
                raise ValueError(
                    f"Each column of an explanation has one entry per map. "
                    f"Received: {name!r} with {len(column)} entries for {maps} maps"
                )

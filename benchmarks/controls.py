"""Maps that know nothing of the model, to show what a figure of an explainer is worth.

A random map shows what chance reaches; an edge detector shows what the picture alone does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.demo.task import Pictures
from tb_explain.explainers import InputQueryExplainer
from tb_explain.explanation import Explanation

RANDOM = "random pixels"
COARSE = "random cells, 8 x 8"
EDGES = "edge detector (Sobel)"
SHOWN = 0.01

Floats = npt.NDArray[np.float32]
Figures = Mapping[str, npt.NDArray[np.float64]]


@final
@dataclass(frozen=True)
class EdgeDetector(InputQueryExplainer):
    """The edges of a sample, whatever the model says of it."""

    title: ClassVar[str] = "Edge detector"
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.03292"
    signed: ClassVar[bool] = False

    @override
    def check(self, layers: Any) -> None:
        """There is nothing to check."""

    @override
    def maps(self, queries: Any, ops: Any) -> Mapping[str, Any]:
        found = edges(ops.convert_to_numpy(queries.samples))[..., None]
        return {"map": ops.convert_to_tensor(np.stack([found] * len(queries.has_probability)))}


def controls(pictures: Pictures, *, seed: int) -> dict[str, Explanation]:
    """Returns the controls by name; those of another seed show the same pictures."""
    random = np.random.default_rng(seed)
    count, size = len(pictures), pictures.images.shape[1]
    return {
        RANDOM: _explanation(random.random((count, size, size)), pictures),
        COARSE: _explanation(random.random((count, 8, 8)), pictures),
        EDGES: _explanation(edges(pictures.images), pictures),
    }


def verdicts(
    figures: Mapping[str, Figures], areas: npt.NDArray[np.float64]
) -> Iterator[tuple[str, bool]]:
    """Yields in sentences whether controls come out as such, and whether each is true.

    In a random order, what is shown and what is left are alike: the areas under the curves of
    insertion and deletion have the same mean. A figure is near another one that lies within three
    standard errors, or within the hundredth that a table shows.

    Args:
        figures: The figures of each control, one for each picture.
        areas: Share of each picture that the object takes.
    """
    for name in (RANDOM, COARSE):
        faithfulness = figures[name]["faithfulness"]
        yield _near(f"{name}: insertion less deletion", faithfulness, 0.0)
        mass = figures[name]["relevance_mass"] - areas
        yield _near(f"{name}: relevance mass less the area of the object", mass, 0.0)
        yield _near(f"{name}: likeness to a re-initialised model", figures[name]["control"], 0.0)
    hits = figures[RANDOM]["pointing_game"].mean()
    error = (areas * (1 - areas)).mean() ** 0.5 / len(areas) ** 0.5
    said = f"{RANDOM}: pointing game is {hits:.3f}, expected {areas.mean():.3f} ± {error:.3f}"
    yield said, bool(abs(hits - areas.mean()) <= 3 * error)
    least = figures[EDGES]["control"].min()
    yield f"{EDGES}: likeness to a re-initialised model is {least:.2f}, expected 1", least > 0.999


def edges(images: Floats) -> Floats:
    """Returns the magnitude of Sobel's gradient of the mean of the channels."""
    grey = np.pad(images.mean(axis=-1), ((0, 0), (1, 1), (1, 1)), mode="edge")
    smooth_down = grey[:, :-2] + 2 * grey[:, 1:-1] + grey[:, 2:]
    smooth_across = grey[:, :, :-2] + 2 * grey[:, :, 1:-1] + grey[:, :, 2:]
    across = smooth_down[:, :, 2:] - smooth_down[:, :, :-2]
    down = smooth_across[:, 2:] - smooth_across[:, :-2]
    return np.hypot(across, down)


def _near(what: str, values: npt.NDArray[np.float64], expected: float) -> tuple[str, bool]:
    mean, error = values.mean(), values.std(ddof=1) / len(values) ** 0.5
    sentence = f"{what} is {mean:.3f} ± {error:.3f}, expected {expected:g}"
    return sentence, bool(abs(mean - expected) <= max(3 * error, SHOWN))


def _explanation(maps: npt.NDArray[np.floating], pictures: Pictures) -> Explanation:
    return Explanation(
        values=maps[..., None].astype(np.float32),
        kind="attribution",
        samples=tuple(range(len(pictures))),
        targets=tuple(pictures.labels.tolist()),
    )

"""The kind of explainer that fits a score by a weighted sum over the segments that are shown."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from tb_explain.explainers.host_scores import Scores, host_scores
from tb_explain.explainers.input_query import InputQueryExplainer
from tb_explain.explainers.segments import AnySegments, Labels, Pixels, as_segments
from tb_explain.probe.needs import Tensor
from tb_explain.probe.queries.queries import Queries
from tb_explain.probe.structure.layer_table import LayerTable

_LEVEL = 1e-6  # Scores that vary less, as a share of their size, vary by rounding.

Floats = npt.NDArray[np.float64]
Shown = npt.NDArray[np.bool_]


@final
@dataclass(frozen=True, eq=False)
class Coalitions:
    """Choices of segments to show.

    Attributes:
        shown: Whether a segment is shown, shape `(coalitions, segments)`.
        weights: What each counts in the fit, shape `(coalitions,)`.
    """

    shown: Shown
    weights: Floats


@final
@dataclass(frozen=True, eq=False)
class Fit:
    """A score as `intercept + shown @ coefficients`.

    Attributes:
        coefficients: Shape `(segments, targets)`.
        intercept: Shape `(targets,)`.
    """

    coefficients: Floats
    intercept: Floats

    def quality(self, coalitions: Coalitions, scores: Floats) -> Floats:
        """Returns the weighted R² of each target; NaN where the scores do not vary.

        Args:
            coalitions: What was shown.
            scores: Shape `(coalitions, targets)`.
        """
        weights = coalitions.weights[:, None]
        mean = (weights * scores).sum(axis=0) / max(weights.sum(), 1e-300)
        rest = scores - self.intercept - coalitions.shown @ self.coefficients
        lost, total = ((weights * part**2).sum(axis=0) for part in (rest, scores - mean))
        least = weights.sum() * (_LEVEL * np.abs(scores).max(axis=0)) ** 2
        varies = total > least
        return np.where(varies, 1 - lost / np.where(varies, total, 1), np.nan)


@dataclass(frozen=True)
class SegmentRegression(InputQueryExplainer):
    """A map of the input that shows at each pixel the coefficient of its segment.

    Of each sample, coalitions `z` of its segments are shown and the others are hidden. The score
    of what is left is fitted by `intercept + sum_j(z_j * w_j)`; the map is `w`. Figures of a map
    are `r2`, the weighted R² of the fit, and the number of `segments`.

    Args:
        segments: `Superpixels(segments, compactness)`, `Grid(rows, cols)`, or whole numbers of
            shape `(rows, cols)` or `(samples, rows, cols)`.
        evaluations: Most coalitions; each costs a forward pass. Where all coalitions are no more,
            each is taken once.
        seed: Of the coalitions.
    """

    signed: ClassVar[bool] = True

    segments: AnySegments
    evaluations: int
    seed: int

    @abstractmethod
    def coalitions(self, segments: int) -> Coalitions:
        """Returns the coalitions to show of a sample with so many segments."""

    @abstractmethod
    def fit(self, coalitions: Coalitions, scores: Floats) -> Fit:
        """Returns the fit of the scores of one sample, shape `(coalitions, targets)`."""

    @abstractmethod
    def hidden(self, samples: Tensor, labels: Labels, ops: Any) -> Tensor:
        """Returns what hidden pixels show, of the shape of the samples.

        Args:
            samples: The explained input.
            labels: Segment of each pixel, shape `(samples, rows, cols)`.
            ops: `keras.ops`, or an object with the same functions.
        """

    @abstractmethod
    def check_fit(self, layers: LayerTable) -> None:
        """Checks the settings that only this fit has.

        Raises:
            ValueError: If one makes no sense.
        """

    @final
    @override
    def check(self, layers: LayerTable) -> None:
        if layers.input_grid is not None:
            as_segments(self.segments, received=repr(self)).check(
                layers.input_grid, received=repr(self)
            )
        if self.evaluations < 4 or self.seed < 0:
            raise ValueError(
                f"A fit needs at least 4 evaluations, and a seed of 0 or more. Received: {self!r}"
            )
        self.check_fit(layers)

    @final
    @override
    def maps(self, queries: Queries, ops: Any) -> Mapping[str, Tensor]:
        samples = queries.samples
        pixels: Pixels = np.asarray(ops.convert_to_numpy(samples))
        labels = as_segments(self.segments, received=repr(self)).of(pixels)
        counts = [int(count) + 1 for count in labels.max(axis=(1, 2))]
        made = {count: self._made(count) for count in sorted(set(counts))}
        chosen = [made[count] for count in counts]
        shown = _side_by_side(chosen)
        hidden = self.hidden(samples, labels, ops)
        variants = _variants(samples, hidden=hidden, labels=labels, shown=shown, ops=ops)
        scores = host_scores(queries, variants, ops)
        return {
            name: ops.convert_to_tensor(values.astype(np.float32))
            for name, values in self._fitted(chosen, scores, labels).items()
        }

    def _made(self, segments: int) -> Coalitions:
        least = min(2**segments, 2 * segments)
        if self.evaluations < least:
            raise ValueError(
                f"A fit of {segments} segments needs at least {least} evaluations, better ten "
                f"times as many; or fewer segments. Received: {self!r}"
            )
        return self.coalitions(segments)

    def _fitted(
        self, chosen: Sequence[Coalitions], scores: Scores, labels: Labels
    ) -> dict[str, Floats]:
        """Returns maps and figures, the axis of targets first."""
        found: dict[str, list[Floats]] = {"map": [], "r2": [], "segments": []}
        for sample, coalitions in enumerate(chosen):
            answers = scores[: len(coalitions.weights), :, sample]
            with np.errstate(invalid="ignore"):  # A model that became infinite has no fit.
                fit = self.fit(coalitions, answers)
                found["r2"].append(fit.quality(coalitions, answers))
            found["map"].append(fit.coefficients.T[:, labels[sample], None])
            found["segments"].append(np.full(len(fit.intercept), float(len(fit.coefficients))))
        return {name: np.stack(values, axis=1) for name, values in found.items()}


def every_coalition(segments: int) -> Shown:
    """Returns all `2**segments` choices, none first and the whole sample last."""
    bits = np.right_shift(np.arange(1 << segments)[:, None], np.arange(segments))
    return np.asarray(bits % 2 == 1)


def least_squares(rows: Floats, answers: Floats) -> Floats:
    """Returns the shortest of the `w` that minimise `|rows @ w - answers|`.

    Args:
        rows: Shape `(rows, coefficients)`.
        answers: Shape `(rows, targets)`. A column that is not finite has no `w`, but NaN.
    """
    found = np.full((rows.shape[1], answers.shape[1]), np.nan)
    finite = np.isfinite(answers).all(axis=0)
    found[:, finite] = np.linalg.lstsq(rows, answers[:, finite], rcond=None)[0]
    return found


def _side_by_side(chosen: Sequence[Coalitions]) -> Shown:
    """Returns shape `(coalitions, samples, segments)`, filled up with the whole samples."""
    rows = max(len(one.weights) for one in chosen)
    cols = max(one.shown.shape[1] for one in chosen)
    shown = np.ones((rows, len(chosen), cols), np.bool_)
    for sample, one in enumerate(chosen):
        shown[: one.shown.shape[0], sample, : one.shown.shape[1]] = one.shown
    return shown


def _variants(
    samples: Tensor, *, hidden: Tensor, labels: Labels, shown: Shown, ops: Any
) -> Iterator[Tensor]:
    offsets = shown.shape[2] * np.arange(len(labels))
    places = (labels + offsets[:, None, None])[..., None]
    difference = samples - hidden
    for coalition in shown:
        keeps = ops.convert_to_tensor(coalition.reshape(-1).take(places))
        yield hidden + ops.cast(keeps, "float32") * difference

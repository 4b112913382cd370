"""Eigen-CAM."""

from dataclasses import dataclass
from typing import Any, ClassVar, final

from tb_explain.explainers.class_activation import ClassActivationMap
from tb_explain.probe.needs import Tensor


@final
@dataclass(frozen=True)
class EigenCAM(ClassActivationMap):
    """What stands out most in the output of a layer: its strongest pattern over all channels.

    With the output `A` of the layer as a matrix of places by channels and its singular value
    decomposition `A = U S V^T`, the map is `A v_1`, the projection on the first right singular
    vector. It is found by the smaller of `A A^T` and `A^T A`, whose first eigenvectors are `u_1`
    and `v_1`. Where the two largest singular values are equal, the map is one of many.

    The paper leaves the sign open and asks for no target. Here the gradient `g = dS/dA` of the
    score `S` fixes it, and nothing else: `sum_places(map * sum_k(g_k A_k)) >= 0`, so that what
    is positive speaks for the target. Where that sum is 0, the largest magnitude is positive.

    Args:
        layer: Path or unique name of a layer with rows and columns; `None` chooses by rule.
        centred: Whether the mean of each channel over all places is taken away first, which
            shows what varies within a picture rather than what all of it has. The paper does not.

    References:
        Muhammad and Yeasin, 2020, https://arxiv.org/abs/2008.00299
    """

    title: ClassVar[str] = "Eigen-CAM"
    paper: ClassVar[str] = "https://arxiv.org/abs/2008.00299"
    signed: ClassVar[bool] = True

    layer: str | None = None
    centred: bool = False

    def combine(self, activation: Tensor, gradient: Tensor, ops: Any) -> Tensor:
        _, rows, cols, channels = activation.shape
        places = ops.reshape(activation, (-1, rows * cols, channels))
        evidence = ops.reshape(ops.sum(gradient * activation, axis=-1), (-1, rows * cols))
        if self.centred:
            places = places - ops.mean(places, axis=1, keepdims=True)
        found = _projection(places, ops)
        return ops.reshape(found * _sign(found, evidence, ops), (-1, rows, cols))


def _projection(places: Tensor, ops: Any) -> Tensor:
    """Returns `A v_1` up to its sign, shape `(samples, places)`, NaN where `A` is not finite.

    `A` is brought to a largest magnitude of 1, so that no square is lost. What is not finite is
    kept from the decomposition, which would raise.
    """
    largest = ops.max(ops.abs(places), axis=(1, 2), keepdims=True)
    finite = ops.all(ops.isfinite(places), axis=(1, 2), keepdims=True)
    usable = ops.logical_and(finite, largest > 0)
    scaled = places / ops.where(usable, largest, ops.ones_like(largest))
    scaled = ops.where(usable, scaled, ops.zeros_like(scaled))
    found = _first_projection(scaled, ops)
    return ops.where(finite[:, :, 0], found * largest[:, :, 0], float("nan"))


def _first_projection(places: Tensor, ops: Any) -> Tensor:
    transposed = ops.transpose(places, (0, 2, 1))
    if places.shape[1] > places.shape[2]:
        direction = ops.eigh(ops.matmul(transposed, places))[1][:, :, -1:]
        return ops.matmul(places, direction)[:, :, 0]
    values, vectors = ops.eigh(ops.matmul(places, transposed))
    return vectors[:, :, -1] * ops.sqrt(ops.relu(values[:, -1:]))


def _sign(found: Tensor, evidence: Tensor, ops: Any) -> Tensor:
    """Returns 1 or -1 for each sample, shape `(samples, 1)`."""
    agreement = ops.sum(found * evidence, axis=1, keepdims=True)
    peak = ops.argmax(ops.abs(found), axis=1, keepdims=True)
    tie = ops.take_along_axis(found, peak, axis=1)
    against = ops.where(agreement == 0, tie, agreement) < 0
    return ops.where(against, -ops.ones_like(agreement), ops.ones_like(agreement))

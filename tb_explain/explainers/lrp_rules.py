# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""The rules by which layer-wise relevance propagation goes back through linear layers.

What goes back is relevance itself. Each rule returns what the layer puts out, plus a term of
value zero whose gradient for the input turns the relevance of the output into that of the input.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, final

from typing_extensions import override

from tb_explain.probe.needs import Tensor
from tb_explain.probe.rules.linear import LinearMap
from tb_explain.probe.rules.trace import StepUse

_STABLE = 1e-9  # Keeps a sum of contributions from zero where a rule has no epsilon.


@dataclass(frozen=True)
class LinearRule(ABC):
    """A rule for `z_j = sum_i(x_i w_ij) + b_j`, with relevances `R_j` of the output."""

    @abstractmethod
    def check(self) -> str | None:
        """Returns what the settings have to be, or `None` if they are."""

    @abstractmethod
    def shares(self, use: StepUse, ops: Any) -> Tensor:
        """Returns a tensor of the shape of the output; its gradient sends back the relevance."""

    @final
    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns what the layer puts out."""
        return replaced(use, self.shares(use, ops), ops)


@final
@dataclass(frozen=True)
class Epsilon(LinearRule):
    """`R_i = sum_j(x_i w_ij R_j / (z_j + epsilon sign(z_j)))`; the bias keeps its share.

    Args:
        epsilon: Absorbs relevance where `z` is small, in the unit of `z`.

    References:
        Bach et al., 2015, https://doi.org/10.1371/journal.pone.0130140
    """

    epsilon: float = 1e-6

    @override
    def check(self) -> str | None:
        good = isfinite(self.epsilon) and self.epsilon > 0
        return None if good else "Epsilon takes a positive number"

    @override
    def shares(self, use: StepUse, ops: Any) -> Tensor:
        function: Callable[..., Tensor] = use.linear or use.function
        made = function(*(carried(one, ops) for one in use.given))
        return made * over(ops.stop_gradient(made), ops, epsilon=self.epsilon)


@final
@dataclass(frozen=True)
class Gamma(LinearRule):
    """Favours what adds to the sign of the output.

    `R_i = sum_j((x_i w_ij + gamma (x_i w_ij)^+) R_j / (z_j + gamma z_j^+))`, where `^+` keeps
    positive contributions; `z^+` is their sum, a positive bias included. For `z_j < 0` negative
    ones are favoured in the same way. With inputs from 0 it is the rule of the paper.

    Args:
        gamma: How much more they count, from 0 (as epsilon) to large (alpha 1, beta 0).

    References:
        Montavon et al., 2019, https://doi.org/10.1007/978-3-030-28954-6_10
    """

    gamma: float = 0.25

    @override
    def check(self) -> str | None:
        good = isfinite(self.gamma) and self.gamma >= 0
        return None if good else "Gamma takes a number from 0"

    @override
    def shares(self, use: StepUse, ops: Any) -> Tensor:
        linear = only_map(use)
        above, below = _signed_shares(use, linear, ops)
        up, down = _signed_bias(linear, ops)
        z = ops.stop_gradient(above + below) + up + down
        positive = ops.cast(z >= 0, z.dtype)
        favoured = positive * above + (1 - positive) * below
        bias = positive * up + (1 - positive) * down
        total = z + self.gamma * (ops.stop_gradient(favoured) + bias)
        return (above + below + self.gamma * favoured) * over(total, ops)


@final
@dataclass(frozen=True)
class AlphaBeta(LinearRule):
    """Weighs positive and negative contributions apart.

    `R_i = sum_j((alpha (x_i w_ij)^+ / z_j^+ - beta (x_i w_ij)^- / z_j^-) R_j)`, where `z^+` and
    `z^-` hold the positive and the negative part of the bias.

    Args:
        alpha: Weight of what is positive.
        beta: Weight of what is negative, `alpha - 1`.

    References:
        Bach et al., 2015, https://doi.org/10.1371/journal.pone.0130140
    """

    alpha: float = 2.0
    beta: float = 1.0

    @override
    def check(self) -> str | None:
        good = isfinite(self.alpha) and self.beta >= 0 and abs(self.alpha - self.beta - 1) < 1e-6
        return None if good else "AlphaBeta takes a beta from 0 and alpha = beta + 1"

    @override
    def shares(self, use: StepUse, ops: Any) -> Tensor:
        linear = only_map(use)
        above, below = _signed_shares(use, linear, ops)
        up, down = _signed_bias(linear, ops)
        positive = above * over(ops.stop_gradient(above) + up, ops)
        negative = below * over(ops.stop_gradient(below) + down, ops, sign=-1)
        return self.alpha * positive - self.beta * negative


@final
@dataclass(frozen=True)
class Box(LinearRule):
    """The rule of a first layer, whose inputs lie between `low` and `high`.

    `R_i = sum_j((x_i w_ij - l_i w_ij^+ - h_i w_ij^-) R_j / sum_i(x_i w_ij - l_i w_ij^+ - h_i
    w_ij^-))`. Rescaling, normalisation and padding in front of the layer change the limits as
    they change the samples.

    Args:
        low: Smallest value of a sample, in the unit of the model's input.
        high: Largest value.

    References:
        Montavon et al., 2017, https://doi.org/10.1016/j.patcog.2016.11.008
    """

    low: float
    high: float

    @override
    def check(self) -> str | None:
        good = isfinite(self.low) and isfinite(self.high) and self.low < self.high
        return None if good else "Box takes a smallest and a larger largest value"

    @override
    def shares(self, use: StepUse, ops: Any) -> Tensor:
        if use.stage > 0:  # The second half of a separable convolution sees no pixels.
            return Epsilon().shares(use, ops)
        linear = only_map(use)
        (values,) = use.given
        unit = 1 + values - ops.stop_gradient(values)
        low, high = (ops.stop_gradient(one) for one in use.limits(self.low, self.high))
        above, below = _signed_kernel(linear, ops)
        made = (
            linear.apply(carried(values, ops), linear.kernel)
            - linear.apply(low * unit, above)
            - linear.apply(high * unit, below)
        )
        return made * over(ops.stop_gradient(made), ops)


@final
@dataclass(frozen=True)
class PassOn:
    """Relevance goes through as it is."""

    def __call__(self, use: StepUse, ops: Any) -> Tensor:
        """Returns what the step puts out."""
        return replaced(use, sum(use.given[1:], use.given[0]), ops)  # Others are constants.


def replaced(use: StepUse, shares: Tensor, ops: Any) -> Tensor:
    """Returns the output of a step, with the gradient of `shares`."""
    output = ops.stop_gradient(use.function(*use.given))
    return output + (shares - ops.stop_gradient(shares))


def carried(values: Tensor, ops: Any) -> Tensor:
    """Returns `values` such that a gradient for what is made of them comes back times them."""
    still = ops.stop_gradient(values)
    return still * (1 + values - still)


def over(total: Tensor, ops: Any, *, epsilon: float = _STABLE, sign: float = 1) -> Tensor:
    """Returns `1 / total`, kept from zero on the side of `total`; zero counts as `sign`."""
    still = ops.stop_gradient(total)
    positive = still >= 0 if sign > 0 else still > 0
    return 1 / (still + ops.where(positive, epsilon, -epsilon))


def only_map(use: StepUse) -> LinearMap:
    """Returns the kernel and bias of a use of a layer with a kernel."""
    if use.linear is None:
        raise ValueError(f"Layer {use.step.path!r} has no kernel, which this rule needs.")
    return use.linear


def _signed_shares(use: StepUse, linear: LinearMap, ops: Any) -> tuple[Tensor, Tensor]:
    """Returns the sums of positive and of negative contributions, carried by what was given."""
    (values,) = use.given
    above, below = _signed_kernel(linear, ops)
    if use.step.unsigned and use.stage == 0:
        sent = carried(values, ops)
        return linear.apply(sent, above), linear.apply(sent, below)
    still = ops.stop_gradient(values)
    unit = 1 + values - still
    positive, negative = ops.relu(still) * unit, -ops.relu(-still) * unit
    return (
        linear.apply(positive, above) + linear.apply(negative, below),
        linear.apply(positive, below) + linear.apply(negative, above),
    )


def _signed_kernel(linear: LinearMap, ops: Any) -> tuple[Tensor, Tensor]:
    return ops.relu(linear.kernel), -ops.relu(-linear.kernel)


def _signed_bias(linear: LinearMap, ops: Any) -> tuple[Tensor, Tensor]:
    bias = ops.zeros((), linear.kernel.dtype) if linear.bias is None else linear.bias
    return ops.relu(bias), -ops.relu(-bias)

"""What one explainer made of one layer and target."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, final

from tb_explain.explainers.base import Explainer, QueryExplainer
from tb_explain.explanation import Explanation


@final
@dataclass(frozen=True, eq=False)
class Result:
    """What one explainer made of one layer and target.

    Attributes:
        explainer: The explainer as it was asked for, with the layer that it explains filled in.
        target: Name of the target, or `None` for maps that have none.
        explanation: The maps, or `None` if it failed.
        error: Why it failed, or `None`.
        seconds: Time spent on it, its part of the pass included.
    """

    explainer: Explainer
    target: str | None
    explanation: Explanation | None
    error: Exception | None
    seconds: float


def attempt(
    explainer: Explainer, target: str | None, *, make: Callable[[], Explanation], seconds: float
) -> Result:
    """Returns the result of `make`, or its error; nothing is raised.

    Args:
        explainer: As it was asked for.
        target: Name of the target, or `None`.
        make: Makes the explanation.
        seconds: Time spent on it before.
    """
    start = time.perf_counter()
    explanation, failure = None, None
    try:
        explanation = make()
    except Exception as error:  # noqa: BLE001 - one failing explainer leaves the others alone
        failure = error
    elapsed = time.perf_counter() - start
    return Result(explainer, target, explanation, failure, seconds + elapsed)


def with_layer(asked: Explainer, resolved: Explainer) -> Explainer:
    """Returns an explainer as it was asked for, with the layer of a resolved one filled in.

    So are those of explainers among its settings, such as that of `SmoothGrad(of=GradCAM())`.
    """
    filled: dict[str, Any] = {}
    for each in fields(asked):
        value = getattr(asked, each.name)
        if each.name == "layer":
            filled[each.name] = layer_of(resolved)
        elif isinstance(value, Explainer):
            filled[each.name] = with_layer(value, getattr(resolved, each.name))
    return replace(asked, **filled) if filled else asked


def layer_of(explainer: Explainer) -> str | None:
    """Returns the layer that a resolved explainer explains, or `None` for the input."""
    if isinstance(explainer, QueryExplainer):
        return explainer.explained_layer
    return getattr(explainer, "layer", None)

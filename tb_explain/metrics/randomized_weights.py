# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Maps of a model whose weights are made random, layer by layer from the top down."""

import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.explainers.base import Explainer
from tb_explain.explainers.selection import spread
from tb_explain.explanation import Floats
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.maps import Maps, ratio
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.walk import walk

Weight = Any  # A Keras variable.
Similarity = Callable[[Maps, Maps], npt.NDArray[np.float64]]


def likeness_with_random_weights(
    model: ExplainedModel, similarity: Similarity, *, stages: int, seed: int, ops: Any
) -> npt.NDArray[np.float64]:
    """Returns how alike maps are to those of random weights, as a mean over stages, `(maps,)`.

    Kernels and other weights with two axes or more get their own values in a random order, so
    that they stay as large as they were; biases, scales and statistics keep theirs. A stage adds
    layers below those of the stages before it, and the last has all. Whatever happens, all
    weights are bitwise what they were afterwards. The maps of a cascade are made once, however
    many metrics read them.

    Args:
        model: The maps, and what makes them anew.
        similarity: Figures of maps at a stage and of those that are explained, `(maps,)`; stages
            where one is NaN are left out.
        stages: Number of stages; a model with fewer layers has one for each.
        seed: Of the order.
        ops: `keras.ops`, or an object with the same functions.
    """
    key = (stages, seed)
    if key not in model.randomized:
        model.randomized[key] = _cascade(model, stages=stages, seed=seed, ops=ops)
    trained = Maps.of(model.explanation)
    cascade = [Maps.of(replace(model.explanation, values=each)) for each in model.randomized[key]]
    return _mean([similarity(maps, trained) for maps in cascade], maps=len(trained.values))


def _cascade(model: ExplainedModel, *, stages: int, seed: int, ops: Any) -> list[Floats]:
    """Returns the maps of each stage, with the weights put back."""
    layers = _from_the_top(model)
    ends = [int(end) for end in spread(len(layers) + 1, stages + 1)]
    found: list[Floats] = []
    with ExitStack() as put_back:
        for start, end in pairwise(ends):
            for path, weight in chain.from_iterable(layers[start:end]):
                put_back.callback(weight.assign, _copied(weight, ops))
                weight.assign(_shuffled(ops.convert_to_numpy(weight.value), path, seed))
            found.append(model.anew(model.samples))
    return found


def needs_explainer(metric: ModelMetric, explainer: Explainer | None) -> str | None:
    """Returns why maps cannot be made anew, or `None` if they can."""
    if explainer is not None:
        return None
    name = type(metric).__name__
    return f"{name} explains anew; say what made the maps, as explainer=tbx.GradCAM()"


def check_cascade(metric: ModelMetric, layers: LayerTable, *, stages: int, seed: int) -> None:
    """Checks the settings of a cascade.

    Raises:
        ValueError: If one makes no sense, or the model has no weights to make random.
    """
    if stages < 1 or seed < 0:
        raise ValueError(
            "A cascade has at least 1 stage, and a seed is a whole number of at least 0. "
            f"Received: {metric!r}"
        )
    if not any(layer.parameters for layer in layers.layers):
        raise ValueError(
            f"Model {layers.model!r} has no weights to make random. Received: {metric!r}"
        )


def _mean(stages: list[npt.NDArray[np.float64]], *, maps: int) -> npt.NDArray[np.float64]:
    """Returns the mean of figures over those stages that have one, `(maps,)`; NaN without any."""
    found = np.array(stages, np.float64).reshape(len(stages), maps)
    known = np.isfinite(found)
    return ratio(np.where(known, found, 0).sum(axis=0), known.sum(axis=0))


def _from_the_top(model: ExplainedModel) -> list[list[tuple[str, Weight]]]:
    """Returns the weights of each layer that are made random, the layer that runs last first.

    What several layers hold belongs to the one that runs last; blocks come after their layers,
    and the model itself at the end.
    """
    found = walk(model.model)
    rows = sorted(model.queries.layers.layers, key=lambda row: (row.container, -row.order))
    seen: set[int] = set()
    layers: list[list[tuple[str, Weight]]] = []
    for path, layer in [*((row.path, found[row.path]) for row in rows), ("", model.model)]:
        weights = [each for each in getattr(layer, "weights", ()) if _is_random(each)]
        own = [weight for weight in weights if id(weight) not in seen]
        seen.update(map(id, own))
        layers += [[(f"{path}/{place}", weight) for place, weight in enumerate(own)]] if own else []
    return layers


def _is_random(weight: Weight) -> bool:
    return len(weight.shape) > 1 and "float" in str(weight.dtype)


def _copied(weight: Weight, ops: Any) -> Any:
    """Returns the value of a weight, which stays on its device and does not follow the weight."""
    return ops.stop_gradient(ops.copy(weight.value))


def _shuffled(values: npt.NDArray[Any], path: str, seed: int) -> npt.NDArray[Any]:
    """Returns the values of a weight in another order, the same in every record."""
    random = np.random.default_rng([seed, zlib.crc32(path.encode())])
    return random.permutation(np.ravel(values)).reshape(np.shape(values))

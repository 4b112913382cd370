"""Explains a model once, outside of training."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_explain.execution.result import layer_of
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explainers.base import Explainer
from tb_explain.explanation import Explanation
from tb_explain.probe.memory_budget import check_memory_budget
from tb_explain.probe.probe import Probe
from tb_explain.samples.labels import class_indices
from tb_explain.samples.pictures import displayed_pictures
from tb_explain.trees import as_numpy, leaves

_PAINTED_OVER = ("attribution", "attention")
_NAMED = 12


def explain_once(
    explainer: Explainer,
    model: Any,
    samples: Any,
    *,
    targets: Any,
    labels: Any,
    memory_budget: int,
) -> Explanation:
    """Returns the maps of one explainer; see `Explainer.explain`."""
    check_memory_budget(memory_budget)
    inputs = as_numpy(samples)
    labels = _classes(labels, inputs)
    if targets is None:
        targets = "predicted" if labels is None else "label"
    probe = Probe(model, inputs, labels=labels, targets=targets, memory_budget=memory_budget)
    try:
        results = SharedPass(probe, (explainer,)).run().results
    finally:
        probe.release()
    for result in results:
        if result.error is not None:
            raise result.error
    _check_one_layer(explainer, [layer_of(result.explainer) for result in results])
    found = [result.explanation for result in results if result.explanation is not None]
    pictures = _pictures(inputs) if explainer.kind in _PAINTED_OVER else None
    return replace(_concatenated(found), title=explainer.title, pictures=pictures)


def _classes(labels: Any, inputs: Any) -> Any:
    """Returns labels as classes, or as they are where they are none, as for a regression."""
    if labels is None:
        return None
    classes, _ = class_indices(labels, len(leaves(inputs)[0]))
    return labels if classes is None else classes


def _check_one_layer(explainer: Explainer, layers: Sequence[str | None]) -> None:
    distinct = list(dict.fromkeys(layers))
    if len(distinct) == 1:
        return
    name = type(explainer).__name__
    if not distinct:
        raise ValueError(
            f"{name} found no layer of which it shows maps; name one with rows and columns. "
            f"Received: {explainer!r}"
        )
    named = ", ".join(repr(layer) for layer in distinct[:_NAMED])
    rest = f" and {len(distinct) - _NAMED} more" if len(distinct) > _NAMED else ""
    raise ValueError(
        f"One explanation shows one layer and {name} would show {len(distinct)}; name one: "
        f"{name}(layer={distinct[0]!r}). Layers: {named}{rest}. Received: {explainer!r}"
    )


def _concatenated(parts: Sequence[Explanation]) -> Explanation:
    first = parts[0]
    if len(parts) == 1:
        return first
    return replace(
        first,
        values=np.concatenate([part.values for part in parts]),
        signed=any(part.signed for part in parts),
        samples=sum((part.samples for part in parts), ()),
        targets=sum((part.targets for part in parts), ()),
        scores=sum((part.scores for part in parts), ()),
        channels=sum((part.channels for part in parts), ()),
        figures={
            name: np.concatenate([part.figures[name] for part in parts]) for name in first.figures
        },
    )


def _pictures(inputs: Any) -> npt.NDArray[np.uint8] | None:
    """Returns the samples as pictures, as far as they can be shown."""
    if all(leaf.ndim not in (3, 4) for leaf in leaves(inputs)):
        return None
    return displayed_pictures(inputs, None)[0]

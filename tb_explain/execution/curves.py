"""Figures of a step as curves: what TensorBoard's own Scalars view draws."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tb_explain.execution.memory import Memory
from tb_explain.execution.sample_figures import ABOUT, sample_curves
from tb_explain.explanation import Explanation

if TYPE_CHECKING:
    from tb_explain.probe.observation import Predictions

GROUP: Final = "explain"
LARGEST_TAG: Final = 200
_SCORES: Final = {
    "score": "Mean over samples of the model's output at the target, before softmax or sigmoid.",
    "probability": "Mean over samples of the probability of the target.",
}

Curves = tuple[dict[str, float], dict[str, str]]
"""Values by tag, and what they are."""


def curves_of(
    shown: Mapping[str, Explanation], predictions: "Predictions", memory: Memory
) -> Curves:
    """Returns the mean of each metric over the maps of each tag, and figures of the samples.

    The mean is over maps where a figure is defined; where it is defined for none there is no
    value, so a curve starts when there is something to draw.

    Args:
        shown: Measured explanations by tag.
        predictions: What the model predicts.
        memory: What is remembered of the run so far. It is updated.
    """
    sure = sample_curves(predictions, memory)
    values = {f"{GROUP}/{name}": figure for name, figure in sure.items()}
    about = {f"{GROUP}/{name}": ABOUT[name] for name in sure}
    for name, sentence in _SCORES.items():
        for target, column in zip(predictions.targets, predictions.arrays[name], strict=True):
            _add(values, about, curve_tag(name, target), column, sentence)
    for tag, explanation in shown.items():
        metrics: Mapping[str, Any] = explanation.facts.get("metrics", {})
        for name, facts in metrics.items():
            if name in explanation.figures:  # Of some metrics it is the turn every few records.
                column = explanation.figures[name]
                _add(values, about, curve_tag(name, tag), column, _described(facts))
    return values, about


def curve_tag(name: str, tag: str) -> str:
    """Returns `explain/<name>/<tag>`, printable and not too long to be read in a list.

    What is cut off from a long tag is replaced by a hash of the whole, so tags stay apart.
    """
    curve = "".join(each if each.isprintable() else "_" for each in f"{GROUP}/{name}/{tag}")
    if len(curve) <= LARGEST_TAG:
        return curve
    digest = hashlib.sha256(f"{name}/{tag}".encode(errors="replace")).hexdigest()[:8]
    return f"{curve[: LARGEST_TAG - len(digest) - 1]}~{digest}"


def _add(
    values: dict[str, float], about: dict[str, str], tag: str, column: Any, sentence: str
) -> None:
    defined = column[np.isfinite(column)]
    if defined.size:
        values[tag] = float(defined.mean(dtype=np.float64))
        about[tag] = sentence


def _described(facts: Mapping[str, Any]) -> str:
    parts = [f"Mean over maps. {facts['about']}"]
    if facts["better"] is not None:
        parts.append(f"Better is {facts['better']}.")
    if facts["paper"]:
        parts.append(f"[Paper]({facts['paper']})")
    return " ".join(parts)

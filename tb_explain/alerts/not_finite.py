"""Numbers that are none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import counted, listed
from tb_explain.explanation import Floats

_MODEL: Final = "model"


@final
@dataclass(frozen=True)
class NotFinite(Rule):
    """Something is NaN or infinite: a weight, an output, a score, a logged number, a map.

    What is not finite in the model makes everything behind it so, which is why only the first
    layer is named, and maps are looked at while the model itself is finite.

    Args:
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "not_finite"
    severity: ClassVar[Severity] = "error"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 1

    on_after: int = field(default=1, kw_only=True)

    def watch(self) -> Watch:
        return _signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        first = signs[0]
        if first.cause == _MODEL:
            return _model_words(observed)
        tags = [sign.tag or "" for sign in signs]
        maps = sum(int(sign.figures["maps"]) for sign in signs)
        return Words(
            f"{listed(tags)} {'is' if len(tags) == 1 else 'are'} not finite.",
            f"{counted(maps, 'map')} with NaN or infinite values, "
            "which are shown as 0; the model itself is finite.",
        )


def _signs(observed: Observed) -> Iterable[Sign]:
    layers, samples, losses = observed.not_finite, _samples(observed), _losses(observed)
    is_wrong = bool(layers or samples or losses)
    figures = {"layers": len(layers), "samples": samples}
    yield Sign(_MODEL, is_wrong, layer=next(iter(layers), None), figures=figures)
    if is_wrong:
        return
    for tag, explanation in observed.explanations.items():
        lost = _lost(explanation.values)
        yield Sign(
            tag,
            bool(lost.any()),
            layer=explanation.layer,
            tag=tag,
            sample=explanation.samples[int(lost.argmax())] if lost.any() else None,
            figures={"maps": int(lost.sum())},
        )


def _lost(maps: Floats) -> npt.NDArray[np.bool_]:
    """Returns which maps are not finite; their sum tells quickly that all of them are."""
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(maps.sum()):
            return np.zeros(len(maps), np.bool_)
    return np.asarray(~np.isfinite(maps).all(axis=(1, 2, 3)))


def _samples(observed: Observed) -> int:
    """Returns the number of samples whose score is not finite."""
    if observed.predictions.task == "segmentation":
        return 0  # An empty region has no score.
    arrays = observed.predictions.arrays
    lost = ~np.isfinite(arrays["score"]) & (arrays["target"] >= 0)
    return int(lost.any(axis=0).sum())


def _losses(observed: Observed) -> list[str]:
    # A metric may have no value, such as a precision without positives; a loss always has.
    logs = observed.logs.items()
    return [name for name, value in logs if name.endswith("loss") and not isfinite(value)]


def _model_words(observed: Observed) -> Words:
    layers, samples, losses = observed.not_finite, _samples(observed), _losses(observed)
    scores = f"the score of {samples} of {len(observed.samples)} samples" if samples else ""
    others = [part for part in (scores, *losses) if part]
    if not layers:
        verb = "is" if len(others) == 1 else "are"
        title = listed(others)
        return Words(
            f"{title[0].upper()}{title[1:]} {verb} not finite.",
            "All layers that are looked at hold finite numbers.",
        )
    first, what = next(iter(layers.items()))
    behind = [counted(len(layers) - 1, "more layer")] if len(layers) > 1 else []
    also = [*behind, *others]
    return Words(
        f"{first} is not finite.",
        f"Its {what} {'hold' if what == 'weights' else 'holds'} NaN or infinite values, the first "
        "in the order of execution" + (f"; so do {listed(also)}." if also else "."),
    )

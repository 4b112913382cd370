"""Layers that are frozen but move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from typing_extensions import override

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import listed, percent


@final
@dataclass(frozen=True)
class MovingFrozenWeights(Rule):
    """A layer is frozen, yet its weights change.

    The common cause is a model that was frozen and not compiled again, which Keras does not
    notice on TensorFlow.

    Args:
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "moving_frozen_weights"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 1

    def watch(self) -> Watch:
        return _signs

    @override
    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        moves = [percent(sign.figures["change"]) for sign in signs]
        reason = "Was compile() called after freezing?"
        if len(signs) == 1:
            title = f"{signs[0].cause} is frozen but its weights change."
            return Words(title, f"By {moves[0]} since the record before. {reason}")
        listing = listed([f"{sign.cause} {move}" for sign, move in zip(signs, moves, strict=True)])
        title = f"{len(signs)} layers are frozen but their weights change."
        return Words(title, f"Since the record before: {listing}. {reason}")


def _signs(observed: Observed) -> Iterable[Sign]:
    for path, change in observed.figures("change").items():
        is_frozen = not observed.trainable.get(path, True)
        yield Sign(path, is_frozen and change > 0, layer=path, figures={"change": change})

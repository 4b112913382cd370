"""Layers that are trainable but are not trained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from typing_extensions import override

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import listed


@final
@dataclass(frozen=True)
class UnchangedWeights(Rule):
    """A layer is trainable, yet its weights stay bit by bit the same while others move.

    The common cause is a model that was unfrozen and not compiled again, which Keras does not
    notice on TensorFlow. A record at which no weights move says nothing, since the optimizer may
    have waited; nor does one of a model with a dead layer, through which no gradient passes.

    Args:
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "unchanged_weights"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 1

    def watch(self) -> Watch:
        return _signs

    @override
    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        paths = [sign.cause for sign in signs]
        same = f"Bit by bit the same at {self.on_after} records in a row while other layers learn."
        reason = "Was compile() called after unfreezing?"
        if len(paths) == 1:
            title = f"{paths[0]} is trainable but its weights do not change."
            return Words(title, f"{same} {reason}")
        title = f"{len(paths)} layers are trainable but their weights do not change."
        return Words(title, f"{listed(paths)}: {same[0].lower()}{same[1:]} {reason}")


def _signs(observed: Observed) -> Iterable[Sign]:
    changes = observed.figures("change")
    if not any(changes.values()) or observed.dead_layers:
        return
    for path, change in changes.items():
        if path in observed.layer_of and observed.layer_of[path].calls:
            is_wrong = observed.trainable.get(path, False) and change == 0
            yield Sign(path, is_wrong, layer=path, figures={"change": change})

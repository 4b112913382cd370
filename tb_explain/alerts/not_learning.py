"""Models that guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar, Final, final

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure

_ACCURACIES: Final = (
    "accuracy",
    "acc",
    "sparse_categorical_accuracy",
    "categorical_accuracy",
    "binary_accuracy",
)


@final
@dataclass(frozen=True)
class NotLearning(Rule):
    """After many epochs the model is no better on the samples than guessing.

    Either it learns nothing, or it learns what the samples don't have: their labels may be
    shuffled, or they may be prepared in another way than the pictures it is trained on. Counted
    are records at the ends of epochs. What is dead or not finite is said by other rules.

    Args:
        skill: Where the accuracy lies at most between guessing (0) and all right (1).
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "not_learning"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 1

    skill: float = 0.1
    on_after: int = field(default=10, kw_only=True)

    def watch(self) -> Watch:
        epochs: set[tuple[int, int]] = set()
        return partial(self._signs, epochs)

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        accuracy = figure(signs[0].figures["accuracy"])
        samples = f"the {len(observed.samples)} samples"
        logged = [observed.logs[name] for name in _ACCURACIES if name in observed.logs]
        if not logged:
            return Words(f"The model guesses on {samples}.", f"Accuracy {accuracy}.")
        reason = (
            "Are they prepared and labelled like those it is trained on?"
            if logged[0] > 2 * signs[0].figures["accuracy"]
            else "It learns neither; are labels and learning rate right?"
        )
        trained = f"{figure(logged[0])} on those it is trained on"
        return Words(
            f"The model guesses on {samples}.", f"Accuracy {accuracy}, {trained}. {reason}"
        )

    def _signs(self, epochs: set[tuple[int, int]], observed: Observed) -> Iterable[Sign]:
        skill, epoch = observed.skill, observed.epoch
        if skill is None or epoch is None or epoch in epochs:
            return
        epochs.add(epoch)
        if not observed.not_finite and not observed.dead_layers:
            figures = {"accuracy": observed.accuracy or 0.0}
            yield Sign("samples", skill <= self.skill, figures=figures)

"""Evidence that left the object, or never lay on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, final

import numpy as np
import numpy.typing as npt

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import figure, listed, percent

MASS: Final = "relevance_mass"
_ALL: Final = "all"

Masses = npt.NDArray[np.float64]
Members = npt.NDArray[np.int64]


@final
@dataclass(frozen=True)
class EvidenceOffObject(Rule):
    """The evidence for a class left the object, or the class is right for evidence beside it.

    It reads the figure of `tbx.metrics.RelevanceMass`, which needs masks, of the first explainer
    that has it. Classes with enough samples are looked at one by one, since a shortcut is often
    that of one class; otherwise all samples together.

    The measure is the share that a uniform map has on the object, which is the area of that.
    Evidence left the object where its share there fell, to that of a uniform map or less. What a
    sample had at its best is what it held for some records in a row, so that a single lucky map
    is no measure. Evidence lies beside the object where most of the samples that are right have
    even less there, although the model is good: early in a training, maps lie anywhere.

    Args:
        fall: How far the share of the evidence on the object lies below its best, at least.
        left: Evidence on the object, of what a uniform map has there, up to which it left.
        share: Share of the samples on which it left the object like this, at least, 0 to 1.
        held: Records in a row that count as a best.
        beside: Evidence on the object, of what a uniform map has there, up to which it lies
            beside, in the median of the samples that are right.
        skill: Where the accuracy lies for that at least, between guessing (0) and all right (1).
        least_samples: Samples of a class from which on it is looked at alone.
        least_right: Samples that are right, at least, for evidence beside the object.
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "evidence_off_object"
    severity: ClassVar[Severity] = "error"
    metric: ClassVar[str | None] = MASS
    apart: ClassVar[int] = 3

    fall: float = 0.2
    left: float = 1.0
    share: float = 0.3
    held: int = 3
    beside: float = 0.4
    skill: float = 0.7
    least_samples: int = 4
    least_right: int = 3

    def watch(self) -> Watch:
        return _Past(self).signs

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        accuracy = observed.accuracy
        at_accuracy = "" if accuracy is None else f", at accuracy {figure(accuracy)}"
        if len(signs) > 1:
            names = [f"{_class_of(sign, observed)} {percent(sign.figures[MASS])}" for sign in signs]
            return Words(
                f"Evidence lies off the object for {len(signs)} classes.",
                f"Share of the relevance inside the masks: {listed(names)}{at_accuracy}.",
            )
        (sign,) = signs
        name = _class_of(sign, observed)
        mass, best, area = (percent(sign.figures[each]) for each in (MASS, "best", "area"))
        inside = f"{mass} of the relevance lies inside the masks"
        if sign.figures["left"] >= self.share:
            title = "Evidence left the object" + (f" for {name}." if name else ".")
            at_best = f"{best} at {int(sign.figures['best_step'])}"
            return Words(title, f"{inside} ({at_best}){at_accuracy}.")
        title = f"Evidence{f' for {name}' if name else ''} lies beside the object."
        return Words(title, f"{inside}, which take {area} of the pictures{at_accuracy}.")


@dataclass
class _Best:
    """The largest mean mass of some samples so far, and its step."""

    mass: float = -1.0
    step: int = 0


@dataclass
class _Past:
    rule: EvidenceOffObject
    tag: str = ""
    recent: list[Masses] = field(default_factory=list[Masses])
    held: Masses = field(default_factory=lambda: np.zeros(0))
    best: dict[str, _Best] = field(default_factory=dict[str, _Best])

    def signs(self, observed: Observed) -> Iterable[Sign]:
        masses = self._masses(observed)
        if masses is None:
            return
        self._remember(masses)
        for group, members in _groups(observed, self.rule.least_samples):
            known = members[np.isfinite(masses[members])]
            if known.size:
                yield self._sign(group, known, masses, observed)

    def _masses(self, observed: Observed) -> Masses | None:
        """Returns the mass of each sample, of the explainer that had it first."""
        found = {tag: each for tag, each in observed.explanations.items() if MASS in each.figures}
        self.tag = self.tag or next(iter(found), "")
        if self.tag not in found:
            return None
        masses = np.full(len(observed.samples), np.nan)
        explanation = found[self.tag]
        for sample, mass in zip(explanation.samples, explanation.figures[MASS], strict=True):
            if sample is not None:
                masses[sample] = mass
        return masses

    def _remember(self, masses: Masses) -> None:
        self.recent = [*self.recent, masses][-self.rule.held :]
        if len(self.recent) == self.rule.held:
            least = np.min(self.recent, axis=0)  # NaN where one of them is not known.
            self.held = np.fmax(self.held, least) if self.held.size else least

    def _sign(self, group: str, members: Members, masses: Masses, observed: Observed) -> Sign:
        rule = self.rule
        mean = float(masses[members].mean())
        best = self.best.setdefault(group, _Best())
        if mean > best.mass:
            best.mass, best.step = mean, observed.step
        held = self.held if self.held.size else masses
        falls = np.nan_to_num(held[members] - masses[members])
        areas = _areas(members, observed)
        relative = masses[members] / areas
        left = float(((falls >= rule.fall) & (relative <= rule.left)).mean())
        return Sign(
            group,
            left >= rule.share or self._is_beside(members, relative, observed),
            tag=self.tag,
            layer=observed.explanations[self.tag].layer,
            sample=int(members[falls.argmax()]),
            class_index=None if group == _ALL else int(group),
            figures={
                MASS: mean,
                "best": best.mass,
                "best_step": best.step,
                "left": left,
                "area": float(areas.mean()),
            },
        )

    def _is_beside(self, members: Members, relative: Masses, observed: Observed) -> bool:
        """Whether a good model is right for evidence that lies beside the object."""
        correct, skill = observed.correct, observed.skill
        if correct is None or skill is None or skill < self.rule.skill:
            return False
        right = correct[members]
        if right.sum() < max(self.rule.least_right, len(members) / 2):
            return False
        return bool(np.median(relative[right]) <= self.rule.beside)


def _groups(observed: Observed, least: int) -> Iterator[tuple[str, Members]]:
    """Yields the samples of each class that has enough, or all samples."""
    labels = observed.labels
    if labels is not None and labels.ndim == 1:
        classes, counts = np.unique(labels, return_counts=True)
        large = classes[counts >= least]
        if large.size:
            for index in large:
                yield str(int(index)), np.flatnonzero(labels == index)
            return
    yield _ALL, np.arange(len(observed.samples))


def _areas(members: Members, observed: Observed) -> Masses:
    """Returns the share of each picture that the object takes; NaN where it is not known."""
    areas = observed.object_areas
    return np.full(len(members), np.nan) if areas is None else areas[members].astype(np.float64)


def _class_of(sign: Sign, observed: Observed) -> str:
    return "" if sign.class_index is None else observed.class_name(sign.class_index)

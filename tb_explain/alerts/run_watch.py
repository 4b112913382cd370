"""Watches the records of a run by rules."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from tb_explain.alerts.finding import Finding
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign
from tb_explain.alerts.streaks import Streaks

Listener = Callable[[Finding], object]
_LOG: Final = logging.getLogger("tb_explain")


@final
class RunWatch:
    """Looks at one record after the other and says what changes.

    It outlives the file of a fit, so that a second `fit` continues the first.

    Args:
        rules: What to look for.
        listeners: Called with each change, in the thread that sees the records.
    """

    def __init__(self, rules: Sequence[Rule], listeners: Sequence[Listener] = ()) -> None:
        self._at_fault: set[str] = set()
        self._rules = tuple(rules)
        self._listeners = tuple(listeners)
        self._restart()

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to look for."""
        return not self._rules

    @property
    def begins(self) -> bool:
        """Whether what was seen last is the first record, before which nothing is known."""
        return self._first is not None and self._first == self._last

    def see(self, observed: Observed) -> list[Finding]:
        """Returns what changes at a record, after it was logged and told; nothing is raised.

        A step that is recorded once more, as by a second `fit`, repeats what changed there. An
        earlier step is a new start.
        """
        if observed.step == self._last:
            return self._changes
        if observed.step < self._last:
            self._restart()
        self._last = observed.step
        self._first = observed.step if self._first is None else self._first
        self._changes = [change for guard in self._guards for change in self._of(guard, observed)]
        for change in self._changes:
            if change.state == "on":
                _LOG.warning("Step %d: %s", change.step, change)
            self._tell(change)
        return self._changes

    def _restart(self) -> None:
        self._last = -1
        self._first: int | None = None
        self._changes: list[Finding] = []
        self._guards = [_Guard(rule) for rule in self._rules]

    def _of(self, guard: "_Guard", observed: Observed) -> list[Finding]:
        try:
            return guard.see(observed)
        except Exception as error:  # noqa: BLE001 - one rule at fault leaves the others alone
            self._report(type(guard.rule).__name__, observed.step, error)
            return []

    def _tell(self, change: Finding) -> None:
        for listener in self._listeners:
            error = _raised(listener, change)
            if error is not None:
                name = getattr(listener, "__name__", type(listener).__name__)
                self._report(name, change.step, error)

    def _report(self, name: str, step: int, error: Exception) -> None:
        """Says once what a rule or listener raised."""
        if name not in self._at_fault:
            self._at_fault.add(name)
            _LOG.warning("The alert %s failed at step %d.", name, step, exc_info=error)


def _raised(listener: Listener, change: Finding) -> Exception | None:
    try:
        listener(change)
    except Exception as error:  # noqa: BLE001 - the training goes on
        return error
    return None


@dataclass
class _Standing:
    finding: Finding
    causes: set[str]
    is_one: bool


class _Guard:
    """One rule at work: its watch, its rows of records and what it has said."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._watch = rule.watch()
        self._streaks = Streaks(rule.on_after, rule.off_after)
        self._standing: list[_Standing] = []

    def see(self, observed: Observed) -> list[Finding]:
        turned = self._streaks.see(observed.step, self._watch(observed))
        ended = [each for each in turned if not each[0].is_wrong]
        begun = [each for each in turned if each[0].is_wrong]
        return [*self._ended(ended, observed.step), *self._begun(begun, observed)]

    def _begun(self, turned: list[tuple[Sign, int]], observed: Observed) -> Iterable[Finding]:
        groups = [[each] for each in turned] if len(turned) <= self.rule.apart else [turned]
        for group in groups:
            signs = [sign for sign, _ in group]
            finding = self._finding(signs, min(since for _, since in group), observed)
            causes = {sign.cause for sign in signs}
            self._standing.append(_Standing(finding, causes, is_one=len(causes) == 1))
            yield finding

    def _ended(self, turned: list[tuple[Sign, int]], step: int) -> Iterable[Finding]:
        """Yields the findings none of whose causes is left."""
        for sign, since in turned:
            standing = next(each for each in self._standing if sign.cause in each.causes)
            standing.causes.remove(sign.cause)
            if not standing.causes:
                self._standing.remove(standing)
                over = replace(standing.finding, state="off", step=step, since=since)
                yield replace(over, figures=sign.figures if standing.is_one else over.figures)

    def _finding(self, signs: Sequence[Sign], since: int, observed: Observed) -> Finding:
        rule, first, alone = self.rule, signs[0], len(signs) == 1
        words = rule.words(signs, observed)
        return Finding(
            id=f"{rule.name}/{first.cause}" if alone else f"{rule.name}@{observed.step}",
            rule=rule.name,
            severity=rule.severity,
            state="on",
            step=observed.step,
            since=since,
            title=words.title,
            text=words.text,
            layer=first.layer,
            tag=first.tag,
            sample=first.sample,
            class_index=first.class_index if alone else None,
            figures=first.figures if alone else {"causes": float(len(signs))},
            metric=rule.metric,
        )

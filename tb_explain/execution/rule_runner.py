# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Explainers that go back through the model by rules, each in a pass of its own."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, final

import numpy as np

from tb_explain.execution.result import Result, attempt
from tb_explain.execution.tags import tag_of
from tb_explain.explainers.base import Explainer
from tb_explain.explainers.rule_explainer import RuleExplainer
from tb_explain.explanation import Explanation

if TYPE_CHECKING:
    from tb_explain.probe.probe import Probe

_MAP = "map"


@final
@dataclass(frozen=True, eq=False)
class _Part:
    explainer: RuleExplainer
    asked: Explainer


@final
class RuleRunner:
    """Runs the explainers that go back by rules.

    Args:
        probe: Runs the passes.
        explainers: What to explain, as the user asked for it; those of other kinds are left out.

    Raises:
        ValueError: If an explainer makes no sense for the model, or has no rule for a layer.
    """

    def __init__(self, probe: "Probe", explainers: Sequence[Explainer]) -> None:
        self._probe = probe
        parts = [
            _Part(one, asked)
            for asked in explainers
            if isinstance(asked, RuleExplainer)
            for one in asked.resolve(probe.layers)
        ]
        self._parts = list({tag_of(part.asked, None): part for part in parts}.values())
        if self._parts:
            probe.rules.prepare([part.explainer for part in self._parts])
        for part in self._parts:
            part.explainer.check_rules([rule for _, rule in probe.rules.rules(part.explainer)])

    def run(self, due: Collection[int]) -> list[Result]:
        """Explains all samples with the weights of now; one result per explainer and target.

        Args:
            due: Values of `every` whose turn it is.
        """
        return [
            result
            for part in self._parts
            if part.asked.every in due
            for result in self._results(part)
        ]

    def _results(self, part: _Part) -> list[Result]:
        start = time.perf_counter()
        targets = self._probe.targets
        found: list[dict[str, Any]] = []
        facts: Mapping[str, Any] = {}
        failure: Exception | None = None
        try:
            found = self._probe.rules.run(part.explainer)
            facts = part.explainer.facts(self._named_rules(part.explainer))
        except Exception as error:  # noqa: BLE001 - one failing explainer leaves the others alone
            failure = error
        seconds = (time.perf_counter() - start) / len(targets)
        return [
            attempt(
                part.asked,
                name,
                make=partial(_explanation, part.explainer, found[place], facts)
                if failure is None
                else partial(_raise, failure),
                seconds=seconds,
            )
            for place, name in enumerate(targets)
        ]

    def _named_rules(self, explainer: RuleExplainer) -> dict[str, str]:
        names: dict[str, dict[str, None]] = {}
        for step, rule in self._probe.rules.rules(explainer):
            names.setdefault(step.function or step.type, {})[repr(rule)] = None
        return {name: " or ".join(rules) for name, rules in names.items()}


def _raise(failure: Exception) -> Explanation:
    raise failure


def _explanation(
    explainer: RuleExplainer, found: Mapping[str, Any], facts: Mapping[str, Any]
) -> Explanation:
    arrays = found["arrays"]
    samples = len(found["score"])
    scores = [
        float(score) if count > 0 and np.isfinite(score) else None
        for score, count in zip(found["score"], found["region"], strict=True)
    ]
    return Explanation(
        values=np.asarray(arrays[_MAP], np.float32),
        kind=explainer.kind,
        layer=None,
        signed=explainer.signed,
        samples=tuple(range(samples)),
        targets=tuple(int(index) if index >= 0 else None for index in found["target"]),
        scores=tuple(scores),
        figures={
            name: np.asarray(array, np.float32) for name, array in arrays.items() if name != _MAP
        },
        facts=dict(facts),
        recorded_size=explainer.recorded_size,
    )

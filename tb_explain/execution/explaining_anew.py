# pyright: reportUnknownMemberType=false
"""Explains changed samples anew, as the unchanged ones were explained."""

from functools import partial
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from tb_explain.explainers.base import AttributionExplainer, Explainer, QueryExplainer
from tb_explain.explainers.rule_explainer import RuleExplainer
from tb_explain.explanation import Floats
from tb_explain.metrics.explained_model import ExplainsAnew
from tb_explain.probe.needs import Tensor

if TYPE_CHECKING:
    from tb_explain.probe.probe import Probe
    from tb_explain.probe.queries.queries import Queries


def explains_anew(
    probe: "Probe", queries: "Queries", explainer: Explainer | None, *, place: int
) -> ExplainsAnew:
    """Returns what makes maps of changed samples, for classes of the unchanged ones.

    Args:
        probe: Goes back by rules.
        queries: Asks the model.
        explainer: What makes the maps, resolved, or `None` where that is not known.
        place: Which of the targets they are of.
    """
    return partial(_maps, probe, queries, explainer, place)


def _maps(
    probe: "Probe", queries: "Queries", explainer: Explainer | None, place: int, variant: Tensor
) -> Floats:
    if isinstance(explainer, AttributionExplainer):
        (found,) = queries.maps(explainer, [variant])
        return _hosted(found[place])
    if isinstance(explainer, QueryExplainer):
        found = explainer.maps(queries.at(variant), keras.ops)
        return _hosted(found["map"][place])
    if isinstance(explainer, RuleExplainer):
        scorers, aside = queries.held
        probe.rules.prepare([explainer])
        return _hosted(probe.rules.run_at(explainer, variant, scorers, aside)[place])
    raise ValueError(f"Only maps of a target can be made anew. Received: explainer={explainer!r}")


def _hosted(maps: Any) -> Floats:
    return np.asarray(keras.ops.convert_to_numpy(maps), np.float32)

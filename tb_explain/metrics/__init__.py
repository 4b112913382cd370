"""Metrics of explanations, one per module: how sparse, stable and well placed a map is.

```python
tbx.metrics.Sparseness()(explanation)
tbx.metrics.Drift()(explanation, earlier)
tbx.metrics.RelevanceMass()(explanation, masks)
tbx.metrics.Deletion()(explanation, model, images)
```

`linear_cka(features, others)` compares what layers tell samples apart by, instead of maps.

Each returns one figure per map. `Explain(metrics=...)` records them beside the maps, and their
means as the scalars `explain/<metric>/<tag>`. Those that ask the model cost passes, so they are
recorded where they are asked for, such as at every fifth record:
`metrics=(*tbx.metrics.DEFAULTS, tbx.metrics.Deletion(every=5))`.

A table of hyperparameters shows one of these with
`hp.Metric("explain/relevance_mass/GradCAM/conv5/label", group="explain")`, where `group` is the
`name` of the callback.
"""

from typing import Final

from tb_explain.metrics.base import ChangeMetric, Localization, MapMetric, Metric
from tb_explain.metrics.border_mass import BorderMass
from tb_explain.metrics.completeness import Completeness
from tb_explain.metrics.control import Control
from tb_explain.metrics.deletion import Deletion
from tb_explain.metrics.drift import Drift
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.infidelity import Infidelity
from tb_explain.metrics.insertion import Insertion
from tb_explain.metrics.maps import Maps
from tb_explain.metrics.max_sensitivity import MaxSensitivity
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.metrics.overlap import Overlap
from tb_explain.metrics.parameter_randomization import ParameterRandomization
from tb_explain.metrics.pointing_game import PointingGame
from tb_explain.metrics.relevance_mass import RelevanceMass
from tb_explain.metrics.relevance_near import RelevanceNear
from tb_explain.metrics.relevance_rank import RelevanceRank
from tb_explain.metrics.representation import linear_cka
from tb_explain.metrics.sparseness import Sparseness
from tb_explain.metrics.strength import Strength
from tb_explain.metrics.structural_randomization import StructuralRandomization

DEFAULTS: Final[tuple[Metric, ...]] = (
    Strength(),
    Sparseness(),
    BorderMass(),
    Drift(),
    Control(),
    RelevanceMass(),
    RelevanceNear(),
    RelevanceRank(),
    PointingGame(),
    Overlap(),
)
"""What is recorded unless something else is asked for; those of the object only with masks."""

__all__ = [
    "DEFAULTS",
    "BorderMass",
    "ChangeMetric",
    "Completeness",
    "Control",
    "Deletion",
    "Drift",
    "ExplainedModel",
    "Infidelity",
    "Insertion",
    "Localization",
    "MapMetric",
    "Maps",
    "MaxSensitivity",
    "Metric",
    "ModelMetric",
    "Overlap",
    "ParameterRandomization",
    "PointingGame",
    "RelevanceMass",
    "RelevanceNear",
    "RelevanceRank",
    "Sparseness",
    "Strength",
    "StructuralRandomization",
    "linear_cka",
]

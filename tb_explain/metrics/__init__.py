"""Metrics of explanations, one per module: how sparse, stable and well placed a map is.

```python
tbx.metrics.Sparseness()(explanation)
tbx.metrics.Drift()(explanation, earlier)
tbx.metrics.RelevanceMass()(explanation, masks)
```

Each returns one figure per map. `Explain(metrics=...)` records them beside the maps, and their
means as the scalars `explain/<metric>/<tag>`. A table of hyperparameters shows one of these with
`hp.Metric("explain/relevance_mass/GradCAM/conv5/label", group="explain")`, where `group` is the
`name` of the callback.
"""

from typing import Final

from tb_explain.metrics.base import ChangeMetric, Localization, MapMetric, Metric
from tb_explain.metrics.border_mass import BorderMass
from tb_explain.metrics.control import Control
from tb_explain.metrics.deletion import Deletion
from tb_explain.metrics.drift import Drift
from tb_explain.metrics.explained_model import ExplainedModel
from tb_explain.metrics.insertion import Insertion
from tb_explain.metrics.maps import Maps
from tb_explain.metrics.model_metric import ModelMetric
from tb_explain.metrics.overlap import Overlap
from tb_explain.metrics.pointing_game import PointingGame
from tb_explain.metrics.relevance_mass import RelevanceMass
from tb_explain.metrics.relevance_rank import RelevanceRank
from tb_explain.metrics.sparseness import Sparseness
from tb_explain.metrics.strength import Strength

DEFAULTS: Final[tuple[Metric, ...]] = (
    Strength(),
    Sparseness(),
    BorderMass(),
    Drift(),
    Control(),
    RelevanceMass(),
    RelevanceRank(),
    PointingGame(),
    Overlap(),
)
"""What is recorded unless something else is asked for; those of the object only with masks."""

__all__ = [
    "DEFAULTS",
    "BorderMass",
    "ChangeMetric",
    "Control",
    "Deletion",
    "Drift",
    "ExplainedModel",
    "Insertion",
    "Localization",
    "MapMetric",
    "Maps",
    "Metric",
    "ModelMetric",
    "Overlap",
    "PointingGame",
    "RelevanceMass",
    "RelevanceRank",
    "Sparseness",
    "Strength",
]

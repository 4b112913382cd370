"""The table of figures per layer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from tb_explain.execution.representation import LayerLikeness
from tb_explain.explainers.activation_figures import FIGURES
from tb_explain.explanation import Floats
from tb_explain.probe.structure.layer_table import LayerTable

COLUMNS: Final = (
    *FIGURES,
    "norm",
    "change",
    "cka",
    "cka_first",
    "filter_drift",
    "filter_drift_max",
    "filter_drift_first",
    "filter_drift_first_max",
)


@final
@dataclass(frozen=True, eq=False)
class Statistics:
    """Figures per layer at one record.

    Attributes:
        layers: Paths of the layers that have any figure, in the order of execution.
        figures: `float32` arrays with one entry per layer: of the output `mean`, `std`, `dead`,
            `sparsity` and `saturation`, and its debiased linear CKA with the last and the first
            record, `cka` and `cka_first`; of the kernel `norm`, `change` since the last record,
            and `filter_drift` since the last and the first one, as mean and maximum over filters.
            NaN where a figure does not apply.
        likeness: How alike layers are to each other.
    """

    layers: tuple[str, ...]
    figures: Mapping[str, Floats]
    likeness: LayerLikeness = field(default_factory=LayerLikeness)


def tabulated(
    layers: LayerTable,
    sources: Iterable[tuple[str, Mapping[str, float]]],
    likeness: LayerLikeness,
) -> Statistics:
    """Merges figures into one table.

    Args:
        layers: The layers of the model.
        sources: Layer paths and figures by name; of figures given twice the first counts.
        likeness: How alike layers are to each other.
    """
    rows: dict[str, dict[str, float]] = {}
    for path, figures in sources:
        rows[path] = dict(figures) | rows.get(path, {})
    known = [layer.path for layer in layers.layers if layer.path in rows]
    paths = (*known, *(path for path in rows if path not in set(known)))
    figures = {name: _column([rows[path] for path in paths], name) for name in COLUMNS}
    return Statistics(paths, figures, likeness)


def _column(rows: Sequence[Mapping[str, float]], name: str) -> Floats:
    return np.array([row.get(name, np.nan) for row in rows], np.float32)

"""The layer that class activation maps use when none is named."""

from collections.abc import Mapping, Sequence

from tb_explain.probe.layer_table import LayerInfo
from tb_explain.probe.walk import Layer, is_attention

_MOVES_ONLY = ("Pool", "Dropout", "Padding", "Cropping", "UpSampling", "Random", "Noise")
_MOVES_ONLY_TYPES = frozenset(
    (
        "Rescaling",
        "Normalization",
        "Resizing",
        "CenterCrop",
        "Reshape",
        "Permute",
        "Transpose",
        "Flatten",
        "Identity",
        "GetItem",
        "Pad",
        "Cast",
    )
)


def choose_target(
    rows: Sequence[LayerInfo],
    layers: Mapping[str, Layer],
    *,
    ended: Sequence[str],
    dense: bool,
    volume: bool,
) -> tuple[str | None, str]:
    """Returns the path of the layer and why it was chosen, or `None` and why there is none.

    A transformer that reads a class token off its last block gives the layer before the last
    attention, since behind it a single token has a gradient. A model that predicts for each
    place gives its coarsest layer, any other model its last layer with rows and columns.

    Args:
        rows: The layers.
        layers: The layer objects by path.
        ended: Paths in the order in which their first calls ended.
        dense: Whether the model predicts for each place of a grid.
        volume: Whether the explained input has three axes of space.
    """
    if volume:
        return None, "its input is a volume, and only pictures are explained"
    by_path = {row.path: row for row in rows}
    leaves = [by_path[path] for path in ended if not by_path[path].container]
    spatial = [row for row in leaves if _is_spatial(row)]
    tokens = _before_attention(leaves, layers, spatial)
    if tokens is not None:
        return tokens.path, _with_warning("the last tokens before the last attention", tokens)
    useful = [row for row in spatial if not _only_moves(row, layers)]
    if dense and useful:
        coarsest = min(_places(row) for row in useful)
        row = [row for row in useful if _places(row) == coarsest][-1]
        return row.path, _with_warning("the last layer of the coarsest grid", row)
    if useful:
        return useful[-1].path, _with_warning("the last layer with rows and columns", useful[-1])
    sequences = [row for row in leaves if _is_sequence(row) and not _only_moves(row, layers)]
    if sequences:
        return sequences[-1].path, "the last layer that keeps a sequence"
    return None, "no layer keeps rows and columns"


def _before_attention(
    leaves: Sequence[LayerInfo], layers: Mapping[str, Layer], spatial: Sequence[LayerInfo]
) -> LayerInfo | None:
    attentions = [i for i, row in enumerate(leaves) if is_attention(layers[row.path])]
    if not attentions:
        return None
    last = attentions[-1]
    if spatial and leaves.index(spatial[-1]) > last:
        return None
    inside = leaves[last].path + "/"
    for row in reversed(leaves[:last]):
        if row.layout in ("tokens", "sequence") and not row.path.startswith(inside):
            return row
    return None


def _is_spatial(row: LayerInfo) -> bool:
    return row.layout in ("grid", "grid_channels_first") and (
        row.grid is not None and min(row.grid[:2]) > 1
    )


def _is_sequence(row: LayerInfo) -> bool:
    return row.layout in ("sequence", "tokens") and row.grid is not None and row.grid[1] > 1


def _only_moves(row: LayerInfo, layers: Mapping[str, Layer]) -> bool:
    module = type(layers[row.path]).__module__
    return (
        row.type in _MOVES_ONLY_TYPES
        or any(part in row.type for part in _MOVES_ONLY)
        or (module.startswith("keras.") and "preprocessing" in module)
    )


def _places(row: LayerInfo) -> int:
    return row.grid[0] * row.grid[1] if row.grid is not None else 0


def _with_warning(reason: str, row: LayerInfo) -> str:
    if row.grid is None or min(row.grid[:2]) >= 3:
        return reason
    return f"{reason}; its grid of {row.grid[0]} x {row.grid[1]} places is coarse"

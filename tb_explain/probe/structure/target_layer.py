"""The layer that class activation maps use when none is named."""

from collections.abc import Mapping, Sequence

from tb_explain.probe.structure.layer_table import LayerInfo, called
from tb_explain.probe.structure.walk import Layer, is_attention

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
) -> tuple[str | None, str]:
    """Returns the path of the layer and why it was chosen, or `None` and why there is none.

    A transformer that reads a class token off its last block gives the layer before the last
    attention, since behind it a single token has a gradient. A model that predicts for each
    place gives its coarsest layer, any other model its last layer with rows and columns.

    Args:
        rows: The layers.
        layers: The layer objects by path.
        ended: Paths to choose from, in the order in which their first calls ended.
        dense: Whether the model predicts for each place of a grid.
    """
    by_path = {row.path: row for row in rows}
    leaves = [by_path[path] for path in ended if not by_path[path].container]
    spatial = [row for row in leaves if _is_spatial(row)]
    tokens = _before_attention([by_path[path] for path in ended], layers)
    if tokens is not None:
        return tokens.path, _with_warning("the last tokens before the last attention", tokens)
    useful = [row for row in spatial if not _only_moves(row, layers)]
    if dense and useful:
        coarsest = min(_places(row) for row in useful)
        row = [row for row in useful if _places(row) == coarsest][-1]
        return row.path, _with_warning("the last layer of the coarsest grid", row)
    patches = _patches_behind(leaves, layers, useful)
    if patches is not None:
        return patches.path, _with_warning("the last tokens of patches", patches)
    if useful:
        return useful[-1].path, _with_warning("the last layer with rows and columns", useful[-1])
    sequences = [row for row in leaves if _is_sequence(row) and not _only_moves(row, layers)]
    if sequences:
        return sequences[-1].path, _called("the last layer that keeps a sequence", sequences[-1])
    return None, "no layer keeps rows and columns"


def _before_attention(ended: Sequence[LayerInfo], layers: Mapping[str, Layer]) -> LayerInfo | None:
    attentions = [index for index, row in enumerate(ended) if _attends(row, layers[row.path])]
    if not attentions:
        return None
    last = attentions[-1]
    if any(_is_spatial(row) and not row.container for row in ended[last + 1 :]):
        return None
    inside = ended[last].path + "/"
    before = [
        row
        for row in ended[:last]
        if not (row.container or row.path.startswith(inside) or _only_moves(row, layers))
    ]
    patches = [row for row in before if row.layout == "tokens"]
    sequences = [row for row in before if row.layout == "sequence"]
    # Patches first: queries of a decoder, which have no place, may come in between.
    return next(reversed(patches or sequences), None)


def _attends(row: LayerInfo, layer: Layer) -> bool:
    named = row.type.endswith("Attention") and row.layout in ("tokens", "sequence")
    return named or is_attention(layer)


def _patches_behind(
    leaves: Sequence[LayerInfo], layers: Mapping[str, Layer], useful: Sequence[LayerInfo]
) -> LayerInfo | None:
    """Returns the last tokens behind all rows and columns, if all of them are patches.

    Nothing says then how they are mixed, so that of a class token nothing may come back to them.
    """
    start = leaves.index(useful[-1]) if useful else 0
    tokens = [row for row in leaves[start:] if row.layout == "tokens"]
    if any(row.shape[0] != _places(row) or _is_recurrent(layers[row.path]) for row in tokens):
        return None
    return next((row for row in reversed(tokens) if not _only_moves(row, layers)), None)


def _is_recurrent(layer: Layer) -> bool:
    return any(kind.__name__ in ("RNN", "Bidirectional") for kind in type(layer).__mro__)


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
    reason = _called(reason, row)
    if row.grid is None or min(row.grid[:2]) >= 3:
        return reason
    return f"{reason}; its grid of {row.grid[0]} x {row.grid[1]} places is coarse"


def _called(reason: str, row: LayerInfo) -> str:
    several = called(row)
    return reason if several is None else f"{reason}, which is {several}"

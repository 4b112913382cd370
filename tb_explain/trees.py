"""Arrays, lists and dicts of arrays, as models with several inputs take them."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Tree = Any  # An array, or a list or dict of trees.


def as_numpy(tree: Tree) -> Tree:
    """Returns the same structure with every tensor as a NumPy array on the host."""
    if isinstance(tree, (list, tuple)) and not _holds_arrays(cast(Sequence[Any], tree)):
        return np.asarray(cast(Any, tree))
    return mapped(_host_array, tree)


def mapped(function: Callable[[Any], Any], tree: Tree) -> Tree:
    """Returns the structure with `function` applied to every leaf; tuples become lists."""
    if isinstance(tree, dict):
        entries = cast(dict[Any, Tree], tree)
        return {key: mapped(function, value) for key, value in entries.items()}
    if isinstance(tree, (list, tuple)):
        return [mapped(function, value) for value in cast(Sequence[Tree], tree)]
    return function(tree)


def leaves(tree: Tree) -> list[Array]:
    """Returns the arrays of a structure, dicts in the order of their keys."""
    found: list[Array] = []
    mapped(found.append, tree)
    return found


def selected(tree: Tree, indices: npt.NDArray[np.intp]) -> Tree:
    """Returns the structure with only the samples at `indices`."""
    return mapped(lambda leaf: leaf[indices], tree)


def concatenated(trees: Sequence[Tree]) -> Tree:
    """Returns one structure that holds the samples of all, in their order."""
    columns = zip(*(leaves(tree) for tree in trees), strict=True)
    joined = iter([np.concatenate(column) for column in columns])
    return mapped(lambda _: next(joined), trees[0])


def _host_array(leaf: Any) -> Array:
    if hasattr(leaf, "detach"):
        return np.asarray(leaf.detach().cpu())
    return np.asarray(leaf)


def _holds_arrays(values: Sequence[Any]) -> bool:
    return any(isinstance(value, (dict, list, tuple)) or np.ndim(value) > 0 for value in values)

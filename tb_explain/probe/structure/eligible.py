# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Which layers may stand for a whole model when no layer is named."""

from collections.abc import Mapping
from typing import Any

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.scores.head import find_head, only_moves
from tb_explain.probe.structure.layouts import tensors_in
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call


def behind_scores(survey: Survey, layers: Mapping[str, Layer]) -> frozenset[str]:
    """Returns the layers behind the scores, for which scores have no gradient.

    They turn scores into probabilities, or move these about.
    """
    heads = [find_head(survey, layers, output) for output in keras.tree.flatten(survey.output)]
    found = [head for head in heads if head is not None and head.function is not None]
    return frozenset(path for head in found for path in (head.path, *head.behind))


def makers_of_scores(survey: Survey, layers: Mapping[str, Layer]) -> frozenset[str]:
    """Returns the layers whose outputs are scores already, so that explaining them says little."""
    made = _made(survey)
    found: set[str] = set()
    for output in keras.tree.flatten(survey.output):
        head = find_head(survey, layers, output)
        if head is None:
            continue
        found.add(head.path)
        alone = not head.inside or type(layers[head.path]).__name__ == "Activation"
        if head.function is not None and alone:
            found |= _maker(head.path, survey, layers, made)
    return frozenset(found)


def of_other_inputs(survey: Survey, explained: int) -> frozenset[str]:
    """Returns the layers that see other inputs of the model and not the explained one.

    Args:
        survey: What one pass saw.
        explained: Position of the explained input.
    """
    seeing = explained_calls(survey, explained)
    return frozenset(call.path for call in survey.calls if call.path not in seeing)


def explained_calls(survey: Survey, explained: int) -> dict[str, int]:
    """Returns the first call of each layer that sees the explained input.

    Told by the identity of tensors. What a layer computes in code of its own cannot be followed,
    so calls that read such a tensor may see it, and count.

    Args:
        survey: What one pass saw.
        explained: Position of the explained input.
    """
    sources = {id(tensor): frozenset((index,)) for index, tensor in enumerate(survey.inputs)}
    found: dict[str, int] = {}
    for call in survey.calls:
        given = [sources.get(id(tensor)) for tensor in tensors_in(call)]
        known = [one for one in given if one is not None]
        if not known or len(known) < len(given):
            found.setdefault(call.path, call.index)
            continue
        read = frozenset().union(*known)
        for leaf in keras.tree.flatten(call.output):
            sources.setdefault(id(leaf), read)
        if explained in read:
            found.setdefault(call.path, call.index)
    return found


def _made(survey: Survey) -> dict[int, Call]:
    made: dict[int, Call] = {}
    for call in survey.calls:
        made.setdefault(id(call.output), call)
    return made


def _maker(
    path: str, survey: Survey, layers: Mapping[str, Layer], made: Mapping[int, Call]
) -> set[str]:
    """Returns the layer whose output goes into `path`, with what only moves it on the way."""
    found: set[str] = set()
    tensor: Tensor | Any = next(iter(_given(path, survey)), None)
    while tensor is not None and (call := made.get(id(tensor))) is not None:
        if call.path in found:
            break
        found.add(call.path)
        if not only_moves(layers[call.path]):
            break
        tensor = next(iter(tensors_in(call)), None)
    return found


def _given(path: str, survey: Survey) -> list[Tensor]:
    return next((tensors_in(call) for call in survey.calls if call.path == path), [])

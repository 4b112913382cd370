# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""Which layers read the same tensor, told by the identity of tensors in a survey."""

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.layouts import shape_of, tensors_in
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.tap import Call


def attends_to_itself(call: Call, survey: Survey) -> bool:
    """Whether an attention layer takes its queries, keys and values from one tensor.

    Tensors that layers of one input make of the same one, such as its normalisations, count as
    one. What cannot be traced back, such as what a layer computed in code of its own, counts as
    one too, if it has the same shape.
    """
    query, *values = [tensor for tensor in tensors_in(call) if len(tensor.shape) > 2][:2]
    if not values:
        return True
    if shape_of(query) != shape_of(values[0]):
        return False
    made: dict[int, Call] = {}
    for other in survey.calls:
        made.setdefault(id(other.output), other)
    first, second = (_origin(tensor, made) for tensor in (query, values[0]))
    known = set(made) | {id(tensor) for tensor in survey.inputs}
    return first is second or not {id(first), id(second)} <= known


def attention_upstream(survey: Survey) -> dict[str, frozenset[str] | None]:
    """Returns the attention layers whose output goes into each attention layer, by its path.

    `None` where that is not known, because it reads what a layer computed in code of its own.
    """
    attending = [path for path, seen in survey.attention.items() if isinstance(seen, tuple)]
    known: dict[int, frozenset[str] | None] = {id(x): frozenset() for x in survey.inputs}
    found: dict[str, frozenset[str] | None] = {}
    for call in survey.calls:
        given = [known.get(id(tensor)) for tensor in tensors_in(call)]
        certain = [paths for paths in given if paths is not None]
        read = frozenset[str]().union(*certain) if len(certain) == len(given) else None
        if call.path in attending:
            found.setdefault(call.path, read)
        inside = {path for path in attending if f"{path}/".startswith(f"{call.path}/")}
        for leaf in keras.tree.flatten(call.output):
            if known.get(id(leaf)) is None:
                known[id(leaf)] = None if read is None else read | inside
    return found


def _origin(tensor: Tensor, made: dict[int, Call]) -> Tensor:
    """Returns the tensor from which layers of one input made this one."""
    passed = {id(tensor)}
    while (call := made.get(id(tensor))) is not None:
        given = tensors_in(call)
        if len(given) != 1 or shape_of(given[0]) != shape_of(tensor) or id(given[0]) in passed:
            break
        tensor = given[0]
        passed.add(id(tensor))
    return tensor

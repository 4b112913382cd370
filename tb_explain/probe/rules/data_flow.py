# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""Proves which layers make a score out of the samples, and that nothing else does.

A rule for the way back replaces what it knows. What it does not see would go on with its plain
gradient, and nobody would be told; so each tensor between the samples and the score has to be
made by a layer or an operation of the graph, out of tensors for which the same holds. Tensors are
told apart by identity. Layers that hold others (models, blocks) are looked through.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, final

import keras
import numpy as np

from tb_explain.probe.needs import Tensor
from tb_explain.probe.rules.kinds import Kind, function_of, inner_function, kind_of, type_name
from tb_explain.probe.structure.survey import Survey
from tb_explain.probe.structure.walk import Layer, is_container
from tb_explain.probe.tap import Call

Use = tuple[str, int]  # Path of a layer, and which of its calls.

_FROM_ZERO = frozenset(("exponential", "hard_sigmoid", "relu", "relu6", "sigmoid", "softplus"))
_SAME_PLACE = frozenset(("Rescaling", "Normalization", "Add", "Subtract", "Multiply", "Divide"))


@final
@dataclass(frozen=True, eq=False)
class Step:
    """One computation between the samples and the score.

    A layer with an activation inside of it is two steps.

    Attributes:
        path: Path of the layer.
        layer: The layer.
        type: Class of Keras whose work it does.
        kind: What it computes.
        function: Name of its element-wise function, if it is one.
        inside: Whether it is the activation inside of the layer rather than the layer.
        raw: Whether it changes the samples before any weight does, place by place or by moving.
        before: Paths of the raw layers in front of it, or `None` if others are among them.
        norm: Batch normalisation that alone takes what it puts out, of the same channels.
        normed: Whether it is such a normalisation.
        unsigned: Whether nothing that it is given is below zero, such as behind a ReLU.
    """

    path: str
    layer: Layer
    type: str
    kind: Kind
    function: str | None = None
    inside: bool = False
    raw: bool = False
    before: tuple[str, ...] | None = None
    norm: Layer | None = None
    normed: bool = False
    unsigned: bool = False


@final
@dataclass(eq=False)
class DataFlow:
    """The calls of one pass, by what they were given and what they made.

    Attributes:
        layers: All layers by path.
        survey: What one pass saw.
        explained: Position of the explained input.
        aliases: Tensors that are others in another form, by identity.
    """

    layers: Mapping[str, Layer]
    survey: Survey
    explained: int
    aliases: Mapping[int, Tensor]
    _calls: list[Call] = field(default_factory=list[Call])
    _makers: dict[int, Call] = field(default_factory=dict[int, Call])
    _dynamic: dict[int, bool] = field(default_factory=dict[int, bool])
    _blind: set[Use] = field(default_factory=set[Use])
    _takers: dict[int, list[Call]] = field(default_factory=dict[int, list[Call]])

    def __post_init__(self) -> None:
        self._dynamic = {id(tensor): True for tensor in self.survey.inputs}
        constants = _constants(self.layers.values())
        for call in _leaf_calls(self.survey.calls, self.layers):
            given = self.given(call)
            known = [one for one in given if id(one) in self._dynamic or id(one) in constants]
            if len(known) < len(given):
                self._blind.add((call.path, call.index))
            moving = len(known) < len(given) or bool(self.moving(call))
            made = [one for one in _tensors(call.output) if id(one) not in self._dynamic]
            if not made:
                continue  # It returned what it was given.
            self._calls.append(call)
            for one in given:
                self._takers.setdefault(id(one), []).append(call)
            for one in made:
                self._makers[id(one)] = call
                self._dynamic[id(one)] = moving

    def given(self, call: Call) -> list[Tensor]:
        """Returns the tensors that a call was given, those of the layers' own weights left out."""
        own = (np.ndarray, keras.Variable)
        found = [one for one in _tensors(call.arguments) if not isinstance(one, own)]
        return [self.aliases.get(id(one), one) for one in found]

    def moving(self, call: Call) -> list[Tensor]:
        """Returns those that depend on the samples."""
        return [one for one in self.given(call) if self._dynamic.get(id(one), False)]

    def maker(self, tensor: Tensor) -> Call | None:
        """Returns the call that made a tensor, or `None` for one of the samples."""
        return self._makers.get(id(self.aliases.get(id(tensor), tensor)))

    def on_the_way(self, ends: Sequence[Tensor], *, received: str) -> list[Call]:
        """Returns the calls on the way to `ends`, in the order in which they ended.

        Raises:
            ValueError: If something on the way was made out of sight.
        """
        wanted: set[int] = set()
        waiting = [self.aliases.get(id(end), end) for end in ends]
        for end in waiting:
            if id(end) not in self._dynamic:
                raise _unseen("the score", received=received)
        while waiting:
            call = self.maker(waiting.pop())
            if call is None or id(call) in wanted:
                continue
            if (call.path, call.index) in self._blind:
                raise _unseen(f"layer {call.path!r}", received=received)
            wanted.add(id(call))
            waiting += self.moving(call)
        return [call for call in self._calls if id(call) in wanted]

    def takers(self, tensor: Tensor) -> list[Call]:
        """Returns the calls that were given a tensor."""
        return self._takers.get(id(tensor), [])


def find_steps(
    flow: DataFlow, ends: Sequence[Tensor], *, heads: Collection[Use], received: str
) -> tuple[Step, ...]:
    """Returns the computations between the samples and `ends`, in the order of execution.

    Args:
        flow: The calls of one pass.
        ends: The tensors that are explained.
        heads: Calls that turn scores into probabilities, which are no step.
        received: The explainer, for errors.

    Raises:
        ValueError: If something on the way was made out of sight.
    """
    calls = flow.on_the_way(ends, received=received)
    by_path: dict[str, list[Call]] = {}
    for call in calls:
        by_path.setdefault(call.path, []).append(call)
    raw = _raw_ways(flow, calls)
    norms = _norms(flow, calls, ends)
    unsigned = _unsigned(flow, calls)
    normalising = set(norms.values())
    steps: list[Step] = []
    for path, uses in by_path.items():
        layer = flow.layers[path]
        dynamic = max(len(flow.moving(call)) for call in uses)
        head = any((path, call.index) in heads for call in uses)
        inner = inner_function(layer)
        kind = kind_of(layer, dynamic=dynamic)
        if head and kind not in ("linear", "move"):
            continue
        ways = {raw.get((path, call.index)) for call in uses}
        before = ways.pop() if len(ways) == 1 else None
        steps.append(
            Step(
                path,
                layer,
                type_name(layer),
                kind,
                function=function_of(layer) if kind == "elementwise" else None,
                raw=before is not None and _keeps_raw(layer, kind, dynamic),
                before=before,
                norm=flow.layers[norms[path]] if path in norms else None,
                normed=path in normalising,
                unsigned=all((path, call.index) in unsigned for call in uses),
            )
        )
        if inner is not None and not head:
            known = "elementwise" if inner != "other" else "other"
            steps.append(Step(path, layer, type_name(layer), known, function=inner, inside=True))
    return tuple(steps)


def _raw_ways(flow: DataFlow, calls: Sequence[Call]) -> dict[Use, tuple[str, ...]]:
    """Returns the raw layers between the explained input and each call that nothing else feeds."""
    ways: dict[Use, tuple[str, ...]] = {}
    for call in calls:
        given = flow.moving(call)
        if len(given) != 1:
            continue
        maker = flow.maker(given[0])
        if maker is None:
            if given[0] is flow.survey.inputs[flow.explained]:
                ways[call.path, call.index] = ()
            continue
        use = (maker.path, maker.index)
        layer = flow.layers[maker.path]
        if use in ways and _keeps_raw(layer, kind_of(layer, dynamic=1), 1):
            ways[call.path, call.index] = (*ways[use], maker.path)
    return ways


def _unsigned(flow: DataFlow, calls: Sequence[Call]) -> set[Use]:
    """Returns the calls that are given nothing below zero."""
    found: set[Use] = set()
    made: set[int] = set()
    for call in calls:
        layer, given = flow.layers[call.path], flow.given(call)
        kind, inner = kind_of(layer, dynamic=len(given)), inner_function(layer)
        if all(id(one) in made for one in given):
            found.add((call.path, call.index))
        if kind == "elementwise":
            inner = function_of(layer)
        moves = (kind == "move" and type_name(layer) != "Pad") or kind == "largest"
        keeps = inner is None and (moves or "Pooling" in type_name(layer))
        if inner in _FROM_ZERO or (keeps and (call.path, call.index) in found):
            made |= {id(one) for one in _tensors(call.output)}
    return found


def _keeps_raw(layer: Layer, kind: Kind, dynamic: int) -> bool:
    moves = kind == "move" and inner_function(layer) is None
    return dynamic == 1 and (moves or (kind == "affine" and type_name(layer) in _SAME_PLACE))


def _norms(flow: DataFlow, calls: Sequence[Call], ends: Sequence[Tensor]) -> dict[str, str]:
    """Returns the batch normalisation of each linear layer that one alone follows, by path."""
    found: dict[str, str] = {}
    ended = {id(end) for end in ends}
    once = {call.path for call in calls if call.index == 0} - {
        call.path for call in calls if call.index > 0
    }
    for call in calls:
        layer = flow.layers[call.path]
        if kind_of(layer, dynamic=1) != "linear" or type_name(layer) == "EinsumDense":
            continue
        takers = flow.takers(call.output)
        if inner_function(layer) is not None or len(takers) != 1 or id(call.output) in ended:
            continue
        taker = takers[0]
        norm = flow.layers[taker.path]
        both_once = {call.path, taker.path} <= once
        if both_once and type_name(norm) == "BatchNormalization" and taker in calls:
            axis = norm.axis % len(call.output.shape)
            first = getattr(layer, "data_format", None) == "channels_first"
            if axis == (1 if first else len(call.output.shape) - 1):
                found[call.path] = taker.path
    return found


def _leaf_calls(calls: Sequence[Call], layers: Mapping[str, Layer]) -> list[Call]:
    """Returns the calls of layers that hold no others, those inside of such calls left out."""
    kept: list[Call] = []
    for call in calls:  # In the order in which they ended: inner calls first.
        if is_container(layers[call.path]):
            continue
        while kept and kept[-1].start > call.start:
            kept.pop()
        kept.append(call)
    return kept


def _constants(layers: Collection[Layer]) -> set[int]:
    """Returns the identities of the tensors that stand in graphs themselves."""
    found: set[int] = set()
    for layer in layers:
        for node in getattr(layer, "_inbound_nodes", ()):
            given = (node.arguments.args, node.arguments.kwargs)
            found |= {id(one) for one in _tensors(given)}
    return found


def _tensors(nested: Any) -> list[Tensor]:
    return [leaf for leaf in keras.tree.flatten(nested) if hasattr(leaf, "shape")]


def _unseen(where: str, *, received: str) -> ValueError:
    return ValueError(
        f"A rule for the way back must know every computation between samples and score, and "
        f"{where} is made of a tensor that no layer put out: code in the `call` of a model or "
        "layer computes it. Make that code a layer, such as keras.layers.ReLU() or "
        "keras.layers.Add(), or use an explainer without rules, such as InputXGradient or "
        f"IntegratedGradients. Received: {received}"
    )

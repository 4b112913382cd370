# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""One pass of the first sample with every layer watched: what is called, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, final

import keras

from tb_explain.probe.attention import AttentionShape, survey_attention
from tb_explain.probe.backends.seam import Backend
from tb_explain.probe.inputs import Inputs
from tb_explain.probe.needs import Tensor
from tb_explain.probe.run_model import call_model
from tb_explain.probe.structure.walk import Layer, is_attention
from tb_explain.probe.tap import Call, Tap

HEADS = {"softmax": "softmax", "log_softmax": "log_softmax", "sigmoid": "sigmoid"}


@final
@dataclass(frozen=True, eq=False)
class Activated:
    """One use of a layer's softmax, log-softmax or sigmoid."""

    path: str
    index: int
    function: str
    output: Tensor


@final
@dataclass(eq=False)
class Survey:
    """What one pass of `copies` times the first sample did.

    The tensors are kept to tell by identity which call made which; on JAX they have no values.

    Attributes:
        copies: Number of samples in the pass.
        calls: All calls in the order in which they ended.
        activated: Uses of functions that turn scores into probabilities.
        attention: Heads, queries and keys of each attention layer by path, or in one clause why
            its attention cannot be seen.
        inputs: The tensors given to the model.
        output: What the model returned.
    """

    copies: int
    calls: list[Call] = field(default_factory=list[Call])
    activated: list[Activated] = field(default_factory=list[Activated])
    attention: dict[str, AttentionShape | str] = field(
        default_factory=dict[str, AttentionShape | str]
    )
    inputs: tuple[Tensor, ...] = ()
    output: Any = None

    def note(self, call: Call) -> Any:
        """Notes a call and leaves what it returned."""
        self.calls.append(call)
        return call.output

    def watch_activation(self, tap: Tap, path: str, layer: Layer) -> None:
        """Notes each use of the activation function of `layer` if it makes probabilities."""
        function = head_function(getattr(layer, "activation", None))
        if function is None:
            return
        original, counted = layer.activation, [0]

        def activation(scores: Tensor, *rest: Any, **named: Any) -> Tensor:
            output = original(scores, *rest, **named)
            self.activated.append(Activated(path, counted[0], function, output))
            counted[0] += 1
            return output

        tap.replace(layer, "activation", activation)


def head_function(activation: Any) -> str | None:
    """Returns `"softmax"`, `"log_softmax"` or `"sigmoid"`, or `None` for anything else."""
    if activation is None:
        return None
    if isinstance(activation, keras.layers.Softmax):
        return "softmax"
    return HEADS.get(getattr(activation, "__name__", ""))


def survey_model(
    model: Layer, layers: Mapping[str, Layer], *, inputs: Inputs, backend: Backend, copies: int
) -> Survey:
    """Runs the model once and returns what happened.

    Raises:
        ValueError: If the model cannot take the samples.
    """
    survey = Survey(copies)

    def observe(leaves: tuple[Tensor, ...]) -> None:
        survey.inputs = leaves
        with Tap(model, layers, tapped=layers, watcher=survey.note) as tap:
            for path, layer in layers.items():
                survey.watch_activation(tap, path, layer)
                if is_attention(layer):
                    survey_attention(tap, path, layer, samples=copies, found=survey.attention)
            survey.output = call_model(model, inputs.pack(leaves))

    backend.observe(observe, inputs.first(copies=copies))
    return survey

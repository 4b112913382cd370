# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false
# pyright: reportAttributeAccessIssue=false
"""The pass on TensorFlow: a gradient tape inside one `tf.function`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, final

import keras
import tensorflow as tf

from tb_explain.probe.backends.seam import Forwarded, Gradients, Pass, Program, Results
from tb_explain.probe.needs import Tensor
from tb_explain.probe.tap import Call


@final
class TensorFlowBackend:
    """Traces and runs passes with TensorFlow."""

    def observe(
        self, function: Callable[[tuple[Tensor, ...]], None], leaves: Sequence[Any]
    ) -> None:
        with keras.StatelessScope():
            function(tuple(tf.convert_to_tensor(leaf) for leaf in leaves))

    def compile(self, program: Program) -> Pass:
        # Keras traces training without autograph too. XLA is left off: compiling for explanation
        # costs more than it saves, on a CPU by far.
        # A partial function, since TensorFlow warns of several traces of one piece of code.
        traced = tf.function(partial(_run, program), autograph=False, jit_compile=False)
        return lambda leaves, aside: traced(tuple(leaves), dict(aside))


def _run(program: Program, leaves: tuple[Tensor, ...], aside: Mapping[str, Tensor]) -> Results:
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        if program.input_gradient:
            tape.watch(leaves[program.explained])

        def edit(call: Call) -> Tensor:
            tape.watch(call.output)
            return call.output

        with keras.StatelessScope():
            forwarded = program.forward(leaves, aside, edit)
    gradients = [_gradients(program, tape, leaves, forwarded, s) for s in forwarded.scores]
    return program.finish(leaves, aside, forwarded, gradients)


def _gradients(
    program: Program, tape: Any, leaves: tuple[Tensor, ...], forwarded: Forwarded, score: Tensor
) -> Gradients | None:
    sources = {path: forwarded.tapped[path] for path in program.gradient_layers}
    if not sources and not program.input_gradient:
        return None
    explained = [leaves[program.explained]] if program.input_gradient else []
    layers, inputs = tape.gradient(
        score, (sources, explained), unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return Gradients(layers, inputs[0] if inputs else None)

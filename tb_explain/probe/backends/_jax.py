# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false
"""The pass on JAX: one `jax.vjp` inside one `jax.jit`, with the weights as arguments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, final

import jax
import jax.numpy as jnp
import keras

from tb_explain.probe.backends.seam import Forwarded, Gradients, Pass, Program, Results
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call


@final
class JaxBackend:
    """Traces and runs passes with JAX."""

    def observe(
        self, function: Callable[[tuple[Tensor, ...]], None], leaves: Sequence[Any]
    ) -> None:
        def shapes_only(*tensors: Tensor) -> None:
            with keras.StatelessScope():
                function(tensors)

        jax.eval_shape(shapes_only, *(jnp.asarray(leaf) for leaf in leaves))

    def compile(self, program: Program) -> Pass:
        def run(
            leaves: tuple[Tensor, ...], aside: Mapping[str, Tensor], values: list[Tensor]
        ) -> Results:
            return _run(program, leaves, aside, values)

        traced = jax.jit(run)
        return lambda leaves, aside: traced(
            tuple(leaves), dict(aside), [v.value for v in _variables(program.model)]
        )


def _variables(model: Layer) -> list[Any]:
    return [*model.trainable_variables, *model.non_trainable_variables]


def _run(
    program: Program,
    leaves: tuple[Tensor, ...],
    aside: Mapping[str, Tensor],
    values: list[Tensor],
) -> Results:
    mapping = list(zip(_variables(program.model), values, strict=True))

    def forward(zeros: Mapping[str, Tensor], explained: Tensor) -> tuple[Any, Any]:
        given = tuple(explained if i == program.explained else x for i, x in enumerate(leaves))

        def edit(call: Call) -> Tensor:
            return call.output + zeros[call.path] if call.path in zeros else call.output

        with keras.StatelessScope(state_mapping=mapping):
            forwarded = program.forward(given, aside, edit)
        scores = tuple(forwarded.scores)
        return scores, (dict(forwarded.tapped), scores, forwarded.rest)

    explained = leaves[program.explained]
    if not program.gradient_layers and not program.input_gradient:
        tapped, scores, rest = forward({}, explained)[1]
        return program.finish(leaves, aside, Forwarded(tapped, scores, rest), [None] * len(scores))
    # The gradient for what a layer puts out is the gradient for zeros added to it.
    zeros = _zeros(program, forward, explained)
    if program.input_gradient:
        scores, pull, (tapped, _, rest) = jax.vjp(forward, zeros, explained, has_aux=True)
    else:
        scores, pull, (tapped, _, rest) = jax.vjp(
            lambda added: forward(added, explained), zeros, has_aux=True
        )
    gradients = [_pull(pull, scores, index) for index in range(len(scores))]
    return program.finish(leaves, aside, Forwarded(tapped, scores, rest), gradients)


def _zeros(program: Program, forward: Callable[..., Any], explained: Tensor) -> dict[str, Tensor]:
    if not program.gradient_layers:
        return {}
    tapped = jax.eval_shape(lambda x: forward({}, x)[1][0], explained)
    return {
        path: jnp.zeros(tapped[path].shape, tapped[path].dtype) for path in program.gradient_layers
    }


def _pull(pull: Callable[..., Any], scores: tuple[Tensor, ...], index: int) -> Gradients:
    ones = tuple(
        jnp.ones_like(s) if i == index else jnp.zeros_like(s) for i, s in enumerate(scores)
    )
    layers, *inputs = pull(ones)
    return Gradients(layers, inputs[0] if inputs else None)

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false
# pyright: reportPrivateImportUsage=false
"""The pass on PyTorch: run as it is, with `torch.autograd.grad`."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, final

import keras
import torch

from tb_explain.probe.backends.seam import Forwarded, Gradients, Pass, Program, Results
from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call


@final
class TorchBackend:
    """Runs passes with PyTorch."""

    def observe(
        self, function: Callable[[tuple[Tensor, ...]], None], leaves: Sequence[Any]
    ) -> None:
        with _random_state_kept(), torch.no_grad(), keras.StatelessScope():
            function(tuple(keras.ops.convert_to_tensor(leaf) for leaf in leaves))

    def compile(self, program: Program) -> Pass:
        return lambda leaves, aside: _run(program, leaves, aside)


@contextmanager
def _random_state_kept() -> Generator[None]:
    devices = [torch.cuda.current_device()] if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=devices):
        yield


def _run(program: Program, leaves: Sequence[Any], aside: Mapping[str, Any]) -> Results:
    tensors: list[Any] = [keras.ops.convert_to_tensor(leaf) for leaf in leaves]
    beside = {name: keras.ops.convert_to_tensor(array) for name, array in aside.items()}
    if program.input_gradient:
        tensors[program.explained] = tensors[program.explained].detach().requires_grad_(True)

    def edit(call: Call) -> Tensor:
        output = call.output
        return output if output.requires_grad else output.detach().requires_grad_(True)

    wanted = bool(program.gradient_layers) or program.input_gradient
    with _random_state_kept(), torch.set_grad_enabled(wanted), _scope(program.model):
        forwarded = program.forward(tensors, beside, edit)
    last = len(forwarded.scores) - 1
    gradients = [
        _gradients(program, tensors, forwarded, score, keep=index < last) if wanted else None
        for index, score in enumerate(forwarded.scores)
    ]
    with torch.no_grad():
        return program.finish(tensors, beside, forwarded, gradients)


def _scope(model: Layer) -> keras.StatelessScope:
    # Weights stand in detached: the backward graph then starts at the explained layers.
    return keras.StatelessScope([(v, v.value.detach()) for v in model.variables])


def _gradients(
    program: Program, tensors: Sequence[Tensor], forwarded: Forwarded, score: Tensor, *, keep: bool
) -> Gradients:
    sources = [forwarded.tapped[path] for path in program.gradient_layers]
    if program.input_gradient:
        sources.append(tensors[program.explained])
    found: Sequence[Any] = [None] * len(sources)
    if score.requires_grad:
        found = torch.autograd.grad(score.sum(), sources, retain_graph=keep, allow_unused=True)
    filled = [
        torch.zeros_like(source) if gradient is None else gradient
        for source, gradient in zip(sources, found, strict=True)
    ]
    layers = dict(zip(program.gradient_layers, filled, strict=False))
    return Gradients(layers, filled[-1] if program.input_gradient else None)

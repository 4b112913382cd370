# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""The one place where the three backends of Keras differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Call

Edit = Callable[[Call], Tensor]
Results = Any  # Nested tuples and dictionaries of tensors.


@final
@dataclass(frozen=True, eq=False)
class Forwarded:
    """What a forward pass leaves for the backward pass.

    Attributes:
        tapped: What the tapped layers put out, by path.
        scores: One tensor of shape `(samples,)` per target.
        rest: Anything that the formulas use later.
    """

    tapped: Mapping[str, Tensor]
    scores: Sequence[Tensor]
    rest: Any


@final
@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients of the scores of one target, of the shapes of what they are taken for."""

    layers: Mapping[str, Tensor]
    input: Tensor | None


class Program(Protocol):
    """What a pass computes, written once for all backends."""

    @property
    def model(self) -> Layer:
        """The model whose weights the pass reads."""
        ...

    @property
    def explained(self) -> int:
        """Position of the explained input."""
        ...

    @property
    def gradient_layers(self) -> tuple[str, ...]:
        """Paths of the layers for which gradients are taken."""
        ...

    @property
    def input_gradient(self) -> bool:
        """Whether the gradient for the explained input is taken."""
        ...

    def forward(
        self, leaves: Sequence[Tensor], aside: Mapping[str, Tensor], edit: Edit
    ) -> Forwarded:
        """Runs the model; `edit` sees what each layer in `gradient_layers` puts out."""
        ...

    def finish(
        self,
        leaves: Sequence[Tensor],
        aside: Mapping[str, Tensor],
        forwarded: Forwarded,
        gradients: Sequence[Gradients | None],
    ) -> Results:
        """Computes the results of a pass from its tensors, one entry of gradients per target."""
        ...


Pass = Callable[[Sequence[Any], Mapping[str, Any]], Results]


class Backend(Protocol):
    """What the probe asks of a backend."""

    def observe(
        self, function: Callable[[tuple[Tensor, ...]], None], leaves: Sequence[Any]
    ) -> None:
        """Runs `function` on tensors made of `leaves`, uncompiled, without writing to variables."""
        ...

    def compile(self, program: Program) -> Pass:
        """Returns `program` as one function of arrays, traced at its first call."""
        ...


def active_backend() -> Backend:
    """Returns the backend that Keras runs on.

    Raises:
        ValueError: If it is neither TensorFlow, JAX nor PyTorch.
    """
    name = keras.backend.backend()
    if name == "tensorflow":
        from tb_explain.probe.backends._tensorflow import TensorFlowBackend

        return TensorFlowBackend()
    if name == "jax":
        from tb_explain.probe.backends._jax import JaxBackend

        return JaxBackend()
    if name == "torch":
        from tb_explain.probe.backends._torch import TorchBackend

        return TorchBackend()
    raise ValueError(
        "Explaining needs gradients; run Keras on the backend 'tensorflow', 'jax' or 'torch'. "
        f"Received: backend {name!r}"
    )

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
"""The compiled passes that queries run, each traced once per run of a probe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, final

from typing_extensions import override

from tb_explain.probe.backends.seam import Backend, Pass
from tb_explain.probe.inputs import Array, Inputs
from tb_explain.probe.needs import Needs, Seen, Tensor
from tb_explain.probe.program import ExplainProgram, Part
from tb_explain.probe.scores.score import Scorer
from tb_explain.probe.structure.layer_table import LayerTable


@final
@dataclass(frozen=True)
class InputGradient(Part):
    """The gradient of the score for the input, as a part of a pass."""

    @override
    def needs(self, layers: LayerTable) -> Needs:
        """Asks for the gradient."""
        return Needs(input_gradient=True)

    @override
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        """Returns it as it is."""
        return {"map": seen.input_gradient}


@final
@dataclass(frozen=True)
class LayerOutput(Part):
    """What a layer puts out, as a part of a pass."""

    layer: str

    @override
    def needs(self, layers: LayerTable) -> Needs:
        """Asks for its activation."""
        return Needs(activations=(self.layer,))

    @override
    def maps(self, seen: Seen, ops: Any) -> Mapping[str, Tensor]:
        """Returns it as it is."""
        return {"map": seen.activation(self.layer)}


@final
@dataclass(eq=False)
class Questions:
    """What can be asked of a model, and the passes that were compiled for it.

    Attributes:
        program: A pass without formulas, with the scorers of all targets.
        backend: Compiles passes.
        aside: Indices of the samples that the scorers read.
        rows: Most samples that one pass takes.
    """

    program: ExplainProgram
    backend: Backend
    aside: Mapping[str, Array]
    rows: int
    _compiled: dict[tuple[Part | None, bool], tuple[ExplainProgram, Pass]] = field(
        default_factory=dict[tuple[Part | None, bool], tuple[ExplainProgram, Pass]]
    )

    @property
    def inputs(self) -> Inputs:
        """The samples."""
        return self.program.inputs

    @property
    def table(self) -> LayerTable:
        """The layers of the model."""
        return self.program.table

    @property
    def scorers(self) -> Sequence[Scorer]:
        """One per target, as they were resolved."""
        return self.program.scorers

    def compiled(
        self,
        scorers: Sequence[Scorer],
        part: Part | None,
        *,
        keeps_places: bool = False,
        predicts: bool = True,
    ) -> tuple[ExplainProgram, Pass]:
        """Returns a pass, compiled when it is first asked for.

        Args:
            scorers: One per target; of the same form in all calls.
            part: Formula to run, or `None` for the scores alone.
            keeps_places: Whether the results say which places each score is a mean of.
            predicts: Whether the results summarise what the model predicts. Without that, and
                where the scores need it neither, what lies behind the layers is left out.
        """
        key = (part, keeps_places)
        if key not in self._compiled:
            program = replace(
                self.program,
                outputs=self.program.outputs if predicts else (),
                scorers=scorers,
                parts=[] if part is None else [(part, part.needs(self.table))],
                keeps_places=keeps_places,
                traces=0,
                failures={},
            )
            self._compiled[key] = (program, self.backend.compile(program))
        return self._compiled[key]

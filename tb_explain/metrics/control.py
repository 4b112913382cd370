"""Control: how alike a map is to that of the untrained model."""

from dataclasses import dataclass
from typing import ClassVar, Literal, final

from typing_extensions import override

from tb_explain.metrics.base import Better, ChangeMetric, Measured, Range
from tb_explain.metrics.maps import Maps, rank_correlations


@final
@dataclass(frozen=True)
class Control(ChangeMetric):
    """How alike a map is to that of the untrained model: their rank correlation.

    A method that explains the model shows something else once the model has learned. Where maps
    stay alike it shows the picture, not the model. Step 0 of a training from scratch makes the
    model-randomisation test free. It is not defined at step 0, in a process that did not record
    step 0, where the target is another one, for constant maps, and in a run that started with
    trained weights, since what such a model knows shows at step 0 already.

    References:
        Adebayo et al., 2018, https://arxiv.org/abs/1810.03292
    """

    name: ClassVar[str] = "control"
    title: ClassVar[str] = "Likeness to untrained"
    better: ClassVar[Better | None] = "lower"
    range: ClassVar[Range] = (-1, 1)
    about: ClassVar[str] = "Rank correlation with the map at step 0: near 1 it ignores the model."
    cost: ClassVar[str] = "No pass of the model; maps are compared with those of step 0."
    paper: ClassVar[str] = "https://arxiv.org/abs/1810.03292"
    against: ClassVar[Literal["previous", "first"]] = "first"

    @override
    def measure(self, maps: Maps, earlier: Maps) -> Measured:
        return rank_correlations(maps, earlier)

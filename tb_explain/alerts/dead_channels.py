"""Channels that died."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import ClassVar, final

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed
from tb_explain.alerts.rule import Rule, Sign, Watch, Words
from tb_explain.alerts.words import listed, percent


@final
@dataclass(frozen=True)
class DeadChannels(Rule):
    """A layer behind a ReLU has channels that are zero on all samples, and more than at first.

    Such channels let no gradient through, so that they don't come back by themselves. A learning
    rate that is too high is the common cause.

    Args:
        share: Share of the channels of a layer from which on it is said, 0 to 1.
        least_values: Values per channel, over samples and places, below which a layer that is
            not dead as a whole says nothing: few values are zero by chance.
        on_after: Records in a row that must show it before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str] = "dead_channels"
    severity: ClassVar[Severity] = "warning"
    metric: ClassVar[str | None] = None
    apart: ClassVar[int] = 3

    share: float = 0.25
    least_values: int = 1000

    def watch(self) -> Watch:
        first: dict[str, float] = {}
        return partial(self._signs, first)

    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        samples = f"the {len(observed.samples)} samples"
        if len(signs) > 1:
            layers = [f"{sign.layer} {_dead_share(sign)}" for sign in signs]
            return Words(
                f"{len(signs)} layers have dead channels.",
                f"Never active on {samples}: {listed(layers)}.",
            )
        (sign,) = signs
        dead, channels, before = (
            int(sign.figures[name]) for name in ("dead", "channels", "at_first")
        )
        stops = " No gradient passes it any more." if dead == channels else ""
        return Words(
            f"{_dead_share(sign)} of {sign.layer} is dead.",
            f"{dead} of {channels} channels are never active on {samples} "
            f"({before} at the first record).{stops}",
        )

    def _signs(self, first: dict[str, float], observed: Observed) -> Iterable[Sign]:
        if observed.not_finite:
            return  # A ReLU may turn NaN into 0.
        for path, dead in observed.figures("dead").items():
            before = first.setdefault(path, dead)
            channels, values = _sizes(observed, path)
            enough = values >= self.least_values or dead == channels
            yield Sign(
                path,
                enough and dead >= self.share * channels and dead > before,
                layer=path,
                figures={"dead": dead, "channels": channels, "at_first": before},
            )


def _sizes(observed: Observed, path: str) -> tuple[int, int]:
    """Returns the channels of a layer, and how many values each has."""
    layer = observed.layer_of[path]
    places = (layer.grid or layer.shape)[:-1]
    return observed.channels(path), prod(places) * len(observed.samples)


def _dead_share(sign: Sign) -> str:
    return percent(sign.figures["dead"] / sign.figures["channels"])

"""What a rule says about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal, final

Severity = Literal["error", "warning", "info"]
State = Literal["on", "off"]


@final
@dataclass(frozen=True)
class Finding:
    """A change: something that deserves a look began, or is over.

    Attributes:
        id: What both changes share; it stays the same while the finding stands.
        rule: Name of the rule, such as `"dead_channels"`.
        severity: `"error"` where results can no longer be trusted, `"warning"` where a look is
            due, `"info"` for facts to know.
        state: `"on"` when it begins, `"off"` when it is over.
        step: Step of the record that showed it.
        since: Step of the first of the records in a row that made it so.
        title: What is wrong, one sentence.
        text: What else there is to know: figures, and what may be the cause.
        layer: Path of the layer, or `None`.
        tag: Tag of the maps that show it, or `None`.
        sample: Index of the sample, or `None`.
        class_index: Index of the class, or `None`.
        figures: What the sentences say, as numbers by name.
        metric: Figure of `tag` whose curve shows it, or `None`.
    """

    id: str
    rule: str
    severity: Severity
    state: State
    step: int
    since: int
    title: str
    text: str
    layer: str | None = None
    tag: str | None = None
    sample: int | None = None
    class_index: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    metric: str | None = None

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of a record; defined in `record.schema.json`."""
        shown = self.metric is not None and self.tag is not None
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity,
            "state": self.state,
            "since": self.since,
            "title": self.title,
            "text": self.text,
            "layer": self.layer,
            "tag": self.tag,
            "sample": self.sample,
            "class": self.class_index,
            "figures": {name: value for name, value in self.figures.items() if isfinite(value)},
            "curve": {"metric": self.metric, "tag": self.tag} if shown else None,
        }

    def __str__(self) -> str:
        return f"{self.title} {self.text}".strip()

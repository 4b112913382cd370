"""The contract of a rule.

A new rule is one file here that holds what it looks for, its thresholds and its words; then its
export in `tb_explain/alerts/__init__.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, final

from tb_explain.alerts.finding import Severity
from tb_explain.alerts.observed import Observed


@final
@dataclass(frozen=True)
class Sign:
    """What a rule sees of one possible cause at one record.

    Attributes:
        cause: Name of the cause, the same at every record: a layer, a sample, a tag.
        is_wrong: Whether this record speaks for it.
        layer: Path of the layer, or `None`.
        tag: Tag of the maps that show it, or `None`.
        sample: Index of the sample, or `None`.
        class_index: Index of the class, or `None`.
        figures: What there is to say about it, as numbers by name.
    """

    cause: str
    is_wrong: bool
    layer: str | None = None
    tag: str | None = None
    sample: int | None = None
    class_index: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


Watch = Callable[[Observed], Iterable[Sign]]
"""Sees one record after the other, and may remember them."""


@final
@dataclass(frozen=True)
class Words:
    """What is said of causes.

    Attributes:
        title: What is wrong, one sentence.
        text: Figures, and what may be the cause.
    """

    title: str
    text: str


@dataclass(frozen=True)
class Rule(ABC):
    """Something to look for at each record. Subclasses are final and hold only their thresholds.

    Args:
        on_after: Records in a row that must show a cause before it is said.
        off_after: Records in a row without it after which it is over.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity]
    metric: ClassVar[str | None]
    """Figure of maps that the rule reads; its curve shows the finding."""
    apart: ClassVar[int]
    """So many causes that begin at one record are said one by one; more are summed up."""

    on_after: int = field(default=3, kw_only=True)
    off_after: int = field(default=3, kw_only=True)

    @abstractmethod
    def watch(self) -> Watch:
        """Returns what looks at the records of one run.

        It gives a sign for each cause that a record says something about, and none where it says
        nothing: such a record counts neither way.
        """

    @abstractmethod
    def words(self, signs: Sequence[Sign], observed: Observed) -> Words:
        """Returns what to say of the causes that begin at a record, one or several."""

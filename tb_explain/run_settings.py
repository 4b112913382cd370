"""Where a run is recorded, and what: checked before a training starts."""

import errno
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal, cast, get_args

from tb_explain.alerts import DEFAULTS, Finding, Rule
from tb_explain.explainers import Explainer
from tb_explain.metrics import Metric
from tb_explain.probe.memory_budget import MEMORY_BUDGET, check_memory_budget

Axis = Literal["epoch", "batch"]
Alert = Rule | Callable[[Finding], object]


@dataclass(frozen=True, eq=False)
class RunSettings:
    """Where a run is recorded, and what.

    Attributes:
        log_dir: The log directory.
        name: Directory below it.
        axis: What a step counts.
        explainers: What to record, or `None` for the default.
        targets: Explained outputs, or `None` for the default.
        memory_budget: Bytes that what all layers put out may take together.
        metrics: What to measure of the maps, or `None` for the default.
        alerts: Rules that look for findings, and callables that are told, or `None`.

    Raises:
        ValueError: If the directory or the axis makes no sense.
        TypeError: If a setting is of another type.
    """

    log_dir: str | Path
    name: str
    axis: Axis
    explainers: Sequence[Explainer] | None
    targets: Any
    memory_budget: int = MEMORY_BUDGET
    metrics: Sequence[Metric] | None = None
    alerts: Sequence[Alert] | None = None

    def __post_init__(self) -> None:
        _check_path(self.log_dir)
        if not _is_below(self.name):
            raise ValueError(
                "`name` is a directory below the log directory, such as 'explain'. "
                f"Received: name={self.name!r}"
            )
        if self.axis not in get_args(Axis):
            raise ValueError(f"`axis` is 'epoch' or 'batch'. Received: axis={self.axis!r}")
        check_memory_budget(self.memory_budget)
        object.__setattr__(self, "explainers", _explainers(self.explainers))
        object.__setattr__(self, "metrics", _metrics(self.metrics))
        object.__setattr__(self, "alerts", _alerts(self.alerts))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What looks for findings: the default where only callables were given."""
        given = self.alerts
        if given is None:
            return DEFAULTS
        rules = tuple(alert for alert in given if isinstance(alert, Rule))
        return DEFAULTS if given and not rules else rules

    @property
    def listeners(self) -> tuple[Callable[[Finding], object], ...]:
        """What is told of findings."""
        return tuple(alert for alert in self.alerts or () if not isinstance(alert, Rule))

    @property
    def directory(self) -> str:
        """Directory of the run."""
        return f"{str(self.log_dir).rstrip('/')}/{self.name}"

    def make_directory(self) -> None:
        """Makes the directory of the run; a disk without room is not the user's mistake.

        Raises:
            ValueError: If it cannot be made or written.
        """
        directory = self.directory
        if "://" in directory:
            return
        try:
            os.makedirs(directory, exist_ok=True)
            if not os.access(directory, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                return
            raise ValueError(
                "Records need a directory that can be written; give another `log_dir`. "
                f"Received: {directory!r} ({error.strerror})"
            ) from error


def _check_path(log_dir: object) -> None:
    if not isinstance(log_dir, str | Path) or not str(log_dir):
        raise TypeError(
            f"`log_dir` is a path, the one of TensorBoard. Received: log_dir={log_dir!r}"
        )


def _is_below(name: object) -> bool:
    if not isinstance(name, str) or not name.isprintable():
        return False
    parts = PurePath(name).parts
    return bool(parts) and not PurePath(name).is_absolute() and ".." not in parts


def _explainers(explainers: Any) -> tuple[Explainer, ...] | None:
    rule = "`explainers` is a list of explainers, such as [tbx.GradCAM(), tbx.Saliency()]."
    return _listed("explainers", explainers, rule, lambda each: isinstance(each, Explainer))


def _metrics(metrics: Any) -> tuple[Metric, ...] | None:
    rule = "`metrics` is a list of metrics, such as [tbx.metrics.Drift()]; [] measures nothing."
    found = _listed("metrics", metrics, rule, lambda each: isinstance(each, Metric))
    names = [type(metric).__name__ for metric in found or ()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"Each metric is given once, and {', '.join(twice)} more often. "
            f"Received: metrics={metrics!r}"
        )
    return found


def _alerts(alerts: Any) -> tuple[Alert, ...] | None:
    rule = "`alerts` is a list of rules and functions, such as [tbx.alerts.NotFinite(), print]."
    return _listed("alerts", alerts, rule, _is_alert)


def _listed(
    name: str, value: Any, rule: str, is_one: Callable[[object], bool]
) -> tuple[Any, ...] | None:
    """Returns the entries of a list, or `None` where nothing was asked for.

    Raises:
        TypeError: If it is no list, or one of its entries is no such thing; it says the rule.
    """
    if value is None:
        return None
    is_list = isinstance(value, Iterable) and not isinstance(value, str)
    given = tuple(cast(Iterable[object], value)) if is_list else ()
    if not is_list or not all(map(is_one, given)):
        raise TypeError(f"{rule} Received: {name}={value!r}")
    return given


def _is_alert(value: object) -> bool:
    return isinstance(value, Rule) or (callable(value) and not isinstance(value, type))

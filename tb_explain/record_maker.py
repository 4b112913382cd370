# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""Makes the records of a run, step by step."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, final

import keras
import numpy as np

import tb_explain
from tb_explain import records
from tb_explain.alerts import Finding, Observed
from tb_explain.alerts.run_watch import RunWatch
from tb_explain.execution.curves import curves_of
from tb_explain.execution.layer_curves import layer_curves
from tb_explain.execution.measuring import Measuring
from tb_explain.execution.memory import Memory
from tb_explain.execution.result import Result
from tb_explain.execution.shared_pass import Explained
from tb_explain.execution.tags import settings_of, tag_of
from tb_explain.explanation import Explanation
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.records import Blobs, Moment, Scalars
from tb_explain.run_settings import Axis
from tb_explain.samples.capture import Samples

Problem = tuple[int, str, str]
"""Step, tag and reason."""

Made = list[tuple[str, list[bytes]]]
Failures = list[tuple[str, str]]
Shown = dict[str, Explanation]
Logs = Mapping[str, float]

PASS: Final = "pass"
"""Stands for the tag of what concerns all explainers."""


@final
class RecordMaker:
    """Makes the records of one step after the other; needs no model.

    Args:
        layers: The layers of the model.
        samples: The monitored samples.
        axis: What a step counts.
        notes: Sentences about the run, for its first step.
        measuring: Measures the maps.
        memory: What is remembered of the run so far. It is updated.
        watch: What looks for findings.

    Attributes:
        problems: What failed; the other end may take from it at any time.
    """

    def __init__(
        self,
        layers: LayerTable,
        samples: Samples,
        *,
        axis: Axis,
        notes: tuple[str, ...],
        measuring: Measuring,
        memory: Memory,
        watch: RunWatch,
    ) -> None:
        self.problems: deque[Problem] = deque()
        self._layers = layers
        self._samples = samples
        self._axis: Axis = axis
        self._notes = notes
        self._measuring = measuring
        self._memory = memory
        self._watch = watch
        masks = samples.masks
        self._areas = None if masks is None else masks.mean(axis=(1, 2), dtype=np.float32)
        self._is_described = False
        self._curves: set[str] = set()

    def explained(
        self,
        moment: Moment,
        logs: Logs,
        finish: Callable[[], Explained],
        *,
        trainable: Mapping[str, bool],
    ) -> list[Blobs | Scalars]:
        """Returns the records of a step.

        Args:
            moment: The step.
            logs: Loss and metrics.
            finish: Finishes what the shared pass began.
            trainable: Whether a layer has weights that are trained at this step, by path.
        """
        made: Made = []
        failures: Failures = []
        notes: tuple[str, ...] = ()
        seconds: Mapping[str, float] = {}
        shown: Shown = {}
        findings: list[Finding] = []
        scalars: list[Scalars] = []
        try:
            explained = finish()
            notes, seconds = explained.notes, _seconds(explained)
            self._note_problems(explained, moment)
            made += [*self._described(moment), *_tables(explained, moment)]
            for result in explained.results:
                self._add(result, moment, made, failures=failures, shown=shown)
            scalars = self._scalars(moment, explained, shown)
            findings = self._found(moment, logs, explained, shown=shown, trainable=trainable)
        except Exception as error:  # noqa: BLE001 - the next step may be well
            failures.append((PASS, reason_of(error)))
        self.problems.extend((moment.step, tag, reason) for tag, reason in failures)
        ended = self._ended(
            moment,
            logs,
            made,
            failures=failures,
            notes=notes,
            seconds=seconds,
            findings=findings,
        )
        return [*scalars, *ended]

    def failed(self, moment: Moment, logs: Logs, error: Exception) -> Sequence[Blobs]:
        """Returns the record of a step that has no explanation, which says why."""
        return self._ended(moment, logs, [], failures=[(PASS, reason_of(error))])

    def _scalars(self, moment: Moment, explained: Explained, shown: Shown) -> list[Scalars]:
        """Returns the figures of a step, described where a curve begins."""
        if self._measuring.is_idle:
            return []
        values, about = curves_of(shown, explained.predictions, self._memory)
        of_layers, about_layers = layer_curves(explained.statistics, self._layers)
        values, about = {**values, **of_layers}, {**about, **about_layers}
        begins = not self._curves
        begun = {tag: sentence for tag, sentence in about.items() if tag not in self._curves}
        self._curves.update(begun)
        return [Scalars(moment.wall_time, values, begun, begins)] if values else []

    def _found(
        self,
        moment: Moment,
        logs: Logs,
        explained: Explained,
        *,
        shown: Shown,
        trainable: Mapping[str, bool],
    ) -> list[Finding]:
        if self._watch.is_idle:
            return []
        return self._watch.see(
            Observed(
                step=moment.step,
                batch=moment.batch,
                predictions=explained.predictions,
                statistics=explained.statistics,
                layers=self._layers,
                trainable=trainable,
                explanations=shown,
                samples=self._samples.names,
                labels=self._samples.labels,
                class_names=self._samples.class_names,
                logs=logs,
                titles={
                    tag_of(result.explainer, result.target): result.explainer.title
                    for result in explained.results
                },
                epoch=None if moment.epoch is None else (moment.fit, moment.epoch),
                object_areas=self._areas,
            )
        )

    def _described(self, moment: Moment) -> Made:
        if self._is_described:
            return []
        self._is_described = True
        return [
            ("structure", records.encode_structure(self._layers, moment)),
            ("samples", records.encode_samples(self._samples, moment)),
        ]

    def _add(
        self, result: Result, moment: Moment, made: Made, *, failures: Failures, shown: Shown
    ) -> None:
        """Adds a result, measured, and its record, or the reason why there is none."""
        tag = tag_of(result.explainer, result.target)
        if result.explanation is None:
            failures.append((tag, reason_of(result.error)))
            return
        try:
            if len(result.explanation.values):
                shown[tag] = self._measured(tag, result.explanation, moment)
                made.append((tag, _encoded(result, shown[tag], moment)))
        except ValueError as error:
            failures.append((tag, reason_of(error)))

    def _measured(self, tag: str, explanation: Explanation, moment: Moment) -> Explanation:
        measured, problems = self._measuring.measured(tag, explanation, moment.step)
        for metric, reason in problems:
            self.problems.append((moment.step, f"{metric} of {tag}", reason))
        return measured

    def _note_problems(self, explained: Explained, moment: Moment) -> None:
        for metric, tag, reason in explained.problems:
            self.problems.append((moment.step, f"{metric} of {tag}", reason))

    def _ended(
        self,
        moment: Moment,
        logs: Logs,
        made: Made,
        *,
        failures: Failures,
        notes: tuple[str, ...] = (),
        seconds: Mapping[str, float] | None = None,
        findings: Sequence[Finding] = (),
    ) -> list[Blobs]:
        about, self._notes = self._notes, ()
        progress = records.encode_progress(
            moment,
            axis=self._axis,
            logs=logs,
            seconds=seconds,
            failures=failures,
            notes=(*about, *notes),
            findings=[finding.entry for finding in findings],
            watch_begins=self._watch.begins,
            versions={
                "tb_explain": tb_explain.__version__,
                "keras": keras.__version__,
                "backend": keras.backend.backend(),
            },
        )
        return [(tag, moment.wall_time, blobs) for tag, blobs in [*made, ("progress", progress)]]


def reason_of(error: Exception | None) -> str:
    """Returns the kind of an error and what it says."""
    return f"{type(error).__name__}: {error}"


def _tables(explained: Explained, moment: Moment) -> Made:
    predictions, statistics = explained.predictions, explained.statistics
    likeness = statistics.likeness
    layers = {
        "layers": list(statistics.layers),
        "compared": list(likeness.layers),
        "samples": likeness.samples,
    }
    arrays = {**statistics.figures, "cka_layers": likeness.cka}
    return [
        (
            "prediction",
            records.encode_table("prediction", predictions.arrays, predictions.facts, moment),
        ),
        ("statistics", records.encode_table("statistics", arrays, layers, moment)),
    ]


def _encoded(result: Result, explanation: Explanation, moment: Moment) -> list[bytes]:
    return records.encode_maps(
        explanation,
        explainer=type(result.explainer).__name__,
        title=result.explainer.title,
        paper=result.explainer.paper,
        settings=settings_of(result.explainer),
        target=result.target,
        seconds=result.seconds,
        moment=moment,
    )


def _seconds(explained: Explained) -> dict[str, float]:
    """Returns what each explainer and each metric that asks the model took, by title."""
    seconds = dict(explained.measuring)
    for result in explained.results:
        title = result.explainer.title
        seconds[title] = seconds.get(title, 0.0) + result.seconds
    return seconds

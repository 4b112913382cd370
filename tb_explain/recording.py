# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
"""One stretch of recording: a model, its shared pass and the event file they fill."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from tb_explain.alerts.run_watch import RunWatch
from tb_explain.execution.measuring import Measuring
from tb_explain.execution.shared_pass import Memory, SharedPass
from tb_explain.explainers import Activations, Explainer, Filters, GradCAM, Saliency
from tb_explain.metrics import ModelMetric, ParameterRandomization
from tb_explain.probe import Probe
from tb_explain.probe.scores.outputs import OutputInfo
from tb_explain.probe.structure.layer_table import LayerTable
from tb_explain.probe.structure.trained import looks_trained
from tb_explain.record_maker import Problem, RecordMaker
from tb_explain.records import Moment, RecordWriter
from tb_explain.run_settings import RunSettings
from tb_explain.samples.capture import Samples
from tb_explain.trees import as_numpy, leaves

_MAPS_BYTES = 2**20  # Maps of layers, beside those as large as the samples.

_NO_CONTROL = (
    "The model came with trained weights, so its maps at the first record are no control of "
    "whether an explainer follows the model."
)
_RANDOMIZE = (
    " tbx.metrics.ParameterRandomization(every=10) tells that of trained models, in "
    "metrics=(*tbx.metrics.DEFAULTS, ...)."
)

_DEFAULTS: tuple[Explainer, ...] = (GradCAM(), Saliency(), Activations(), Filters())


class Recording:
    """Records one model into one event file, from the first record on until it is closed.

    Args:
        settings: Where, and what.
        samples: The monitored samples.
        model: The model; it is read, never changed.
        memory: What is remembered between stretches of one run: chosen channels, weights, maps.
        watch: What looks for findings, over all stretches.
        fit: What the recording belongs to; it ends one of an earlier fit that is still open.

    Raises:
        ValueError: If a setting makes no sense for the model, or the directory cannot be written.
    """

    def __init__(
        self,
        settings: RunSettings,
        samples: Samples,
        model: Any,
        *,
        memory: Memory,
        watch: RunWatch,
        fit: object,
    ) -> None:
        self.model = model
        targets = samples.default_target if settings.targets is None else settings.targets
        self._probe = Probe(
            model,
            samples.inputs,
            labels=samples.labels,
            targets=targets,
            memory_budget=settings.memory_budget,
        )
        explainers, notes = _fitting(settings.explainers, self._probe.layers)
        if memory.records == 0 and looks_trained(model):
            memory.starts_trained = True
            notes = (*notes, _NO_CONTROL + ("" if _is_randomized(settings) else _RANDOMIZE))
        asking = [each for each in settings.metrics or () if isinstance(each, ModelMetric)]
        self._pass = SharedPass(self._probe, explainers, memory, asking)
        self._maker = RecordMaker(
            self._probe.layers,
            samples,
            axis=settings.axis,
            notes=(*samples.notes, *notes),
            measuring=Measuring(settings.metrics, samples.masks, memory),
            memory=memory,
            watch=watch,
        )
        _check_class_names(samples.class_names, self._probe.outputs)
        settings.make_directory()
        self._writer = RecordWriter(settings.directory, fit=fit)
        self._first = True
        self._size = _step_bytes(self._probe.layers, samples)

    def record(self, moment: Moment, logs: Mapping[str, Any]) -> None:
        """Records one step: runs the pass now, makes and writes the records beside the training.

        The first step is waited for, so that its problems are known before a training starts.
        """
        finish = self._pass.begin(is_first=moment.step == 0)
        trainable = self._probe.trainable()
        make = partial(self._maker.explained, moment, _numbers(logs), finish, trainable=trainable)
        self._writer.write_later(moment.step, make, size=self._size)
        if self._first:
            self._writer.flush()
        self._first = False

    def record_failure(self, moment: Moment, logs: Mapping[str, Any], error: Exception) -> None:
        """Records that a step has no explanation, and why."""
        make = partial(self._maker.failed, moment, _numbers(logs), error)
        self._writer.write_later(moment.step, make, size=0)

    def flush(self) -> None:
        """Waits until everything that was recorded is written."""
        self._writer.flush()

    def problems(self) -> list[Problem]:
        """Returns what failed since this was last asked."""
        found = self._maker.problems
        return [found.popleft() for _ in range(len(found))]

    def close(self) -> None:
        """Writes what is still waiting and releases the compiled pass."""
        self._writer.close()
        self._probe.release()
        self.model = None


def _is_randomized(settings: RunSettings) -> bool:
    return any(isinstance(metric, ParameterRandomization) for metric in settings.metrics or ())


def _step_bytes(layers: LayerTable, samples: Samples) -> int:
    """Returns about how much a step holds until it is written: copies of all kernels, and maps."""
    kernels = sum(4 * prod(row.kernel_shape) for row in layers.layers if row.kernel_shape)
    return kernels + sum(leaf.nbytes for leaf in leaves(samples.inputs)) + _MAPS_BYTES


def _check_class_names(names: tuple[str, ...] | None, outputs: Sequence[OutputInfo]) -> None:
    classes = sorted({info.classes for info in outputs if info.task != "regression"})
    if names is None or not classes or len(names) in classes:
        return
    raise ValueError(
        f"`class_names` has one name for each class, here {' or '.join(map(str, classes))}. "
        f"Received: {len(names)} names"
    )


def _fitting(
    explainers: Sequence[Explainer] | None, layers: LayerTable
) -> tuple[tuple[Explainer, ...], tuple[str, ...]]:
    if explainers is not None:
        return tuple(explainers), ()
    misfits = [_misfit(explainer, layers) for explainer in _DEFAULTS]
    fitting = [each for each, misfit in zip(_DEFAULTS, misfits, strict=True) if misfit is None]
    return tuple(fitting), tuple(misfit for misfit in misfits if misfit is not None)


def _misfit(explainer: Explainer, layers: LayerTable) -> str | None:
    try:
        explainer.resolve(layers)
    except ValueError as error:
        return f"{type(explainer).__name__} is left out: {error}"
    return None


def _numbers(logs: Mapping[str, Any]) -> dict[str, float]:
    """Returns the logs that are single numbers; a metric of each class is none."""
    numbers = {name: _number(value) for name, value in logs.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _number(value: Any) -> float | None:
    try:
        array = np.asarray(as_numpy(value))
        return float(array.ravel()[0]) if array.size == 1 else None
    except (ValueError, TypeError, RuntimeError):
        return None

"""Records explanations of a model at chosen steps, into event files."""

import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, final

import numpy.typing as npt
from typing_extensions import Self

from tb_explain.alerts.run_watch import RunWatch
from tb_explain.execution.shared_pass import Memory
from tb_explain.explainers import Explainer
from tb_explain.metrics import Metric
from tb_explain.probe.memory_budget import MEMORY_BUDGET
from tb_explain.recording import Recording
from tb_explain.records import Moment
from tb_explain.run_settings import Alert, RunSettings
from tb_explain.samples.capture import Display, Samples, capture
from tb_explain.samples.objects import BoundingBoxes

_FAILURES_TOLERATED = 3


@final
class Recorder:
    """Records explanations of some samples, for custom training loops.

    ```python
    with tbx.Recorder("logs", model, images, labels) as recorder:
        recorder.record(0)
        for epoch in range(epochs):
            loss = train_one_epoch()
            recorder.record(epoch + 1, logs={"loss": loss})
    ```

    Args:
        log_dir: The log directory; records go to `log_dir/name`.
        model: A Keras model, on whatever backend.
        samples: What the model takes; see `Explain`.
        labels: Right class of each sample; see `Explain`.
        explainers: What to record; see `Explain` for the default.
        metrics: What to measure of the maps; see `Explain` for the default.
        targets: Explained outputs; see `Explain`.
        class_names: Name of each class, in the order of the outputs.
        masks: The object in each sample, `(samples, rows, cols)`, zero outside, or
            `BoundingBoxes` around it.
        sample_names: Name of each sample.
        display: Pictures to show where the input is normalised, or a function that makes them.
        pictures: Whether pictures are stored at all.
        max_samples: Samples taken from a data set; arrays count as given.
        axis: What `step` counts, `"epoch"` or `"batch"`; a run never mixes both.
        memory_budget: Bytes that what all layers put out may take together while explaining;
            what does not fit is explained in several batches. Default 1 GiB.
        alerts: Rules that look for findings, and functions that are told; see `Explain`.
        name: Directory below `log_dir`.

    Raises:
        ValueError: If a setting makes no sense for the samples.
    """

    def __init__(
        self,
        log_dir: str | Path,
        model: Any,
        samples: Any,
        labels: npt.ArrayLike | None = None,
        *,
        explainers: Sequence[Explainer] | None = None,
        metrics: Sequence[Metric] | None = None,
        targets: Any = None,
        class_names: Sequence[str] | None = None,
        masks: npt.ArrayLike | BoundingBoxes | None = None,
        sample_names: Sequence[str] | None = None,
        display: Display | None = None,
        pictures: bool = True,
        max_samples: int = 16,
        axis: Literal["epoch", "batch"] = "epoch",
        memory_budget: int = MEMORY_BUDGET,
        alerts: Sequence[Alert] | None = None,
        name: str = "explain",
    ) -> None:
        captured = capture(
            samples,
            labels,
            class_names=class_names,
            masks=masks,
            sample_names=sample_names,
            display=display,
            pictures=pictures,
            max_samples=max_samples,
        )
        settings = RunSettings(
            log_dir,
            name,
            axis=axis,
            explainers=explainers,
            targets=targets,
            memory_budget=memory_budget,
            metrics=metrics,
            alerts=alerts,
        )
        self._start(settings, captured, model)

    @classmethod
    def of(cls, settings: RunSettings, samples: Samples, model: Any = None) -> Self:
        """Returns a recorder of samples that are captured already."""
        recorder = cls.__new__(cls)
        recorder._start(settings, samples, model)
        return recorder

    def _start(self, settings: RunSettings, samples: Samples, model: Any) -> None:
        self._settings = settings
        self._samples = samples
        self._model = model
        self._recording: Recording | None = None
        self._fit: object = None
        self._memory = Memory()
        self._watch = RunWatch(settings.rules, settings.listeners)
        self._failures = 0
        self._recorded = False
        self._warned: set[str] = set()

    def record(
        self,
        step: int,
        *,
        logs: Mapping[str, Any] | None = None,
        epoch: int | None = None,
        fit: int = 0,
        batch: int = 0,
        model: Any = None,
    ) -> None:
        """Records what the model looks at now.

        Args:
            step: Place on the axis of the run, in the unit of `axis`.
            logs: Loss and metrics of this step, shown behind the scrubber.
            epoch: Epoch as the loop counts it, or `None` outside of an epoch.
            fit: Which call of `fit` this belongs to.
            batch: Batches seen so far.
            model: The model, where it is another object than before.

        Raises:
            ValueError: If the step is no whole number of at least 0; at the first record also if a
                setting makes no sense for the model.
            TypeError: At the first record only, for the same reason.
        """
        step = _whole(step)
        if self._failures >= _FAILURES_TOLERATED:
            return
        moment = Moment(step=step, epoch=epoch, fit=fit, batch=batch, wall_time=time.time())
        try:
            recording = self._opened(self._model if model is None else model)
            recording.record(moment, logs or {})
        except (ValueError, TypeError, OSError) as error:
            if not self._recorded:
                self.close()
                raise
            self._failed(moment, logs or {}, error)
        except Exception as error:  # noqa: BLE001 - training goes on whatever an explanation does
            self._failed(moment, logs or {}, error)
        else:
            self._failures = 0
            self._recorded = True
            self._warn_of_problems(recording)

    def flush(self) -> None:
        """Waits until everything that was recorded is written."""
        if self._recording is not None:
            self._recording.flush()
            self._warn_of_problems(self._recording)

    def begin(self, fit: object) -> None:
        """Ends what was recorded before; further records belong to `fit`.

        Args:
            fit: Any object that stands for this call of `fit`. A recording in the same directory
                that belongs to an earlier fit is ended, as an exception may have left it open.
        """
        self.close()
        self._fit = fit
        self._failures = 0

    def close(self) -> None:
        """Writes what is still waiting and lets go of the model's compiled pass."""
        if self._recording is not None:
            recording, self._recording = self._recording, None
            recording.close()
            self._warn_of_problems(recording)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _opened(self, model: Any) -> Recording:
        if self._recording is not None and self._recording.model is not model:
            self.close()
        if self._recording is None:
            self._recording = Recording(
                self._settings,
                self._samples,
                model,
                memory=self._memory,
                watch=self._watch,
                fit=self._fit,
            )
        return self._recording

    def _failed(self, moment: Moment, logs: Mapping[str, Any], error: Exception) -> None:
        self._failures += 1
        if self._recording is not None:
            self._recording.record_failure(moment, logs, error)
        reason = f"{type(error).__name__}: {error}"
        self._warn("pass", f"No explanation could be recorded at step {moment.step}. {reason}")
        if self._failures == _FAILURES_TOLERATED:
            self._warn(
                "stopped",
                f"tb_explain stops recording after {self._failures} failures in a row; "
                "the training goes on.",
            )

    def _warn_of_problems(self, recording: Recording) -> None:
        for step, tag, reason in recording.problems():
            self._warn(tag, f"{tag} could not be recorded at step {step}: {reason}")

    def _warn(self, cause: str, sentence: str) -> None:
        if cause not in self._warned:
            self._warned.add(cause)
            warnings.warn(sentence, RuntimeWarning, stacklevel=4)


def _whole(step: Any) -> int:
    try:
        whole = int(step)
    except (TypeError, ValueError):
        whole = -1
    if whole < 0 or whole != step:
        raise ValueError(f"A step is a whole number of at least 0. Received: step={step!r}")
    return whole

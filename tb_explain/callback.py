# pyright: reportUnknownMemberType=false
"""The Keras callback: when to explain, not how."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast, final

import keras
import numpy.typing as npt

from tb_explain.explainers import Explainer
from tb_explain.metrics import Metric
from tb_explain.probe.memory_budget import MEMORY_BUDGET
from tb_explain.recorder import Recorder
from tb_explain.run_settings import Alert, RunSettings
from tb_explain.samples.capture import Display, capture
from tb_explain.samples.objects import BoundingBoxes


@final
class Explain(keras.callbacks.Callback):
    """Records explanations of some samples while a model trains.

    The first record is taken before the first batch, so that step 0 of a fresh training is the
    untrained model. `step` counts completed epochs over all fits of this object; with
    `every_steps` it counts batches instead. Whatever goes wrong after the first record warns
    once and never ends or changes the training. Explained are the weights that the model has at
    that moment: averages of `use_ema` only where `SwapEMAWeights` stands before this callback,
    and the last epoch, not the best, where `EarlyStopping` restores weights at the end.

    ```python
    model.fit(x, y, epochs=20, callbacks=[
        keras.callbacks.TensorBoard("logs"),
        tbx.Explain("logs", x_val[:16], y_val[:16], class_names=names),
    ])
    ```

    Args:
        log_dir: The log directory, the same as TensorBoard's; records go to `log_dir/name`.
        samples: What the model takes: an array `(samples, rows, cols, channels)`, a list or dict
            of arrays, or batches: a `tf.data.Dataset`, a `keras.utils.PyDataset`, a PyTorch
            `DataLoader`. Captured once, here.
        labels: Right class of each sample, integers or one-hot, or of each pixel.
        explainers: What to record; default `GradCAM()`, `Saliency()`, `Activations()` and
            `Filters()`, of which those that do not fit the model are left out with a note.
        metrics: What to measure of the maps of samples, `[]` for nothing; default
            `tbx.metrics.DEFAULTS`: `Strength()`, `Sparseness()`, `BorderMass()`, `Drift()`,
            `Control()`, and with masks `RelevanceMass()`, `RelevanceNear()`, `RelevanceRank()`,
            `PointingGame()` and `Overlap()`. Those that ask the model take time; they are asked
            for beside these: `(*tbx.metrics.DEFAULTS, tbx.metrics.Deletion(every=5))`.
        targets: Explained outputs: `"label"` (default with labels), `"predicted"` (default
            without), an index, one index per sample, `Output`, `Contrast`, `Neuron`, a callable
            `(outputs) -> (samples,)`, or a tuple of these; each has maps of its own.
        class_names: Name of each class, in the order of the outputs.
        masks: The object in each sample, `(samples, rows, cols)`, zero outside, or
            `BoundingBoxes` around it.
        sample_names: Name of each sample.
        display: Pictures to show where the input is normalised, or a function that makes them.
        pictures: Whether pictures are stored at all.
        every_epochs: Record after each so many epochs; the last epoch is always recorded.
        every_steps: Record after so many batches instead of epochs.
        max_samples: Samples taken from a data set; arrays count as given.
        memory_budget: Bytes that what all layers put out may take together while explaining;
            what does not fit is explained in several batches. Default 1 GiB.
        alerts: What looks for findings, rules of `tb_explain.alerts`, and what is told of each
            finding that begins or ends, functions that take it: to stop the training, or to send
            a message. They are called beside the training, in another thread. Default all rules;
            `[]` none; with functions alone all rules too.
        name: Directory below `log_dir`; another name keeps a second training in the same log
            directory apart.

    Raises:
        ValueError: If a setting makes no sense; those that need the model are found by the
            first record, before training starts.
    """

    def __init__(
        self,
        log_dir: str | Path,
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
        every_epochs: int = 1,
        every_steps: int | None = None,
        max_samples: int = 16,
        memory_budget: int = MEMORY_BUDGET,
        alerts: Sequence[Alert] | None = None,
        name: str = "explain",
    ) -> None:
        super().__init__()
        self._every = _interval(every_epochs, every_steps)
        self._by_batch = every_steps is not None
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
        axis = "batch" if self._by_batch else "epoch"
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
        self._recorder = Recorder.of(settings, captured)
        self._fits = 0
        self._epochs = 0
        self._batches = 0
        self._epoch: int | None = None
        self._started = False
        self._logs: Mapping[str, Any] = {}
        if self._by_batch:
            # On the class, this hook would end Keras' asynchronous dispatch for everybody.
            self.on_train_batch_end = self._after_batch

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Starts a fit; the axis goes on where an earlier fit ended."""
        # Keras hands the same parameters to all callbacks of a fit.
        self._recorder.begin(cast(object, self.params))
        self._started = False

    def on_epoch_begin(
        self,
        epoch: int,
        logs: Mapping[str, Any] | None = None,  # noqa: ARG002
    ) -> None:
        """Takes the first record of a fit, before its first batch."""
        if not self._started:
            self._start(epoch)
        self._epoch_batches = self._batches
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Records what the model looks at after an epoch."""
        self._logs = dict(logs or {})
        self._epochs = self._first_step + epoch + 1
        if not self._by_batch:
            self._batches = self._epoch_batches + (self._steps_per_epoch or 0)
        if not self._by_batch and self._crossed(self._epochs):
            self._record()

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Records the last state, if the interval skipped it, and lets go of the model."""
        if self._started and self._recorded != self._now():
            self._record()
        self._recorder.close()
        self.set_model(None)

    def _start(self, epoch: int) -> None:
        if self._fits == 0:
            self._epochs = epoch
            self._batches = self._batches_before(epoch)
        self._first_step = self._epochs - epoch
        self._fits += 1
        self._started = True
        self._epoch = None
        self._logs = {}
        self._record()

    def _batches_before(self, epoch: int) -> int:
        if epoch == 0 or self._steps_per_epoch:
            return epoch * (self._steps_per_epoch or 0)
        return int(cast(Any, self.model).optimizer.iterations)

    @property
    def _steps_per_epoch(self) -> int | None:
        return cast(dict[str, Any], self.params).get("steps")

    def _after_batch(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        # With several batches at once, Keras counts beyond the end of an epoch.
        seen = min(batch + 1, self._steps_per_epoch or batch + 1)
        self._batches = self._epoch_batches + seen
        self._logs = dict(logs or {})
        if self._crossed(self._batches):
            self._record()

    def _now(self) -> int:
        return self._batches if self._by_batch else self._epochs

    def _crossed(self, step: int) -> bool:
        return step // self._every > self._recorded // self._every

    def _record(self) -> None:
        self._recorded = self._now()
        if _is_chief():
            # self.model, not a kept reference: it brings JAX' state back into the variables.
            self._recorder.record(
                self._recorded,
                model=self.model,
                logs=self._logs,
                epoch=self._epoch,
                fit=self._fits - 1,
                batch=self._batches,
            )


def _interval(every_epochs: Any, every_steps: Any) -> int:
    every = every_epochs if every_steps is None else every_steps
    name = "every_epochs" if every_steps is None else "every_steps"
    if not isinstance(every, int) or isinstance(every, bool) or every < 1:
        raise ValueError(f"`{name}` is a whole number of at least 1. Received: {name}={every!r}")
    return every


def _is_chief() -> bool:
    """Whether this process writes the records of a distributed training."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.process_index() == 0
    config = json.loads(os.environ.get("TF_CONFIG") or "{}")
    task = config.get("task", {})
    chief = "chief" if "chief" in config.get("cluster", {}) else "worker"
    return not task or (task.get("type") == chief and int(task.get("index", 0)) == 0)

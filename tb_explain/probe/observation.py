# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
"""What one run of the pass found, on the host."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, final

import keras
import numpy as np
import numpy.typing as npt

from tb_explain.probe.needs import Tensor
from tb_explain.probe.scores.outputs import OutputInfo

Arrays = Mapping[str, npt.NDArray[Any]]


@final
@dataclass(frozen=True, eq=False)
class Predictions:
    """What the model predicts for the samples, and its scores for the targets.

    Attributes:
        arrays: `score`, `target`, `probability` of shape `(targets, samples)`, `predicted`,
            `predicted_probability`, `correct` of shape `(samples,)`, `top_class` and
            `top_probability` of shape `(samples, shown)`. -1 is no index, NaN no value, and 255
            in `correct` not known. A score is NaN where its region is empty.
        task: What the model is for, `None` if it returns nothing that can be read.
        classes: Number of classes, `None` for a regression.
        output: Name of the output that the prediction is of, `None` if it is the only one.
        targets: Names of the targets.
    """

    arrays: Arrays
    task: str | None
    classes: int | None
    output: str | None
    targets: tuple[str, ...]

    @property
    def facts(self) -> Mapping[str, Any]:
        """What a record says of the arrays."""
        return {
            "task": self.task,
            "classes": self.classes,
            "output": self.output,
            "targets": list(self.targets),
        }

    @property
    def samples(self) -> int:
        """Number of samples."""
        return len(self.arrays["predicted"])

    def of_target(self, place: int) -> tuple[tuple[int | None, ...], tuple[float | None, ...]]:
        """Returns the explained index of each sample and its score, `None` where there is none."""
        indices = [int(index) for index in self.arrays["target"][place]]
        scores = [float(score) for score in self.arrays["score"][place]]
        return (
            tuple(None if index < 0 else index for index in indices),
            tuple(score if np.isfinite(score) else None for score in scores),
        )


@final
@dataclass(frozen=True, eq=False)
class Observation:
    """All results of one run.

    Attributes:
        predictions: What the model predicts.
        arrays: Results of each part that ran, by its position: one entry per target or a single
            one; empty if it failed.
        failures: What parts raised, by position.
        notes: Sentences on what could not be explained.
    """

    predictions: Predictions
    arrays: Mapping[int, tuple[Arrays, ...]]
    failures: Mapping[int, Exception]
    notes: tuple[str, ...]

    def placed(self, positions: Sequence[int]) -> "Observation":
        """Returns the same with the parts at other positions."""
        arrays = {positions[index]: found for index, found in self.arrays.items()}
        failures = {positions[index]: error for index, error in self.failures.items()}
        return Observation(self.predictions, arrays, failures, self.notes)


def gather(batches: Sequence[tuple[Any, int]]) -> Any:
    """Returns the results of all batches as arrays of all samples.

    Args:
        batches: Results of each batch, and how many of its rows count.
    """
    hosted = [keras.tree.map_structure(partial(_rows, used), result) for result, used in batches]
    if len(hosted) == 1:
        return hosted[0]
    return keras.tree.map_structure(_joined, *hosted)


def _rows(used: int, tensor: Tensor) -> npt.NDArray[Any]:
    array: Any = keras.ops.convert_to_numpy(tensor)
    return array[:used]


def _joined(*arrays: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.concatenate(arrays)


def observe(
    results: Any,
    *,
    outputs: Sequence[OutputInfo],
    targets: Sequence[str],
    labels: npt.NDArray[np.int32] | None,
    failures: Mapping[int, Exception],
) -> Observation:
    """Returns an observation made of the gathered results.

    Args:
        results: What `gather` returned.
        outputs: Outputs of the model, the first of which is predicted.
        targets: Names of the targets.
        labels: Label of each sample where there is one.
        failures: What parts raised.
    """
    region = np.stack([scored["region"] for scored in results["scored"]])
    score = np.stack(results["scores"])
    arrays: dict[str, npt.NDArray[Any]] = {
        "score": np.where(region > 0, score, np.nan).astype(np.float32),
        "target": np.stack([scored["target"] for scored in results["scored"]]),
        "probability": np.stack([scored["probability"] for scored in results["scored"]]),
    } | _predicted(results["summary"], samples=score.shape[1])
    arrays["correct"] = _correct(arrays["predicted"], labels)
    info = outputs[0] if outputs else None
    predictions = Predictions(
        arrays,
        info.task if info else None,
        info.classes if info and info.task != "regression" else None,
        info.name if info else None,
        tuple(targets),
    )
    parts = {index: tuple(part) for index, part in enumerate(results["parts"])}
    return Observation(predictions, parts, dict(failures), _empty_regions(region, targets))


def _predicted(summary: Mapping[str, Any], *, samples: int) -> dict[str, npt.NDArray[Any]]:
    nothing = {
        "predicted": np.full(samples, -1, np.int32),
        "predicted_probability": np.full(samples, np.nan, np.float32),
        "top_class": np.zeros((samples, 0), np.int32),
        "top_probability": np.zeros((samples, 0), np.float32),
    }
    return nothing | dict(summary)


def _correct(
    predicted: npt.NDArray[Any], labels: npt.NDArray[np.int32] | None
) -> npt.NDArray[np.uint8]:
    if labels is None:
        return np.full(len(predicted), 255, np.uint8)
    return (predicted == labels).astype(np.uint8)


def _empty_regions(region: npt.NDArray[Any], targets: Sequence[str]) -> tuple[str, ...]:
    notes: list[str] = []
    for name, counts in zip(targets, region, strict=True):
        empty = np.flatnonzero(counts == 0)
        if empty.size:
            listed = ", ".join(map(str, empty))
            notes.append(f"Target {name!r} has no place in sample {listed}; its score is empty.")
    return tuple(notes)

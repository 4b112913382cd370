"""Sees inside a model during a pass, and leaves the model as it was."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tb_explain.probe.observation import Observation, Predictions
    from tb_explain.probe.probe import Probe
    from tb_explain.probe.scores.targets import Contrast, Neuron, Output

__all__ = ["Contrast", "Neuron", "Observation", "Output", "Predictions", "Probe"]

_HOMES = {
    "Contrast": "scores.targets",
    "Neuron": "scores.targets",
    "Observation": "observation",
    "Output": "scores.targets",
    "Predictions": "observation",
    "Probe": "probe",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"tb_explain.probe.{_HOMES[name]}"), name)

"""Explanations of vision models over training time, for TensorBoard.

```python
import tb_explain as tbx

model.fit(x, y, callbacks=[tbx.Explain("logs", x_val[:16], y_val[:16])])
tbx.GradCAM().explain(model, images, targets=3)
```

Names are imported on first use, so that `import tb_explain` is cheap.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tb_explain import alerts, metrics
    from tb_explain.callback import Explain
    from tb_explain.comparison import Check, check
    from tb_explain.explainers import (
        LIME,
        LRP,
        RISE,
        Activations,
        AlphaBeta,
        Attention,
        AttentionRelevance,
        AttentionRollout,
        Blurred,
        Box,
        DeepLIFT,
        EigenCAM,
        Epsilon,
        Explainer,
        FeatureVisualization,
        Filters,
        Gamma,
        GradCAM,
        GradCAMPlusPlus,
        GradientSHAP,
        Grid,
        GuidedBackprop,
        HiResCAM,
        InputXGradient,
        IntegratedGradients,
        KernelSHAP,
        LayerCAM,
        Occlusion,
        Saliency,
        ScoreCAM,
        SmoothGrad,
        Superpixels,
        VarGrad,
        Weights,
    )
    from tb_explain.explanation import Explanation
    from tb_explain.loading import load
    from tb_explain.probe import Contrast, Neuron, Output
    from tb_explain.recorder import Recorder
    from tb_explain.samples.capture import balanced
    from tb_explain.samples.objects import BoundingBoxes

__version__ = "0.1.0"

_HOMES = {
    "Explain": "tb_explain.callback",
    "Recorder": "tb_explain.recorder",
    "Check": "tb_explain.comparison",
    "check": "tb_explain.comparison",
    "balanced": "tb_explain.samples.capture",
    "BoundingBoxes": "tb_explain.samples.objects",
    "Explanation": "tb_explain.explanation",
    "load": "tb_explain.loading",
    "Contrast": "tb_explain.probe",
    "Neuron": "tb_explain.probe",
    "Output": "tb_explain.probe",
}

_ROOMS = ("alerts", "metrics")

__all__ = [
    "LIME",
    "LRP",
    "RISE",
    "Activations",
    "AlphaBeta",
    "Attention",
    "AttentionRelevance",
    "AttentionRollout",
    "Blurred",
    "BoundingBoxes",
    "Box",
    "Check",
    "Contrast",
    "DeepLIFT",
    "EigenCAM",
    "Epsilon",
    "Explain",
    "Explainer",
    "Explanation",
    "FeatureVisualization",
    "Filters",
    "Gamma",
    "GradCAM",
    "GradCAMPlusPlus",
    "GradientSHAP",
    "Grid",
    "GuidedBackprop",
    "HiResCAM",
    "InputXGradient",
    "IntegratedGradients",
    "KernelSHAP",
    "LayerCAM",
    "Neuron",
    "Occlusion",
    "Output",
    "Recorder",
    "Saliency",
    "ScoreCAM",
    "SmoothGrad",
    "Superpixels",
    "VarGrad",
    "Weights",
    "alerts",
    "balanced",
    "check",
    "load",
    "metrics",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _ROOMS:
        return importlib.import_module(f"{__name__}.{name}")
    return getattr(importlib.import_module(_HOMES.get(name, "tb_explain.explainers")), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

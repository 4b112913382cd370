"""What each explainer costs, against the passes that it cannot do without.

    python benchmarks/explainers.py [--model mobilenet|resnet] [--repeats 5] [--only Occlusion]

Prints a table in Markdown. `KERAS_BACKEND` chooses the backend. All candidates run in turn in one
process; read the ratios, since times depend on what else the machine does. An explainer that asks
the model n times is held against n compiled passes.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import keras
from floors import compiled_forward, compiled_gradient
from models import mobile_net, res_net, samples
from stopwatch import Timing, measure, row

import tb_explain as tbx
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.probe import Probe

MODELS = {"mobilenet": mobile_net, "resnet": res_net}
CAM = tbx.GradCAM()
FURTHER_CAMS = (tbx.GradCAMPlusPlus(), tbx.HiResCAM(), tbx.LayerCAM(), tbx.EigenCAM())
BY_GRADIENTS = (tbx.IntegratedGradients(points=50), tbx.SmoothGrad(points=25))
BY_SCORES = (
    tbx.Occlusion(window=32, stride=32),
    tbx.RISE(masks=50),
    tbx.LIME(evaluations=50, segments=tbx.Grid(5, 5)),
)


def main() -> None:
    """Measures the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, help="default: all")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", help="part of the name of what is measured")
    options = parser.parse_args()
    print(f"Backend {keras.backend.backend()}, Keras {keras.version()}, 16 samples.\n")
    print("| model | what | ms | CPU ms | ratio | CPU ratio |")
    print("|---|---|---|---|---|---|")
    for name in [options.model] if options.model else MODELS:
        for line in rows(MODELS[name](), repeats=options.repeats, only=options.only or ""):
            print(f"| {name} | {line} |", flush=True)


def rows(model: keras.Model, *, repeats: int, only: str) -> list[str]:
    """Returns the rows of the table of one model."""
    images, labels = samples(model)

    def explaining(explainers: Sequence[tbx.Explainer]) -> Callable[[], Any]:
        return SharedPass(Probe(model, images, labels=labels), explainers).begin

    candidates: dict[str, Callable[[], Any]] = {
        "forward": compiled_forward(model, images),
        "gradient": compiled_gradient(model, images, labels),
        "Grad-CAM": explaining([CAM]),
        "Saliency": explaining([tbx.Saliency()]),
    }
    candidates |= {one.title: explaining([CAM, one]) for one in FURTHER_CAMS}
    asking = {one.title: one for one in (*BY_GRADIENTS, *BY_SCORES)}
    candidates |= {title: explaining([one]) for title, one in asking.items()}
    kept = {
        name: run
        for name, run in candidates.items()
        if name in ("forward", "gradient", "Grad-CAM") or only in name
    }
    best = measure(kept, repeats=repeats)
    lines = [row("compiled forward", best["forward"]), row("compiled gradient", best["gradient"])]
    for name in kept:
        if name in asking:
            passes = _passes(model, images, labels, explainer=asking[name])
            lines.append(_row_of_passes(name, best, passes))
        elif name not in ("forward", "gradient"):
            floor = {"Grad-CAM": "forward", "Saliency": "gradient"}.get(name, "Grad-CAM")
            what = f"Grad-CAM and {name}" if floor == "Grad-CAM" else name
            lines.append(row(f"{what} / {floor}", best[name], best[floor]))
    return lines


def _passes(
    model: keras.Model, images: Any, labels: Any, *, explainer: tbx.Explainer
) -> tuple[int, int]:
    """Returns how many forward passes, and of these how many with a gradient, an explainer asks."""
    shared = SharedPass(Probe(model, images, labels=labels), [explainer])
    explanation = shared.run().results[0].explanation
    assert explanation is not None
    forwards, backwards = explanation.facts["forwards"], explanation.facts["backwards"]
    return forwards // len(images), backwards // len(images)


def _row_of_passes(name: str, best: dict[str, Timing], passes: tuple[int, int]) -> str:
    forwards, backwards = passes
    alone = forwards - backwards
    floor = Timing(
        backwards * best["gradient"].wall + alone * best["forward"].wall,
        backwards * best["gradient"].processor + alone * best["forward"].processor,
    )
    return row(f"{name} / {backwards} gradients and {alone} forward passes", best[name], floor)


if __name__ == "__main__":
    main()

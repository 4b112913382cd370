"""What metrics that ask the model cost, against the forward passes that they cannot do without.

    python benchmarks/metrics.py [--model mobilenet|cnn32] [--repeats 3] [--points 10]

Prints a table in Markdown. `KERAS_BACKEND` chooses the backend. All candidates run in turn in one
process; read the ratios, since times depend on what else the machine does.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

import keras
from floors import compiled_forward
from models import mobile_net, samples, small_network
from stopwatch import Timing, measure, row

import tb_explain as tbx
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.metrics import Deletion, Insertion, ModelMetric
from tb_explain.probe import Probe

MODELS = {"mobilenet": mobile_net, "cnn32": small_network}
CAM = tbx.GradCAM()


def main() -> None:
    """Measures the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, help="default: all")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--points", type=int, default=10)
    options = parser.parse_args()
    print(f"Backend {keras.backend.backend()}, Keras {keras.version()}, 16 samples.\n")
    print("| model | what | ms | CPU ms | ratio | CPU ratio |")
    print("|---|---|---|---|---|---|")
    for name in [options.model] if options.model else MODELS:
        for line in rows(MODELS[name](), repeats=options.repeats, points=options.points):
            print(f"| {name} | {line} |", flush=True)


def rows(model: keras.Model, *, repeats: int, points: int) -> list[str]:
    """Returns the rows of the table of one model."""
    images, labels = samples(model)
    passes = 2 * (points + 1)
    forward = compiled_forward(model, images)

    def recording(metrics: Sequence[ModelMetric]) -> Callable[[], Any]:
        probe = Probe(model, images, labels=labels)
        return SharedPass(probe, [CAM], metrics=metrics).begin

    best = measure(
        {
            "passes": lambda: [forward() for _ in range(passes)],
            "Grad-CAM": recording([]),
            "measured": recording([Deletion(points=points), Insertion(points=points)]),
        },
        repeats=repeats,
    )
    explained, measured = best["Grad-CAM"], best["measured"]
    alone = Timing(measured.wall - explained.wall, measured.processor - explained.processor)
    what = f"deletion and insertion of Grad-CAM, {points} points / {passes} forward passes"
    return [
        row(f"{passes} compiled forward passes", best["passes"]),
        row("Grad-CAM", explained),
        row(what, alone, best["passes"]),
    ]


if __name__ == "__main__":
    main()

"""What an explanation costs: against a forward pass, against a train step, and in bytes.

    python benchmarks/cost.py [--model cnn32|mobilenet] [--repeats 20]

Prints a table in Markdown. `KERAS_BACKEND` chooses the backend. All candidates run in turn in one
process; read the ratios, since times depend on what else the machine does.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
from floors import compiled_forward
from models import mobile_net, samples, small_network
from stopwatch import measure, row

import tb_explain as tbx
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.probe import Probe

MODELS = {"cnn32": small_network, "mobilenet": mobile_net}
CAMS = (tbx.GradCAM(), tbx.HiResCAM())


def main() -> None:
    """Measures the models that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", choices=MODELS, help="default: all")
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    print(f"Backend {keras.backend.backend()}, Keras {keras.version()}, 16 samples.\n")
    print("| model | what | ms | CPU ms | ratio | CPU ratio |")
    print("|---|---|---|---|---|---|")
    for name in [options.model] if options.model else MODELS:
        for line in rows(MODELS[name](), repeats=options.repeats):
            print(f"| {name} | {line} |", flush=True)


def rows(model: keras.Model, *, repeats: int) -> list[str]:
    """Returns the rows of the table of one model."""
    images, labels = samples(model)
    with (
        tempfile.TemporaryDirectory() as log_dir,
        tbx.Recorder(log_dir, model, images, labels) as recorder,
    ):
        steps = iter(range(10**6))
        best = measure(
            {
                "forward": compiled_forward(model, images),
                "Grad-CAM": explaining(model, images, labels, CAMS[:1]),
                "Grad-CAM and HiResCAM": explaining(model, images, labels, CAMS),
                "train step": lambda: model.train_on_batch(images, labels),
                "default record": lambda: recorder.record(next(steps)),
                "written": recorder.flush,
            },
            repeats=repeats,
        )
    forward, step = best["forward"], best["train step"]
    return [
        row("compiled forward", forward),
        row("Grad-CAM / forward", best["Grad-CAM"], forward),
        row("Grad-CAM and HiResCAM / Grad-CAM", best["Grad-CAM and HiResCAM"], best["Grad-CAM"]),
        row("train step", step),
        row("default record, the training waits / train step", best["default record"], step),
        row("default record, made beside it / train step", best["written"], step),
        f"Grad-CAM, bytes per record | {record_bytes(model, [CAMS[0]]):,} | | |",
        f"default, bytes per record | {record_bytes(model, None):,} | | |",
    ]


def explaining(model: keras.Model, images: Any, labels: Any, explainers: Any) -> Callable[[], Any]:
    """Returns a function that explains all samples and brings the maps to the host."""
    return SharedPass(Probe(model, images, labels=labels), explainers).begin


def record_bytes(model: keras.Model, explainers: Any, *, records: int = 11) -> int:
    """Returns the bytes that one more record adds to the event file."""
    sizes = []
    for count in (1, records):
        with tempfile.TemporaryDirectory() as log_dir:
            with tbx.Recorder(log_dir, model, *samples(model), explainers=explainers) as recorder:
                for step in range(count):
                    recorder.record(step)
            files = Path(log_dir, "explain").glob("*.tb_explain")
            sizes.append(sum(path.stat().st_size for path in files))
    return (sizes[1] - sizes[0]) // (records - 1)


if __name__ == "__main__":
    main()

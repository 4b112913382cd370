"""Ranks the explainers of pictures on a task whose right reasons are known.

    python benchmarks/ranking.py [--seeds 2] [--samples 24] [--no-cost]

Trains two networks for each seed on handwritten digits that lie on photographs, without stickers,
and explains new pictures that they get right: that of the demo, which ends in a global maximum, and
a residual one, which ends in a global mean and sees the pictures at half their size. Prints a table
in Markdown, and whether the controls, which know no model, come out as such: it ends with 1 if they
don't. `KERAS_BACKEND` chooses the backend.

- *Insertion less deletion* is what the table is sorted by: of all figures it alone asks the model.
  0 is what an order by chance has. Behind ± stand two standard errors. *demo / residual* is the
  same by network.
- *Mass* and *pointing* say how much of the evidence lies on the digit, and how often the strongest
  cell does.
- *Re-initialised* is the rank correlation with the map of the same network with other random
  weights, for the same class: near 1, a map shows the picture rather than the model.
- *Cost* is the processor time of one explanation, in compiled forward passes of its samples.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from controls import Figures, controls, verdicts
from digits import half_size, without_stickers
from floors import compiled_forward
from networks import residual
from stopwatch import measure

import tb_explain as tbx
from tb_explain.demo.model import make_model
from tb_explain.demo.task import CLASS_NAMES, SIZE, Pictures, make_task
from tb_explain.execution.model_measuring import explained_model, measured
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explanation import Explanation
from tb_explain.probe import Probe

EXPLAINERS: Sequence[tbx.Explainer] = (
    tbx.GradCAM(),
    tbx.GradCAMPlusPlus(),
    tbx.HiResCAM(),
    tbx.LayerCAM(),
    tbx.EigenCAM(),
    tbx.ScoreCAM(),
    tbx.Saliency(),
    tbx.InputXGradient(),
    tbx.SmoothGrad(),
    tbx.VarGrad(),
    tbx.IntegratedGradients(),
    tbx.GradientSHAP(),
    tbx.Occlusion(),
    tbx.RISE(),
    tbx.LIME(),
    tbx.KernelSHAP(),
    tbx.DeepLIFT(),
    tbx.LRP(),
    tbx.GuidedBackprop(),
)
OF_OBJECT = (tbx.metrics.RelevanceMass(), tbx.metrics.PointingGame())
OF_MODEL = (tbx.metrics.Insertion(), tbx.metrics.Deletion())
CONTROL = tbx.metrics.Control()
KINDS = ("demo", "residual")
TRAINED_ON, COST_SAMPLES = 2000, 16
HEAD = (
    "explainer",
    "insertion less deletion",
    "demo / residual",
    "insertion",
    "deletion",
    "mass",
    "pointing",
    "re-initialised",
    "cost",
)


def main() -> None:
    """Explains, measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--samples", type=int, default=24, help="pictures for each network")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--no-cost", action="store_true")
    parser.add_argument("--weights", type=Path, help="keeps trained weights from call to call")
    options = parser.parse_args()
    figures: list[dict[str, Figures]] = []
    found_areas: list[npt.NDArray[np.float64]] = []
    costs: dict[str, float] = {}
    for network in (Network(seed, kind) for seed in range(options.seeds) for kind in KINDS):
        model, pictures = trained(network, epochs=options.epochs, weights=options.weights)
        known = chosen(model, pictures, count=options.samples)
        figures.append(figures_of(model, known, network))
        found_areas.append((known.masks > 0).mean(axis=(1, 2)))
        if not costs and not options.no_cost:
            costs = relative_costs(model, known)
    every, areas = pooled(figures), np.concatenate(found_areas)
    print(
        f"\n{len(areas)} pictures, {len(figures)} networks, {options.seeds} seeds, backend "
        f"{keras.backend.backend()}; the digit takes {areas.mean():.3f} of a picture.\n"
    )
    print("\n".join(table(every, costs)))
    found = list(verdicts(every, areas))
    print("\nControls:")
    print("\n".join(f"- {'as expected' if holds else 'NOT SO'}: {said}" for said, holds in found))
    sys.exit(not all(holds for _, holds in found))


@dataclass(frozen=True)
class Network:
    """One of the networks that are explained.

    Attributes:
        seed: Seed of pictures, weights and order.
        kind: `"demo"` or `"residual"`.
    """

    seed: int
    kind: str

    def made(self, *, seed: int) -> keras.Model:
        """Returns the network with random weights of a seed."""
        keras.utils.set_random_seed(seed)
        if self.kind == "demo":
            return make_model(size=SIZE, classes=len(CLASS_NAMES))
        model = residual(len(CLASS_NAMES))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def sees(self, pictures: Pictures) -> Pictures:
        """Returns pictures of the task as the network takes them."""
        return pictures if self.kind == "demo" else half_size(pictures)


def trained(network: Network, *, epochs: int, weights: Path | None) -> tuple[keras.Model, Pictures]:
    """Returns a network and new pictures."""
    task = make_task(TRAINED_ON, 600, seed=network.seed)
    model = network.made(seed=network.seed)
    name = f"ranking-{network.seed}-{network.kind}-{epochs}.weights.h5"
    kept = None if weights is None else weights / name
    if kept is not None and kept.exists():
        model.load_weights(kept)
    else:
        seen = network.sees(without_stickers(task.training))
        model.fit(seen.images, seen.labels, batch_size=32, epochs=epochs, verbose=0)
        if kept is not None:
            model.save_weights(kept)
    return model, network.sees(task.validation)


def chosen(model: keras.Model, pictures: Pictures, *, count: int) -> Pictures:
    """Returns the first pictures that a network gets right, and says how many these are."""
    right = model.predict(pictures.images, verbose=0).argmax(axis=-1) == pictures.labels
    print(f"A network gets {right.mean():.0%} of {len(pictures)} new pictures right.", flush=True)
    return pictures.chosen(np.flatnonzero(right)[:count])


def figures_of(model: keras.Model, pictures: Pictures, network: Network) -> dict[str, Figures]:
    """Returns the figures of each explainer and control, by name."""
    drawn = len(KINDS) * network.seed + KINDS.index(network.kind)
    other = 1000 + drawn
    fresh = network.made(seed=other)
    probe = _probe(model, pictures)
    shown = _explanations(probe) | controls(pictures, seed=drawn)
    others = _explanations(_probe(fresh, pictures)) | controls(pictures, seed=other)
    queries = probe.queries()
    found: dict[str, Figures] = {}
    for name, explanation in shown.items():
        asked = explained_model(probe, queries, explanation, explainer=None, place=0)
        values = {metric.name: measured(metric, asked) for metric in OF_MODEL}
        values |= {each.name: each(explanation, pictures.masks) for each in OF_OBJECT}
        values[CONTROL.name] = CONTROL(explanation, others[name])
        values["faithfulness"] = values["insertion"] - values["deletion"]
        values["kind"] = np.full(len(pictures), KINDS.index(network.kind))
        found[name] = {key: value.astype(np.float64) for key, value in values.items()}
    return found


def relative_costs(model: keras.Model, pictures: Pictures) -> dict[str, float]:
    """Returns the processor time of each explainer, in forward passes, by name."""
    some = pictures.chosen(slice(COST_SAMPLES))
    candidates = {"forward": compiled_forward(model, some.images)} | {
        each.title: SharedPass(_probe(model, some), [each]).begin for each in EXPLAINERS
    }
    best = measure(candidates, repeats=2)
    forward = best.pop("forward").processor
    return {name: timing.processor / forward for name, timing in best.items()}


def pooled(figures: Sequence[Mapping[str, Figures]]) -> dict[str, Figures]:
    """Returns the figures of all seeds, one after the other."""
    return {
        name: {key: np.concatenate([each[name][key] for each in figures]) for key in first}
        for name, first in figures[0].items()
    }


def table(figures: Mapping[str, Figures], costs: Mapping[str, float]) -> list[str]:
    """Returns the lines of the table, the most faithful first; controls stand in italics."""
    titles = {each.title for each in EXPLAINERS}
    lines = [f"| {' | '.join(HEAD)} |", f"|---|{'---:|' * (len(HEAD) - 1)}"]
    for name in sorted(figures, key=lambda each: -np.nanmean(figures[each]["faithfulness"])):
        found = figures[name]
        faithfulness = found["faithfulness"][np.isfinite(found["faithfulness"])]
        lacking = len(found["faithfulness"]) - len(faithfulness)
        shown = (name if name in titles else f"*{name}*") + (f" ({lacking} empty)" * bool(lacking))
        error = 2 * faithfulness.std(ddof=1) / len(faithfulness) ** 0.5
        cells = [
            shown,
            f"{faithfulness.mean():.2f} ± {error:.2f}",
            " / ".join(_mean(found["faithfulness"][found["kind"] == kind]) for kind in (0, 1)),
            *(_mean(found[key]) for key in ("insertion", "deletion", "relevance_mass")),
            *(_mean(found[key]) for key in ("pointing_game", "control")),
            f"{float(f'{costs[name]:.2g}'):g}" if name in costs else "",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _mean(values: npt.NDArray[np.float64]) -> str:
    return f"{round(float(np.nanmean(values)), 2) + 0.0:.2f}"


def _probe(model: keras.Model, pictures: Pictures) -> Probe:
    return Probe(model, pictures.images, labels=pictures.labels)


def _explanations(probe: Probe) -> dict[str, Explanation]:
    """Returns the explanation of each explainer by name, and raises what one raised."""
    found: dict[str, Explanation] = {}
    for result in SharedPass(probe, EXPLAINERS).run().results:
        if result.explanation is None:
            raise result.error or RuntimeError(f"{result.explainer.title} shows nothing")
        found[result.explainer.title] = result.explanation
    return found


if __name__ == "__main__":
    main()

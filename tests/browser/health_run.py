"""Runs with metrics and findings whose figures are known, for the Health view."""

import log_dir
import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_structure,
)

SAMPLES = log_dir.SAMPLES
STEPS = range(11)
CLASS_NAMES = log_dir.CLASS_NAMES
TAG = "GradCAM/block/conv2/label"
IGNORANT = "GuidedBackprop/input/label"
METRICS = {
    "relevance_mass": {
        "title": "Mass on the object",
        "better": "higher",
        "range": [0, 1],
        "about": "Share of the evidence inside the mask.",
        "paper": "https://arxiv.org/abs/2003.07258",
    },
    "drift": {
        "title": "Drift",
        "better": "lower",
        "range": [0, 2],
        "about": "How much a map changed since the last record.",
        "paper": "",
    },
    "control": {
        "title": "Like the untrained model",
        "better": "lower",
        "range": [-1, 1],
        "about": "Rank correlation with the first record.",
        "paper": "",
    },
}
LEFT, BACK, DEAD, NOTE = "evidence_left", "weights_still", "dead_channels", "flip"


def write_runs(directory):
    """Writes one run with findings and a calm one beside it."""
    _write(directory / "sick" / "explain", findings=True)
    _write(directory / "calm" / "explain", findings=False)


def write_many(directory, runs):
    """Writes calm runs of the given names."""
    for run in runs:
        _write(directory / run, findings=False)


def mass(sample, step):
    """Returns the share on the object: it falls for sample 2 alone."""
    return 0.88 - 0.08 * step if sample == 2 else 0.8


def _write(directory, *, findings):
    writer = RecordWriter(directory)
    for step in STEPS:
        _write_step(writer, step, findings=findings)
    writer.close()


def _write_step(writer, step, *, findings):
    moment = Moment(
        step=step, epoch=step - 1 if step else None, fit=0, batch=10 * step, wall_time=1.7e9 + step
    )

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("structure", encode_structure(log_dir._layers(), moment))
        write("samples", encode_samples(log_dir.Shown(), moment))
    write("prediction", log_dir._predictions(step, moment))
    write("statistics", log_dir._statistics(step, moment))
    write(TAG, _maps(step, moment, title="Grad-CAM", explainer="GradCAM", control=0.04))
    ignorant = {"title": "Guided backprop", "explainer": "GuidedBackprop", "control": 0.93}
    write(IGNORANT, _maps(step, moment, **ignorant))
    write("Activations/block/conv2", log_dir._activations(step, moment))
    logs = {"loss": 2 / (step + 1), "accuracy": step / 10} if step else {}
    changes = _changes(step) if findings else []
    write("progress", _progress(moment, logs, changes, first=step == 0))


def _progress(moment, logs, changes, *, first):
    return encode_progress(
        moment,
        axis="epoch",
        versions=log_dir.VERSIONS,
        logs=logs,
        notes=["Filters of 'head' were left out."] if first else [],
        findings=changes,
    )


def _maps(step, moment, *, title, explainer, control):
    values = np.zeros((SAMPLES, 8, 8, 1), np.float32)
    for sample in range(SAMPLES):
        values[sample, sample + 1, step % 8, 0] = 0.1 + step / 10
    known = float("nan") if step == 0 else control
    figures = {
        "relevance_mass": [mass(sample, step) for sample in range(SAMPLES)],
        "drift": [float("nan") if step == 0 else 0.1 * sample for sample in range(SAMPLES)],
        "control": [known] * SAMPLES,
    }
    found = Explanation(
        values=values,
        kind="attribution",
        layer="block/conv2" if explainer == "GradCAM" else None,
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(label) for label in log_dir.LABELS),
        scores=(1.0,) * SAMPLES,
        figures={name: np.array(column, np.float32) for name, column in figures.items()},
        facts={"metrics": METRICS},
    )
    return encode_maps(
        found,
        explainer=explainer,
        title=title,
        paper="",
        settings={},
        target="label",
        seconds=0.01,
        moment=moment,
    )


def _changes(step):
    changes = {
        4: [_change(BACK, "warning", since=2, title="head does not change.", layer="head")],
        6: [_change(BACK, "warning", since=5, state="off", title="head changes.", layer="head")],
        7: [
            _change(
                LEFT,
                "error",
                since=5,
                title="Evidence left the object for \N{LEFT DOUBLE QUOTATION MARK}<b>two</b>"
                "\N{RIGHT DOUBLE QUOTATION MARK}.",
                text="50 % of the relevance lies inside the masks (90 % at the start).",
                tag=TAG,
                sample=2,
                label=2,
                curve={"metric": "relevance_mass", "tag": TAG},
            ),
        ],
        8: [
            _change(
                DEAD,
                "warning",
                since=6,
                title="25 % of block/conv2 is dead.",
                text="2 of 8 channels are never active on the 4 samples (0 at the first record).",
                layer="block/conv2",
                figures={"dead": 2, "channels": 8, "at_first": 0},
            ),
            _change(NOTE, "info", since=8, title="An explanation flipped.", tag=TAG, sample=1),
        ],
    }
    return changes.get(step, [])


def _change(rule, severity, *, since, title, state="on", text="", curve=None, **about):
    where = {"layer": None, "tag": None, "sample": None, "label": None, "figures": {}} | about
    return {
        "id": f"{rule}/{where['layer'] or where['tag'] or ''}",
        "rule": rule,
        "severity": severity,
        "state": state,
        "since": since,
        "title": title,
        "text": text,
        "layer": where["layer"],
        "tag": where["tag"],
        "sample": where["sample"],
        "class": where["label"],
        "figures": where["figures"],
        "curve": curve,
    }

"""A run with one of each kind of explainer that the tab treats in a way of its own."""

import log_dir
import numpy as np

from tb_explain.explanation import Explanation
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.records import (
    Moment,
    RecordWriter,
    encode_maps,
    encode_progress,
    encode_samples,
    encode_structure,
    encode_table,
)

SAMPLES = 3
STEPS = range(8)
EVERY = 2
FLIP = 5
CLASS_NAMES = ("dog", "cat", "bird")
LABELS = np.array([0, 1, 2])
BLOCKS = ("encoder/block1/attention", "encoder/block2/attention")
HEADS = (None, 0, 1, 2)
QUERIES = (-1, 5)
TOKENS = 4
CAUTION = "It shows edges of the picture rather than what the model learned (Adebayo et al., 2018)."
FEATURES = (2, 7)
SECONDS = {"Grad-CAM": 0.012, "Integrated gradients": 0.5, "Attention": 0.062}


def shown():
    """Returns samples of random pixels."""
    return log_dir.Shown(
        inputs=np.random.default_rng(1).integers(0, 256, (SAMPLES, 32, 32, 3), dtype=np.uint8),
        labels=LABELS,
        names=("first", "second", "third"),
        class_names=CLASS_NAMES,
    )


def write_methods(directory):
    """Writes the run."""
    writer = RecordWriter(directory)
    for step in STEPS:
        _write_step(writer, step)
    writer.close()


def explained(step):
    """Returns the predicted class of each sample: the first one flips from dog to cat."""
    return np.array([0 if step < FLIP else 1, 1, 2])


def attention_place(sample, head, query):
    """Returns row and column of the only cell that a map of attention holds."""
    return (HEADS.index(head) + sample) % TOKENS, QUERIES.index(query)


def _write_step(writer, step):
    moment = Moment(step=step, epoch=step, fit=0, batch=10 * step, wall_time=1.7e9 + step)

    def write(tag, blobs):
        writer.write(tag, step, moment.wall_time, blobs)

    if step == 0:
        write("structure", encode_structure(_layers(), moment))
        write("samples", encode_samples(shown(), moment))
    write("prediction", _predictions(step, moment))
    for block in BLOCKS:
        write(f"Attention/{block}", _attention(step, moment, block))
    write("AttentionRollout/input", _rollout(step, moment))
    write("GradCAM/conv1/predicted", _grad_cam(step, moment))
    write("GuidedBackprop/input/label", _guided(step, moment))
    if step % EVERY == 0:
        write("IntegratedGradients/input/label", _integrated(step, moment))
    write("Filters/conv1", _filters(step, moment))
    write("FeatureVisualization/conv1", _features(step, moment))
    write("progress", _progress(moment))


def _progress(moment):
    return encode_progress(moment, axis="epoch", versions=log_dir.VERSIONS, seconds=SECONDS)


def _maps(explanation, moment, *, explainer, title, target=None):
    return encode_maps(
        explanation,
        explainer=explainer,
        title=title,
        paper="https://example.org/paper",
        settings={},
        target=target,
        seconds=0.031,
        moment=moment,
    )


def _attention(step, moment, layer):
    choices = [(s, h, q) for s in range(SAMPLES) for h in HEADS for q in QUERIES]
    values = np.zeros((len(choices), TOKENS, TOKENS, 1), np.float32)
    for index, choice in enumerate(choices):
        row, col = attention_place(*choice)
        values[index, row, col] = 0.1 + step / 10
    found = Explanation(
        values=values,
        kind="attention",
        layer=layer,
        samples=tuple(sample for sample, _, _ in choices),
        channels=tuple(head for _, head, _ in choices),
        figures={
            "query": np.array([query for _, _, query in choices], np.float32),
            "elsewhere": np.full(len(choices), 0.25, np.float32),
        },
    )
    return _maps(found, moment, explainer="Attention", title="Attention")


def _rollout(step, moment):
    values = np.random.default_rng(2).random((SAMPLES, TOKENS, TOKENS, 1)) * (step + 1) / 16
    found = Explanation(
        values=values.astype(np.float32), kind="attention", samples=tuple(range(SAMPLES))
    )
    return _maps(found, moment, explainer="AttentionRollout", title="Attention rollout")


def _attribution(values, targets, **settings):
    return Explanation(
        values=values.astype(np.float32),
        kind="attribution",
        samples=tuple(range(SAMPLES)),
        targets=tuple(int(target) for target in targets),
        scores=(1.0,) * SAMPLES,
        **settings,
    )


def _grad_cam(step, moment):
    values = np.zeros((SAMPLES, 4, 4, 1))
    values[:, step % 4, 1] = (step + 1) / 8
    found = _attribution(values, explained(step), layer="conv1")
    return _maps(found, moment, explainer="GradCAM", title="Grad-CAM", target="predicted")


def _guided(step, moment):
    values = np.random.default_rng(step).normal(size=(SAMPLES, 16, 16, 1))
    found = _attribution(values, LABELS, signed=True, facts={"caution": CAUTION})
    title = "Guided backpropagation"
    return _maps(found, moment, explainer="GuidedBackprop", title=title, target="label")


def _integrated(step, moment):
    values = np.random.default_rng(step).normal(size=(SAMPLES, 16, 16, 1))
    figures = {"completeness": np.array([0.004, 0.25, np.nan], np.float32)}
    facts = {"forwards": 50, "backwards": 50}
    found = _attribution(values, LABELS, signed=True, figures=figures, facts=facts)
    title = "Integrated gradients"
    return _maps(found, moment, explainer="IntegratedGradients", title=title, target="label")


def _filters(step, moment):
    found = Explanation(
        values=np.random.default_rng(3).normal(size=(6, 3, 3, 3)).astype(np.float32),
        kind="filter",
        layer="conv1",
        signed=True,
        channels=tuple(range(6)),
        figures={"norm": np.arange(6, dtype=np.float32) + step},
    )
    return _maps(found, moment, explainer="Filters", title="Filters")


def _features(step, moment):
    """Pictures that are red above zero and nothing else: value 1 there, -1 in green and blue."""
    values = np.full((len(FEATURES), 8, 8, 3), -1.0, np.float32)
    values[..., 0] = 1 - 0.05 * (7 - step)
    found = Explanation(
        values=values,
        kind="filter",
        layer="conv1",
        signed=True,
        channels=FEATURES,
        figures={"score": np.arange(len(FEATURES), dtype=np.float32) + step},
        facts={"picture": True},
    )
    return _maps(found, moment, explainer="FeatureVisualization", title="Feature visualization")


def _predictions(step, moment):
    predicted = explained(step).astype(np.int32)
    right = np.full(SAMPLES, 0.5 + step / 20, np.float32)
    arrays = {
        "score": np.stack([right, right]) * 4,
        "target": np.stack([predicted, LABELS]).astype(np.int32),
        "probability": np.stack([right, right]),
        "predicted": predicted,
        "predicted_probability": right,
        "top_class": np.stack([predicted, (predicted + 1) % 3], axis=1).astype(np.int32),
        "top_probability": np.tile(np.array([[0.7, 0.3]], np.float32), (SAMPLES, 1)),
        "correct": (predicted == LABELS).astype(np.uint8),
    }
    targets = ["predicted", "label"]
    facts = {"task": "multiclass", "classes": 3, "output": None, "targets": targets}
    return encode_table("prediction", arrays, facts, moment)


def _layers():
    def layer(path, kind, shape, order):
        grid = shape if len(shape) == 3 else None
        return LayerInfo(
            path=path,
            type=kind,
            layout="grid" if grid else "tokens",
            shape=shape,
            grid=grid,
            order=order,
            calls=1,
            parameters=84,
            trainable=True,
            container=False,
            activation=None,
        )

    layers = (
        layer("conv1", "Conv2D", (8, 8, 16), 0),
        layer(BLOCKS[0], "MultiHeadAttention", (17, 8), 1),
        layer(BLOCKS[1], "MultiHeadAttention", (17, 8), 2),
    )
    return LayerTable("vit", layers, "conv1", "the last layer with a place", (32, 32, 3))

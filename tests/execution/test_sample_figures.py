"""How sure a model is of the samples, and how steady."""

import numpy as np
import pytest

from tb_explain.execution.memory import Memory
from tb_explain.execution.sample_figures import margins, sample_curves
from tb_explain.probe.observation import Predictions

CLASSES = 4


def predicted_from(probabilities, labels):
    """Returns what a pass reports of probabilities, `(samples, classes)`."""
    order = np.argsort(-probabilities, axis=1)[:, :3]
    top = np.take_along_axis(probabilities, order, axis=1).astype(np.float32)
    correct = np.full(len(order), 255) if labels is None else order[:, 0] == labels
    arrays = {
        "predicted": order[:, 0].astype(np.int32),
        "predicted_probability": top[:, 0],
        "top_class": order.astype(np.int32),
        "top_probability": top,
        "correct": correct.astype(np.uint8),
    }
    return Predictions(arrays, "multiclass", CLASSES, None, ())


def random_records(records=6, samples=9):
    draws = np.random.default_rng(0).random((records, samples, CLASSES))
    return draws / draws.sum(axis=2, keepdims=True)


def slowly(records, labels):
    """The same figures, sample by sample and record by record."""
    found = []
    for now, probabilities in enumerate(records):
        ranked = [sorted(row, reverse=True) for row in probabilities.tolist()]
        winners = [[int(np.argmax(row)) for row in earlier] for earlier in records[: now + 1]]
        figures = {
            "confidence": sum(row[0] for row in ranked) / len(ranked),
            "margin": sum(row[0] - row[1] for row in ranked) / len(ranked),
        }
        if now:
            pairs = list(zip(winners[-1], winners[-2], strict=True))
            figures["flips"] = sum(new != old for new, old in pairs) / len(pairs)
        if labels is not None:
            figures["forgotten"] = sum(
                winners[-1][at] != label and any(winner[at] == label for winner in winners[:-1])
                for at, label in enumerate(labels)
            )
        found.append(figures)
    return found


@pytest.mark.parametrize("labels", [np.arange(9) % CLASSES, None], ids=["labels", "no labels"])
def test_figures_are_those_of_a_slow_definition(labels):
    """Certainty at each record, what flipped since the last, and what was right once."""
    records, memory = random_records(), Memory()
    found = [sample_curves(predicted_from(one, labels), memory) for one in records]

    for figures, expected in zip(found, slowly(records, labels), strict=True):
        assert figures == pytest.approx(expected, rel=1e-6)


def test_a_single_class_has_no_margin():
    """Without a runner-up there is nothing to be ahead of."""
    assert np.isnan(margins(np.ones((3, 1), np.float32))).all()


def test_a_regression_has_no_such_figures():
    """Nothing is predicted that could be certain, flip or be forgotten."""
    arrays = {
        "predicted": np.full(3, -1, np.int32),
        "predicted_probability": np.full(3, np.nan, np.float32),
        "top_probability": np.zeros((3, 0), np.float32),
        "correct": np.full(3, 255, np.uint8),
    }
    memory = Memory()
    nothing = Predictions(arrays, "regression", None, None, ())

    assert [sample_curves(nothing, memory) for _ in range(2)] == [{}, {}]

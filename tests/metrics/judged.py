"""A model that anybody can compute, and the metrics that ask one, pixel by pixel.

The slow definitions are written from the papers and share no code with the package. A score is a
function of one picture `(rows, cols, channels)`.
"""

from itertools import pairwise
from math import sqrt

import keras
import numpy as np

from tb_explain.execution.model_measuring import check_metric, explained_model, measured
from tb_explain.metrics.end_points import KnownEndPoints
from tb_explain.probe import Probe

CLASSES = 3
SIZE = (7, 6, 2)


class Judge:
    """Measures maps of the same samples and targets again and again, on one probe.

    Args:
        model: The model.
        pictures: The samples.
        targets: The class of each.
    """

    def __init__(self, model, pictures, targets):
        self.probe = Probe(model, pictures, targets=targets)
        self.queries = self.probe.queries()
        self.known = KnownEndPoints()

    def __call__(self, metric, explanation, explainer=None):
        """Returns the figures of a metric."""
        check_metric(metric, self.probe)
        asked = explained_model(
            self.probe,
            self.queries,
            explanation,
            explainer=explainer,
            place=0,
            known=self.known,
        )
        return measured(metric, asked)


def linear(classes=CLASSES, size=SIZE, activation="softmax"):
    """Returns a linear model with a bias."""
    keras.utils.set_random_seed(5)
    return keras.Sequential(
        [
            keras.Input(size),
            keras.layers.Flatten(),
            keras.layers.Dense(classes, activation, bias_initializer="random_normal", name="head"),
        ],
        name="linear",
    )


def some_pictures(count=5, size=SIZE, seed=3):
    return np.random.default_rng(seed).random((count, *size)).astype(np.float32)


def scores_of(model):
    """Returns the scores of all classes as a function of one picture."""
    weights = model.get_layer("head").get_weights()
    kernel, bias = (np.asarray(each, np.float64) for each in weights)
    return lambda picture: picture.ravel().astype(np.float64) @ kernel + bias


def score_of(model, index):
    """Returns the score of a class as a function of one picture."""
    scores = scores_of(model)
    return lambda picture: float(scores(picture)[index])


def probability_of(model, index):
    """Returns the probability of a class as a function of one picture."""
    scores = scores_of(model)
    return lambda picture: float((np.exp(scores(picture)) / np.exp(scores(picture)).sum())[index])


def deletion(value, picture, cells, baseline, points):
    return _area(value, picture, baseline, cells, points)


def insertion(value, picture, cells, baseline, points):
    return _area(value, baseline, picture, cells, points)


def _area(value, start, end, cells, points):
    """Changes pixels one after the other and adds up the trapezoids."""
    rows, cols = cells.shape
    places = [(row, col) for row in range(rows) for col in range(cols)]
    order = sorted(places, key=lambda place: -cells[place])
    curve = []
    for point in range(points + 1):
        picture = start.copy()
        for place in order[: point * len(order) // points]:
            picture[place] = end[place]
        curve.append(value(picture))
    return sum((one + next_) / 2 for one, next_ in pairwise(curve)) / points


def infidelity(score, picture, cells, baseline, corners, size, scaled):
    foretold, falls = [], []
    for top, left in corners:
        covered, total = picture.copy(), 0.0
        for row in range(top, top + size[0]):
            for col in range(left, left + size[1]):
                covered[row, col] = baseline[row, col]
                total += float(cells[row, col])
        foretold.append(total)
        falls.append(score(picture) - score(covered))
    pairs = list(zip(foretold, falls, strict=True))
    if not scaled:
        return sum((one - fall) ** 2 for one, fall in pairs) / len(pairs)
    factor = sum(one * fall for one, fall in pairs) / sum(one * one for one in foretold)
    factor = max(factor, 0)
    return sum((factor * one - fall) ** 2 for one, fall in pairs) / sum(f * f for f in falls)


def max_sensitivity(weights, picture, noises):
    """The largest distance of maps, where a map is the picture times the weights."""

    def explain(x):
        return (x * weights).sum(axis=-1)

    whole = explain(picture)
    size = sqrt(sum(float(cell) ** 2 for cell in whole.ravel()))
    distances = []
    for noise in noises:
        found = explain(picture + noise)
        pairs = zip(found.ravel(), whole.ravel(), strict=True)
        distances.append(sqrt(sum((float(one) - float(other)) ** 2 for one, other in pairs)))
    return max(distances) / size

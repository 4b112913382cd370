"""Formulas that tests run inside a pass."""

from dataclasses import dataclass

import numpy as np

from tb_explain.probe import Probe
from tb_explain.probe.needs import Needs


@dataclass(frozen=True)
class ActivationAndGradient:
    """Returns what a layer put out and the gradient for it; `None` is the layer by rule."""

    layer: str | None = None

    def needs(self, layers):
        path = layers.target if self.layer is None else self.layer
        return Needs(activations=(path,), gradients=(path,))

    def maps(self, seen, ops):
        path = next(iter(seen.needs.gradients))
        return {"activation": seen.activation(path), "gradient": seen.gradient(path)}


@dataclass(frozen=True)
class ActivationAlone:
    """Returns what a layer put out."""

    layer: str

    def needs(self, layers):
        return Needs(activations=(self.layer,))

    def maps(self, seen, ops):
        return {"activation": seen.activation(self.layer)}


@dataclass(frozen=True)
class InputGradient:
    """Returns the explained input and the gradient for it."""

    def needs(self, layers):
        return Needs(input_gradient=True)

    def maps(self, seen, ops):
        return {"input": seen.input, "gradient": seen.input_gradient}


@dataclass(frozen=True)
class Failing:
    """Raises while it is traced."""

    def needs(self, layers):
        return Needs(score=True)

    def maps(self, seen, ops):
        raise ZeroDivisionError("a formula that fails")


def observe(model, samples, *parts, **settings):
    """Returns the observation of one run, and the probe, of a model."""
    settings.setdefault("targets", "predicted")
    probe = Probe(model, samples, **settings)
    probe.prepare(parts)
    return probe.run(), probe


def scores_of(model, samples, **settings):
    """Returns the scores of the targets, shape `(targets, samples)`."""
    return observe(model, samples, **settings)[0].predictions.arrays["score"]


def class_activation(arrays):
    """Returns the class activation map of a sample, from activation and gradient."""
    weights = arrays["gradient"].mean(axis=(1, 2), keepdims=True)
    return np.maximum((arrays["activation"] * weights).sum(-1), 0)

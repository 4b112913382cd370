"""Closed forms of the explainers that integrate or average gradients."""

import dataclasses

import numpy as np


def integrated_gradients(world):
    """By 50 points of Gauss and Legendre, with the weights that they have in closed form."""
    places = (1 + np.polynomial.legendre.Legendre.basis(50).roots()) / 2
    slope = np.polynomial.legendre.Legendre.basis(50).deriv()
    total = 0.0
    for place in places:
        there = dataclasses.replace(world, samples=place * world.samples)
        weight = 1 / (4 * place * (1 - place) * slope(2 * place - 1) ** 2)
        total = total + weight * there.input_gradient()
    return (world.samples * total).sum(axis=-1, keepdims=True)


CLOSED_FORMS = {"IntegratedGradients": integrated_gradients}

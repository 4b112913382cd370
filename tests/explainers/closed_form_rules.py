"""Closed forms of the explainers that go back by rules, contribution by contribution."""

import numpy as np


def contributions(world):
    """Returns `x_i w_ij` of the convolution: `(samples, rows, cols, 3, 3, inputs, filters)`."""
    return windows(world.samples)[..., None] * world.kernel.astype(np.float64)


def windows(samples):
    """Returns what each place of a 3 x 3 convolution with zero padding sees."""
    count, rows, cols, inputs = samples.shape
    padded = np.pad(samples.astype(np.float64), ((0, 0), (1, 1), (1, 1), (0, 0)))
    found = np.zeros((count, rows, cols, 3, 3, inputs))
    for row in range(rows):
        for col in range(cols):
            found[:, row, col] = padded[:, row : row + 3, col : col + 3]
    return found


def gathered(shares):
    """Returns the sum of what each pixel gets, shape `(samples, rows, cols, 1)`."""
    count, rows, cols = shares.shape[:3]
    padded = np.zeros((count, rows + 2, cols + 2, shares.shape[5]))
    for row in range(rows):
        for col in range(cols):
            padded[:, row : row + 3, col : col + 3] += shares[:, row, col].sum(axis=-1)
    return padded[:, 1:-1, 1:-1].sum(axis=-1, keepdims=True)


def hidden_relevance(world, epsilon=1e-6):
    """Returns the relevance of what the convolution puts out, by the epsilon rule."""
    products = world.activation() * world.gradient()
    scores = products.sum(axis=(1, 2, 3), keepdims=True)
    return products * scores / (scores + epsilon * np.where(scores >= 0, 1, -1))


def gamma_shares(products, bias, relevance, gamma=0.25):
    """Returns the relevance of each contribution by the gamma rule, for either sign of `z`."""
    shares = np.zeros_like(products)
    total = products.sum(axis=(3, 4, 5)) + bias
    for sign in (1, -1):
        favoured = np.where(sign * products > 0, products, 0)
        favoured_bias = np.where(sign * bias > 0, bias, 0)
        below = total + gamma * (favoured.sum(axis=(3, 4, 5)) + favoured_bias)
        here = (total >= 0) if sign > 0 else (total < 0)
        ratio = np.where(here, relevance / np.where(here, below, 1), 0)
        shares += (products + gamma * favoured) * ratio[:, :, :, None, None, None]
    return shares


def alpha_beta_shares(products, bias, relevance, alpha=2, beta=1):
    """Returns the relevance of each contribution by the alpha-beta rule."""
    shares = np.zeros_like(products)
    for sign, weight in ((1, alpha), (-1, -beta)):
        part = np.where(sign * products > 0, products, 0)
        total = part.sum(axis=(3, 4, 5)) + np.where(sign * bias > 0, bias, 0)
        ratio = weight * relevance / np.where(total == 0, 1, total)
        shares += part * ratio[:, :, :, None, None, None]
    return shares


def box_shares(world, relevance, low, high):
    """Returns the relevance of each contribution by the rule of pixels between two limits."""
    kernel = world.kernel.astype(np.float64)
    lowest = windows(np.full_like(world.samples, low))[..., None] * np.maximum(kernel, 0)
    highest = windows(np.full_like(world.samples, high))[..., None] * np.minimum(kernel, 0)
    shares = contributions(world) - lowest - highest
    return shares * (relevance / shares.sum(axis=(3, 4, 5)))[:, :, :, None, None, None]


def lrp(world):
    return gathered(gamma_shares(contributions(world), world.bias, hidden_relevance(world)))


def deep_lift(world):
    before, at_zero = world.before_relu(), np.broadcast_to(world.bias, world.before_relu().shape)
    slope = (np.maximum(before, 0) - np.maximum(at_zero, 0)) / (before - at_zero)
    shares = contributions(world) * (slope * world.gradient())[:, :, :, None, None, None]
    return gathered(shares)


def guided_backprop(world):
    passed = np.where(world.before_relu() > 0, np.maximum(world.gradient(), 0), 0)
    count, rows, cols, inputs = world.samples.shape
    padded = np.zeros((count, rows + 2, cols + 2, inputs))
    for row in range(rows):
        for col in range(cols):
            back = np.einsum("nf,rcif->nrci", passed[:, row, col], world.kernel)
            padded[:, row : row + 3, col : col + 3] += back
    return np.abs(padded[:, 1:-1, 1:-1]).max(axis=-1, keepdims=True)


CLOSED_FORMS = {"DeepLIFT": deep_lift, "GuidedBackprop": guided_backprop, "LRP": lrp}

"""Closed forms of the explainers that make pictures of features.

Random numbers are drawn as the explainer says; all else is written anew: waves as sums of
cosines and sines, their gradients through the matrix of these, and Adam number by number.
"""

import dataclasses

import numpy as np


def waves(rows, cols):
    """Returns the matrix from real and imaginary parts of a half spectrum to pixels.

    Its shape is `(rows, cols, rows, half, 2)`. A column of the half that is not its own mirror
    image stands for two.
    """
    half = cols // 2 + 1
    matrix = np.zeros((rows, cols, rows, half, 2))
    for u in range(rows):
        for v in range(half):
            twice = 1 if v == 0 or 2 * v == cols else 2
            down, across = min(u, rows - u) / rows, v / cols
            decay = 1 / max(np.sqrt(down**2 + across**2), 1 / max(rows, cols))
            for row in range(rows):
                for col in range(cols):
                    angle = 2 * np.pi * (u * row / rows + v * col / cols)
                    matrix[row, col, u, v] = np.cos(angle), -np.sin(angle)
            matrix[:, :, u, v] *= twice * decay
    # Unit white noise in the spectrum makes pixels of unit variance.
    return matrix / np.sqrt((matrix[0, 0] ** 2).sum())


def mean_activation(world, picture, filter_index):
    """Returns the mean of one filter behind the ReLU over all places, and its gradient."""
    rows, cols, classes = *picture.shape[:2], 1
    head = np.zeros((rows, cols, world.kernel.shape[-1], classes))
    head[:, :, filter_index] = 1 / (rows * cols)
    there = dataclasses.replace(
        world, samples=picture[None], head=head, targets=np.zeros(1, np.intp)
    )
    return there.activation()[0, :, :, filter_index].mean(), there.input_gradient()[0]


def ascent(world, filter_index, *, seed=0, iterations=64, rate=0.2, decay=0.05, jitter=4):
    """Returns the picture that excites one filter, as a share of the range of the samples."""
    low, high = world.samples.min(axis=(0, 1, 2)), world.samples.max(axis=(0, 1, 2))
    rows, cols, inputs = world.samples.shape[1:]
    matrix = waves(rows, cols)
    draws = np.random.default_rng(seed).normal(size=(2, inputs, rows, cols // 2 + 1, 2))
    noise, direction = np.moveaxis(draws, 1, -2)
    spectrum = 0.01 * noise
    first, second, steps = np.zeros_like(noise), np.zeros_like(noise), 0
    for iteration in range(1, iterations + 1):
        shift = np.random.default_rng([seed, iteration]).integers(-jitter, jitter + 1, 2)
        share = 1 / (1 + np.exp(-np.einsum("rcuvk,uvik->rci", matrix, spectrum)))
        shifted = np.roll(low + (high - low) * share, shift, axis=(0, 1))
        _, gradient = mean_activation(world, shifted, filter_index)
        gradient = np.roll(gradient, -shift, axis=(0, 1))
        slope = np.einsum("rcuvk,rci->uvik", matrix, gradient * (high - low) * share * (1 - share))
        spectrum = (1 - decay) * spectrum
        if not slope.any():
            spectrum = spectrum + rate * direction
            continue
        steps += 1
        slope = slope / np.sqrt((slope**2).mean())
        first = 0.9 * first + 0.1 * slope
        second = 0.99 * second + 0.01 * slope**2
        mean, square = first / (1 - 0.9**steps), second / (1 - 0.99**steps)
        spectrum = spectrum + rate * mean / (np.sqrt(square) + 1e-3)
    return 1 / (1 + np.exp(-np.einsum("rcuvk,uvik->rci", matrix, spectrum)))


def feature_visualization(world):
    pictures = np.stack([ascent(world, index) for index in range(world.kernel.shape[-1])])
    grey = (2 * pictures - 1).mean(axis=-1, keepdims=True)
    return np.repeat(grey, 3, axis=-1)


CLOSED_FORMS = {"FeatureVisualization": feature_visualization}

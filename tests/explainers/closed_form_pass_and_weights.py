"""Closed forms of the explainers that read one pass, or weights alone."""

import numpy as np


def grad_cam(world):
    maps = []
    for activation, gradient in zip(world.activation(), world.gradient(), strict=True):
        found = np.zeros(activation.shape[:2])
        for channel in range(activation.shape[-1]):
            found += gradient[..., channel].mean() * activation[..., channel]
        maps.append(np.where(found > 0, found, 0))
    return np.stack(maps)[..., None]


def hires_cam(world):
    products = world.activation() * world.gradient()
    return products.sum(axis=-1, keepdims=True)


def saliency(world):
    return np.abs(world.input_gradient()).max(axis=-1, keepdims=True)


def input_x_gradient(world):
    return (world.samples * world.input_gradient()).sum(axis=-1, keepdims=True)


def activations(world):
    activation = world.activation()
    strongest = np.argsort(-np.abs(activation).mean(axis=(0, 1, 2)))
    return np.stack(
        [
            activation[sample, :, :, channel, None]
            for sample in range(len(activation))
            for channel in strongest
        ]
    )


def filters(world):
    maps = []
    for index in range(world.kernel.shape[-1]):
        matrix = world.kernel[..., index].reshape(9, -1).astype(np.float64)
        direction = np.linalg.svd(matrix)[2][0]
        if direction[np.abs(direction).argmax()] < 0:
            direction = -direction
        maps.append((matrix @ direction).reshape(3, 3, 1))
    return np.stack(maps)


def weights(world):
    return world.head.reshape(1, -1, 4, 1)


CLOSED_FORMS = {
    "Activations": activations,
    "Filters": filters,
    "GradCAM": grad_cam,
    "HiResCAM": hires_cam,
    "InputXGradient": input_x_gradient,
    "Saliency": saliency,
    "Weights": weights,
}

"""Closed forms of the class activation maps, sample by sample and place by place."""

import numpy as np


def samples_of(world):
    return zip(world.activation(), world.gradient(), strict=True)


def grad_cam_plus_plus(world):
    return np.stack([plus_plus(*sample) for sample in samples_of(world)])[..., None]


def plus_plus(activation, gradient):
    """Returns one map by equation 19 of the paper, without the factor `exp(S)`."""
    activation, gradient = activation.astype(np.float64), gradient.astype(np.float64)
    found = np.zeros(activation.shape[:2])
    for channel in range(activation.shape[-1]):
        a, g = activation[..., channel], gradient[..., channel]
        weight = 0.0
        for place in np.ndindex(g.shape):
            denominator = 2 * g[place] ** 2 + a.sum() * g[place] ** 3
            alpha = g[place] ** 2 / denominator if denominator != 0 else 0.0
            weight += alpha * max(g[place], 0.0)
        found += weight * a
    return np.maximum(found, 0)


def layer_cam(world):
    maps = []
    for activation, gradient in samples_of(world):
        found = np.zeros(activation.shape[:2])
        for place in np.ndindex(found.shape):
            for channel in range(activation.shape[-1]):
                found[place] += max(gradient[place][channel], 0.0) * activation[place][channel]
        maps.append(np.where(found > 0, found, 0))
    return np.stack(maps)[..., None]


def eigen_cam(world):
    return np.stack([first_projection(*sample) for sample in samples_of(world)])[..., None]


def first_projection(activation, gradient, *, centred=False):
    """Returns one map by the singular value decomposition of the paper, with our sign."""
    rows, cols, channels = activation.shape
    matrix = activation.reshape(rows * cols, channels).astype(np.float64)
    if centred:
        matrix = matrix - matrix.mean(axis=0)
    found = (matrix @ np.linalg.svd(matrix)[2][0]).reshape(rows, cols)
    agreement = (found * (gradient.astype(np.float64) * activation).sum(axis=-1)).sum()
    return -found if agreement < 0 else found


CLOSED_FORMS = {
    "EigenCAM": eigen_cam,
    "GradCAMPlusPlus": grad_cam_plus_plus,
    "LayerCAM": layer_cam,
}

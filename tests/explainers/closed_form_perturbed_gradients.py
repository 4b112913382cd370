"""Closed forms of the explainers that average over noisy samples, and of occlusion."""

import dataclasses

import numpy as np


def gaussian(seed, point, shape):
    return np.random.default_rng([seed, point]).standard_normal(shape, np.float32)


def noisy_worlds(world, *, points=25, noise=0.15, seed=0):
    """Returns the world with noise in its samples, once per point."""
    found = []
    for point in range(points):
        samples = world.samples.astype(np.float64)
        for sample in samples:
            width = noise * (sample.max() - sample.min())
            sample += width * gaussian(seed, point, sample.shape)
        found.append(dataclasses.replace(world, samples=samples))
    return found


def noisy_gradients(world, **settings):
    return np.stack([noisy.input_gradient() for noisy in noisy_worlds(world, **settings)])


def smooth_grad(world, **settings):
    mean = noisy_gradients(world, **settings).mean(axis=0)
    return np.abs(mean).max(axis=-1, keepdims=True)


def var_grad(world, **settings):
    gradients = noisy_gradients(world, **settings)
    return gradients.var(axis=0, ddof=0).max(axis=-1, keepdims=True)


def gradient_shap(world, *, points=50, noise=0.15, seed=0, baseline=0.0, background=None):
    """One baseline and one place per point, sample by sample."""
    inside = np.random.default_rng([seed, points]).random(points)
    order = np.random.default_rng([seed, points + 1]).permutation(points)
    total = 0.0
    for point in range(points):
        place = (point + inside[point]) / points
        from_ = baselines_at(world, point, order, noise, seed, baseline, background)
        way = world.samples - from_
        there = dataclasses.replace(world, samples=from_ + place * way)
        total = total + way * there.input_gradient()
    return total.sum(axis=-1, keepdims=True) / points


def baselines_at(world, point, order, noise, seed, baseline, background):
    found = np.zeros(world.samples.shape)
    for number, sample in enumerate(world.samples.astype(np.float64)):
        chosen = baseline if background is None else background[order[point] % len(background)]
        width = noise * (sample.max() - sample.min())
        found[number] = chosen + width * gaussian(seed, point, sample.shape)
    return found


def scores(world):
    return (world.activation() * world.gradient()).sum(axis=(1, 2, 3))


def starts(side, window, stride):
    """Returns every multiple of the stride at which a window fits, and the last place of all."""
    return sorted({*range(0, side - window + 1, stride), side - window})


def occlusion(world, *, window=(1, 1), stride=(1, 1), baseline=0.0):
    """Every window in turn, and the drops of those that cover it at every pixel."""
    samples, rows, cols, _ = world.samples.shape
    total, covering = np.zeros((samples, rows, cols)), np.zeros((rows, cols))
    before = scores(world)
    for top in starts(rows, window[0], stride[0]):
        for left in starts(cols, window[1], stride[1]):
            changed = world.samples.astype(np.float64)
            inside = (slice(top, top + window[0]), slice(left, left + window[1]))
            there = (slice(None), *inside)
            changed[there] = np.broadcast_to(baseline, changed.shape)[there]
            drop = before - scores(dataclasses.replace(world, samples=changed))
            total[there] += drop[:, None, None]
            covering[inside] += 1
    assert covering.min() >= 1
    return (total / covering)[..., None]


CLOSED_FORMS = {
    "GradientSHAP": gradient_shap,
    "Occlusion": occlusion,
    "SmoothGrad": smooth_grad,
    "VarGrad": var_grad,
}

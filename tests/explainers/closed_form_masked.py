"""Closed forms of the explainers that hide parts of the samples, slow and from the papers."""

import dataclasses
import itertools
import math

import numpy as np
from skimage.segmentation import slic


def scores(world, samples):
    """Returns the score of each changed sample, in double precision."""
    there = dataclasses.replace(world, samples=samples)
    return (there.gradient().astype(np.float64) * there.activation()).sum(axis=(1, 2, 3))


def only(world, sample):
    """Returns the world with one of its samples."""
    span = slice(sample, sample + 1)
    return dataclasses.replace(world, samples=world.samples[span], targets=world.targets[span])


def stretched(row, size):
    """Returns a row of numbers at another length: each place of it at the centre of its cell."""
    found = []
    for place in range(size):
        there = (place + 0.5) * len(row) / size - 0.5
        there = min(max(there, 0.0), len(row) - 1.0)
        before = min(math.floor(there), len(row) - 2) if len(row) > 1 else 0
        after = min(before + 1, len(row) - 1)
        share = there - before
        found.append((1 - share) * row[before] + share * row[after])
    return np.array(found)


def enlarged(picture, rows, cols):
    """Returns a picture enlarged bilinearly, along its rows and then along its columns."""
    down = np.array([stretched(column, rows) for column in np.transpose(picture)]).T
    return np.array([stretched(row, cols) for row in down])


def rise_masks(rows, cols, *, masks=1000, cells=7, probability=0.5, seed=0):
    heights, widths = -(-rows // cells), -(-cols // cells)
    for index in range(masks):
        random = np.random.default_rng([seed, index])
        shown = 1.0 * (random.random((cells, cells)) < probability)
        large = enlarged(shown, (cells + 1) * heights, (cells + 1) * widths)
        top, left = random.integers(heights + 1), random.integers(widths + 1)
        yield large[top : top + rows, left : left + cols]


def rise(world, *, baseline=0.0, centred=True, **settings):
    """By covariance: the mean of (score - mean score) times mask, over the mean of a mask."""
    masks = np.stack(list(rise_masks(*world.samples.shape[1:3], **settings)))
    found = [
        scores(world, world.samples * mask + baseline * (1 - mask)) for mask in masks[..., None]
    ]
    weights = np.stack(found) - (np.mean(found, axis=0) if centred else 0)
    probability = settings.get("probability", 0.5)
    return np.einsum("in,irc->nrc", weights, masks)[..., None] / (len(masks) * probability)


def score_cam(world, *, channels=64):
    maps = []
    for n, sample in enumerate(world.samples):
        one = only(world, n)

        def score(changed, one=one):
            return scores(one, changed[None])[0]

        maps.append(score_cam_of(one.activation()[0], sample, score, channels=channels))
    return np.stack(maps)


def score_cam_of(activation, sample, score, *, channels, baseline=0.0):
    """Returns one map, with `score` as the function from a changed sample to its score."""
    means = [activation[..., channel].mean() for channel in range(activation.shape[-1])]
    strongest = sorted(range(len(means)), key=lambda channel: -means[channel])[:channels]
    empty = score(np.full_like(sample, baseline))
    increases = {}
    for channel in strongest:
        large = enlarged(activation[..., channel], *sample.shape[:2])
        if large.max() > large.min():
            mask = ((large - large.min()) / (large.max() - large.min()))[..., None]
            increases[channel] = score(sample * mask + baseline * (1 - mask)) - empty
    total = sum(math.exp(increase) for increase in increases.values())
    found = np.zeros(activation.shape[:2])
    for channel, increase in increases.items():
        found += math.exp(increase) / total * activation[..., channel]
    return np.maximum(found, 0)[..., None]


def superpixels(sample):
    """Returns the segments of a small sample of no colours, by scikit-image."""
    unit = sample.astype(np.float64) - sample.min()
    wanted = min(50, sample.shape[0] * sample.shape[1] // 4)
    for compactness in (0.1, 1, 10, 100, 1000):
        found = slic(
            unit / unit.max(), wanted, compactness, channel_axis=-1, convert2lab=False,
            start_label=0,
        )  # fmt: skip
        if len(set(found.flat)) >= wanted / 2:
            break
    names = sorted(set(found.flat))
    return np.vectorize(names.index)(found)


def segmented(world, explained, *, labels=None, **settings):
    """Returns the maps made of a function `(world, sample, labels)` to one value per segment."""
    maps = []
    for n, sample in enumerate(world.samples):
        own = superpixels(sample) if labels is None else labels[n]
        maps.append(np.asarray(explained(only(world, n), sample, own, **settings))[own])
    return np.stack(maps)[..., None]


def asked(world, *, sample, labels, hidden, shown):
    """Returns the score of a sample with the segments that are not shown hidden."""
    keeps = np.asarray(shown, bool)[labels][..., None]
    return scores(world, np.where(keeps, sample, hidden)[None])[0]


def lime(world, **settings):
    return segmented(world, lime_of, **settings)


def lime_of(world, sample, labels, *, evaluations=500, ridge=1.0, width=0.25, seed=0, hidden=None):
    """Solves the normal equations, with a column of ones for the intercept."""
    count = labels.max() + 1
    if hidden is None:
        hidden = np.zeros(sample.shape)
        for segment in range(count):
            hidden[labels == segment] = sample[labels == segment].mean(axis=0)
    if 2**count <= evaluations:
        choices = [np.array(bits) for bits in itertools.product([0, 1], repeat=count)]
    else:
        choices = [np.ones(count)]
        for index in range(1, evaluations):
            drawn = np.random.default_rng([seed, index]).random(count)
            choices.append(1 * (drawn < 0.5))
    answers = [asked(world, sample=sample, labels=labels, hidden=hidden, shown=z) for z in choices]
    kernel = []
    for z in choices:
        cosine = z.sum() / math.sqrt(max(z.sum(), 1) * count)
        kernel.append(math.exp(-((1 - cosine) ** 2) / width**2))
    design = np.column_stack([choices, np.ones(len(choices))])
    penalty = ridge * np.diag([1.0] * count + [0.0])
    left = design.T @ np.diag(kernel) @ design + penalty
    return np.linalg.solve(left, design.T @ (kernel * np.array(answers)))[:count]


def kernel_shap(world, **settings):
    return segmented(world, kernel_shap_of, **settings)


def kernel_shap_of(world, sample, labels, *, evaluations=1000, seed=0, hidden=0.0):
    """Solves for all but the last segment, which gets what is left of the whole."""
    count = labels.max() + 1
    pairs = kernel_shap_coalitions(count, evaluations, seed)
    empty, whole = (
        asked(world, sample=sample, labels=labels, hidden=hidden, shown=np.full(count, value))
        for value in (False, True)
    )
    design, answers, weights = [], [], []
    for members, weight in pairs:
        z = np.isin(np.arange(count), members).astype(float)
        score = asked(world, sample=sample, labels=labels, hidden=hidden, shown=z)
        design.append(z[:-1] - z[-1])
        answers.append(score - empty - z[-1] * (whole - empty))
        weights.append(weight)
    design, weights = np.array(design), np.array(weights)
    left = design.T @ (weights[:, None] * design)
    first = np.linalg.solve(left, design.T @ (weights * np.array(answers)))
    return np.append(first, whole - empty - first.sum())


def kernel_shap_coalitions(count, evaluations, seed):
    """Returns coalitions and weights: whole sizes from both ends inwards, the rest drawn."""

    def kernel(size):
        return (count - 1) / (math.comb(count, size) * size * (count - size))

    found, left, low = [], evaluations - 2, 1
    while low <= count - low:
        sizes = {low, count - low}
        rest = sum(kernel(s) * math.comb(count, s) for s in range(low, count - low + 1))
        mass = sum(kernel(s) * math.comb(count, s) for s in sizes)
        if sum(math.comb(count, s) for s in sizes) > left * mass / rest * (1 + 1e-9):
            break
        for size in sizes:
            for members in itertools.combinations(range(count), size):
                found.append((members, kernel(size)))
                left -= 1
        low += 1
    return found + drawn_coalitions(count, kernel, low=low, draws=left // 2, seed=seed)


def drawn_coalitions(count, kernel, *, low, draws, seed):
    """Returns random coalitions of at least `low` segments, each followed by its complement."""
    sizes = list(range(low, count // 2 + 1))
    masses = [sum(kernel(s) * math.comb(count, s) for s in {z, count - z}) for z in sizes]
    found = []
    for index in range(draws if sizes else 0):
        random = np.random.default_rng([seed, index])
        point, size = random.random() * sum(masses), 0
        while size < len(sizes) - 1 and point >= sum(masses[: size + 1]):
            size += 1
        members = random.permutation(count)[: sizes[size]]
        others = np.setdiff1d(np.arange(count), members)
        found += [(members, sum(masses) / (2 * draws)), (others, sum(masses) / (2 * draws))]
    return found


CLOSED_FORMS = {"KernelSHAP": kernel_shap, "LIME": lime, "RISE": rise, "ScoreCAM": score_cam}

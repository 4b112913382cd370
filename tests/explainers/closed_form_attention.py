"""Closed forms of the explainers that read attention."""

import numpy as np

WORLD = "transformer"
SETTINGS = {"Attention": {"layer": "attention_0"}}  # By default it shows both layers.
PATCHES = (3, 2, 1)  # Rows, columns and a channel, behind the class token.


def attention(world):
    maps = []
    for sample in range(len(world.samples)):
        first = world.attention(sample)[0]
        heads = (first.mean(axis=0), *first)
        maps += [head[0, 1:].reshape(PATCHES) for head in heads]
    return np.stack(maps)


def rollout(world):
    maps = []
    for sample in range(len(world.samples)):
        product = np.eye(7)
        for layer in world.attention(sample):
            mixed = layer.mean(axis=0) / 2 + np.eye(7) / 2
            for row in range(7):
                mixed[row] /= mixed[row].sum()
            product = mixed @ product
        maps.append(product[0, 1:].reshape(PATCHES))
    return np.stack(maps)


def relevance(world):
    maps = []
    for sample in range(len(world.samples)):
        relevances = np.eye(7)
        layers = zip(world.attention_gradient(sample), world.attention(sample), strict=True)
        for gradient, layer in layers:
            weighted = gradient * layer
            weighted[weighted < 0] = 0
            relevances = relevances + weighted.mean(axis=0) @ relevances
        maps.append(relevances[0, 1:].reshape(PATCHES))
    return np.stack(maps)


CLOSED_FORMS = {
    "Attention": attention,
    "AttentionRelevance": relevance,
    "AttentionRollout": rollout,
}

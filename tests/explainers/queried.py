"""Runs explainers that query a model on one probe, which compiles what they share once."""

import keras
import numpy as np


def queried(explainer, probe):
    """Returns what an explainer makes for the first target, by name, as arrays."""
    (resolved,) = explainer.resolve(probe.layers)
    found = resolved.maps(probe.queries(), keras.ops)
    return {name: keras.ops.convert_to_numpy(values)[0] for name, values in found.items()}


def assert_same(found, expected):
    """Asserts that maps are equal at 1e-5 of the largest value, and not all zero."""
    scale = np.abs(expected).max()
    assert scale > 0
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * scale)

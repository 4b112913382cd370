"""The same deletion and insertion as xplique, where it is installed, on TensorFlow.

Run by `pytest -m peers tests/peers`.
"""

import keras
import numpy as np
import pytest

import tb_explain as tbx
from tb_explain.metrics import Deletion, Insertion

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="needs TensorFlow"),
]


@pytest.mark.parametrize("steps", [1, 10])
@pytest.mark.parametrize("kind", [Deletion, Insertion])
def test_areas_of_xplique(rectified, pictures, classes, kind, steps):
    """The mean area over samples, by probabilities and by scores; xplique gives no others."""
    fidelity = pytest.importorskip("xplique.metrics")
    explanation = tbx.Saliency().explain(rectified, pictures, targets=classes)
    wanted = np.eye(4, dtype=np.float32)[classes]

    for activation, score in (("softmax", False), (None, True)):
        theirs = getattr(fidelity, kind.__name__)(
            rectified, pictures, wanted, baseline_mode=0.3, steps=steps, activation=activation
        )
        metric = kind(points=steps, baseline=0.3, score=score)
        found = metric(explanation, rectified, pictures).mean()
        np.testing.assert_allclose(found, theirs.evaluate(explanation.values), atol=1e-6)

"""The same maps as tf-keras-vis and xplique, where these are installed.

Run by `pytest -m peers tests/peers`.
"""

import keras
import numpy as np
import pytest

import tb_explain as tbx

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="libraries of TensorFlow"),
    # tf-keras-vis gives a list to a model of one input.
    pytest.mark.filterwarnings("ignore:(?s).*structure of `inputs`:UserWarning"),
]


def close(ours, theirs):
    """Compares maps, shape `(samples, rows, cols, 1)` and `(samples, rows, cols)`."""
    largest = np.abs(theirs).max()
    np.testing.assert_allclose(ours[..., 0] / largest, theirs / largest, rtol=0, atol=2e-5)


@pytest.mark.parametrize("title", ["Gradcam", "Layercam"])
def test_class_activation_maps_of_tf_keras_vis(rectified, pictures, classes, title):
    """Grad-CAM and LayerCAM, at the resolution of the layer."""
    gradcam = pytest.importorskip("tf_keras_vis.gradcam")
    layercam = pytest.importorskip("tf_keras_vis.layercam")
    scores = pytest.importorskip("tf_keras_vis.utils.scores")
    theirs, ours = {
        "Gradcam": (gradcam.Gradcam, tbx.GradCAM),
        "Layercam": (layercam.Layercam, tbx.LayerCAM),
    }[title]
    found = theirs(rectified)(
        scores.CategoricalScore(classes),
        pictures,
        penultimate_layer="last",
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
    )

    close(ours(layer="last").explain(rectified, pictures, targets=classes).values, found)


def test_saliency_of_tf_keras_vis(rectified, pictures, classes):
    """The largest magnitude of the gradient over the channels."""
    saliency = pytest.importorskip("tf_keras_vis.saliency")
    scores = pytest.importorskip("tf_keras_vis.utils.scores")
    found = saliency.Saliency(rectified)(
        scores.CategoricalScore(classes), pictures, normalize_map=False
    )

    close(tbx.Saliency().explain(rectified, pictures, targets=classes).values, found)


def test_gradients_of_xplique(rectified, smooth, pictures, classes):
    """Grad-CAM, saliency, and integrated gradients by the trapezoid rule."""
    xplique = pytest.importorskip("xplique.attributions")
    wanted = np.eye(4, dtype=np.float32)[classes]

    found = np.asarray(xplique.GradCAM(rectified, conv_layer="last").explain(pictures, wanted))
    close(tbx.GradCAM().explain(rectified, pictures, targets=classes).values, found[..., 0])

    found = np.asarray(xplique.Saliency(rectified).explain(pictures, wanted))
    close(tbx.Saliency().explain(rectified, pictures, targets=classes).values, found[..., 0])

    integral = xplique.IntegratedGradients(smooth, steps=30, reducer="sum")
    found = np.asarray(integral.explain(pictures, wanted))
    ours = tbx.IntegratedGradients(points=30, trapezoid=True)
    close(ours.explain(smooth, pictures, targets=classes).values, found[..., 0])

"""The same maps as Captum, where it is installed.

Run by `KERAS_BACKEND=torch pytest -m peers tests/peers`, since it needs Keras on PyTorch.
"""

import keras
import numpy as np
import pytest

import tb_explain as tbx

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(keras.backend.backend() != "torch", reason="libraries of PyTorch"),
    pytest.mark.filterwarnings("ignore:Setting forward:UserWarning"),
]


def close(ours, theirs, tolerance=2e-5):
    """Compares maps, shape `(samples, rows, cols, 1)` and `(samples, rows, cols)`."""
    theirs = theirs.detach().numpy()
    largest = np.abs(theirs).max()
    np.testing.assert_allclose(ours[..., 0] / largest, theirs / largest, rtol=0, atol=tolerance)


@pytest.fixture
def captum():
    return pytest.importorskip("captum.attr")


@pytest.fixture
def samples(pictures):
    """The pictures with their channels first, as PyTorch has them."""
    import torch

    return torch.tensor(pictures).permute(0, 3, 1, 2).contiguous().requires_grad_()


def plain(model, activation):
    """Returns the network as PyTorch writes it, with the same weights."""
    import torch

    first, last, head = (model.get_layer(name) for name in ("first", "last", "head"))
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 5, 3, padding="same"),
        activation(),
        torch.nn.Conv2d(5, 6, 3, padding="same"),
        activation(),
        torch.nn.AvgPool2d((8, 7)),
        torch.nn.Flatten(),
        torch.nn.Linear(6, 4),
    )
    with torch.no_grad():
        for ours, theirs in ((first, net[0]), (last, net[2])):
            kernel, bias = (torch.tensor(values) for values in ours.get_weights())
            theirs.weight.copy_(kernel.permute(3, 2, 0, 1))
            theirs.bias.copy_(bias)
        kernel, bias = (torch.tensor(values) for values in head.get_weights())
        net[6].weight.copy_(kernel.T)
        net[6].bias.copy_(bias)
    return net


def test_class_activation_map(captum, rectified, samples, pictures, classes):
    """Grad-CAM, at the resolution of the layer."""
    import torch

    net = plain(rectified, torch.nn.ReLU)
    found = captum.LayerGradCam(net, net[3]).attribute(samples, classes, relu_attributions=True)

    close(tbx.GradCAM().explain(rectified, pictures, targets=classes).values, found[:, 0])


def test_gradients(captum, rectified, smooth, samples, pictures, classes):
    """Saliency, input times gradient, and integrated gradients with its 50 points."""
    import torch

    net = plain(rectified, torch.nn.ReLU)
    found = captum.Saliency(net).attribute(samples, classes)
    close(tbx.Saliency().explain(rectified, pictures, targets=classes).values, found.amax(1))

    found = captum.InputXGradient(net).attribute(samples, classes)
    close(tbx.InputXGradient().explain(rectified, pictures, targets=classes).values, found.sum(1))

    net = plain(smooth, torch.nn.GELU)
    keras_gelu = smooth.predict(pictures, verbose=0)
    np.testing.assert_allclose(net(samples).detach().numpy(), keras_gelu, rtol=1e-4, atol=1e-5)
    found = captum.IntegratedGradients(net).attribute(
        samples, target=classes, n_steps=50, method="gausslegendre"
    )
    ours = tbx.IntegratedGradients(points=50)
    close(ours.explain(smooth, pictures, targets=classes).values, found.sum(1), tolerance=1e-4)


def test_rules(captum, rectified, samples, pictures, classes):
    """LRP by the epsilon rule, and DeepLIFT by the rescale rule."""
    import torch

    rules = pytest.importorskip("captum.attr._utils.lrp_rules")
    net = plain(rectified, torch.nn.ReLU)
    net[5].rule = rules.EpsilonRule()  # Of the layer that only flattens.
    found = captum.LRP(net).attribute(samples, classes)
    ours = tbx.LRP(convolution=tbx.Epsilon(1e-9), dense=tbx.Epsilon(1e-9))
    close(ours.explain(rectified, pictures, targets=classes).values, found.sum(1))

    found = captum.DeepLift(net).attribute(samples, target=classes)
    close(tbx.DeepLIFT().explain(rectified, pictures, targets=classes).values, found.sum(1))


def test_occlusion(captum, rectified, samples, pictures, classes):
    """The mean drop over the windows that cover a pixel, at the edges too."""
    import torch

    net = plain(rectified, torch.nn.ReLU)
    found = captum.Occlusion(net).attribute(
        samples, (3, 3, 3), strides=(3, 1, 2), target=classes, baselines=0.5
    )
    ours = tbx.Occlusion(window=3, stride=(1, 2), baseline=0.5)
    close(ours.explain(rectified, pictures, targets=classes).values, found[:, 0])

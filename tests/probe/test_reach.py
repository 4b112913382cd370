"""Neurons inside a model, and the layers that can hold evidence for them."""

import keras
import numpy as np
import pytest
from event_files import steps_of

import tb_explain as tbx


def test_the_layer_by_rule_runs_before_the_neuron(classifier, images):
    """A neuron in the middle is explained by what comes before it, and its map is not blank."""
    explanation = tbx.GradCAM().explain(classifier(), images, targets=tbx.Neuron("norm", 2))

    assert explanation.layer == "norm"
    assert explanation.facts["reason"] == "the last layer with rows and columns before 'norm'"
    assert explanation.values.max() > 0


def test_a_layer_behind_the_neuron_is_refused(classifier, images):
    """Its map would be blank, for want of any way from there to the neuron."""
    with pytest.raises(ValueError, match=r"'conv2' runs after 'conv1'.*earlier layer.*Received"):
        tbx.GradCAM(layer="conv2").explain(classifier(), images, targets=tbx.Neuron("conv1", 0))


def test_a_neuron_behind_all_places_leaves_the_rule_alone(classifier, images):
    """A unit of the pooled features is explained by the last layer with rows and columns."""
    explanation = tbx.GradCAM().explain(classifier(), images, targets=tbx.Neuron("mean", 1))

    assert explanation.layer == "conv2"


def test_defaults_fit_a_neuron(tmp_path, classifier, images):
    """A default record of a neuron has its class activation map too."""
    targets = tbx.Neuron("conv1", 1)
    with tbx.Recorder(tmp_path, classifier(), images, targets=targets) as recorder:
        recorder.record(0)

    assert "GradCAM/conv1/Neuron(conv1, 1)" in steps_of(tmp_path / "explain")


@pytest.mark.parametrize(
    "explainer", [tbx.GradCAM(), tbx.HiResCAM(), tbx.Saliency(), tbx.IntegratedGradients(points=4)]
)
def test_maps_of_a_neuron_are_those_of_its_model(classifier, images, explainer):
    """A neuron is explained as the output of a model that ends with it would be."""
    model = classifier()
    keras.utils.set_random_seed(1)
    inner = keras.Sequential(
        [*model.layers[:5], keras.layers.GlobalAveragePooling2D(), keras.layers.Identity()]
    )
    layer = {"layer": "conv1"} if hasattr(explainer, "layer") else {}
    explainer = type(explainer)(**layer)
    neuron = explainer.explain(model, images, targets=tbx.Neuron("conv2", 3))
    output = explainer.explain(inner, images, targets=3)

    np.testing.assert_allclose(neuron.values, output.values, rtol=1e-4, atol=1e-7)

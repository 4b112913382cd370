"""Whether a model comes with trained weights."""

import keras
import numpy as np
import pytest
from keras import layers

from tb_explain.probe.structure.trained import looks_trained


def fit_once(model, images, labels):
    model.fit(images, labels, epochs=1, verbose=0)
    return model


def test_a_fresh_model_is_untrained(classifier):
    """Whatever the kernels are filled with, biases and statistics start alike."""
    assert not looks_trained(classifier())


def test_one_epoch_trains(classifier, images, labels):
    """After a step no bias is what it was."""
    assert looks_trained(fit_once(classifier(), images, labels))


def test_a_trained_base_under_a_fresh_head_is_trained(classifier, images, labels):
    """Fine-tuning starts from what the base has learned, frozen or not."""
    base = fit_once(classifier(), images, labels)
    base.trainable = False

    assert looks_trained(keras.Sequential([keras.Input((16, 16, 3)), base, layers.Dense(2)]))


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 3.0]),
        lambda: layers.TimeDistributed(layers.Bidirectional(layers.LSTM(4))),
        lambda: layers.Dropout(0.5, seed=3),
    ],
    ids=["normalization", "recurrent", "dropout"],
)
def test_what_is_there_before_training_does_not_count(layer):
    """Statistics of the data, the gates of a recurrent layer and seeds are no training."""
    model = keras.Sequential([keras.Input((6, 5, 3)), layer(), layers.Flatten(), layers.Dense(2)])

    assert not looks_trained(model)


def test_a_bias_that_was_set_does_not_count(classifier):
    """The bias of a head is often set to the shares of the classes."""
    model = classifier()
    kernel, _ = model.get_layer("head").get_weights()
    model.get_layer("head").set_weights([kernel, np.log([0.7, 0.2, 0.1])])

    assert not looks_trained(model)

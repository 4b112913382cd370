"""Models and variants that tests of queries share."""

import keras
import numpy as np
from keras import layers


def classifier(shape=(8, 6, 3)):
    """Returns a small model of four classes without a softmax."""
    keras.utils.set_random_seed(2)
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(6, 3, activation="relu", name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4, name="head"),
        ],
        name="small",
    )


def changed(samples, count):
    """Returns `count` variants of the samples."""
    random = np.random.default_rng(3)
    return [samples + random.normal(size=samples.shape[1:]).astype("f4") for _ in range(count)]


def arrays(answers):
    return np.stack([keras.ops.convert_to_numpy(answer) for answer in answers])


def scores_of(queries, variants):
    return arrays(queries.scores(map(keras.ops.convert_to_tensor, variants)))


def gradients_of(queries, variants):
    asked = map(keras.ops.convert_to_tensor, variants)
    return arrays(gradient for _, gradient in queries.gradients(asked))


def returned(model, variants):
    """Returns what a model returns for each variant, `(variants, samples, classes)`."""
    return np.stack([keras.ops.convert_to_numpy(model(each, training=False)) for each in variants])

"""The least that anybody can do: the compiled model, and its gradient for the input."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np


def compiled_forward(model: keras.Model, images: Any) -> Callable[[], Any]:
    """Returns the least that anybody can do: the compiled model, its output on the host."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        run = tf.function(lambda x: model(x, training=False))
        return lambda: run(tf.constant(images)).numpy()
    if backend == "jax":
        import jax

        apply = jax.jit(lambda weights, state, x: model.stateless_call(weights, state, x)[0])

        def run_jax() -> Any:
            weights = [each.value for each in model.trainable_variables]
            state = [each.value for each in model.non_trainable_variables]
            return np.asarray(apply(weights, state, images))

        return run_jax
    import torch

    def run_torch() -> Any:
        with torch.inference_mode():
            return keras.ops.convert_to_numpy(model(images, training=False))

    return run_torch


def compiled_gradient(model: keras.Model, images: Any, labels: Any) -> Callable[[], Any]:
    """Returns the gradient of the right score for the input, weights left alone, on the host."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        @tf.function
        def run(x: Any) -> Any:
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(x)
                score = tf.gather(model(x, training=False), labels, axis=1, batch_dims=1)
            return tape.gradient(score, x)

        return lambda: run(tf.constant(images)).numpy()
    if backend == "jax":
        import jax
        import jax.numpy as jnp

        def total(x: Any, weights: Any, state: Any) -> Any:
            outputs = model.stateless_call(weights, state, x)[0]
            return jnp.take_along_axis(outputs, labels[:, None], axis=1).sum()

        differentiate = jax.jit(jax.grad(total))

        def run_jax() -> Any:
            weights = [each.value for each in model.trainable_variables]
            state = [each.value for each in model.non_trainable_variables]
            return np.asarray(differentiate(images, weights, state))

        return run_jax
    import torch

    def run_torch() -> Any:
        x = torch.tensor(images, requires_grad=True)
        score = model(x, training=False)[range(len(labels)), labels].sum()
        return torch.autograd.grad(score, x)[0].numpy()

    return run_torch

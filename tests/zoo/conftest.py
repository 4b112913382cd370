"""Settings of the zoo."""

import keras

if keras.backend.backend() == "jax":
    import jax

    # Each test compiles a program of its own, and runs it once.
    jax.config.update("jax_disable_most_optimizations", True)

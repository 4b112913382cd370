"""What the demo stands on: the installed packages and the backend of Keras."""

import importlib.util
import os

BACKENDS = ("tensorflow", "jax", "torch")


def missing() -> str | None:
    """Returns a sentence on what to install before the demo can run, or `None`."""
    if not is_installed("sklearn") or _installed_backend() is None:
        return (
            "The demo needs scikit-learn and a backend of Keras: "
            'pip install "tb-explain[demo]" brings both.'
        )
    return None


def prepare() -> None:
    """Chooses a backend that is installed, unless the user chose one, and quiets TensorFlow.

    Takes effect only before Keras is imported.
    """
    backend = _installed_backend()
    if backend is not None:
        os.environ.setdefault("KERAS_BACKEND", backend)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def is_installed(package: str) -> bool:
    """Returns whether a package can be imported."""
    return importlib.util.find_spec(package) is not None


def _installed_backend() -> str | None:
    return next((name for name in BACKENDS if is_installed(name)), None)

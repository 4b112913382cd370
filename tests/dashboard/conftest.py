"""A TensorBoard for tests."""

import pytest
from tabs import Tab, plain_app, tensorboard_app


@pytest.fixture
def serve():
    """Returns a function that starts a TensorBoard with flags and returns its tab."""

    def start(**flags):
        flags = {name: str(value) for name, value in flags.items()}
        return Tab(tensorboard_app(**flags), flags.get("path_prefix", ""))

    return start


@pytest.fixture
def serve_alone():
    """Returns a function that starts a TensorBoard which leaves all event files to our plugin.

    TensorFlow's reader, which the stock loader uses, crashes the process on some damaged files.
    """

    def start(**flags):
        return Tab(plain_app(**{name: str(value) for name, value in flags.items()}))

    return start

"""A TensorBoard on a log directory, asked over WSGI as the tab asks."""

import json
import struct
import time

from tensorboard import program
from tensorboard.backend import application
from tensorboard.backend.event_processing import data_ingester
from tensorboard.plugins.core import core_plugin
from werkzeug.test import Client

from tb_explain.dashboard.loader import ExplainLoader


class Tab:
    """Asks what the tab asks."""

    def __init__(self, app, prefix=""):
        self.client = Client(app)
        self.prefix = prefix

    def get(self, path, **query):
        address = f"{self.prefix}/data/plugin/tb_explain/{path}"
        return self.client.get(address, query_string=query)

    def json(self, path, **query):
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return json.loads(response.data)

    def runs(self):
        """Returns what is said of each run, once none is to come."""
        deadline = time.monotonic() + 60
        while (listing := self.json("api/runs"))["unread"]:
            assert time.monotonic() < deadline, f"{listing['unread']} runs were never read"
            time.sleep(0.05)
        return listing["runs"]

    def block(self, path, **query):
        """Returns the header and the body of a packed block."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return unpacked(response.data)


def unpacked(data):
    """Returns the header and the body of a packed block."""
    magic, length = struct.unpack_from("<4sI", data)
    assert magic == b"TBX1"
    start = -(-(8 + length) // 8) * 8
    return json.loads(data[8 : 8 + length]), data[start:]


def configured(*plugins, **flags):
    """Returns a TensorBoard program with flags, that our loader has seen."""
    board = program.TensorBoard(plugins=[core_plugin.CorePluginLoader(), ExplainLoader, *plugins])
    board.configure(argv=[""], reload_interval=0, reload_task="blocking", **flags)
    return board


def tensorboard_app(*plugins, **flags):
    """Returns the WSGI application of a TensorBoard that has read its log directory once.

    Args:
        *plugins: Plugins beside ours.
        **flags: Flags of TensorBoard by name.
    """
    board = configured(*plugins, **flags)
    ingester = data_ingester.LocalDataIngester(board.flags)
    ingester.start()
    return application.TensorBoardWSGIApp(
        board.flags,
        board.plugin_loaders,
        ingester.data_provider,
        board.assets_zip_provider,
        ingester.deprecated_multiplexer,
    )


def plain_app(**flags):
    """Returns the WSGI application of a TensorBoard that reads no event files itself.

    Args:
        **flags: Flags of TensorBoard by name.
    """
    board = configured(**flags)
    return application.TensorBoardWSGIApp(
        board.flags, board.plugin_loaders, assets_zip_provider=board.assets_zip_provider
    )

"""TensorBoard's entry point: imports almost nothing, since an error here would end TensorBoard."""

# TensorBoard publishes no types.
# pyright: reportUntypedBaseClass=false

from typing import Any, final

from tensorboard.plugins import base_plugin

PLUGIN_NAME = "tb_explain"


@final
class ExplainLoader(base_plugin.TBLoader):
    """Creates the plugin and tells TensorBoard's own loaders to keep one record per tag.

    The plugin reads every record from disk by itself, so whatever the stock loaders keep in
    memory is wasted; the one record they do keep makes TensorBoard enable the tab.
    """

    def fix_flags(self, flags: Any) -> None:
        """Sets `--samples_per_plugin=tb_explain=1` unless the user chose a number.

        Args:
            flags: TensorBoard's parsed flags. A mapping that the caller handed in is copied.
        """
        chosen = getattr(flags, "samples_per_plugin", None)
        if chosen in (None, ""):
            chosen = {}
        if isinstance(chosen, dict) and PLUGIN_NAME not in chosen:
            flags.samples_per_plugin = {**chosen, PLUGIN_NAME: 1}

    def load(self, context: Any) -> Any:
        """Creates the plugin; TensorBoard survives and logs whatever goes wrong from here on."""
        from tb_explain.dashboard.plugin import ExplainPlugin

        return ExplainPlugin(context)

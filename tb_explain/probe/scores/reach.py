"""Whether a layer can hold evidence for a neuron inside the model."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tb_explain.probe.scores.score import ContrastScorer, NeuronScorer, Scorer
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable


def with_target_before_neurons(layers: LayerTable, scorers: Sequence[Scorer]) -> LayerTable:
    """Returns the table with a layer by rule that runs before all explained neurons.

    The layer by rule for a class, the last one, would mostly lie behind them.
    """
    neurons = tuple(_neurons(scorers))
    if layers.target is None or not neurons:
        return layers
    target = layers.find(layers.target, received="layer=None")
    if all(_may_feed(target, neuron) for neuron in neurons):
        return layers
    before = [row for row in layers.layers if all(_may_feed(row, neuron) for neuron in neurons)]
    places = [row for row in before if row.grid is not None and min(row.grid[:2]) > 1]
    useful = [row for row in places if not row.container and row.order >= 0]
    if not useful:
        reason = f"no layer with rows and columns runs before {neurons[0].path!r}"
        return replace(layers, target=None, target_reason=reason)
    reason = f"the last layer with rows and columns before {neurons[0].path!r}"
    return replace(layers, target=useful[-1].path, target_reason=reason)


def check_feeds(layer: LayerInfo, scorers: Sequence[Scorer]) -> None:
    """Checks that what a layer puts out can reach all explained neurons.

    Raises:
        ValueError: If it cannot; its map would be blank.
    """
    for neuron in _neurons(scorers):
        if not _may_feed(layer, neuron):
            raise ValueError(
                f"Layer {layer.path!r} runs after {neuron.path!r}, so that it holds no evidence "
                f"for a neuron there; name an earlier layer. Received: layer={layer.path!r}, "
                f"targets=Neuron({neuron.path!r}, ...)"
            )


def _may_feed(layer: LayerInfo, neuron: LayerInfo) -> bool:
    around = neuron.path.startswith(layer.path + "/")
    return layer.order <= neuron.order and not around


def _neurons(scorers: Iterable[Scorer]) -> Iterable[LayerInfo]:
    for scorer in scorers:
        if isinstance(scorer, NeuronScorer):
            yield scorer.layer
        elif isinstance(scorer, ContrastScorer):
            yield from _neurons((scorer.first, scorer.second))

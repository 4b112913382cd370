"""Layers that are trained or frozen against what they say, on records made by hand."""

from observing import found, layer

from tb_explain.alerts import DeadChannels, MovingFrozenWeights, UnchangedWeights

PATHS = ("conv0", "conv1", "conv2", "head")
LAYERS = tuple(layer(path) for path in PATHS)


def record(changes, trainable=(True,) * 4, dead=(0,) * 4, layers=LAYERS):
    figures = {
        path: {"change": change, "dead": count}
        for path, change, count in zip(PATHS, changes, dead, strict=True)
    }
    return {
        "layers": layers,
        "figures": figures,
        "trainable": dict(zip(PATHS, trainable, strict=True)),
    }


NAN = float("nan")
FIRST = record([NAN] * 4)
ALL_MOVE = record([0.1, 0.2, 0.1, 0.3])
ONE_STANDS = record([0.1, 0, 0.1, 0.3])
HEAD_MOVES = record([0, 0, 0, 0.3])


def test_finds_a_layer_that_is_not_trained():
    """Keras says nothing about a model that was unfrozen and not compiled again."""
    (finding,) = found(UnchangedWeights(), [FIRST, *[ONE_STANDS] * 3])

    assert finding.title == "conv1 is trainable but its weights do not change."
    assert finding.text == (
        "Bit by bit the same at 3 records in a row while other layers learn. "
        "Was compile() called after unfreezing?"
    )
    assert (finding.step, finding.since, finding.layer) == (3, 1, "conv1")


def test_a_whole_base_is_one_finding():
    """It is one cause, and over when the last of its layers moves."""
    first, last = found(UnchangedWeights(), [FIRST, *[HEAD_MOVES] * 4, *[ALL_MOVE] * 3])

    assert first.title == "3 layers are trainable but their weights do not change."
    assert first.text.startswith("conv0, conv1 and conv2: bit by bit the same")
    assert (last.state, last.since) == ("off", 5)


def test_frozen_layers_may_stand_still():
    """The base of a model that only trains its head."""
    frozen = record([0, 0, 0, 0.3], trainable=[False, False, False, True])

    assert found(UnchangedWeights(), [FIRST, *[frozen] * 6]) == []


def test_unfreezing_starts_the_row():
    """What stood still while it was frozen does not count."""
    frozen = record([0, 0, 0, 0.3], trainable=[False, False, False, True])
    (finding,) = found(UnchangedWeights(), [FIRST, *[frozen] * 4, *[HEAD_MOVES] * 3])

    assert (finding.step, finding.since) == (7, 5)


def test_a_record_without_any_step_counts_neither_way():
    """An optimizer that gathers gradients over batches moves nothing in between."""
    waits = record([0, 0, 0, 0])

    assert found(UnchangedWeights(), [FIRST, *[waits] * 6]) == []
    assert found(UnchangedWeights(), [FIRST, *[ALL_MOVE, waits, waits, waits] * 3]) == []


def test_a_layer_that_is_not_called_is_none():
    """The model does not use it, so nothing could train it."""
    unused = tuple(layer(path, calls=int(path != "conv1")) for path in PATHS)
    stands = record([0.1, 0, 0.1, 0.3], layers=unused)

    assert found(UnchangedWeights(), [FIRST, *[stands] * 6]) == []


def test_a_dead_layer_is_another_cause():
    """It stops the gradient of those before it, which is said by the rule of dead channels."""
    blocked = record([0, 0, 0.1, 0.3], dead=(0, 8, 0, 0))
    (finding,) = found(DeadChannels(), [FIRST, *[blocked] * 3])

    assert found(UnchangedWeights(), [FIRST, *[blocked] * 5]) == []
    assert finding.text.endswith("No gradient passes it any more.")


def test_finds_a_frozen_layer_that_moves():
    """Keras says nothing about a model that was frozen and not compiled again."""
    moves = record([0.004, 0.2, 0.1, 0.3], trainable=[False, True, True, True])
    (finding,) = found(MovingFrozenWeights(), [FIRST, *[moves] * 3])

    assert finding.title == "conv0 is frozen but its weights change."
    assert finding.text == (
        "By 0.4 % since the record before. Was compile() called after freezing?"
    )
    assert (finding.layer, finding.severity) == ("conv0", "warning")


def test_a_frozen_base_that_moves_is_one_finding():
    """It is one cause."""
    moves = record([0.004, 0.2, 0.1, 0.3], trainable=[False, False, False, True])
    (finding,) = found(MovingFrozenWeights(), [FIRST, *[moves] * 3])

    assert finding.title == "3 layers are frozen but their weights change."
    assert "conv0 0.4 %, conv1 20 % and conv2 10 %" in finding.text


def test_frozen_layers_that_stand_still_are_none():
    """Neither are trainable ones that move, nor weights that were loaded once."""
    frozen = record([0, 0, 0, 0.3], trainable=[False, False, False, True])
    loaded = record([2, 2, 2, 0.3], trainable=[False, False, False, True])

    assert found(MovingFrozenWeights(), [FIRST, *[frozen] * 3, loaded, *[frozen] * 3]) == []
    assert found(MovingFrozenWeights(), [FIRST, *[ALL_MOVE] * 4]) == []

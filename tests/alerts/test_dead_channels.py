"""Dead channels, on records made by hand."""

from observing import found, layer

from tb_explain.alerts import DeadChannels

LAYER = layer("conv3_3", channels=48)


def record(dead, of=LAYER):
    return {"layers": (of,), "figures": {of.path: {"dead": dead}}}


def test_finds_a_quarter_of_a_layer():
    """It says how many of how many, on how many samples, and how it was at first."""
    (finding,) = found(DeadChannels(), [record(3), *[record(12)] * 3])

    assert finding.title == "25 % of conv3_3 is dead."
    assert finding.text == (
        "12 of 48 channels are never active on the 16 samples (3 at the first record)."
    )
    assert (finding.step, finding.since, finding.layer) == (3, 1, "conv3_3")
    assert (finding.severity, finding.sample, finding.tag) == ("warning", None, None)
    assert finding.figures == {"dead": 12, "channels": 48, "at_first": 3}
    assert finding.id == "dead_channels/conv3_3"


def test_is_over_when_channels_come_back():
    """Three records below the share end it."""
    changes = found(DeadChannels(), [record(3), *[record(12)] * 3, *[record(4)] * 3])

    assert [change.state for change in changes] == ["on", "off"]
    assert changes[1].figures["dead"] == 4


def test_less_than_a_quarter_is_none():
    """11 of 48 channels are 23 %; the share is a setting."""
    records = [record(3), *[record(11)] * 5]

    assert found(DeadChannels(), records) == []
    assert len(found(DeadChannels(share=0.2), records)) == 1


def test_what_was_dead_at_first_is_none():
    """A layer that never had them lost none."""
    assert found(DeadChannels(), [record(20)] * 6) == []


def test_few_values_prove_nothing():
    """16 samples of a dense layer may leave a unit out by chance, but not all units."""
    dense = layer("dense", channels=48, grid=False)

    assert found(DeadChannels(), [record(0, dense), *[record(40, dense)] * 5]) == []
    assert len(found(DeadChannels(), [record(0, dense), *[record(48, dense)] * 5])) == 1
    some = DeadChannels(least_values=16)
    assert len(found(some, [record(0, dense), *[record(40, dense)] * 5])) == 1


def test_a_layer_without_the_figure_is_none():
    """Behind a function that has no zeros there are no dead channels."""
    assert found(DeadChannels(), [record(float("nan"))] * 6) == []


def test_many_layers_at_once_are_one_finding():
    """A training that broke down is one cause."""
    layers = tuple(layer(f"conv{index}") for index in range(5))

    def of_all(dead):
        return {"layers": layers, "figures": {each.path: {"dead": dead} for each in layers}}

    (finding,) = found(DeadChannels(), [of_all(0), *[of_all(4)] * 3])

    assert finding.title == "5 layers have dead channels."
    assert finding.text == (
        "Never active on the 16 samples: conv0 50 %, conv1 50 %, conv2 50 % and 2 more."
    )

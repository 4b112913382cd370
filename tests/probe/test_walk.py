"""Every layer is found once, under a path of its own."""

import keras
from keras import layers

from tb_explain.probe.structure.walk import is_container, walk


class Twins(keras.Model):
    """Holds two layers of one name, and one of them twice."""

    def __init__(self):
        super().__init__()
        self.first = layers.Dense(2, name="same")
        self.rest = [layers.Dense(2, name="same"), self.first]


def test_two_layers_of_one_name_have_two_paths():
    """The second layer of a name is numbered, and a layer held twice is listed once."""
    model = Twins()

    assert walk(model) == {"same": model.first, "same~1": model.rest[0]}


def test_operations_of_a_graph_are_found_and_inputs_are_not():
    """`x + y` has a path like a layer; the inputs of a nested model are no layers."""
    inner = keras.Input((4,))
    base = keras.Model(inner, layers.Dense(4, name="dense")(inner) + inner, name="base")
    outer = keras.Input((4,))
    found = walk(keras.Model(outer, base(outer)))

    kinds = {path: type(layer).__name__ for path, layer in found.items()}
    (added,) = [path for path, kind in kinds.items() if kind == "Add"]
    assert set(found) == {"base", "base/dense", added}
    assert added.startswith("base/")


def test_wrappers_hold_their_layer_and_recurrent_layers_hide_their_cell():
    """What a wrapper applies is found; what runs inside of a loop is not."""
    model = keras.Sequential(
        [
            keras.Input((5, 3)),
            layers.TimeDistributed(layers.Dense(2, name="inner"), name="each"),
            layers.Bidirectional(layers.LSTM(2, name="rnn"), name="both"),
        ]
    )

    assert list(walk(model)) == [
        "each",
        "each/inner",
        "both",
        "both/forward_rnn",
        "both/backward_rnn",
    ]


def test_models_and_blocks_of_the_user_are_containers():
    """Layers of Keras that hold others compute something of their own."""

    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

    attention = layers.MultiHeadAttention(1, 2)
    attention.build((None, 4, 2), (None, 4, 2))

    assert [is_container(x) for x in (Block(), Twins(), attention, layers.Dense(2))] == [
        True,
        True,
        False,
        False,
    ]

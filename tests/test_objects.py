"""Where objects are: boxes stand in for masks."""

import keras
import numpy as np
import pytest
from event_files import headers_of

import tb_explain as tbx
from tb_explain.samples.objects import object_masks

LABELS = np.array([0, 1, 0, 1])


@pytest.mark.parametrize(
    "boxes",
    [
        tbx.BoundingBoxes([(2, 1, 5, 3), []]),
        tbx.BoundingBoxes([[(2, 1, 4, 3), (3, 1, 5, 3)], np.zeros((0, 4))]),
        tbx.BoundingBoxes([(2 / 8, 1 / 4, 5 / 8, 3 / 4), ()], relative=True),
        tbx.BoundingBoxes([(1.6, 0.7, 5.4, 3.2), []]),
    ],
    ids=["one", "two", "relative", "fractions"],
)
def test_a_pixel_is_inside_with_its_centre(boxes):
    """Left and top are inside, right and bottom are not; a sample may have any number of boxes."""
    expected = np.zeros((2, 4, 8), bool)
    expected[0, 1:3, 2:5] = True

    np.testing.assert_array_equal(object_masks(boxes, 2, (4, 8)), expected)


def test_what_lies_outside_of_the_picture_is_cut_off():
    """Detectors put corners beyond the edge."""
    found = tbx.BoundingBoxes(np.array([[-3, -2, 100, 100]])).masks(4, 8)

    assert found.all()


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ([(0, 0, 4, 4)], "one entry per sample. Received: 1 for 2 samples"),
        ([(0, 0, 4), (0, 0, 4, 4)], r"four finite numbers. Received: \(0, 0, 4\) for sample 0"),
        ([(0, 0, 4, np.nan)] * 2, "four finite numbers"),
        (["left", "right"], "four finite numbers. Received: 'left' for sample 0"),
        ([(5, 5, 2, 2), []], "A box holds pixels of its picture"),
        ([[], (9, 0, 12, 4)], "for sample 1"),
    ],
)
def test_what_is_no_box_gets_a_sentence(boxes, sentence):
    """The sample and what was given for it are named."""
    with pytest.raises(ValueError, match=sentence):
        object_masks(tbx.BoundingBoxes(boxes), 2, (8, 8))


def test_boxes_need_pictures():
    """A vector has no place for a box."""
    with pytest.raises(ValueError, match="Boxes lie on pictures"):
        object_masks(tbx.BoundingBoxes([(0, 0, 1, 1)]), 1, ())


def test_evidence_is_measured_in_boxes(tmp_path):
    """A training with boxes records what one with the same masks does."""
    keras.utils.set_random_seed(0)
    images = np.random.default_rng(0).random((4, 8, 8, 3), dtype=np.float32)
    masks = np.zeros((4, 8, 8), bool)
    masks[:, 2:6, 1:5] = True
    inputs = keras.Input((8, 8, 3))
    hidden = keras.layers.Conv2D(4, 3, activation="relu", padding="same")(inputs)
    outputs = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(hidden))
    model = keras.Model(inputs, outputs)
    model.compile(
        keras.optimizers.SGD(0.0), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    found = {}
    for name, given in (("masks", masks), ("boxes", tbx.BoundingBoxes([(1, 2, 5, 6)] * 4))):
        explain = tbx.Explain(
            tmp_path, images, LABELS, explainers=[tbx.Saliency()], masks=given, name=name
        )
        model.fit(images, LABELS, epochs=1, verbose=0, callbacks=[explain])
        found[name] = headers_of(tmp_path / name, "attribution")[-1]["figures"]["relevance_mass"]

    assert found["boxes"] == found["masks"]
    assert all(0 < mass < 1 for mass in found["boxes"])

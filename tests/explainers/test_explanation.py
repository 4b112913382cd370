"""Explanations: what they check, and their pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from tb_explain.drawing import colormaps, painting
from tb_explain.explanation import Explanation


def explanation(values, **parts):
    """Returns an attribution of one map per entry of `values`."""
    values = np.asarray(values, np.float32)[..., None]
    settings = {"kind": "attribution", "samples": tuple(range(len(values)))} | parts
    return Explanation(values=values, **settings)


def pixels(image):
    return np.asarray(image).astype(int)


def test_empty_columns_mean_none():
    """A column that is not given holds `None` for each map."""
    assert explanation(np.zeros((2, 3, 3))).scores == (None, None)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"values": np.zeros((2, 3, 3), np.float32)},
            "float32 maps of shape.*Received: values of shape",
        ),
        ({"values": np.zeros((2, 3, 3, 1))}, "float32 maps of shape.*float64"),
        ({"values": np.full((2, 3, 3, 1), -1, np.float32)}, "set signed=True.*Received"),
        ({"kind": "picture"}, "one of 'attribution'.*Received: kind='picture'"),
        ({"samples": (0, 1, 2)}, "'samples' with 3 entries for 2 maps"),
        ({"figures": {"norm": np.zeros(3, np.float32)}}, "'norm' with 3 entries for 2 maps"),
        ({"recorded_size": 0}, "at least one cell.*Received"),
    ],
)
def test_parts_fit_together(parts, sentence):
    """What does not fit is one sentence with what was received."""
    whole = {"values": np.zeros((2, 3, 3, 1), np.float32), "kind": "attribution"}

    with pytest.raises(ValueError, match=sentence):
        Explanation(**(whole | parts))


def test_zero_is_transparent_over_a_grey_picture():
    """Where a map is zero the picture shows: grey, flatter and darker."""
    picture = np.full((1, 4, 4, 3), 255, np.uint8)
    values = np.zeros((1, 2, 2))
    values[0, 0, 0] = 1

    image = pixels(explanation(values).images(picture, opacity=1)[0])

    assert image[3, 3].tolist() == [round((0.5 * 0.66 + 0.5) * 0.8 * 255)] * 3
    assert image.shape == (4, 4, 3)


def test_the_strongest_value_has_the_end_of_the_table():
    """At full opacity the strongest value hides the picture."""
    picture = np.zeros((1, 3, 3, 1), np.uint8)
    values = np.full((1, 3, 3), 5.0)

    for name in ("inferno", "viridis", "cividis", "magma", "gray"):
        image = pixels(explanation(values).images(picture, colormap=name, opacity=1)[0])
        assert image[1, 1].tolist() == colormaps.lookup_table(name)[255].tolist()


def test_opacity_mixes_map_and_picture():
    """At half opacity the strongest value is half the colour and half the picture."""
    picture = np.zeros((1, 3, 3, 1), np.uint8)
    values = np.full((1, 3, 3), 5.0)
    background = 0.5 * (1 - 0.66) * 0.8 * 255

    image = pixels(explanation(values).images(picture, colormap="gray", opacity=0.5)[0])

    assert image[1, 1].tolist() == [round(0.5 * 255 + 0.5 * background)] * 3


def test_signed_maps_are_symmetric_about_zero():
    """Equal evidence for and against has the mirrored places of a diverging table."""
    picture = np.full((1, 1, 3, 1), 255, np.uint8)
    values = np.array([[[-2.0, 0.0, 2.0]]])

    image = pixels(explanation(values, signed=True).images(picture, opacity=1)[0])

    table = colormaps.lookup_table("RdBu").astype(int)
    assert image[0, 0].tolist() == table[0].tolist()
    assert image[0, 2].tolist() == table[255].tolist()
    assert len(set(image[0, 1])) == 1


def test_a_sequential_table_never_hides_a_sign():
    """Signed maps are painted by RdBu whatever sequential table is named."""
    values = np.array([[[-2.0, 0.5], [0.0, 1.0]]])
    signed = explanation(values, signed=True)

    viridis, diverging = signed.images(colormap="viridis"), signed.images(colormap="RdBu")

    np.testing.assert_array_equal(pixels(viridis[0]), pixels(diverging[0]))
    assert (pixels(signed.images(colormap="PuOr")[0]) != pixels(diverging[0])).any()


def test_maps_share_one_scale_unless_asked():
    """A weak map stays weak beside a strong one, and is painted in full on its own scale."""
    values = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 10.0)])
    found = explanation(values)

    shared = [pixels(image) for image in found.images(colormap="gray")]
    alone = [pixels(image) for image in found.images(colormap="gray", per_map=True)]

    assert shared[0].max() < 30 < shared[1].min() == 255
    assert alone[0].min() == alone[1].min() == 255


def test_maps_grow_between_the_centres_of_their_cells():
    """Enlarging is bilinear in values, before any colour."""
    enlarged = painting.enlarged(np.array([[0.0, 1.0]]), 2, 4)

    np.testing.assert_allclose(enlarged, [[0, 0.25, 0.75, 1]] * 2)


def test_each_map_lies_on_its_sample():
    """A map is laid over the picture of the sample that it explains."""
    pictures = np.stack([np.zeros((2, 2, 3)), np.ones((2, 2, 3))])
    found = explanation(np.zeros((2, 2, 2)), samples=(1, 0))

    light, dark = (pixels(image) for image in found.images(pictures))

    assert light.min() > dark.max()


def test_filters_of_the_picture_are_grey_at_zero():
    """Three channels are red, green and blue around grey."""
    values = np.zeros((1, 2, 2, 3), np.float32)
    values[0, 0, 0, 0], values[0, 1, 1, 2] = 1, -1
    found = Explanation(values=values, kind="filter", signed=True)

    image = pixels(found.images()[0])

    assert image[0, 1].tolist() == [128, 128, 128]
    assert image[0, 0].tolist() == [255, 128, 128]
    assert image[1, 1].tolist() == [128, 128, 0]


def test_not_finite_values_are_painted_as_zero():
    """A map with NaN and infinities has a picture."""
    values = np.array([[[np.nan, 1.0], [np.inf, 0.5]]])

    image = pixels(explanation(values).images(colormap="gray")[0])

    assert image[0, 0].tolist() == image[1, 0].tolist() == [0, 0, 0]
    assert image[0, 1].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"colormap": "jet"}, "one of 'inferno'.*Received: colormap='jet'"),
        ({"opacity": 2}, "from 0 to 1. Received: opacity=2"),
        ({"pictures": np.zeros((1, 4, 4, 3))}, "explain 2 samples.*Received: 1 pictures"),
    ],
)
def test_pictures_say_what_they_need(settings, sentence):
    """A wrong setting is one sentence."""
    with pytest.raises(ValueError, match=sentence):
        explanation(np.ones((2, 3, 3))).images(**settings)


def test_shows_itself_with_its_legend():
    """In a notebook an explanation has a bar with its ends, layer, targets and scores."""
    found = explanation(
        np.full((2, 2, 2), -3.0),
        signed=True,
        layer="<base>/conv",
        targets=(4, 7),
        scores=(1.5, -0.25),
        title="HiResCAM",
        facts={"reason": "the last layer with rows and columns"},
        pictures=np.zeros((2, 8, 8, 3), np.uint8),
    )

    html = found._repr_html_()

    assert "HiResCAM · &lt;base&gt;/conv · the last layer with rows and columns" in html
    assert ">\u22123<" in html
    assert ">3<" in html
    assert "sample 0 · target 4 · score 1.5" in html
    assert "sample 1 · target 7 · score \u22120.25" in html
    assert html.count("<img") == 3


def test_shows_itself_as_a_sheet():
    """Where no HTML is shown, the maps stand side by side in one picture."""
    sheet = Image.open(io.BytesIO(explanation(np.ones((10, 4, 4)))._repr_png_()))

    assert sheet.size == (8 * 116, 2 * 116)
    assert np.asarray(sheet)[60, 60].tolist() == colormaps.lookup_table("inferno")[255].tolist()
    assert np.asarray(sheet)[-60, -60].tolist() == [245, 245, 245]


def test_an_explanation_of_nothing_shows_itself():
    """Without any map there is a heading and no picture."""
    nothing = Explanation(values=np.zeros((0, 1, 1, 1), np.float32), kind="attribution")

    assert "attribution · input" in nothing._repr_html_()
    assert Image.open(io.BytesIO(nothing._repr_png_())).size == (116, 116)


def test_tables_have_the_colours_of_the_tab():
    """Tables start and end at their stops, and go straight between them."""
    inferno = colormaps.lookup_table("inferno")

    assert inferno.shape == (256, 3)
    assert inferno[0].tolist() == [0, 0, 4]
    assert inferno[255].tolist() == [0xFC, 0xFF, 0xA4]
    assert colormaps.lookup_table("gray")[100].tolist() == [100, 100, 100]
    assert [name for name in colormaps.NAMES if colormaps.is_diverging(name)] == ["RdBu", "PuOr"]

"""What is decoded is what was encoded, within half a level."""

import json
import os

import numpy as np
import pytest
import record_cases as cases
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tb_explain.records import decode_map, decode_table, read_header
from tb_explain.records.decode import is_intact, read_scale
from tb_explain.records.plain import plain

LEVELS = {
    (False, "uint8"): 255,
    (False, "uint16"): 65535,
    (True, "uint8"): 127,
    (True, "uint16"): 32767,
}
SMALLEST = float(np.nextafter(np.float32(0), np.float32(1)))

shapes = arrays.array_shapes(min_dims=4, max_dims=4, max_side=5)
magnitudes = st.floats(0, float(np.float32(3e38)), width=32, allow_subnormal=True)
small = st.floats(0, 1, width=32, allow_subnormal=True)


@st.composite
def explanations(draw: st.DrawFn):
    signed = draw(st.booleans())
    values = draw(
        arrays.arrays(np.float32, shapes, elements=draw(st.sampled_from([magnitudes, small])))
    )
    if signed:
        values = values * draw(
            arrays.arrays(np.float32, values.shape, elements=st.sampled_from([-1, 1]))
        )
    kind = draw(st.sampled_from(["attribution", "activation"]))
    return cases.explanation(values, kind=kind, signed=signed)


def roundtrip(maps):
    header, *payloads = cases.encode(maps)
    fields = read_header(header)
    return fields, np.stack([decode_map(fields, payload) for payload in payloads])


def half_level(header, values):
    """Returns the largest error allowed per map: half a level, and the rounding of a `float32`."""
    levels = LEVELS[header["signed"], header["dtype"]]
    scales = np.abs(values.astype(np.float64)).max(axis=(1, 2, 3), keepdims=True)
    return scales / levels / 2 * (1 + 1e-4) + scales * 2**-24 + SMALLEST


def assert_within_half_a_level(maps):
    header, decoded = roundtrip(maps)
    values = cases.stored(maps.values).astype(np.float64)

    assert (np.abs(decoded - values) <= half_level(header, values)).all()
    assert (decoded[values == 0] == 0).all()


@settings(max_examples=300, deadline=None, derandomize=True)
@given(explanations())
def test_error_is_half_a_level(maps):
    """Whatever the values, they come back within half a level, and zeros as zeros."""
    assert_within_half_a_level(maps)


@pytest.mark.parametrize("name", cases.MAPS)
def test_error_is_half_a_level_in_special_cases(name):
    """Zero, constant, denormal, huge, all negative and one-hot maps come back too."""
    assert_within_half_a_level(cases.MAPS[name])


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_largest_value_is_exact(signed, dtype):
    """The value of the largest size is stored as it is, as the scale of the map."""
    maps = cases.MAPS[f"{'signed' if signed else 'unsigned'}_{dtype}"]
    header, *payloads = cases.encode(maps)
    largest = np.abs(maps.values).max(axis=(1, 2, 3))
    decoded = [np.abs(decode_map(json.loads(header), payload)).max() for payload in payloads]

    assert [read_scale(payload)[0] for payload in payloads] == largest.tolist()
    assert decoded == largest.tolist()


@pytest.mark.parametrize("size", [7, 64, 224])
@pytest.mark.parametrize("signed", [False, True])
def test_sums_are_kept(size, signed):
    """The sum of a map, of which completeness is made, is off by less than a thousandth."""
    values = np.abs(cases.noise(4, size, size, 1))
    values[:, : size // 2] *= -1 if signed else 0
    _, decoded = roundtrip(cases.explanation(values, signed=signed))
    mass = np.abs(values).sum(axis=(1, 2, 3), dtype=np.float64)
    error = (decoded.astype(np.float64) - values).sum(axis=(1, 2, 3))

    assert (np.abs(error) < 1e-3 * mass).all()


def test_percentile_is_that_of_numpy():
    """The second number of a payload is the 99th percentile of the sizes."""
    maps = cases.explanation(cases.noise(5, 9, 23, 2), signed=True)
    percentiles = [read_scale(payload)[1] for payload in cases.encode(maps)[1:]]
    expected = np.percentile(np.abs(maps.values), 99, axis=(1, 2, 3))

    np.testing.assert_allclose(percentiles, expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "side", "dtype"),
    [
        ("attribution", 64, "uint16"),
        ("attribution", 65, "uint8"),
        ("attention", 64, "uint16"),
        ("activation", 7, "uint8"),
        ("filter", 3, "uint8"),
        ("weight", 8, "uint8"),
    ],
)
def test_small_attributions_have_16_bits(kind, side, dtype):
    """16 bits are spent where small differences between steps are looked at."""
    header, _ = roundtrip(cases.explanation(np.ones((1, 2, side, 1)), kind=kind))

    assert header["dtype"] == dtype


def test_large_maps_are_pooled():
    """A map larger than its recorded size is stored smaller, with the same mean."""
    values = np.abs(cases.noise(3, 100, 75, 2))
    header, decoded = roundtrip(cases.explanation(values, recorded_size=56))

    assert (header["shape"], header["native"]) == ([56, 42, 2], [100, 75])
    np.testing.assert_allclose(decoded.mean(axis=(1, 2)), values.mean(axis=(1, 2)), rtol=1e-4)


def test_values_not_finite_are_counted():
    """A map with a NaN and an infinity says so, and shows the others."""
    header, decoded = roundtrip(cases.MAPS["not_finite"])

    assert header["columns"]["not_finite"] == [2, 0]
    assert decoded[0, 0, :2, 0].tolist() == [0, 0]
    assert np.abs(decoded[0]).max() == np.abs(cases.stored(cases.NOT_FINITE[0])).max()


def test_figures_without_a_value_are_null():
    """A figure that is not finite is null in the header, which JSON can hold."""
    header, _ = roundtrip(cases.MAPS["rgb_filter"])

    assert header["figures"] == {"norm": [1.5, 0.25], "change": [0.1, None]}
    assert header["statistics"] == {"dead": 0.125, "explained": None}


def test_no_maps_are_a_record_without_payloads():
    """An explanation of no maps is recorded as such."""
    header, *payloads = cases.encode(cases.explanation(np.ones((0, 3, 3, 1))))

    assert (json.loads(header)["columns"]["sample"], payloads) == ([], [])


def test_map_without_entries_is_refused():
    """A map without rows is an error that says so."""
    with pytest.raises(ValueError, match=r"at least one of each. Received: values.shape=\(1, 0,"):
        cases.encode(cases.explanation(np.ones((1, 0, 3, 1))))


def test_damage_is_noticed():
    """A flipped bit does not match the checksum in the header."""
    header, payload = cases.encode(cases.MAPS["one_hot"])
    damaged = bytes([payload[0] ^ 1]) + payload[1:]

    assert is_intact(json.loads(header), 0, payload)
    assert not is_intact(json.loads(header), 0, damaged)


def test_payload_of_another_size_is_refused():
    """A header that promises more than there is allocates nothing."""
    header = json.loads(cases.encode(cases.MAPS["one_hot"])[0])
    header["shape"] = [2**20, 2**20, 1]

    with pytest.raises(ValueError, match=r"has 2199023255560 bytes\. Received: 9 bytes"):
        decode_map(header, b"123456789")


@pytest.mark.parametrize(
    ("blob", "sentence"),
    [
        (b"\xff{", "is no JSON"),
        (b"[1]", "is no JSON object"),
        (b'{"version":2}', "has format version 2; this tb_explain reads version 1"),
    ],
)
def test_bad_header_is_refused(blob, sentence):
    """A header that cannot be read is refused in one sentence."""
    with pytest.raises(ValueError, match=sentence):
        read_header(blob)


def test_table_comes_back():
    """The arrays of a table come back with their names, types and shapes."""
    header, *payloads = cases.encode_prediction()
    tables = decode_table(json.loads(header), payloads)

    assert list(tables) == list(cases.TABLE)
    for name, expected in cases.TABLE.items():
        np.testing.assert_array_equal(tables[name], expected)
        assert tables[name].dtype == expected.dtype


def test_table_with_missing_payload_is_refused():
    """A table that lost an array is refused."""
    header, *payloads = cases.encode_prediction()

    with pytest.raises(ValueError, match=r"has 8 arrays\. Received: 7 payloads"):
        decode_table(json.loads(header), payloads[1:])
    with pytest.raises(ValueError, match=r"Array 'score' has 16 bytes\. Received: 0 bytes"):
        decode_table(json.loads(header), [b"", *payloads[1:]])


def test_table_of_another_type_is_refused():
    """A table holds three types; others are refused by name."""
    with pytest.raises(TypeError, match="Received: 'score' of float64"):
        cases.encode_table("prediction", {"score": np.zeros(2)}, cases.TABLE_FACTS, cases.MOMENT)


def test_settings_are_json():
    """Settings of any type have a JSON value: arrays a hash, explainers a name, infinity null."""
    described = plain(
        {
            "points": np.int64(5),
            "share": np.float32(0.5),
            "limit": float("inf"),
            "baseline": np.zeros((2, 2), np.float32),
            "of": cases.MOMENT,
            "channels": (1, None),
            "function": os.getpid,
        }
    )

    assert described["baseline"]["shape"] == [2, 2]
    assert described["of"]["name"] == "Moment"
    assert (described["points"], described["share"], described["limit"]) == (5, 0.5, None)
    assert (described["channels"], described["function"]) == ([1, None], "getpid")
    assert json.loads(json.dumps(described)) == described

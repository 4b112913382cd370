"""Every header is valid under the schema, and the schema refuses what is none."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import record_cases as cases

import tb_explain.records
from tb_explain.alerts import Finding
from tb_explain.probe.structure.layer_table import LayerInfo, LayerTable
from tb_explain.records import encode_progress, encode_structure, encode_table
from tb_explain.records.header import VERSION

SCHEMA_PATH = Path(tb_explain.records.__file__).with_name("record.schema.json")
SCHEMA = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
LAYERS = LayerTable(
    model="cnn",
    layers=(
        LayerInfo(
            path="block/conv",
            type="Conv2D",
            layout="grid",
            shape=(8, 8, 4),
            grid=(8, 8, 4),
            parameters=40,
            trainable=True,
            container=False,
            activation="relu",
            order=0,
            calls=1,
        ),
    ),
    target="block/conv",
    target_reason="the last layer with rows and columns",
    input_grid=(8, 8, 1),
)


def header_of(kind):
    makers = {
        "prediction": cases.encode_prediction,
        "statistics": lambda: encode_table(
            "statistics", {"dead": cases.noise(2)}, {"layers": ["a", "b"]}, cases.MOMENT
        ),
        "samples": cases.encode_pictures,
        "structure": lambda: encode_structure(LAYERS, cases.MOMENT),
        "progress": lambda: encode_progress(
            cases.MOMENT,
            axis="epoch",
            versions={"tb_explain": "0.1.0", "keras": "3.15.1", "backend": "jax"},
            logs={"loss": float("nan"), "accuracy": 0.5},
            seconds={"Grad-CAM": 0.25},
            failures=[("GradCAM/conv/label", "ValueError: no")],
            notes=["Saliency is left out."],
        ),
    }
    maps = {kind: lambda: cases.encode(cases.explanation(cases.ONE_HOT, kind=kind))}
    return json.loads({**maps, **makers}[kind]()[0])


KINDS = [
    *SCHEMA["$defs"]["MapsHeader"]["properties"]["kind"]["enum"],
    "prediction",
    "statistics",
    "samples",
    "structure",
    "progress",
]


@pytest.mark.parametrize("kind", KINDS)
def test_header_obeys_schema(kind):
    """What is written of a kind is valid, and of that kind."""
    header = header_of(kind)
    VALIDATOR.validate(header)

    assert header["kind"] == kind


@pytest.mark.parametrize("name", cases.MAPS)
def test_maps_obey_schema(name):
    """Headers of maps are valid whatever the values."""
    VALIDATOR.validate(json.loads(cases.encode(cases.MAPS[name])[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_closed(kind):
    """A field too many or too few is no header."""
    header = header_of(kind)
    lacking = {name: value for name, value in header.items() if name != "wall_time"}

    assert not VALIDATOR.is_valid({**header, "surplus": 1})
    assert not VALIDATOR.is_valid(lacking)


def test_schema_is_a_schema():
    """The schema is valid itself, and describes every field."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$defs"]["MapsHeader"]["properties"]["version"]["const"] == VERSION


def test_losses_that_are_not_finite_are_null():
    """A diverged loss is null, so the header stays JSON."""
    assert header_of("progress")["logs"] == {"loss": None, "accuracy": 0.5}


def test_findings_obey_schema():
    """A change is an entry with all its fields; a step where nothing changes has no list."""
    finding = Finding(
        id="dead_channels/conv",
        rule="dead_channels",
        severity="warning",
        state="on",
        step=5,
        since=3,
        title="25 % of conv is dead.",
        text="1 of 4 channels is never active.",
        tag="GradCAM/conv/label",
        figures={"dead": 1.0},
        metric="strength",
    )
    versions = {"tb_explain": "0.1.0", "keras": "3", "backend": "jax"}
    blobs = [
        encode_progress(cases.MOMENT, axis="epoch", versions=versions, findings=findings)
        for findings in ([], [finding.entry, replace(finding, metric=None).entry])
    ]
    without, header = (json.loads(blob) for (blob,) in blobs)
    VALIDATOR.validate(header)

    assert "findings" not in without
    assert [entry["curve"] for entry in header["findings"]] == [
        {"metric": "strength", "tag": "GradCAM/conv/label"},
        None,
    ]
    header["findings"][0]["surplus"] = 1
    assert not VALIDATOR.is_valid(header)


def test_structure_has_a_column_per_property():
    """The layers of a model are columns of equal length."""
    header = header_of("structure")

    assert (header["path"], header["shape"], header["calls"]) == (["block/conv"], [[8, 8, 4]], [1])
    assert header["target"] == "block/conv"

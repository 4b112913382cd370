"""Golden files: what Python writes is what the tests of the tab read.

Deleting a file writes it anew.
"""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import record_cases as cases
from PIL import Image

GOLDEN = Path(__file__).parent.parent / "golden"


def on_disk(name: str, made: dict[str, Any]) -> dict[str, Any]:
    path = GOLDEN / f"{name}.json"
    if not path.exists():
        text = json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False)
        path.write_text(text + "\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def with_null(array: np.ndarray) -> list[Any]:
    return np.where(np.isnan(array), None, array.astype(object)).tolist()


@pytest.mark.parametrize("name", cases.MAPS)
def test_maps_are_the_golden_file(name: str):
    """Encoding maps gives the header and bytes that the tab decodes."""
    maps = cases.MAPS[name]
    values = [one.ravel().tolist() for one in cases.stored(maps.values)]
    made = cases.golden(cases.encode(maps), values)

    assert made == on_disk(name, made)


def test_table_is_the_golden_file():
    """Encoding a table gives the header and bytes that the tab reads."""
    values = {name: with_null(array) for name, array in cases.TABLE.items()}
    made = cases.golden(cases.encode_prediction(), values)

    assert made == on_disk("prediction", made)


def test_samples_are_the_golden_file():
    """Encoding samples gives the header of the golden file, and pictures of the same pixels."""
    made = cases.golden(
        cases.encode_pictures(), [*cases.PICTURES.tolist(), *(cases.MASKS * 255).tolist()]
    )
    golden = on_disk("samples", made)
    pictures = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(payload)))).tolist()
        for payload in golden["payloads"]
    ]

    assert (made["header"], made["values"]) == (golden["header"], golden["values"])
    assert made["values"] == pictures

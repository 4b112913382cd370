"""Every example runs, in a small size, and leaves what it says."""

import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest
from event_files import headers_of, steps_of
from PIL import Image

EXAMPLES = Path(__file__).parents[1] / "examples"
SIZES = {
    "fit_with_callback": {"pictures": 64, "epochs": 2},
    "custom_loop": {"pictures": 64, "epochs": 2},
    "targets_and_masks": {"pictures": 64, "epochs": 1},
    "every_few_batches": {"pictures": 128, "every": 2},
    "many_explainers": {"pictures": 64, "epochs": 2},
}
STEPS = {
    "fit_with_callback": [0, 1, 2],
    "custom_loop": [0, 1, 2],
    "targets_and_masks": [0, 1],
    "every_few_batches": [0, 2, 4],
    "many_explainers": [0, 1, 2],
}


def run(name, *arguments, **sizes):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(*arguments, **sizes)


def test_every_example_is_run():
    """An example that no test runs would break unseen."""
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*SIZES, "explain_once", "fine_tune"}


@pytest.mark.parametrize("name", SIZES)
def test_example_records(name, tmp_path):
    """An example leaves the records it talks about."""
    run(name, str(tmp_path), **SIZES[name])

    assert steps_of(tmp_path / "explain")["progress"] == STEPS[name]


def test_fine_tuning_continues_the_time_axis(tmp_path):
    """The second phase takes over at the epoch at which the first one ended."""
    base = keras.Sequential(
        [keras.Input((64, 64, 3)), keras.layers.Conv2D(4, 3, strides=4, name="last")], name="base"
    )
    run("fine_tune", str(tmp_path), base, pictures=32, epochs=2)
    maps = headers_of(tmp_path / "explain", "attribution")

    assert steps_of(tmp_path / "explain")["progress"] == [0, 1, 2, 2, 3, 4]
    assert {header["layer"] for header in maps if header["explainer"] == "GradCAM"} == {"base/last"}


def test_explain_once_saves_a_picture(tmp_path):
    """The row of overlays is a picture with something on it."""
    run("explain_once", str(tmp_path / "row.png"), pictures=64, epochs=1)

    with Image.open(tmp_path / "row.png") as row:
        assert row.width == 6 * row.height
        assert np.asarray(row).std() > 10

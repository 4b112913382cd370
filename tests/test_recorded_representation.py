"""What a training leaves behind of what its layers tell apart, and of how filters turn."""

import keras
import numpy as np
import pytest
from event_files import headers_of, scalars_of, tables_of

import tb_explain as tbx

LAYERS = ("conv1", "conv2", "head")


def seen_by(model, images, path):
    """Returns the mean over places of the output of a layer, by asking the model for it."""
    found = keras.Model(model.inputs[0], model.get_layer(path).output)(images, training=False)
    values = keras.ops.convert_to_numpy(found)
    return values.reshape(len(images), -1, values.shape[-1]).mean(axis=1)


def turned(kernel, earlier):
    """Returns 1 less the cosine of each filter with an earlier one, filter by filter."""
    found = []
    for index in range(kernel.shape[-1]):
        now = kernel[..., index].ravel().astype(np.float64)
        before = earlier[..., index].ravel().astype(np.float64)
        found.append(1 - now @ before / np.sqrt((now @ now) * (before @ before)))
    return np.array(found)


def trained(directory, model, images, labels, *, first=0, **settings):
    """Records three steps with training in between, and returns what the model was at each."""
    features, kernels = [], []
    with tbx.Recorder(directory, model, images, labels, **settings) as recorder:
        for step in range(first, first + 3):
            recorder.record(step)
            features.append({path: seen_by(model, images, path) for path in LAYERS})
            kernels.append({path: np.array(model.get_layer(path).kernel) for path in LAYERS})
            model.train_on_batch(images, labels)
    return features, kernels


@pytest.fixture
def model(classifier):
    return classifier()


def figure(tables, header, name, path):
    """Returns one figure of a layer at each record."""
    row = header["layers"].index(path)
    return [float(table[name][row]) for table in tables.values()]


def test_records_how_alike_layers_are_to_themselves(tmp_path, model, images, labels):
    """Each layer is compared with its last record and with that of step 0."""
    features, _ = trained(tmp_path, model, images, labels)
    tables = tables_of(tmp_path / "explain", "statistics")
    header = headers_of(tmp_path / "explain", "statistics")[-1]

    for path in LAYERS:
        seen = [record[path] for record in features]
        expected = [np.nan, *map(tbx.metrics.linear_cka, seen[1:], seen)]
        found = figure(tables, header, "cka", path)
        np.testing.assert_allclose(found, expected, atol=1e-3)
        since = [np.nan, *(tbx.metrics.linear_cka(one, seen[0]) for one in seen[1:])]
        np.testing.assert_allclose(figure(tables, header, "cka_first", path), since, atol=1e-3)


def test_records_how_alike_layers_are_to_each_other(tmp_path, model, images, labels):
    """The matrix is symmetric, and 1 where a layer meets itself."""
    features, _ = trained(tmp_path, model, images, labels)
    table = tables_of(tmp_path / "explain", "statistics")[2]
    header = headers_of(tmp_path / "explain", "statistics")[-1]
    cka = table["cka_layers"]
    row, col = header["compared"].index("conv1"), header["compared"].index("conv2")

    assert header["samples"] == 8
    np.testing.assert_array_equal(cka, cka.T)
    np.testing.assert_allclose(np.diag(cka), 1, atol=1e-6)
    expected = tbx.metrics.linear_cka(features[2]["conv1"], features[2]["conv2"])
    assert cka[row, col] == pytest.approx(expected, abs=1e-3)


def test_records_how_filters_turn(tmp_path, model, images, labels):
    """Mean and maximum over filters, since the last record and since step 0."""
    _, kernels = trained(tmp_path, model, images, labels)
    tables = tables_of(tmp_path / "explain", "statistics")
    header = headers_of(tmp_path / "explain", "statistics")[-1]

    for path in LAYERS:
        first, second, third = (record[path] for record in kernels)
        for name, earlier in (("filter_drift", second), ("filter_drift_first", first)):
            drifts = turned(third, earlier)
            found = [figure(tables, header, f"{name}{end}", path) for end in ("", "_max")]
            assert np.isnan(found[0][0])
            np.testing.assert_allclose(found[0][2], drifts.mean(), rtol=1e-3, atol=1e-6)
            np.testing.assert_allclose(found[1][2], drifts.max(), rtol=1e-3, atol=1e-6)


def test_the_first_record_is_that_of_step_0(tmp_path, model, images, labels):
    """A process that goes on from a backup does not know how the training began."""
    trained(tmp_path, model, images, labels, first=5)
    tables = tables_of(tmp_path / "explain", "statistics")

    assert all(np.isnan(table["cka_first"]).all() for table in tables.values())
    assert all(np.isnan(table["filter_drift_first"]).all() for table in tables.values())
    assert np.isfinite(tables[7]["cka"]).any()
    assert np.isfinite(tables[7]["filter_drift"]).any()


def test_curves_of_layers_are_ordinary_scalars(tmp_path, model, images, labels):
    """They hold the figures of the records, for a few layers over the depth."""
    trained(tmp_path, model, images, labels)
    scalars = scalars_of(tmp_path / "explain")
    tables = tables_of(tmp_path / "explain", "statistics")
    header = headers_of(tmp_path / "explain", "statistics")[-1]

    for name in ("cka", "cka_first", "filter_drift"):
        points = scalars[f"explain/{name}/conv2"]
        assert [step for step, _ in points] == [1, 2]
        expected = figure(tables, header, name, "conv2")[1:]
        assert [value for _, value in points] == pytest.approx(expected)


def test_layers_without_their_output_are_not_compared(tmp_path, model, images, labels):
    """Who records no activations pays for no comparison; weights need no output."""
    trained(tmp_path, model, images, labels, explainers=[tbx.GradCAM()])
    tables = tables_of(tmp_path / "explain", "statistics")
    header = headers_of(tmp_path / "explain", "statistics")[-1]

    assert header["compared"] == []
    assert tables[2]["cka_layers"].shape == (0, 0)
    assert np.isnan(tables[2]["cka"]).all()
    assert np.isfinite(tables[2]["filter_drift"]).any()


def test_many_samples_are_compared_in_part(tmp_path, classifier):
    """The cost of a comparison grows with the square of the samples, so it has an end."""
    images = np.random.default_rng(0).random((150, 16, 16, 3), dtype=np.float32)
    with tbx.Recorder(tmp_path, classifier(), images, np.arange(150) % 3) as recorder:
        recorder.record(0)

    assert headers_of(tmp_path / "explain", "statistics")[0]["samples"] == 128

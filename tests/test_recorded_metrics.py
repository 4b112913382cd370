"""What a training leaves behind of its metrics."""

import re

import numpy as np
import pytest
from event_files import headers_of, scalars_of, tables_of

import tb_explain as tbx
from tb_explain.metrics import DEFAULTS

CAM = "GradCAM/conv2/label"
CURVES = {f"explain/{metric.name}/{CAM}" for metric in DEFAULTS}
SCORES = {"explain/score/label", "explain/probability/label"}
OF_LAYERS = {f"explain/filter_drift/{layer}" for layer in ("conv1", "conv2", "head")}
SURE = {"explain/confidence", "explain/margin", "explain/flips", "explain/forgotten"}


def record(directory, model, images, labels, steps=3, **settings):
    """Records steps of a model that changes in between, and returns the headers of its maps."""
    with tbx.Recorder(
        directory, model, images, labels, explainers=[tbx.GradCAM()], **settings
    ) as recorder:
        for step in range(steps):
            recorder.record(step)
            model.train_on_batch(images, labels)
    return headers_of(directory / "explain", "attribution")


def test_figures_stand_beside_the_maps(tmp_path, classifier, images, labels):
    """Each record has the figures of each map and says how they are read; null is not defined."""
    masks = np.zeros((8, 16, 16))
    masks[:, 4:12, 4:12] = 1
    headers = record(tmp_path, classifier(), images, labels, masks=masks)

    for header in headers:
        assert list(header["facts"]["metrics"]) == [metric.name for metric in DEFAULTS]
        assert {len(header["figures"][metric.name]) for metric in DEFAULTS} == {8}
    for name in ("drift", "control"):
        assert headers[0]["figures"][name] == [None] * 8
        assert any(figure is not None for figure in headers[2]["figures"][name])


def test_curves_are_ordinary_scalars(tmp_path, classifier, images, labels):
    """The mean of each figure is a scalar of the same run, at the same steps."""
    masks = np.ones((8, 16, 16))
    headers = record(tmp_path, classifier(), images, labels, masks=masks)
    scalars = scalars_of(tmp_path / "explain")

    assert scalars.keys() == CURVES | SCORES | SURE | OF_LAYERS
    assert [step for step, _ in scalars["explain/score/label"]] == [0, 1, 2]
    assert [step for step, _ in scalars[f"explain/drift/{CAM}"]] == [1, 2]
    for step, value in scalars[f"explain/sparseness/{CAM}"]:
        figures = [each for each in headers[step]["figures"]["sparseness"] if each is not None]
        assert value == pytest.approx(np.mean(figures), rel=1e-5)
    for step, value in scalars["explain/score/label"]:
        assert value == pytest.approx(np.mean(headers[step]["columns"]["score"]), rel=1e-5)


def test_curves_of_samples_are_those_of_the_table(tmp_path, classifier, images, labels):
    """How sure and how steady predictions are follows from what the records say of each sample."""
    record(tmp_path, classifier(), images, labels)
    scalars = {tag: dict(points) for tag, points in scalars_of(tmp_path / "explain").items()}
    was_right = np.zeros(8, bool)

    for step, table in tables_of(tmp_path / "explain", "prediction").items():
        top, right = table["top_probability"], table["correct"] == 1
        assert scalars["explain/confidence"][step] == pytest.approx(top[:, 0].mean(), rel=1e-5)
        margin = (top[:, 0] - top[:, 1]).mean()
        assert scalars["explain/margin"][step] == pytest.approx(margin, rel=1e-5)
        assert scalars["explain/forgotten"][step] == (was_right & ~right).sum()
        was_right |= right
    assert list(scalars["explain/flips"]) == [1, 2]


def test_metrics_are_chosen(tmp_path, classifier, images, labels):
    """A list takes the place of the default; an empty one measures nothing and draws nothing."""
    settings = {"metrics": [tbx.metrics.Strength()], "steps": 1}
    (header,) = record(tmp_path / "a", classifier(), images, labels, **settings)
    (nothing,) = record(tmp_path / "b", classifier(), images, labels, metrics=[], steps=1)

    assert list(header["facts"]["metrics"]) == ["strength"]
    assert set(header["figures"]) == {"strength"}
    assert "metrics" not in nothing["facts"]
    assert nothing["figures"] == {}
    assert scalars_of(tmp_path / "b" / "explain") == {}


def test_a_second_fit_continues_the_figures(tmp_path, classifier, images, labels):
    """Drift goes from the last record of a fit to the first of the next."""
    explain = tbx.Explain(tmp_path, images, labels, explainers=[tbx.GradCAM()])
    model = classifier()
    for _ in range(2):
        model.fit(images, labels, epochs=1, verbose=0, callbacks=[explain])
    headers = headers_of(tmp_path / "explain", "attribution")

    assert [header["fit"] for header in headers] == [0, 0, 1, 1]
    between = [figure for figure in headers[2]["figures"]["drift"] if figure is not None]
    assert between
    assert max(between) < 1e-3
    assert any(figure is not None for figure in headers[3]["figures"]["control"])


def test_a_pretrained_model_has_no_control(tmp_path, classifier, images, labels):
    """What it knows shows at step 0 already, so likeness to that speaks against no explainer."""
    model = classifier()
    model.train_on_batch(images, labels)
    headers = record(tmp_path, model, images, labels)
    first, *_ = headers_of(tmp_path / "explain", "progress")

    assert all(header["figures"]["control"] == [None] * 8 for header in headers)
    assert any(figure is not None for figure in headers[1]["figures"]["drift"])
    assert any("no control" in note for note in first["notes"])


@pytest.mark.parametrize(
    ("metrics", "kind", "sentence"),
    [
        (tbx.metrics.Drift(), TypeError, "`metrics` is a list of metrics"),
        (["drift"], TypeError, "`metrics` is a list of metrics"),
        ([tbx.metrics.Drift(), tbx.metrics.Drift()], ValueError, "Each metric is given once"),
    ],
    ids=["one", "name", "twice"],
)
def test_metrics_that_make_no_sense_are_refused(metrics, kind, sentence, tmp_path, images):
    """A mistake in the settings is found where it is made."""
    with pytest.raises(kind, match=re.escape(sentence)):
        tbx.Explain(tmp_path, images, metrics=metrics)


def test_a_metric_of_the_object_without_masks_is_refused(tmp_path, classifier, images, labels):
    """The first record finds it, before training."""
    with (
        tbx.Recorder(
            tmp_path, classifier(), images, labels, metrics=[tbx.metrics.Overlap()]
        ) as recorder,
        pytest.raises(ValueError, match="needs `masks`"),
    ):
        recorder.record(0)

"""What a training leaves behind of the metrics that ask its model."""

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
import pytest
from event_files import headers_of, read_records, scalars_of

import tb_explain as tbx
from tb_explain.metrics import DEFAULTS, Completeness, Deletion, Infidelity, Insertion, ModelMetric

CAM = "GradCAM/conv2/label"
GRADIENTS = "InputXGradient/input/label"


def trained(directory, model, images, labels, **settings):
    """Trains two epochs with the callback, and returns the model."""
    explain = tbx.Explain(directory, images, labels, **settings)
    model.fit(images, labels, epochs=2, verbose=0, shuffle=False, callbacks=[explain])
    return model


def maps_of(directory, tag):
    """Returns the headers of a tag by step."""
    return {
        step: header for name, step, header, _ in read_records(directory / "explain") if name == tag
    }


def test_figures_are_those_of_the_weights_of_the_record(tmp_path, classifier, images, labels):
    """A record has the figure that the metric gives alone for the model of that step."""
    metrics = [Deletion(points=4), Infidelity(points=3), Completeness()]
    explainers = [tbx.GradCAM(), tbx.InputXGradient()]
    model = classifier()
    with tbx.Recorder(
        tmp_path, model, images, labels, explainers=explainers, metrics=metrics
    ) as recorder:
        alone = []
        for step in range(2):
            recorder.record(step)
            explanation = tbx.InputXGradient().explain(model, images, labels=labels)
            alone.append(
                {
                    metric.name: metric(explanation, model, images, explainer=tbx.InputXGradient())
                    for metric in metrics
                }
            )
            model.train_on_batch(images, labels)

    for step, header in maps_of(tmp_path, GRADIENTS).items():
        assert list(header["facts"]["metrics"]) == ["deletion", "infidelity", "completeness"]
        for name, expected in alone[step].items():
            np.testing.assert_allclose(header["figures"][name], expected, rtol=1e-3, atol=1e-5)
    assert list(maps_of(tmp_path, CAM)[0]["facts"]["metrics"]) == ["deletion", "infidelity"]
    assert alone[0]["deletion"].tolist() != alone[1]["deletion"].tolist()


def test_stand_beside_the_free_ones(tmp_path, classifier, images, labels):
    """The defaults and one more: those of the object are left out without masks, as ever."""
    trained(
        tmp_path,
        classifier(),
        images,
        labels,
        explainers=[tbx.GradCAM()],
        metrics=(*DEFAULTS, Deletion(points=2)),
    )
    free = [each.name for each in DEFAULTS if not isinstance(each, tbx.metrics.Localization)]

    for header in maps_of(tmp_path, CAM).values():
        assert list(header["facts"]["metrics"]) == [*free, "deletion"]
        assert header["facts"]["metrics"]["deletion"]["cost"].startswith("A forward pass")
    scalars = scalars_of(tmp_path / "explain")
    for name in ("strength", "deletion"):
        assert [step for step, _ in scalars[f"explain/{name}/{CAM}"]] == [0, 1, 2]
    figures = [
        each for each in maps_of(tmp_path, CAM)[2]["figures"]["deletion"] if each is not None
    ]
    assert scalars[f"explain/deletion/{CAM}"][2][1] == pytest.approx(np.mean(figures), rel=1e-5)


def test_every_so_many_records(tmp_path, classifier, images, labels):
    """It is measured at the first record and then every second; every record says how to read it.

    An explainer with a cadence of its own is measured where both take their turn.
    """
    trained(
        tmp_path,
        classifier(),
        images,
        labels,
        explainers=[tbx.GradCAM(), tbx.InputXGradient(every=3)],
        metrics=[Deletion(points=2, every=2), Insertion(points=2)],
    )
    cams, gradients = (maps_of(tmp_path, tag) for tag in (CAM, GRADIENTS))

    assert {step: sorted(header["figures"]) for step, header in cams.items()} == {
        0: ["deletion", "insertion"],
        1: ["insertion"],
        2: ["deletion", "insertion"],
    }
    assert [each["facts"]["metrics"]["deletion"]["every"] for each in cams.values()] == [2] * 3
    assert {step: sorted(header["figures"]) for step, header in gradients.items()} == {
        0: ["deletion", "insertion"]
    }
    scalars = scalars_of(tmp_path / "explain")
    assert [step for step, _ in scalars[f"explain/deletion/{CAM}"]] == [0, 2]


def test_each_target_has_figures_of_its_own(tmp_path, classifier, images, labels):
    """Maps of two targets are measured by what each of them explains."""
    metrics = [Deletion(points=3)]
    model = classifier()
    with tbx.Recorder(
        tmp_path,
        model,
        images,
        labels,
        explainers=[tbx.GradCAM(), tbx.DeepLIFT()],
        targets=("label", 2),
        metrics=metrics,
    ) as recorder:
        recorder.record(0)

    for explainer, tag in ((tbx.GradCAM(), "GradCAM/conv2"), (tbx.DeepLIFT(), "DeepLIFT/input")):
        for target, name in ((list(labels), "label"), (2, "class 2")):
            explanation = explainer.explain(model, images, targets=target)
            expected = metrics[0](explanation, model, images)
            (header,) = maps_of(tmp_path, f"{tag}/{name}").values()
            np.testing.assert_allclose(header["figures"]["deletion"], expected, rtol=1e-4)


def test_maps_without_a_target_are_passed_over(tmp_path, classifier, images, labels):
    """Activations and filters have no figures of it, and lose nothing."""
    explainers = [tbx.GradCAM(), tbx.Activations(), tbx.Filters()]
    settings = {"explainers": explainers, "metrics": [Deletion(points=2)]}
    trained(tmp_path, classifier(), images, labels, **settings)

    for kind in ("activation", "filter"):
        headers = headers_of(tmp_path / "explain", kind)
        assert headers
        assert all("metrics" not in header["facts"] for header in headers)


def test_asking_changes_no_training(tmp_path, classifier, images, labels):
    """Weights after a training are bitwise those without the metrics."""
    settings = {"explainers": [tbx.GradCAM(), tbx.InputXGradient()]}
    asking = [Deletion(points=2), Infidelity(points=2), tbx.metrics.MaxSensitivity(points=2)]
    models = [
        trained(tmp_path / name, classifier(), images, labels, metrics=metrics, **settings)
        for name, metrics in (("a", []), ("b", asking))
    ]

    for plain, asked in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_array_equal(plain, asked)


@final
@dataclass(frozen=True)
class Broken(ModelMetric):
    """Fails wherever it is asked."""

    name: ClassVar = "broken"
    title: ClassVar = "Broken"
    better: ClassVar = None
    range: ClassVar = (0, 1)
    about: ClassVar = "Nothing."
    cost: ClassVar = "Nothing."
    paper: ClassVar = ""

    def check(self, layers):
        """There is nothing to check."""

    def misfit(self, explainer):
        """It fits all."""

    def measure(self, model, ops):
        """Fails."""
        raise RuntimeError("a broken metric")


def test_a_metric_that_fails_takes_nothing_with_it(tmp_path, classifier, images, labels):
    """Maps, other figures and the training go on; a warning and no figure are what is left."""
    with pytest.warns(RuntimeWarning, match=f"Broken of {CAM} could not.*a broken metric"):
        trained(
            tmp_path,
            classifier(),
            images,
            labels,
            explainers=[tbx.GradCAM()],
            metrics=[Broken(), Deletion(points=2)],
        )
    headers = maps_of(tmp_path, CAM)

    assert list(headers) == [0, 1, 2]
    for header in headers.values():
        assert list(header["figures"]) == ["deletion"]
        assert list(header["facts"]["metrics"]) == ["deletion"]


def test_says_what_it_took(tmp_path, classifier, images, labels):
    """The time of a metric stands beside those of the explainers."""
    settings = {"explainers": [tbx.GradCAM()], "metrics": [Deletion(points=2, every=2)]}
    trained(tmp_path, classifier(), images, labels, **settings)
    seconds = [header["seconds"] for header in headers_of(tmp_path / "explain", "progress")]

    assert [sorted(each) for each in seconds] == [
        ["Deletion", "Grad-CAM"],
        ["Grad-CAM"],
        ["Deletion", "Grad-CAM"],
    ]
    assert seconds[0]["Deletion"] > 0


@pytest.mark.parametrize(
    ("explainers", "metric", "sentence"),
    [
        ([tbx.GradCAM()], Completeness(), "Completeness is defined where maps divide a score"),
        ([tbx.Activations()], Deletion(), "Deletion measures maps of a target"),
        ([tbx.GradCAM()], Deletion(points=0), "at least 1 point"),
        ([tbx.GradCAM()], Deletion(every=0), "at every record"),
        ([tbx.GradCAM()], Deletion(baseline=np.zeros((3, 3, 1))), "A baseline picture has"),
    ],
    ids=["no sum", "no target", "points", "every", "baseline"],
)
def test_what_makes_no_sense_is_refused(
    explainers, metric, sentence, tmp_path, classifier, images, labels
):
    """The first record finds it, before training."""
    with (
        tbx.Recorder(
            tmp_path, classifier(), images, labels, explainers=explainers, metrics=[metric]
        ) as recorder,
        pytest.raises(ValueError, match=sentence),
    ):
        recorder.record(0)

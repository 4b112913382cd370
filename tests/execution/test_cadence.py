"""Explainers that are recorded less often than others."""

import keras
import numpy as np
import pytest
from event_files import headers_of, steps_of

import tb_explain as tbx
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.probe import Probe

RARELY = [
    tbx.GradCAM(),
    tbx.Saliency(every=2),
    tbx.Filters(layer="conv1", every=3),
    tbx.IntegratedGradients(points=3, every=4),
]

OF_EACH_KIND = [
    tbx.GradCAM(),
    tbx.Saliency(),
    tbx.IntegratedGradients(points=3),
    tbx.Occlusion(window=8, stride=8),
    tbx.DeepLIFT(),
    tbx.LRP(),
]


def test_each_explainer_has_its_turn(tmp_path, classifier, images, labels):
    """The first record has all maps, later ones those whose turn it is, under the same tags."""
    with tbx.Recorder(tmp_path, classifier(), images, labels, explainers=RARELY) as recorder:
        for step in range(7):
            recorder.record(step)

    steps = steps_of(tmp_path / "explain")
    assert steps["GradCAM/conv2/label"] == [0, 1, 2, 3, 4, 5, 6]
    assert steps["Saliency/input/label"] == [0, 2, 4, 6]
    assert steps["Filters/conv1"] == [0, 3, 6]
    assert steps["IntegratedGradients[points=3]/input/label"] == [0, 4]
    assert steps["progress"] == [0, 1, 2, 3, 4, 5, 6]


def test_a_second_fit_goes_on_counting(tmp_path, classifier, images, labels):
    """The turns are those of the run, not of a fit."""
    explain = tbx.Explain(tmp_path, images, labels, explainers=[tbx.Saliency(every=4)])
    model = classifier()
    for _ in range(2):
        model.fit(images, labels, epochs=2, verbose=0, callbacks=[explain])

    assert steps_of(tmp_path / "explain")["Saliency/input/label"] == [0, 3]


def test_maps_do_not_depend_on_the_turn(classifier, images, labels):
    """An explainer that shares a record with others has the maps that it has alone."""
    model = classifier()
    together = SharedPass(Probe(model, images, labels=labels), RARELY)
    alone = SharedPass(Probe(model, images, labels=labels), [tbx.GradCAM()]).run().results[0]

    for _ in range(3):
        (cam,) = [r for r in together.run().results if isinstance(r.explainer, tbx.GradCAM)]
        np.testing.assert_allclose(cam.explanation.values, alone.explanation.values, rtol=1e-5)


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch does not trace")
def test_each_choice_is_traced_once(classifier, images, labels):
    """Turns cost a trace each, not one per record."""
    probe = Probe(classifier(), images, labels=labels)
    shared = SharedPass(probe, [tbx.GradCAM(), tbx.Saliency(every=2)])
    for _ in range(6):
        shared.run()

    assert probe.traces == 2


def test_says_what_a_turn_costs(tmp_path, classifier, images, labels):
    """Seconds and evaluations of an explainer stand in its records."""
    explainers = [tbx.IntegratedGradients(points=3)]
    with tbx.Recorder(tmp_path, classifier(), images, labels, explainers=explainers) as recorder:
        recorder.record(0)

    (maps,) = headers_of(tmp_path / "explain", "attribution")
    assert maps["facts"]["forwards"] == 8 * (3 + 2)
    assert maps["facts"]["backwards"] == 8 * 3
    assert maps["seconds"] > 0
    (progress,) = headers_of(tmp_path / "explain", "progress")
    assert progress["seconds"]["Integrated gradients"] == pytest.approx(maps["seconds"], rel=0.01)


@pytest.mark.parametrize("every", [0, -1])
def test_a_turn_is_at_least_one(tmp_path, classifier, images, labels, every):
    """A nonsensical interval is refused before a training starts."""
    explainers = [tbx.GradCAM(every=every)]
    explain = tbx.Explain(tmp_path, images, labels, explainers=explainers)

    with pytest.raises(ValueError, match=r"every=5\).*Received: GradCAM"):
        classifier().fit(images, labels, verbose=0, callbacks=[explain])


@pytest.mark.parametrize("budget", [1, 120_000])
@pytest.mark.parametrize("explainer", OF_EACH_KIND, ids=lambda each: each.title)
def test_a_budget_changes_no_map(classifier, images, explainer, budget):
    """However small the batches, maps are the same, also of a target that is a function."""
    model = classifier()
    for target in ("predicted", lambda outputs: outputs[:, 1] ** 2):
        whole = explainer.explain(model, images, targets=target)
        cut = explainer.explain(model, images, targets=target, memory_budget=budget)

        scale = np.abs(whole.values).max()
        np.testing.assert_allclose(cut.values, whole.values, rtol=1e-4, atol=1e-5 * scale)


@pytest.mark.parametrize("budget", [0, -5, 1.5, "1 GB", True])
def test_a_budget_is_a_number_of_bytes(tmp_path, classifier, images, labels, budget):
    """Anything else is refused, wherever it is given."""
    expected = r"`memory_budget` is a number of bytes.*Received"
    with pytest.raises(ValueError, match=expected):
        tbx.Explain(tmp_path, images, labels, memory_budget=budget)
    with pytest.raises(ValueError, match=expected):
        tbx.Recorder(tmp_path, classifier(), images, labels, memory_budget=budget)
    with pytest.raises(ValueError, match=expected):
        tbx.GradCAM().explain(classifier(), images, memory_budget=budget)

"""What the README shows works as it stands there."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from event_files import steps_of

from tb_explain import explainers, metrics

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def block(start):
    """Returns the Python block that holds a phrase."""
    [found] = [text for text in re.findall(r"```python\n(.*?)```", README, re.S) if start in text]
    return found


@pytest.fixture
def names(classifier, images, labels, monkeypatch, tmp_path):
    """Returns the names that the blocks take for granted."""
    monkeypatch.chdir(tmp_path)
    return {
        "model": classifier(),
        "x_train": images,
        "y_train": labels,
        "x_val": images,
        "y_val": labels,
        "images": images,
        "labels": labels,
        "names": ["a", "b", "c"],
        "epochs": 1,
        "train_one_epoch": lambda model: model.train_on_batch(images, labels)[0],
    }


def test_callback_of_the_readme_records(names, tmp_path):
    """The lines under "Use" train and leave one record per epoch, and one before."""
    exec(block("model.fit("), names)

    assert steps_of(tmp_path / "logs" / "explain")["progress"] == list(range(21))


def test_loop_of_the_readme_records(names, tmp_path):
    """The loop of one's own records before the first epoch and after each."""
    exec("import tb_explain as tbx\n" + block("tbx.Recorder("), names)

    assert steps_of(tmp_path / "logs" / "explain")["progress"] == [0, 1]


def test_records_of_the_readme_load(names, tmp_path):
    """What the loop of one's own recorded comes back."""
    exec("import tb_explain as tbx\n" + block("tbx.Recorder("), names)
    tag = next(tag for tag in steps_of(tmp_path / "logs" / "explain") if tag.startswith("GradCAM"))
    text = block("tbx.load(").replace("GradCAM/conv4/label", tag).replace("[24]", "[1]")
    exec("import tb_explain as tbx\n" + text.replace("records[", "values = records["), names)

    assert names["values"].shape[0] == len(names["images"])


def test_explanation_of_the_readme_saves_a_picture(names, tmp_path):
    """One explanation becomes one picture per sample."""
    text = block("tbx.GradCAM(layer=").replace("conv5", "conv2").replace("targets=3", "targets=2")
    exec("import tb_explain as tbx\n" + text, names)

    assert (tmp_path / "why.png").stat().st_size > 0


def test_explainer_of_the_readme_explains(names, classifier, images, labels):
    """The explainer that is written there gives maps of evidence for the target."""
    exec(block("class XGradCAM"), names)
    explanation = names["XGradCAM"](layer="conv1").explain(classifier(), images, targets=0)

    assert explanation.values.shape == (8, 16, 16, 1)
    assert explanation.values.min() >= 0
    assert np.ptp(explanation.values) > 0


def test_explainers_of_the_readme_record(names, tmp_path):
    """The list of explainers works as it stands, each with maps of its own."""
    names |= {"samples": names["images"]}
    exec("import tb_explain as tbx\ncallback = " + block("tbx.SmoothGrad(of="), names)
    model = names["model"]
    model.fit(names["images"], names["labels"], verbose=0, callbacks=[names["callback"]])
    tags = steps_of(tmp_path / "logs" / "explain")

    assert len([tag for tag in tags if "/" in tag]) == 7


def test_alerts_of_the_readme_stop_a_training(names, tmp_path):
    """A function that is told of a number that is not finite ends the training."""
    names |= {"samples": names["images"]}
    text = block("finding.severity").replace("tbx.Explain", "callback = tbx.Explain")
    exec("import tb_explain as tbx\n" + text, names)
    model = names["model"]
    model.layers[-1].kernel.assign(model.layers[-1].kernel * float("nan"))
    history = model.fit(
        names["images"], names["labels"], epochs=9, verbose=0, callbacks=[names["callback"]]
    )

    assert len(history.epoch) < 9


def test_every_explainer_is_named():
    """An explainer that the README does not name would not be found."""
    concrete = [
        name
        for name in explainers.__all__
        if issubclass(getattr(explainers, name), explainers.Explainer)
        and not inspect.isabstract(getattr(explainers, name))
    ]

    assert len(concrete) > 20
    assert [name for name in concrete if f"`{name}" not in README] == []


def test_every_metric_is_named():
    """A metric that is recorded by default is explained."""
    named = [type(each).__name__ for each in metrics.DEFAULTS]

    assert len(named) > 5
    assert [name for name in named if f"`{name}`" not in README] == []


def test_links_of_the_readme_lead_somewhere():
    """Every file that is named is there."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

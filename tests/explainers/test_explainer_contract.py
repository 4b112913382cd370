"""The contract that every explainer keeps, found by walking the package."""

import dataclasses
import importlib
import inspect
import json
import pkgutil

import closed_forms
import numpy as np
import pytest

import tb_explain.explainers as package
from tb_explain import records


def explainer_classes():
    """Returns every explainer that can be made, in whatever module it stands."""
    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{info.name}")
    found, waiting = set(), [package.Explainer]
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        if cls.__module__.startswith(package.__name__ + ".") and not inspect.isabstract(cls):
            found.add(cls)
    return sorted(found, key=lambda cls: cls.__name__)


CLASSES = explainer_classes()


@pytest.fixture(scope="module", params=CLASSES, ids=lambda cls: cls.__name__)
def explainer(request):
    return request.param(**closed_forms.SETTINGS.get(request.param.__name__, {}))


@pytest.fixture(scope="module")
def world(explainer, convolution_world, transformer_world):
    """The known world that an explainer is made for."""
    worlds = {"convolution": convolution_world, "transformer": transformer_world}
    return worlds[closed_forms.WORLDS.get(type(explainer).__name__, "convolution")]


@pytest.fixture(scope="module")
def model(world, convolution_model, transformer_model, transformer_world):
    """The model of the world."""
    return transformer_model if world is transformer_world else convolution_model


@pytest.fixture(scope="module")
def explanation(explainer, model, world):
    """What the explainer returns with its default settings on the known model."""
    return explainer.explain(model, world.samples, targets=list(world.targets))


def maps_by_origin(explanation, *, first_sample=0):
    """Returns each map by the sample and channel that it shows."""
    origins = [
        (None if sample is None else sample + first_sample, channel)
        for sample, channel in zip(explanation.samples, explanation.channels, strict=True)
    ]
    return dict(zip(origins, explanation.values, strict=True))


def test_finds_the_explainers():
    """The walk over the package finds the explainers that everybody knows."""
    assert {"GradCAM", "Saliency", "Filters"} <= {cls.__name__ for cls in CLASSES}


def test_is_exported(explainer):
    """The package exports every explainer by name."""
    assert type(explainer).__name__ in package.__all__
    assert getattr(package, type(explainer).__name__) is type(explainer)


def test_cites_its_source(explainer):
    """The docstring ends with authors, year and address of the paper that the legend links."""
    references = inspect.getdoc(type(explainer)).split("References:")[-1]

    assert explainer.paper in references
    assert explainer.title


def test_is_a_final_value(explainer):
    """Explainers are frozen, hashable, and equal if their settings are."""
    same = type(explainer)(**closed_forms.SETTINGS.get(type(explainer).__name__, {}))

    assert inspect.getsource(type(explainer)).startswith("@final")
    assert same == explainer
    assert hash(same) == hash(explainer)
    for field in dataclasses.fields(explainer):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(explainer, field.name, None)


def test_settings_of_records_are_named(explainer):
    """What a record keeps is no setting that stands first, by position."""
    named = {field.name for field in dataclasses.fields(explainer) if field.kw_only}

    assert {"every", "recorded_size"} & {f.name for f in dataclasses.fields(explainer)} <= named


def test_matches_closed_form(explainer, explanation, world):
    """Maps equal the definition of the paper on a model whose gradients are known."""
    closed_form = closed_forms.CLOSED_FORMS[type(explainer).__name__]
    expected = closed_form(world)

    assert explanation.values.shape == expected.shape
    np.testing.assert_allclose(explanation.values, expected, rtol=1e-5, atol=1e-5)


def test_batch_does_not_change_maps(explainer, explanation, model, world):
    """A sample explained alone has the same maps as among others."""
    if "low" in explanation.facts:
        return  # Its pictures lie within the range of all samples; that has tests of its own.
    together = maps_by_origin(explanation)

    one = explainer.explain(model, world.samples[4:5], targets=list(world.targets[4:5]))

    alone = maps_by_origin(one, first_sample=4)
    assert set(alone) <= set(together)
    for origin, values in alone.items():
        np.testing.assert_allclose(values, together[origin], rtol=1e-5, atol=1e-6)


def test_is_deterministic_and_leaves_everything_unchanged(explainer, explanation, model, world):
    """Explaining again gives the same bits, and changes neither samples, weights nor layers."""
    samples, weights = world.samples.copy(), model.get_weights()
    attributes = {layer.name: set(vars(layer)) for layer in model.layers}

    again = explainer.explain(model, samples, targets=list(world.targets))

    np.testing.assert_array_equal(again.values, explanation.values)
    assert again.channels == explanation.channels
    np.testing.assert_array_equal(samples, world.samples)
    for before, after in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    assert {layer.name: set(vars(layer)) for layer in model.layers} == attributes


def test_can_be_recorded(explainer, explanation):
    """A record of the maps has one entry per map in every column, and all of them finite."""
    header, *payloads = records.encode_maps(
        explanation,
        explainer=type(explainer).__name__,
        title=explainer.title,
        paper=explainer.paper,
        settings={},
        target=None,
        seconds=0.0,
        moment=records.Moment(step=0, epoch=None, fit=0, batch=0, wall_time=0.0),
    )
    columns = json.loads(header)["columns"] | json.loads(header)["figures"]

    assert explanation.values.dtype == np.float32
    assert np.isfinite(explanation.values).all()
    assert explanation.signed or (explanation.values >= 0).all()
    assert len(payloads) == len(explanation.values) > 0
    assert {name: len(column) for name, column in columns.items()} == dict.fromkeys(
        columns, len(payloads)
    )


def test_names_the_layer_that_is_missing(explainer, explanation, model, world):
    """A layer that is not there is a sentence with those that are."""
    if all(field.name != "layer" for field in dataclasses.fields(explainer)):
        assert explanation.layer is None
        return
    known = rf"No layer 'conv9' in model 'known'.*'{world.layer}'.*Received"
    with pytest.raises(ValueError, match=known):
        type(explainer)(layer="conv9").explain(model, world.samples, targets=0)


def test_one_sample_needs_its_axis(explainer, model, world):
    """A sample without the axis of samples is answered with what would do."""
    with pytest.raises(ValueError, match=r"samples\[None\].*Received"):
        explainer.explain(model, world.samples[0], targets=0)

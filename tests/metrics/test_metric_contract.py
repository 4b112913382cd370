"""The contract that every metric keeps, found by walking the package."""

import dataclasses
import importlib
import inspect
import json
import pkgutil
import warnings

import numpy as np
import pytest
import slow_definitions
from measured import ask, explanation_of, of_maps, some_maps

import tb_explain as tbx
import tb_explain.metrics as package
from tb_explain.metrics import ChangeMetric, Localization, ModelMetric

SHAPES = [(5, 7), (1, 9), (6, 1), (2, 2)]


def metric_classes():
    """Returns every metric that can be made, in whatever module it stands."""
    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{info.name}")
    found, waiting = set(), package.Metric.__subclasses__()
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        if cls.__module__.startswith(package.__name__ + ".") and not inspect.isabstract(cls):
            found.add(cls)
    return sorted(found, key=lambda cls: cls.__name__)


CLASSES = metric_classes()
FREE = [cls for cls in CLASSES if not issubclass(cls, ModelMetric)]


@pytest.fixture(params=FREE, ids=lambda cls: cls.__name__)
def metric(request):
    return request.param()


@pytest.fixture(params=CLASSES, ids=lambda cls: cls.__name__)
def any_metric(request):
    return request.param()


def test_finds_the_metrics():
    """The walk over the package finds the metrics that everybody knows."""
    assert {"Sparseness", "Drift", "RelevanceMass"} <= {cls.__name__ for cls in CLASSES}


def test_is_exported(any_metric):
    """The package exports every metric by name, and `tbx.metrics` is the package."""
    assert type(any_metric).__name__ in package.__all__
    assert getattr(tbx.metrics, type(any_metric).__name__) is type(any_metric)


def test_says_how_to_read_it(any_metric):
    """A record can say what the figure is and costs, in a sentence, and JSON can hold that."""
    facts = json.loads(json.dumps(any_metric.facts()))

    assert facts.keys() == {"title", "better", "range", "about", "cost", "paper"}
    assert facts["cost"].endswith(".")
    assert len(facts["cost"]) < 90
    assert facts["better"] in ("higher", "lower", None)
    assert facts["about"].endswith(".")
    assert len(facts["about"]) < 90
    assert any_metric.name == any_metric.name.lower()
    assert any_metric.name.isidentifier()


def test_cites_its_source(any_metric):
    """The docstring names the paper that the tab links, if there is one."""
    references = inspect.getdoc(type(any_metric)).split("References:")[-1]

    assert any_metric.paper in references


def test_is_a_value(any_metric):
    """Settings are frozen fields, so that two of the same settings are equal."""
    assert any_metric == type(any_metric)()
    assert hash(any_metric) == hash(type(any_metric)())
    with pytest.raises(dataclasses.FrozenInstanceError):
        any_metric.name = "another"


@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_agrees_with_its_slow_definition(metric, shape, ties):
    """Figures are those of the definition, also with many equal cells."""
    maps, earlier = (some_maps(6, *shape, seed=seed, ties=ties) for seed in (0, 1))
    masks = np.random.default_rng(2).random((6, *shape)) > 0.6
    masks[:, 0, 0] = True
    figures = ask(metric, explanation_of(maps), earlier=explanation_of(earlier), masks=masks)

    define = getattr(slow_definitions, metric.name)
    others = {ChangeMetric: earlier, Localization: masks}
    with_what = [other for kind, other in others.items() if isinstance(metric, kind)]
    about = {"shape": shape} if "shape" in inspect.signature(define).parameters else {}
    cells = [each.reshape(6, -1).tolist() for each in (maps.astype(np.float32), *with_what)]
    expected = [define(*parts, **about) for parts in zip(*cells, strict=True)]
    expected = np.array([np.nan if each is None else each for each in expected])
    assert np.isfinite(expected).any()
    np.testing.assert_allclose(figures, expected, rtol=1e-6, atol=1e-6)


def test_lies_in_its_range(metric):
    """The stated range holds for whatever maps."""
    maps = np.concatenate([some_maps(9, 4, 4, ties=ties) * 10.0**9 for ties in (True, False)])
    masks = np.random.default_rng(2).random((18, 4, 4)) > 0.5
    figures = ask(
        metric, explanation_of(maps), earlier=explanation_of(some_maps(18, 4, 4)), masks=masks
    )
    low, high = metric.range

    assert np.isfinite(figures).sum() > 9
    assert low is None or np.nanmin(figures) >= low
    assert high is None or np.nanmax(figures) <= high


def test_measures_each_map_alone(metric):
    """Other maps in an explanation change nothing, nor does their order."""
    maps, earlier = explanation_of(some_maps(5, 6, 4)), explanation_of(some_maps(5, 6, 4, seed=1))
    masks = np.random.default_rng(2).random((5, 12, 8)) > 0.5
    figures = ask(metric, maps, earlier=earlier, masks=masks)

    for places in ([0], [3, 1], [4, 3, 2, 1, 0]):
        some, before = of_maps(maps, places), of_maps(earlier, places)
        np.testing.assert_array_equal(
            ask(metric, some, earlier=before, masks=masks), figures[places]
        )


def test_leaves_maps_unchanged(metric):
    """Measuring does not write to its input."""
    maps, masks = explanation_of(some_maps(3, 5, 4)), np.ones((3, 10, 8), np.float32)
    before = maps.values.copy()
    ask(metric, maps, earlier=explanation_of(some_maps(3, 5, 4, seed=1)), masks=masks)

    np.testing.assert_array_equal(maps.values, before)
    np.testing.assert_array_equal(masks, 1)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_is_not_defined_for_maps_that_are_not_finite(metric, wrong):
    """One value that is not finite takes the figure of its map, and of no other."""
    values = some_maps(3, 5, 4)
    values[1, 2, 3] = wrong
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = ask(metric, explanation_of(values), earlier=explanation_of(some_maps(3, 5, 4)))

    assert np.isfinite(figures).tolist() == [True, False, True]


@pytest.mark.parametrize("values", [np.zeros((2, 3, 3)), np.full((2, 3, 3), 1e-44)], ids=["0", "1"])
def test_warns_of_nothing_with_constant_maps(metric, values):
    """Zero and denormal maps have figures or none, silently."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = ask(metric, explanation_of(values))

    assert figures.shape == (2,)
    assert not np.isinf(figures).any()


def test_takes_the_largest_numbers(metric):
    """Sums of the largest float32 do not overflow."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures = ask(metric, explanation_of(np.tril(np.full((2, 4, 4), 3e38))))

    assert np.isfinite(figures).all()


def test_takes_no_maps(metric):
    """An explanation without maps has no figures."""
    assert ask(metric, explanation_of(np.zeros((0, 4, 4))), masks=np.ones((1, 4, 4))).shape == (0,)


def test_the_names_of_metrics_differ():
    """A record tells them apart."""
    assert len({cls.name for cls in CLASSES}) == len(CLASSES)


def test_the_default_holds_every_free_metric():
    """What costs no pass of the model is measured by default."""
    assert {type(each) for each in package.DEFAULTS} == set(FREE)
    assert len({each.name for each in package.DEFAULTS}) == len(package.DEFAULTS)

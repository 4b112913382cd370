"""Every explainer on every shape of model: maps, or one sentence why there are none."""

import inspect
from dataclasses import dataclass, field, fields
from typing import Any

import keras
import numpy as np
import pytest

from tb_explain import explainers
from tb_explain.execution.shared_pass import SharedPass
from tb_explain.explainers import (
    ClassActivationMap,
    Explainer,
    InputGradientMap,
    PassExplainer,
    WeightExplainer,
)
from tb_explain.probe import Probe
from tests.zoo.case import Case
from tests.zoo.shapes import SHAPES
from tests.zoo.snapshot import Snapshot, changed, snapshot
from tests.zoo.tasks import TASKS
from tests.zoo.transformers import TRANSFORMERS
from tests.zoo.written import WRITTEN

BUILDERS = (*WRITTEN, *TASKS, *TRANSFORMERS, *SHAPES)
EXPLAINERS = [
    kind
    for name in explainers.__all__
    if inspect.isclass(kind := getattr(explainers, name))
    and issubclass(kind, Explainer)
    and not inspect.isabstract(kind)
]
# What most of the cost of an explainer grows with, by the name of its setting.
FEW = {"points": 3, "masks": 6, "evaluations": 80, "iterations": 2, "continued": 1}
# The rest of the zoo is shown to explainers that take passes of their own, but not explained.
ASKED_BY_ALL = frozenset(
    (
        "neurons",
        "subclassed_nested",
        "siamese",
        "unet",
        "vit_class_token",
        "signal",
        "mixed_float16",
        "whole_numbers",
    )
)
CAMS = [kind for kind in EXPLAINERS if issubclass(kind, ClassActivationMap)]
OF_INPUT = [kind for kind in EXPLAINERS if issubclass(kind, InputGradientMap)]


@dataclass(eq=False)
class Visit:
    """One model with all explainers at once."""

    case: Case
    table: Any
    targets: tuple[str, ...]
    before: Snapshot
    after: Snapshot
    refusals: dict[type, str] = field(default_factory=dict)
    results: dict[type, list[Any]] = field(default_factory=dict)

    @property
    def samples(self):
        return len(keras.tree.flatten(self.case.samples)[0])


def affordable(kind):
    """Returns an explainer with default settings, but for how often it asks the model."""
    names = {one.name for one in fields(kind)} & FEW.keys()
    return kind(**{name: FEW[name] for name in names})


def visited(case, *, everything):
    """Returns what explainers make of one model, on one pass as far as they share it."""
    model = case.model
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), case.loss)
    before = state_of(case) if model.built else None
    probe = Probe(model, case.samples, labels=case.labels, targets=case.targets)
    before = before or state_of(case)
    visit = Visit(case, probe.layers, probe.targets, before, before)
    fitting = []
    for explainer in map(affordable, EXPLAINERS):
        refusal = refused(explainer, probe, asks=everything)
        if refusal is not None:
            visit.refusals[type(explainer)] = refusal
        elif everything or isinstance(explainer, PassExplainer | WeightExplainer):
            fitting.append(explainer)
    for result in SharedPass(probe, fitting).run().results:
        visit.results.setdefault(type(result.explainer), []).append(result)
    probe.release()
    visit.after = snapshot(model)
    return visit


def refused(explainer, probe, *, asks):
    """Returns what an explainer says against a model before the first pass, or `None`."""
    try:
        explainer.resolve(probe.layers)
        if asks and not isinstance(explainer, PassExplainer | WeightExplainer):
            SharedPass(probe, (explainer,))
    except ValueError as error:
        return str(error)
    return None


def state_of(case):
    """Returns a model and all streams as they are after the model has run, before a training."""
    case.model.optimizer.build(case.model.trainable_variables)
    case.model(keras.tree.map_structure(keras.ops.convert_to_tensor, case.samples))
    return snapshot(case.model)


@pytest.fixture(scope="module", params=BUILDERS, ids=lambda build: build.__name__)
def visit(request):
    if "tf_function" in request.param.__name__ and keras.backend.backend() != "tensorflow":
        pytest.skip("tf.function exists on TensorFlow only")
    keras.utils.set_random_seed(5)
    return visited(request.param(), everything=request.param.__name__ in ASKED_BY_ALL)


def test_the_zoo_is_large():
    """There are at least twenty-five shapes of models, each once."""
    assert len({build.__name__ for build in BUILDERS}) == len(BUILDERS) >= 25


@pytest.mark.parametrize("kind", EXPLAINERS, ids=lambda kind: kind.__name__)
def test_explains_or_says_why_not(visit, kind):
    """Maps are finite, as many and as large as they say; a refusal is one line with a reason."""
    if kind in visit.refusals:
        assert_is_a_sentence(visit.refusals[kind])
        return
    for result in visit.results.get(kind, []):
        if result.error is not None:
            assert isinstance(result.error, ValueError), result.error
            assert_is_a_sentence(str(result.error))
            continue
        explanation = result.explanation
        maps = visit.samples if explanation.kind == "attribution" else len(explanation.samples)
        assert len(explanation.values) == maps > 0
        assert explanation.values.ndim == 4
        assert np.isfinite(explanation.values).all()


def assert_is_a_sentence(message):
    assert "Received: " in message
    assert "\n" not in message
    assert any(word in message for word in ("odel '", "ayer '", "samples", "segments"))


@pytest.mark.parametrize("kind", CAMS, ids=lambda kind: kind.__name__)
def test_class_activation_maps_have_the_grid_of_their_layer(visit, kind):
    """The layer by rule is the one of the model that should be explained, or there is none."""
    if visit.case.grid is None:
        assert_refused(visit, kind)
        return
    assert kind not in visit.refusals
    for result in visit.results[kind]:
        assert result.error is None
        assert result.explanation.layer == visit.table.target
        assert result.explanation.values.shape[1:] == (*visit.case.grid, 1)


@pytest.mark.parametrize("kind", OF_INPUT, ids=lambda kind: kind.__name__)
def test_maps_of_the_input_have_its_rows_and_columns(visit, kind):
    """Each pixel of the explained input has a value, or there is no picture to explain."""
    if visit.case.sides is None:
        assert_refused(visit, kind)
        return
    assert kind not in visit.refusals
    for result in visit.results[kind]:
        assert result.error is None
        assert result.explanation.layer is None
        assert result.explanation.values.shape[1:] == (*visit.case.sides, 1)


def assert_refused(visit, kind):
    assert kind not in visit.results
    assert visit.case.refusal
    assert_matches(visit.refusals[kind], visit.case.refusal)


def assert_matches(message, pattern):
    with pytest.raises(ValueError, match=pattern):
        raise ValueError(message)


def test_signed_maps_are_never_blank(visit):
    """A gradient reaches what is explained; zero everywhere would be a picture of nothing."""
    for results in visit.results.values():
        for result in results:
            explanation = result.explanation
            if explanation is not None and explanation.signed:
                assert np.abs(explanation.values).max(initial=0) > 0, result.explainer


def test_every_target_has_its_maps(visit):
    """Each attribution comes once for each target."""
    for kind in [*CAMS, *OF_INPUT]:
        if kind in visit.results:
            assert [result.target for result in visit.results[kind]] == list(visit.targets)


def test_model_and_streams_are_bitwise_as_they_were(visit):
    """Not a weight, statistic, seed, stream, state of the optimizer or attribute differs."""
    assert changed(visit.before, visit.after) == set()

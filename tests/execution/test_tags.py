"""Settings and tags."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np

from tb_explain.execution.tags import settings_of, tag_of
from tb_explain.explainers import Activations, Explainer, GradCAM, Saliency


@final
@dataclass(frozen=True)
class Smooth(Explainer):
    """An explainer of another, with a background."""

    title: ClassVar[str] = "Smooth"
    background: Any = field(default=None, compare=False)
    of: Explainer = field(default_factory=Saliency)
    layer: str | None = None

    def resolve(self, layers):
        return (self,)


def test_defaults_leave_no_settings():
    """Only settings that differ from their defaults are named, and never the layer."""
    assert settings_of(GradCAM(layer="conv")) == {}
    assert settings_of(Activations(channels=4, layer="conv")) == {"channels": 4}


def test_arrays_are_named_by_their_content():
    """Equal arrays have equal names, other values or types another."""
    names = {
        settings_of(Smooth(background=np.array(values)))["background"]
        for values in ([1, 2], [1, 2], [2, 1], [1.0, 2.0])
    }

    assert len(names) == 3
    assert all(len(name) == 8 for name in names)


def test_arrays_take_no_part_in_equality():
    """Explainers with arrays can be compared and hashed."""
    assert Smooth(background=np.zeros(2)) == Smooth(background=np.ones(2))
    assert len({Smooth(background=np.zeros(2)), Smooth()}) == 1


def test_inner_explainers_are_written_with_their_settings():
    """An explainer of another names it as a user would write it."""
    settings = settings_of(Smooth(of=Saliency(recorded_size=28)))

    assert settings == {"of": "Saliency(recorded_size=28)"}


def test_tags_name_explainer_layer_and_target():
    """A tag holds the settings that differ, the layer or `input`, and the target if any."""
    assert tag_of(GradCAM(layer="base/conv"), "label") == "GradCAM/base/conv/label"
    assert tag_of(Saliency(recorded_size=None), "class 3") == (
        "Saliency[recorded_size=None]/input/class 3"
    )
    assert tag_of(Activations(layer="conv", channels=4), None) == "Activations[channels=4]/conv"

"""The steps from the samples of a model to its score, as a way back finds them."""

import numpy as np

from tb_explain.probe import Probe
from tb_explain.probe.rules.program import WayBack


class Collecting:
    """A way back that notes its steps and replaces none."""

    def __init__(self):
        self.steps = []

    def rule(self, step):
        self.steps.append(step)

    def seed(self, scores, ops):
        return scores

    def reference(self, samples, ops):
        return None

    def maps(self, way: WayBack, ops):
        return {"map": way.found}


def steps_of(model, samples, **settings):
    """Returns the steps of one model, and the gradient that comes back without rules."""
    settings.setdefault("targets", 0)
    probe, method = Probe(model, samples, **settings), Collecting()
    probe.rules.prepare([method])
    return method.steps, probe.rules.run(method)[0]["arrays"]["map"]


def kinds(steps):
    return [(step.path, step.kind) for step in steps]


def images(count=2, size=8):
    return np.random.default_rng(0).random((count, size, size, 3), dtype=np.float32)

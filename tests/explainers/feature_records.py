"""Records of pictures of features, one after the other."""

from tb_explain.execution.feature_runner import FeatureRunner
from tb_explain.execution.memory import Memory


def records(probe, explainer, *, count=1, memory=None):
    """Returns the explanations of several records of one model."""
    runner = FeatureRunner(probe, (explainer,), Memory() if memory is None else memory)
    results = [runner.run({1})[-1] for _ in range(count)]
    assert [result.error for result in results] == [None] * count
    return [result.explanation for result in results]


def rises(explanation):
    """Whether each channel answers its picture more than the one it had before."""
    return (explanation.figures["activation"] > explanation.figures["start"]).all()

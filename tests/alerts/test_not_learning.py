"""Models that guess, on records made by hand."""

from observing import LABELS, found, layer, wrong_on

from tb_explain.alerts import NotLearning

GUESSING = wrong_on(*range(12))


def epochs(count, **facts):
    """Returns the records of some epochs."""
    return [
        {"predicted": GUESSING, "epoch": (0, epoch), "logs": {"accuracy": 0.9}, **facts}
        for epoch in range(count)
    ]


def test_finds_a_model_that_learned_something_else():
    """It is good on what it is trained on: the samples must be different."""
    (finding,) = found(NotLearning(), epochs(10))

    assert finding.title == "The model guesses on the 16 samples."
    assert finding.text == (
        "Accuracy .25, .90 on those it is trained on. "
        "Are they prepared and labelled like those it is trained on?"
    )
    assert (finding.step, finding.since) == (9, 0)


def test_finds_a_model_that_learns_nothing():
    """It is no better on what it is trained on, as far as that is logged."""
    (neither,) = found(NotLearning(), epochs(10, logs={"acc": 0.3}))
    (unknown,) = found(NotLearning(), epochs(10, logs={}))

    assert neither.text.endswith("It learns neither; are labels and learning rate right?")
    assert unknown.text == "Accuracy .25."


def test_a_model_may_take_its_time():
    """Nine epochs are not enough, nor are ten with one that is better."""
    better = {"predicted": LABELS, "epoch": (0, 99)}

    assert found(NotLearning(), epochs(9)) == []
    assert found(NotLearning(), [*epochs(9), better]) == []
    assert len(found(NotLearning(on_after=5), epochs(5))) == 1


def test_records_within_an_epoch_count_once():
    """With a record every few batches a training has just begun after ten of them."""
    assert found(NotLearning(), epochs(30, epoch=(0, 0))) == []
    assert found(NotLearning(), epochs(30, epoch=None)) == []


def test_a_broken_model_is_another_cause():
    """What is dead or not finite is said by other rules."""
    dead = {"layers": (layer("conv"),), "figures": {"conv": {"dead": 8}}}
    lost = {"layers": (layer("conv"),), "figures": {"conv": {"norm": float("nan")}}}

    assert found(NotLearning(), epochs(12, **dead)) == []
    assert found(NotLearning(), epochs(12, **lost)) == []

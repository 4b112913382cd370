"""When findings begin and end, what is logged and who is told."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, final

import pytest
from observing import found, observed

from tb_explain.alerts import Rule, Sign, Words
from tb_explain.alerts.run_watch import RunWatch


@final
@dataclass(frozen=True)
class Loud(Rule):
    """Finds what the logs of a record say: 1 is wrong, 0 is well, anything else says nothing."""

    name: ClassVar[str] = "loud"
    severity: ClassVar = "warning"
    metric: ClassVar = None
    apart: ClassVar[int] = 2

    def watch(self):
        return lambda observed: [
            Sign(cause, value == 1, layer=cause, figures={"value": value})
            for cause, value in observed.logs.items()
            if value in (0, 1)
        ]

    def words(self, signs: Sequence[Sign], observed):
        return Words(f"{len(signs)} wrong.", ", ".join(sign.cause for sign in signs))


def changes(*values, rule=None):
    """Returns step, state and first step of each change of one cause with these values."""
    loud = Loud() if rule is None else rule
    return [
        (change.step, change.state, change.since)
        for change in found(loud, [{"logs": {"a": value}} for value in values])
    ]


def test_begins_after_three_records_in_a_row():
    """The third record says it; it holds since the first."""
    assert changes(0, 1, 1, 0, 1, 1, 1, 1, 1) == [(6, "on", 4)]


def test_ends_after_three_records_in_a_row():
    """One record that is well ends nothing; the row that does begins anew."""
    assert changes(1, 1, 1, 0, 1, 0, 0, 0, 0) == [(2, "on", 0), (7, "off", 5)]


def test_may_begin_again():
    """The same cause is found once more, under the same name."""
    values = [1, 1, 1, 0, 0, 0, 1, 1, 1]
    begun = found(Loud(), [{"logs": {"a": value}} for value in values])

    assert [change.state for change in begun] == ["on", "off", "on"]
    assert {change.id for change in begun} == {"loud/a"}


def test_thresholds_are_settings():
    """One record may be enough, and one to end it."""
    assert changes(1, 0, rule=Loud(on_after=1, off_after=1)) == [(0, "on", 0), (1, "off", 1)]


def test_a_record_that_says_nothing_counts_neither_way():
    """An explainer that is recorded every fifth time leaves gaps."""
    assert changes(1, 5, 1, 5, 5, 1, 0, 5, 0, 0) == [(5, "on", 0), (9, "off", 6)]


def test_many_causes_at_once_are_one_finding():
    """It is over with the last of its causes."""
    wrong = {"a": 1, "b": 1, "c": 1}
    records = [wrong, wrong, wrong, *[{"a": 0, "b": 0, "c": 1}] * 3, *[{"c": 0}] * 3]
    first, last = found(Loud(), [{"logs": logs} for logs in records])

    assert (first.title, first.text, first.figures) == ("3 wrong.", "a, b, c", {"causes": 3})
    assert (last.state, last.step, last.since, last.id) == ("off", 8, 6, first.id)


def test_few_causes_at_once_are_said_apart():
    """Each has its own name, layer and figures."""
    records = [{"logs": {"a": 1, "b": 1}}] * 3

    assert [(each.id, each.layer, each.figures) for each in found(Loud(), records)] == [
        ("loud/a", "a", {"value": 1}),
        ("loud/b", "b", {"value": 1}),
    ]


def test_a_step_recorded_again_repeats_its_changes(caplog):
    """A second fit replaces the last record of the first; it is neither counted nor told twice."""
    told = []
    watch = RunWatch([Loud()], [told.append])
    first = [watch.see(observed(step, logs={"a": 1})) for step in range(3)][-1]
    again = watch.see(observed(2, logs={"a": 0}))
    later = [watch.see(observed(step, logs={"a": 0})) for step in (3, 4)]

    assert again == first
    assert told == first
    assert later == [[], []]
    assert len(caplog.records) == 1


def test_an_earlier_step_is_a_new_start():
    """A loop that begins again is another training."""
    watch = RunWatch([Loud()])
    for step in range(3):
        watch.see(observed(step, logs={"a": 1}))
    again = [watch.see(observed(step, logs={"a": 1})) for step in range(3)]

    assert [len(each) for each in again] == [0, 0, 1]


def test_the_first_record_begins_the_watch():
    """Also where a second fit replaces it; a reader then ends what an earlier process found."""
    watch = RunWatch([Loud()])
    begins = []
    for step in (10, 10, 11, 12, 3, 4):
        watch.see(observed(step, logs={}))
        begins.append(watch.begins)

    assert begins == [True, True, False, False, True, False]


def test_is_logged_once(caplog):
    """The training log has one sentence per finding, and none when it is over."""
    found(Loud(), [{"logs": {"a": value}} for value in (1, 1, 1, 1, 0, 0, 0)])

    assert [(record.name, record.levelno) for record in caplog.records] == [
        ("tb_explain", logging.WARNING)
    ]
    assert caplog.records[0].getMessage() == "Step 2: 1 wrong. a"


def test_all_listeners_are_told_of_every_change():
    """Beginning and end, each with its step."""
    told, too = [], []
    watch = RunWatch([Loud(on_after=1, off_after=1)], [told.append, too.append])
    for step, value in enumerate((1, 0)):
        watch.see(observed(step, logs={"a": value}))

    assert [(each.step, each.state) for each in told] == [(0, "on"), (1, "off")]
    assert too == told


def test_a_listener_that_raises_hurts_nobody(caplog):
    """Others are told, the finding is returned, and the log says once what happened."""
    told = []

    def broken(finding):
        raise OSError("no network")

    watch = RunWatch([Loud(on_after=1, off_after=1)], [broken, told.append])
    seen = [watch.see(observed(step, logs={"a": step % 2})) for step in range(4)]

    assert [len(each) for each in seen] == [0, 1, 1, 1]
    assert len(told) == 3
    faults = [record for record in caplog.records if "failed" in record.getMessage()]
    assert [record.getMessage() for record in faults] == ["The alert broken failed at step 1."]
    assert "no network" in str(faults[0].exc_info[1])


def test_a_rule_that_raises_leaves_the_others_alone(caplog):
    """A rule of a user may be at fault."""

    @final
    @dataclass(frozen=True)
    class Broken(Rule):
        name: ClassVar[str] = "broken"

        def watch(self):
            return lambda observed: [Sign("a", observed.logs["missing"] > 0)]

        def words(self, signs, observed):
            return Words("Never said.", "")

    watch = RunWatch([Broken(), Loud()])
    seen = [watch.see(observed(step, logs={"a": 1})) for step in range(3)]

    assert [each.rule for each in seen[-1]] == ["loud"]
    assert caplog.records[0].getMessage() == "The alert Broken failed at step 0."


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_figures_that_are_not_finite_are_left_out(value):
    """JSON has no NaN."""
    (finding,) = found(Loud(on_after=1), [{"logs": {"a": 1}}])
    broken = type(finding)(**{**finding.__dict__, "figures": {"value": value, "other": 1.0}})

    assert broken.entry["figures"] == {"other": 1.0}

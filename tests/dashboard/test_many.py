"""Several requests in one."""

import json

import pytest
from log_dirs import GRADCAM, write_steps
from tabs import unpacked


@pytest.fixture
def tab(tmp_path, serve):
    for run in ("one", "two"):
        write_steps(tmp_path / run, range(2))
    return serve(logdir=tmp_path)


def asks(*entries):
    return {"asks": json.dumps(entries)}


def answers(tab, *entries):
    """Returns the bytes of each answer, or its code where it has none."""
    header, body = tab.block("api/many", **asks(*entries))
    return [
        body[entry["offset"] : entry["offset"] + entry["bytes"]] if "bytes" in entry else entry
        for entry in header["answers"]
    ]


def test_answers_are_those_of_each_alone(tab):
    """Only the way is another."""
    together = answers(
        tab,
        {"of": "measures", "run": "one", "tag": GRADCAM, "names": "norm"},
        {"of": "run", "run": "two"},
    )

    assert unpacked(together[0]) == tab.block("api/measures", run="one", tag=GRADCAM, names="norm")
    assert json.loads(together[1]) == tab.json("api/run", run="two")


def test_one_that_fails_leaves_the_others(tab):
    """It says in a sentence why, as if it were alone."""
    missing, there = answers(tab, {"of": "run", "run": "three"}, {"of": "run", "run": "one"})

    assert missing["code"] == 404
    assert "three" in missing["problem"]
    assert json.loads(there)["run"] == "one"


def test_answers_may_be_kept_if_each_may(tab):
    """One that may change makes the whole change."""
    version = tab.runs()[0]["version"]
    kept = {"of": "measures", "run": "one", "tag": GRADCAM, "v": version}

    assert "immutable" in tab.get("api/many", **asks(kept)).headers["Cache-Control"]
    whole = tab.get("api/many", **asks(kept, {"of": "run", "run": "one"}))
    assert "immutable" not in whole.headers["Cache-Control"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", "[" * 9999, "[1]", "[{}]", '[{"of": "values"}]', '[{"of": "run", "run": 1}]'),
        json.dumps([{"of": "run", "run": "one"}] * 65),
    ],
)
def test_a_list_that_makes_no_sense_gets_one_sentence(tab, text):
    """Nothing of it is answered."""
    response = tab.get("api/many", asks=text)

    assert response.status_code == 400
    assert "\n" not in response.text
    assert 10 < len(response.text) < 300

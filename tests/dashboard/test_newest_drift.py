"""How far maps are from the newest ones: made by the reader, as no writer knows the last record."""

from dataclasses import replace

import numpy as np
from indices import index_of, looking_again
from log_dirs import GRADCAM, map_blobs, maps_at, progress_blobs, write

import tb_explain as tbx
from tb_explain.dashboard.newest_drift import NewestDrift

NAME = "drift_to_last"
DRIFT = {"title": "Drift", "better": "lower", "range": [0, 2], "about": "How far.", "paper": ""}


def slow_ranks(values):
    """The mean rank of each value among all, by counting those below and those that are equal."""
    return [
        sum(other < value for other in values) + sum(other == value for other in values) / 2
        for value in values
    ]


def slow_drift(values, newest):
    return 1 - np.corrcoef(slow_ranks(values.tolist()), slow_ranks(newest.tolist()))[0, 1]


def write_maps(directory, records, tag=GRADCAM):
    write(
        directory,
        [
            record
            for step, explanation in records
            for record in (
                (tag, step, map_blobs(step, explanation)),
                ("progress", step, progress_blobs(step)),
            )
        ],
    )


def asked(tab, names=NAME):
    """Returns the header and the arrays of an answer, by name."""
    header, body = tab.block("api/measures", run=".", tag=GRADCAM, names=names)
    return header, {
        entry["name"]: np.frombuffer(
            body, entry["dtype"], int(np.prod(entry["shape"])), entry["offset"]
        ).reshape(entry["shape"])
        for entry in header["arrays"]
    }


def test_compares_with_the_newest_maps(tmp_path, serve):
    """Each map of each step with the same map of the newest step, whatever the coding."""
    for place, settings in enumerate(({}, {"signed": True}, {"rows": 70, "cols": 9})):
        directory = tmp_path / str(place)
        write_maps(directory, [(step, maps_at(step, **settings)) for step in (0, 3, 7)])
        steps = tbx.load(directory)[GRADCAM]
        decoded = {step: steps[step].values for step in steps}
        if place == 2:  # Metrics pool maps to 64 cells a side.
            decoded = {step: tbx.metrics.Maps.of(steps[step]).values[..., None] for step in steps}
        pairs = [zip(maps, decoded[7], strict=True) for maps in decoded.values()]
        expected = [[slow_drift(one.ravel(), last.ravel()) for one, last in row] for row in pairs]
        header, found = asked(serve(logdir=directory))

        assert header["steps"] == [0, 3, 7]
        assert list(found) == [NAME]
        np.testing.assert_allclose(found[NAME], expected, atol=1e-3 if place == 2 else 1e-6)
        loaded = steps.drift_to_last()
        np.testing.assert_array_equal([loaded[step] for step in loaded], found[NAME])


def test_is_not_defined_where_maps_cannot_be_compared(tmp_path, serve):
    """Another target, constant maps, and maps that were not finite have no figure."""
    last, first = maps_at(2, maps=4), maps_at(0, maps=4)
    values = first.values.copy()
    values[1], values[2, 0, 0] = 0.5, np.nan
    first = replace(first, values=values, targets=(9, 3, 3, 3))
    write_maps(tmp_path, [(0, first), (2, last)])
    _, found = asked(serve(logdir=tmp_path))

    np.testing.assert_array_equal(np.isnan(found[NAME][0]), [True, True, True, False])
    np.testing.assert_allclose(found[NAME][1], 0, atol=1e-6)


def test_other_maps_are_left_out(tmp_path, serve):
    """Maps of other samples, or of another size, are not those of the newest record."""
    others = replace(maps_at(1), samples=(4, 5, 6, 7))
    records = [(0, maps_at(0, rows=3)), (1, others), (2, maps_at(2)), (3, maps_at(3))]
    write_maps(tmp_path, records)
    tab = serve(logdir=tmp_path)
    header, found = asked(tab)

    assert header["left_out"] == [1]
    assert header["steps"] == [0, 2, 3]
    np.testing.assert_array_equal(np.isnan(found[NAME]).all(axis=1), [True, False, False])


def test_follows_a_training_that_goes_on(tmp_path):
    """A new record is the newest one from then on."""
    write_maps(tmp_path, [(0, maps_at(0)), (1, maps_at(1))])
    index, drift = index_of(tmp_path), NewestDrift()
    run = index.refresh().runs["."]
    before = drift.over(run.storage, run.tags[GRADCAM])
    write_maps(tmp_path, [(2, maps_at(2))])
    run = looking_again(index)
    after = drift.over(run.storage, run.tags[GRADCAM])

    assert list(before) == [0, 1]
    assert before[1].max() < 1e-6
    assert list(after) == [0, 1, 2]
    assert after[1].min() > 0.1
    assert after[2].max() < 1e-6


def test_stands_beside_drift(tmp_path, serve):
    """The tab is told of it where drift is recorded, and gets it only when it asks."""
    explanation = replace(maps_at(0), facts={"metrics": {"drift": DRIFT, "other": DRIFT}})
    write_maps(tmp_path / "a", [(0, explanation)])
    write_maps(tmp_path / "b", [(0, maps_at(0))])
    tab = serve(logdir=tmp_path)
    described = [
        next(tag for tag in tab.json("api/run", run=run)["tags"] if tag["tag"] == GRADCAM)["facts"]
        for run in ("a", "b")
    ]
    header, _ = tab.block("api/measures", run="a", tag=GRADCAM)

    assert list(described[0]["facts"]["metrics"]) == ["drift", NAME, "other"]
    assert described[0]["facts"]["metrics"][NAME]["range"] == [0, 2]
    assert "metrics" not in described[1]["facts"]
    assert [entry["name"] for entry in header["arrays"]] == ["norm"]

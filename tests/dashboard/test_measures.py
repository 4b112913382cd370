"""What the tab gets of figures over time."""

from dataclasses import replace

import numpy as np
from log_dirs import GRADCAM, map_blobs, maps_at, progress_blobs, write, write_steps


def measured(step, maps=4, **figures):
    """Returns the blobs of maps with figures, each a list of one entry per map."""
    columns = {name: np.array(column, np.float32) for name, column in figures.items()}
    return map_blobs(step, replace(maps_at(step, maps=maps), figures=columns))


def write_measured(directory, records):
    write(
        directory,
        [
            record
            for step, blobs in records
            for record in ((GRADCAM, step, blobs), ("progress", step, progress_blobs(step)))
        ],
    )


def arrays(header, body):
    """Returns the arrays of a block by name."""
    return {
        entry["name"]: np.frombuffer(
            body, entry["dtype"], int(np.prod(entry["shape"])), entry["offset"]
        ).reshape(entry["shape"])
        for entry in header["arrays"]
    }


def test_stacks_figures_over_time(tmp_path, serve):
    """Each figure has one row per step; what is not defined is NaN."""
    records = [(step, measured(step, drift=[step, np.nan], norm=[1, 2], maps=2)) for step in (0, 3)]
    write_measured(tmp_path, records)
    header, body = serve(logdir=tmp_path).block("api/measures", run=".", tag=GRADCAM, names="drift")

    assert header["steps"] == [0, 3]
    assert header["maps"] == 2
    assert header["left_out"] == []
    found = arrays(header, body)
    assert found.keys() == {"drift"}
    np.testing.assert_array_equal(found["drift"], np.float32([[0, np.nan], [3, np.nan]]))


def test_a_figure_that_came_later_is_not_defined_before(tmp_path, serve):
    """A metric may be added between two fits; one that nobody recorded is left out."""
    write_measured(
        tmp_path, [(0, measured(0, a=[1, 2], maps=2)), (1, measured(1, b=[3, 4], maps=2))]
    )
    tab = serve(logdir=tmp_path)
    found = arrays(*tab.block("api/measures", run=".", tag=GRADCAM, names="b,a,missing"))

    assert list(found) == ["b", "a"]
    np.testing.assert_array_equal(found["a"], [[1, 2], [np.nan] * 2])
    np.testing.assert_array_equal(found["b"], [[np.nan] * 2, [3, 4]])


def test_without_names_all_figures_come(tmp_path, serve):
    """Whoever does not know the metrics gets them all."""
    write_steps(tmp_path, range(3))
    found = arrays(*serve(logdir=tmp_path).block("api/measures", run=".", tag=GRADCAM))

    np.testing.assert_array_equal(found["norm"], np.arange(4) + np.arange(3)[:, None])


def test_records_of_other_maps_are_left_out(tmp_path, serve):
    """Rows belong to the same samples throughout, those of the newest record."""
    records = [(0, measured(0, a=[1, 2, 3], maps=3)), (1, measured(1, a=[1, 2], maps=2))]
    write_measured(tmp_path, records)
    header, body = serve(logdir=tmp_path).block("api/measures", run=".", tag=GRADCAM, names="a")

    assert (header["steps"], header["left_out"]) == ([1], [0])
    np.testing.assert_array_equal(arrays(header, body)["a"], [[1, 2]])


def test_a_damaged_record_is_left_out(tmp_path, serve_alone):
    """The others are served."""
    write_measured(tmp_path, [(step, measured(step, a=[step, 1], maps=2)) for step in range(4)])
    (path,) = tmp_path.glob("*.tb_explain")
    content = path.read_bytes()
    assert content.count(b'"a":[2.0,1.0]') == 1
    path.write_bytes(content.replace(b'"a":[2.0,1.0]', b'"a":[2.0,1.0!'))
    tab = serve_alone(logdir=tmp_path)
    header, body = tab.block("api/measures", run=".", tag=GRADCAM, names="a")

    assert (header["steps"], header["left_out"]) == ([0, 1, 3], [2])
    np.testing.assert_array_equal(arrays(header, body)["a"], [[0, 1], [1, 1], [3, 1]])


def test_an_answer_may_be_kept(tmp_path, serve):
    """Asked for by the version of the run, it never has to be asked for again."""
    write_steps(tmp_path, range(2))
    tab = serve(logdir=tmp_path)
    version = tab.runs()[0]["version"]
    query = {"run": ".", "tag": GRADCAM, "names": "norm"}

    assert "immutable" in tab.get("api/measures", v=version, **query).headers["Cache-Control"]
    assert "immutable" not in tab.get("api/measures", **query).headers["Cache-Control"]

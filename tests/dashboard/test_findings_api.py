"""What the tab gets of findings."""

from log_dirs import progress_blobs, write


def test_lists_findings_with_their_steps(tmp_path, serve):
    """What begins or ends has the step of its record; older records have none."""
    begun = {"id": "forgetting/3", "rule": "forgetting", "state": "on", "since": 1}
    over = {**begun, "state": "off", "since": 3}
    records = [
        ("progress", 0, progress_blobs(0)),
        ("progress", 1, progress_blobs(1, findings=[begun])),
        ("progress", 3, progress_blobs(3, findings=[over])),
    ]
    write(tmp_path / "explain", records)
    progress = serve(logdir=tmp_path).json("api/run", run="explain")["progress"]

    assert progress["findings"] == [{"step": 1, **begun}, {"step": 3, **over}]


def test_findings_are_over_where_another_process_goes_on(tmp_path, serve):
    """It knows nothing of them, so it could never say that they end."""
    begun = {"id": "forgetting/3", "rule": "forgetting", "state": "on", "since": 1}
    first = [
        ("progress", 0, progress_blobs(0, watch_begins=True)),
        ("progress", 1, progress_blobs(1, findings=[begun])),
    ]
    write(tmp_path / "explain", first)
    again = {**begun, "since": 5}
    second = [
        ("progress", 5, progress_blobs(5, findings=[again], watch_begins=True)),
        ("progress", 6, progress_blobs(6)),
    ]
    write(tmp_path / "explain", second)
    progress = serve(logdir=tmp_path).json("api/run", run="explain")["progress"]

    assert progress["findings"] == [
        {"step": 1, **begun},
        {"step": 5, **begun, "state": "off", "since": 5},
        {"step": 5, **again},
    ]

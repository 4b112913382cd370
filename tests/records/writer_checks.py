"""What tests of the writer share."""

import warnings

import pytest
import record_cases as cases

BLOBS = cases.encode(cases.MAPS["zero"])


def write(writer, *steps):
    """Writes a small record at each step."""
    for step in steps:
        writer.write("tag", step, float(step), BLOBS)


def assert_warns_once(writer, action, sentence):
    """Asserts that only the first action warns, and that nothing raises."""
    with pytest.warns(UserWarning, match=sentence) as caught:
        action()
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write(writer, 100, 101)
        writer.flush()
        writer.close()

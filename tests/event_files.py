"""Reads records back with TensorBoard's own loader."""

import json
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader


def read_records(directory):
    """Yields `(tag, step, header, payloads)` of every record, oldest file first."""
    for path in sorted(Path(directory).glob("*.tb_explain")):
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name != "tb_explain":
                    continue
                header, *payloads = value.tensor.string_val
                yield value.tag, event.step, json.loads(header), payloads


def steps_of(directory):
    """Returns the recorded steps of each tag, in the order of writing."""
    steps = {}
    for tag, step, _, _ in read_records(directory):
        steps.setdefault(tag, []).append(step)
    return steps


def headers_of(directory, kind):
    """Returns the headers of one kind, in the order of writing."""
    return [header for _, _, header, _ in read_records(directory) if header["kind"] == kind]


def tables_of(directory, kind):
    """Returns the arrays of a table by step and name."""
    return {
        step: {
            array["name"]: np.frombuffer(payload, array["dtype"]).reshape(array["shape"])
            for array, payload in zip(header["arrays"], payloads, strict=True)
        }
        for _, step, header, payloads in read_records(directory)
        if header["kind"] == kind
    }


def scalars_of(directory):
    """Returns the scalars of a run: step and value by tag, in the order of writing."""
    scalars = {}
    for path in sorted(Path(directory).glob("*.tb_explain")):
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "scalars":
                    found = scalars.setdefault(value.tag, [])
                    found.append((event.step, value.tensor.float_val[0]))
    return scalars

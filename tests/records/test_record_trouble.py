"""Whatever happens to the disk, the training goes on and readers keep what was written."""

import os
import shutil
import signal

import pytest
from event_files import steps_of
from fresh_python import finished, started
from writer_checks import assert_warns_once, write

from tb_explain.records import RecordWriter, WriterBusyError


@pytest.fixture
def run(tmp_path):
    return tmp_path / "logs" / "explain"


def test_full_disk_warns_once_and_keeps_what_is_there(run):
    """On a full disk, one warning names directory and reason, and whole records stay readable."""
    code = """
import resource, sys, warnings
import record_cases as cases
from tb_explain.records import RecordWriter

resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
blobs = cases.encode(cases.explanation(cases.noise(8, 20, 20, 1), signed=True))
warnings.simplefilter("always")
writer = RecordWriter(sys.argv[1])
for step in range(50):
    writer.write("tag", step, float(step), blobs)
    writer.flush()
writer.close()
print("trained to the end;", writer.failure)
"""
    result = finished(code, run)
    steps = steps_of(run)["tag"]

    assert result.returncode == 0
    assert result.stdout == "trained to the end; File too large\n"
    assert result.stderr.count("UserWarning") == 1
    assert f"No more explanations are recorded in '{run}': File too large." in result.stderr
    assert sum(path.stat().st_size for path in run.glob("*.tb_explain")) == 50_000
    assert steps == list(range(6))


def test_removed_directory_is_one_warning(run):
    """When the run directory is removed, one warning says so."""
    writer = RecordWriter(run)
    write(writer, 0)
    writer.flush()
    shutil.rmtree(run)

    def next_record():
        write(writer, 1)
        writer.flush()

    assert_warns_once(writer, next_record, "the event file was removed")
    assert writer.failure == "the event file was removed"


def test_directory_removed_before_the_first_record_is_made_again(run):
    """A log directory that is cleaned between set-up and training is simply made again."""
    writer = RecordWriter(run)
    shutil.rmtree(run)
    write(writer, 0)
    writer.close()

    assert steps_of(run) == {"tag": [0]}


def test_unwritable_directory_is_one_warning(tmp_path):
    """A directory that cannot be made is warned about, and records are dropped."""
    (tmp_path / "file").write_text("in the way")
    writers = []

    def open_writer():
        writers.append(RecordWriter(tmp_path / "file" / "explain"))

    with pytest.warns(
        UserWarning, match=r"file/explain'. Not a directory\. The training"
    ) as caught:
        open_writer()
    assert len(caught) == 1
    write(writers[0], 0)
    writers[0].flush()
    writers[0].close()
    assert writers[0].failure == "Not a directory"


def test_second_writer_is_refused(run):
    """Two live writers on one directory are an error with its remedy, until the first closes."""
    first = RecordWriter(run)

    with pytest.raises(WriterBusyError, match=r'name="phase2"\. Received: directory=.*explain'):
        RecordWriter(f"{run}/../explain")

    write(first, 0)
    first.close()
    RecordWriter(run).close()
    assert steps_of(run) == {"tag": [0]}


HOLDER = """
import os, sys, signal
import record_cases as cases
from tb_explain.records import RecordWriter

writer = RecordWriter(sys.argv[1])
writer.write("tag", 0, 0.0, cases.encode(cases.MAPS["zero"]))
writer.flush()
if sys.argv[2] == "alone":
    print("alone", flush=True)
elif os.fork() == 0:
    print(os.getpid(), flush=True)
    signal.pause()
sys.stdin.read()
"""


def test_writer_of_another_process_is_respected(run):
    """A directory that another process writes to is refused, and free once that has ended."""
    with started(HOLDER, run, "alone") as process:
        assert process.stdout.readline() == "alone\n"
        with pytest.raises(WriterBusyError):
            RecordWriter(run)
        process.communicate()

    RecordWriter(run).close()
    assert process.returncode == 0


@pytest.mark.parametrize("company", ["alone", "with a worker"])
def test_dead_writer_blocks_nobody(run, company):
    """A killed process leaves no lock behind, even if a worker that it forked lives on."""
    with started(HOLDER, run, company) as process:
        worker = process.stdout.readline().strip()
        process.kill()
        process.wait()
        writer = RecordWriter(run)
        if company == "with a worker":
            os.kill(int(worker), signal.SIGKILL)

    write(writer, 1)
    writer.close()
    assert worker.isdecimal() == (company == "with a worker")
    assert steps_of(run) == {"tag": [0, 1]}


def test_forked_child_writes_nothing(run):
    """A forked child neither writes to its parent's file nor hangs nor ends its writer."""
    code = """
import os, sys
import record_cases as cases
from tb_explain.records import RecordWriter

blobs = cases.encode(cases.MAPS["zero"])
writer = RecordWriter(sys.argv[1])
writer.write("tag", 0, 0.0, blobs)
child = os.fork()
writer.write("tag", 1 if child else 99, 0.0, blobs)
writer.flush()
writer.close()
if child == 0:
    sys.exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    result = finished(code, run)

    assert (result.returncode, result.stdout, result.stderr) == (0, "5\n", "")
    assert steps_of(run) == {"tag": [0, 1]}


def test_forked_child_may_record_on_its_own(run):
    """A child that trains by itself opens its own writer, in a run of its own."""
    code = """
import os, sys
import record_cases as cases
from tb_explain.records import RecordWriter, WriterBusyError

writer = RecordWriter(sys.argv[1])
if (child := os.fork()) == 0:
    try:
        RecordWriter(sys.argv[1])
    except WriterBusyError:
        own = RecordWriter(sys.argv[1] + "2")
        own.write("tag", 7, 0.0, cases.encode(cases.MAPS["zero"]))
        own.close()
    os._exit(0)
os.waitpid(child, 0)
writer.write("tag", 1, 0.0, cases.encode(cases.MAPS["zero"]))
"""
    result = finished(code, run)

    assert (result.returncode, result.stderr) == (0, "")
    assert steps_of(run) == {"tag": [1]}
    assert steps_of(f"{run}2") == {"tag": [7]}

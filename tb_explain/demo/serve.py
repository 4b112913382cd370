"""Starts TensorBoard on what the demo recorded and leads to the tab."""

import os
import re
import socket
import subprocess
import sys
import webbrowser
from collections.abc import Iterable
from pathlib import Path

_PATIENCE_SECONDS = 10


def serve(log_dir: Path, *, port: int, browser: bool) -> int:
    """Runs TensorBoard until Ctrl-C and returns its exit status, 0 after Ctrl-C.

    Args:
        log_dir: The log directory.
        port: Port to use; another one if it is taken.
        browser: Whether to open the tab in the browser.
    """
    command = (
        *(sys.executable, "-m", "tensorboard.main"),
        *("--logdir", str(log_dir), "--port", str(free_port(port))),
    )
    print("Starting TensorBoard.", flush=True)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            _follow(process.stdout or (), browser=browser)
            return process.wait()
        except KeyboardInterrupt:
            print("\nStopped.")
            return 0
        finally:
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    """Ends TensorBoard, the hard way if it does not listen."""
    process.terminate()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def free_port(wanted: int) -> int:
    """Returns the wanted port of this machine if nobody listens there, else another free one."""
    for port in (wanted, 0):
        with socket.socket() as listener:
            try:
                listener.bind(("localhost", port))
            except OSError:
                continue
            return listener.getsockname()[1]
    return 0


def _follow(lines: Iterable[str], *, browser: bool) -> None:
    """Reads what TensorBoard says until it ends; passes on what it says before it is ready."""
    address = None
    for line in lines:
        ready = re.search(r"TensorBoard \S+ at (http\S+?)/? ", line)
        if ready:
            address = f"{ready[1]}/#tb_explain"
            print(f"Open {address}  (Ctrl-C ends it)", flush=True)
            if browser and _has_display():
                webbrowser.open(address)
        elif address is None:
            sys.stderr.write(line)


def _has_display() -> bool:
    """Returns whether a browser would open a window, rather than take the terminal."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )

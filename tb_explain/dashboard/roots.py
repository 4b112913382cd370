"""The log directories that TensorBoard was started with, and the names of the runs in them."""

import os
import posixpath
import re
from typing import Any, NamedTuple

_URL = re.compile(r"[a-zA-Z][0-9a-zA-Z.]*://.*")


class Root(NamedTuple):
    """One log directory.

    Attributes:
        path: Absolute path or URL.
        name: What `--logdir_spec` calls it, or `None`.
    """

    path: str
    name: str | None

    def run_name(self, directory: str) -> str:
        """Returns TensorBoard's name of the run in `directory`, relative to this root."""
        return posixpath.join(self.name, directory) if self.name else directory


def roots_of(logdir: str, logdir_spec: str) -> tuple[Root, ...]:
    """Returns the directories that `--logdir` or else `--logdir_spec` names.

    Args:
        logdir: One path or URL, may be empty.
        logdir_spec: `path` or `name:path`, separated by commas, as TensorBoard reads it.
    """
    if logdir:
        return (Root(_absolute(logdir), None),)
    return tuple(_parse(part) for part in logdir_spec.split(",") if part)


def _parse(specification: str) -> Root:
    is_named = (
        not _URL.match(specification)
        and ":" in specification
        and not specification.startswith("/")
        and not os.path.splitdrive(specification)[0]
    )
    if not is_named:
        return Root(_absolute(specification), None)
    name, _, path = specification.partition(":")
    return Root(_absolute(path), name)


def _absolute(path: str) -> str:
    if _URL.match(path):
        return path.removeprefix("file://") if path.startswith("file:///") else path
    return os.path.realpath(os.path.expanduser(path))


def roots_in(context: Any) -> tuple[Root, ...]:
    """Returns the log directories of TensorBoard's plugin context.

    Args:
        context: A `base_plugin.TBContext`; any of its fields may be `None`.
    """
    flags: Any = context.flags
    specification = str(getattr(flags, "logdir_spec", "") or "")
    return roots_of(str(context.logdir or ""), specification)

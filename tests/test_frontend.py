"""The checks of the tab's own sources, with whatever Node.js builds it."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "frontend"

pytestmark = pytest.mark.frontend


@pytest.fixture(scope="module")
def npm():
    """Returns a function that runs npm in `frontend/`, with the packages of the lock file."""
    spec = importlib.util.spec_from_file_location("hatch_build", FOLDER / "hatch_build.py")
    build = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = build
    spec.loader.exec_module(build)
    node = build.find_node()
    build.install_packages(node, FOLDER)
    return lambda *arguments: node.npm(*arguments, folder=FOLDER)


@pytest.mark.parametrize("script", ["check", "lint", "test"])
def test_frontend_passes(npm, script):
    """Types, linter and unit tests of the tab find nothing."""
    npm("run", script)


def test_types_are_those_of_the_schema(npm):
    """The types of the records were generated from the schema as it is now."""
    generated = FOLDER / "src" / "records" / "headers.ts"
    before = generated.read_text()
    npm("run", "types")

    assert generated.read_text() == before


def test_lock_file_names_no_server():
    """Packages come from the registry that npm is told to use."""
    assert '"resolved"' not in (FOLDER / "package-lock.json").read_text()

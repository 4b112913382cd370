"""Distributions of a clean clone, made and installed on a machine without Node.js."""

import gzip
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STATIC = "tb_explain/dashboard/static"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def without_node(tmp_path_factory):
    """Returns an environment in which PATH leads to no Node.js, only to what git and npm start."""
    folder = tmp_path_factory.mktemp("path")
    for program in ("env", "git", "sh", "uname"):
        found = shutil.which(program)
        if found:
            (folder / program).symlink_to(found)
    return {**os.environ, "PATH": str(folder)}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Returns a clean clone of the last commit."""
    if not (ROOT / ".git").exists():
        pytest.skip("a clone is made of a repository, and this is none")
    folder = tmp_path_factory.mktemp("clone") / "tb_explain"
    run("git", "clone", "-q", str(ROOT), str(folder))
    return folder


@pytest.fixture(scope="module")
def sdist(clone, without_node, tmp_path_factory):
    """Returns the source distribution of the clone."""
    folder = tmp_path_factory.mktemp("sdist")
    run_python("-m", "build", "--sdist", "--outdir", str(folder), str(clone), env=without_node)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist, without_node, tmp_path_factory):
    """Returns the wheel of the source distribution, made while npm reaches no registry."""
    folder = tmp_path_factory.mktemp("wheel")
    cache = folder / "npm"
    env = {**without_node, "npm_config_registry": NOWHERE, "npm_config_cache": str(cache)}
    run_python("-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(sdist), env=env)
    assert not cache.exists(), "npm was started"
    return next(folder.glob("*.whl"))


def run(*command, env=None, cwd=None):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, cwd=cwd
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def run_python(*arguments, **settings):
    return run(sys.executable, *arguments, **settings)


@pytest.fixture
def environment(tmp_path):
    """Returns the Python of a fresh environment, which has no package of ours."""
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    return str(tmp_path / "venv" / scripts / "python")


# What the package depends on is taken from where these tests run.
DEPENDENCIES = {**os.environ, "PYTHONPATH": sysconfig.get_paths()["purelib"]}
SERVED = """
import os, sys
from importlib.metadata import entry_points
from werkzeug.test import Client
from tensorboard.backend.application import TensorBoardWSGI
from tensorboard.plugins.base_plugin import TBContext
import tb_explain
[entry] = {each.value: each for each in entry_points(group="tensorboard_plugins")
           if each.name == "tb_explain"}.values()
plugin = entry.load()().load(TBContext(logdir=".", flags=None))
answer = Client(TensorBoardWSGI([plugin])).get("/data/plugin/tb_explain/index.js")
print(os.path.dirname(tb_explain.__file__), answer.status_code, answer.get_data(as_text=True))
"""


def served_tab(python, folder):
    """Returns where the package was found, and how TensorBoard answers for its tab."""
    where, status, text = run(python, "-c", SERVED, env=DEPENDENCIES, cwd=folder).split(" ", 2)
    return Path(where), int(status), text


@pytest.mark.packaging
def test_first_view_is_small(wheel):
    """What the tab loads before its first picture takes at most 60 kB, compressed."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith(STATIC)]
        first = [
            name for name in names if re.search("/(index|(first|loader|.*-runtime)-.*).js$", name)
        ]
        sizes = [len(gzip.compress(archive.read(name))) for name in first]

    assert len(first) == 4
    assert sum(sizes) <= 60_000


@pytest.mark.packaging
def test_sdist_holds_sources_and_bundle(sdist):
    """Whoever builds from the source distribution finds the tab there, and what it is made of."""
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}

    assert {f"{STATIC}/index.js", f"{STATIC}/.digest", "frontend/src/index.ts"} <= names
    assert {"README.md", "LICENSE", "tests/test_packaging.py", "pyproject.toml"} <= names
    assert not any("node_modules" in name for name in names)


@pytest.mark.packaging
def test_wheel_holds_the_package_alone(wheel):
    """The wheel carries the tab and the schema, but no sources of the tab and no source maps."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entries = archive.read("tb_explain-0.1.0.dist-info/entry_points.txt").decode()
    bundle = {name for name in names if name.startswith(STATIC)} - {f"{STATIC}/.digest"}

    assert {f"{STATIC}/index.js", "tb_explain/py.typed"} <= names
    assert "tb_explain/records/record.schema.json" in names
    assert {Path(name).suffix for name in bundle} <= {".js", ".css"}
    assert {name.split("/")[0] for name in names} == {"tb_explain", "tb_explain-0.1.0.dist-info"}
    assert "tb_explain = tb_explain.dashboard.loader:ExplainLoader" in entries
    assert "tb-explain = tb_explain.cli:main" in entries


@pytest.mark.packaging
def test_wheel_installs_the_tab(wheel, environment, tmp_path):
    """TensorBoard finds the installed plugin and serves its tab."""
    run(environment, "-m", "pip", "install", "-q", "--no-deps", str(wheel))
    where, status, text = served_tab(environment, tmp_path)

    assert where.is_relative_to(tmp_path)
    assert status == 200
    assert "render" in text


@pytest.mark.packaging
def test_clone_installs_editable_without_node(clone, without_node, environment, tmp_path):
    """`pip install -e .` builds the tab into the clone, with the Node.js that pip brings."""
    run(
        *(environment, "-m", "pip", "install", "-q", "--no-deps", "-e", str(clone)),
        env=without_node,
    )
    where, status, text = served_tab(environment, tmp_path)

    assert where == clone / "tb_explain"
    assert status == 200
    assert text.strip() == (clone / STATIC / "index.js").read_text().strip()


@pytest.mark.packaging
def test_installs_without_the_tab(clone, without_node, environment, tmp_path):
    """With TB_EXPLAIN_SKIP_FRONTEND=1 nothing is built, and the tab says what to do."""
    bare = tmp_path / "bare"
    run("git", "clone", "-q", str(clone), str(bare))
    run(
        *(environment, "-m", "pip", "install", "-q", "--no-deps", str(bare)),
        env={**without_node, "TB_EXPLAIN_SKIP_FRONTEND": "1", "npm_config_registry": NOWHERE},
    )
    where, status, text = served_tab(environment, tmp_path)

    assert where.is_relative_to(tmp_path / "venv")
    assert status == 200
    assert "TB_EXPLAIN_SKIP_FRONTEND" in text


@pytest.fixture
def bundle(tmp_path):
    """Returns a bundle of two sources, as if just built."""
    spec = importlib.util.spec_from_file_location("hatch", ROOT / "frontend" / "hatch_build.py")
    hook = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = hook
    spec.loader.exec_module(hook)
    made = hook.Bundle(tmp_path / "frontend", tmp_path / "static")
    (made.source / "src").mkdir(parents=True)
    made.target.mkdir()
    (made.source / "package.json").write_text("{}")
    (made.source / "src" / "index.ts").write_text("export const render = 1;")
    (made.target / "index.js").write_text("built")
    made.stamp(made.digest())
    return made


def test_a_bundle_of_unchanged_sources_is_fresh(bundle):
    """What was built from the same sources is not built again."""
    assert bundle.is_fresh()


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: (bundle.source / "src" / "index.ts").write_text("changed"),
        lambda bundle: (bundle.source / "src" / "more.ts").write_text("new"),
        lambda bundle: (bundle.source / "src" / "index.ts").rename(bundle.source / "src" / "a.ts"),
        lambda bundle: (bundle.source / "package.json").write_text('{"name": "other"}'),
        lambda bundle: (bundle.target / "index.js").unlink(),
        lambda bundle: (bundle.target / ".digest").unlink(),
    ],
    ids=["edited", "added", "renamed", "package", "not built", "not stamped"],
)
def test_a_bundle_of_changed_sources_is_stale(bundle, change):
    """Whatever changes a source, or takes a built file away, makes a new build."""
    change(bundle)

    assert not bundle.is_fresh()

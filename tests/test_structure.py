"""What holds for the sources as a whole: who may import whom, and how large a piece may be."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tb_explain"

# Rooms from the bottom up; a room imports only rooms of the rows above its own here, and itself.
LEVELS = (
    {"explanation", "pooling", "ranks", "trees"},
    {"probe"},
    {"samples"},
    {"drawing", "explainers", "records"},
    {"metrics"},
    {"execution"},
    {"alerts"},
    {"dashboard", "run_settings"},
    {"loading", "record_maker"},
    {"recording"},
    {"comparison", "recorder"},
    {"callback"},
    {"demo"},
    {"cli"},
)

# A value that shows or explains itself asks the room above, when it is asked.
ASKS_ABOVE = {
    "tb_explain.explanation": {"tb_explain.drawing.notebook"},
    "tb_explain.explainers.base": {"tb_explain.execution.explain_once"},
    "tb_explain.metrics.model_metric": {"tb_explain.execution.measure_once"},
}

# Below its level, a room may do without these.
FORBIDDEN = {
    "alerts": {"tensorboard", "keras", "tensorflow", "torch", "jax"},
    "dashboard": {"tensorflow", "keras", "torch", "jax", "tb_explain.explanation"},
    "execution": {"tensorboard", "tensorflow", "torch", "jax"},
    "explainers": {"tensorboard", "tensorflow", "torch", "jax"},
    "metrics": {"tensorboard", "tensorflow", "keras", "torch", "jax"},
    "records": {"tensorflow", "keras", "torch", "jax", "tb_explain.probe"},
}
# Where files of a cluster or a bucket are read, by way of whatever is installed.
REMOTE_FILES = {"tb_explain.dashboard.storage", "tb_explain.records.remote"}


def sources(*folders: str) -> list[Path]:
    """Returns our Python files, and TypeScript files of the front end."""
    found = [
        path
        for folder in folders
        for pattern in ("*.py", "*.ts", "*.tsx", "*.css")
        for path in (ROOT / folder).rglob(pattern)
    ]
    return sorted(path for path in found if not {"node_modules", "static"} & set(path.parts))


def room(module: str) -> str:
    return module.split(".")[1]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, *, for_types: bool) -> Iterator[str]:
    """Yields the modules that a file imports, with or without those for type checkers only."""
    pending: list[ast.AST] = [ast.parse(path.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            package = node.module or ""
            yield package
            if package == "tb_explain":
                yield from (f"tb_explain.{alias.name}" for alias in node.names)
        pending += ast.iter_child_nodes(node)


PYTHON = [
    path
    for path in sources("tb_explain")
    if path.suffix == ".py" and path != PACKAGE / "__init__.py"
]


def test_knows_every_room():
    """A new room says in `LEVELS` what it stands on."""
    assert set().union(*LEVELS) == {room(module_of(path)) for path in PYTHON}


def test_imports_point_one_way():
    """A room imports only rooms below its own."""
    upwards = {}
    for path in PYTHON:
        own = room(module_of(path))
        level = next(index for index, rooms in enumerate(LEVELS) if own in rooms)
        allowed = set().union({own}, *LEVELS[:level])
        ours = {name for name in imports(path, for_types=True) if name.startswith("tb_explain.")}
        ours -= {"tb_explain.__version__"}
        upwards[module_of(path)] = {name for name in ours if room(name) not in allowed}

    assert {module: wrong for module, wrong in upwards.items() if wrong} == ASKS_ABOVE


def test_rooms_do_without_what_they_do_not_need():
    """Showing needs no training framework, and explaining needs no TensorBoard."""
    found = {}
    for path in PYTHON:
        forbidden = FORBIDDEN.get(room(module_of(path)), set())
        imported = set(imports(path, for_types=False))
        found[module_of(path)] = {
            name for name in imported for wrong in forbidden if f"{name}.".startswith(f"{wrong}.")
        }
    found = {module: wrong for module, wrong in found.items() if wrong}

    assert {module for module in found if module not in REMOTE_FILES} == set()


def loaded_by(statement: str) -> set[str]:
    """Returns the top-level modules that a new interpreter holds after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    return set(json.loads(done.stdout))


def test_importing_the_package_imports_nothing_else():
    """`import tb_explain` costs next to nothing, for TensorBoard and for scripts."""
    heavy = {"keras", "numpy", "PIL", "tensorboard", "tensorflow", "torch", "jax"}

    assert loaded_by("import tb_explain") & heavy == set()


def test_importing_the_dashboard_imports_no_training_framework():
    """TensorBoard can show records where Keras is not installed."""
    heavy = {"keras", "tensorflow", "torch", "jax", "tb_explain.explainers", "tb_explain.probe"}

    assert loaded_by("import tb_explain.dashboard.plugin") & heavy == set()


def test_importing_the_command_imports_no_training_framework():
    """`tb-explain --help` answers at once."""
    heavy = {"keras", "tensorflow", "torch", "jax", "sklearn", "tensorboard"}

    assert loaded_by("import tb_explain.cli") & heavy == set()


EVERYTHING = [
    *sources("tb_explain", "tests", "examples", "benchmarks", "frontend/src", "frontend/test"),
    ROOT / "frontend" / "hatch_build.py",
]


def test_files_are_short():
    """No file is longer than 300 lines, but for those that a program writes."""
    lines = {
        path.relative_to(ROOT).as_posix(): text.count("\n")
        for path in EVERYTHING
        if not (text := path.read_text()).startswith("// Generated")
    }

    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_functions_are_short():
    """No function has more than 40 lines of code; 30 is the aim."""
    long = {}
    for path in EVERYTHING:
        for node in ast.walk(ast.parse(path.read_text() if path.suffix == ".py" else "")):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1:] if ast.get_docstring(node) else node.body
                count = 1 + (node.end_lineno or 0) - first[0].lineno if first else 0
                long[f"{path.relative_to(ROOT).as_posix()}: {node.name}"] = count

    assert {name: count for name, count in long.items() if count > 40} == {}


def test_nothing_is_left_unfinished():
    """No source holds a marker of work to be done."""
    marker = re.compile(rf"\b({'|'.join(('TO' + 'DO', 'FIX' + 'ME', 'X' * 3))})\b")

    assert [path for path in EVERYTHING if marker.search(path.read_text())] == []

"""The command `tb-explain`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from tb_explain import __version__

_DRIFT: Final = 0.7
_MASS: Final = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status.

    Args:
        arguments: Words after `tb-explain`; default those of the command line.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return options.run(options)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tb-explain",
        description="Shows in TensorBoard what a vision model looks at while it trains.",
    )
    parser.add_argument("--version", action="version", version=f"tb-explain {__version__}")
    commands = parser.add_subparsers(dest="command", title="commands", metavar="")
    demo = commands.add_parser(
        "demo",
        help="train a small network with a planted shortcut and show it in TensorBoard",
        description="Trains a small network on handwritten digits, in which a sticker gives the "
        "sevens away, and shows in TensorBoard what it looks at. Works offline.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    demo.set_defaults(run=_demo)
    demo.add_argument("--logdir", type=Path, default=Path("logs/demo"), help="log directory")
    demo.add_argument("--epochs", type=_whole_number(1), default=10, help="epochs to train")
    demo.add_argument(
        "--port", type=_whole_number(0, 65535), default=6006, help="port of TensorBoard, if free"
    )
    demo.add_argument("--no-serve", action="store_true", help="stop before TensorBoard starts")
    demo.add_argument("--no-browser", action="store_true", help="only print the link")
    _add_check(commands)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from tb_explain.demo.ground import missing, prepare

    reason = missing()
    if reason is not None:
        print(reason)
        return 1
    prepare()
    from tb_explain.demo.run import train
    from tb_explain.demo.serve import serve

    train(options.logdir, epochs=options.epochs)
    if options.no_serve:
        print(f"To look at it: tensorboard --logdir {options.logdir}, then the tab Explain.")
        return 0
    return serve(options.logdir, port=options.port, browser=not options.no_browser)


def _add_check(commands: Any) -> None:
    parser = commands.add_parser(
        "check",
        help="find samples that two models call the same, but for another reason",
        description="Compares the maps of two recorded runs, sample by sample. Ends with status 0 "
        "if no reason moved, 1 if some did, 2 if the runs cannot be compared.",
    )
    parser.set_defaults(run=_check, tags=[], pairs=[])
    helps = {
        "A": "directory of the run to hold on to",
        "B": "directory of the run to be checked",
        "--tag": "a tag or the name of an explainer, may be repeated; those of the first explainer "
        "that both runs have are the default",
        "--pair": "a tag of A to compare with another one of B, may be repeated",
        "--step-a": "step of A instead of its last record",
        "--step-b": "step of B instead of its last record",
        "--drift": "largest drift that passes, 0 to 2; %(default)s by default",
        "--mass": "largest fall of the evidence on the object that passes, 0 to 1, which needs "
        "masks; %(default)s by default",
        "--predictions": "let predictions that changed fail the check, too",
        "--all": "print the samples whose reason stayed, too",
        "--json": "print JSON",
    }
    settings: dict[str, dict[str, Any]] = {
        "--tag": {"action": "append", "dest": "tags", "metavar": "TAG"},
        "--pair": {"action": "append", "dest": "pairs", "nargs": 2, "metavar": ("TAG_A", "TAG_B")},
        "--step-a": {"type": _whole_number(0), "metavar": "N"},
        "--step-b": {"type": _whole_number(0), "metavar": "N"},
        "--drift": {"type": float, "default": _DRIFT, "metavar": "X"},
        "--mass": {"type": float, "default": _MASS, "metavar": "X"},
    }
    for name, text in helps.items():
        usual = {"action": "store_true"} if name.startswith("-") else {}
        parser.add_argument(name, help=text, **settings.get(name, usual))


def _check(options: argparse.Namespace) -> int:
    from tb_explain.comparison import check
    from tb_explain.comparison.table import written

    try:
        found = check(
            options.A,
            options.B,
            tags=[*options.tags, *map(tuple, options.pairs)] or None,
            steps=(options.step_a, options.step_b),
            drift=options.drift,
            mass=options.mass,
            predictions=options.predictions,
        )
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(found.as_json(), indent=2))
    else:
        print(written(found, everything=options.all))
    return 0 if found else 1


def _whole_number(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    wanted = f"a whole number from {lowest}" + ("" if highest is None else f" to {highest}")

    def parse(text: str) -> int:
        number = int(text) if text.isdecimal() else -1
        if number < lowest or (highest is not None and number > highest):
            raise argparse.ArgumentTypeError(f"expected {wanted}. Received: {text}")
        return number

    return parse

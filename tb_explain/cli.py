"""The command `tb-explain`."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from tb_explain import __version__


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


def _whole_number(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    wanted = f"a whole number from {lowest}" + ("" if highest is None else f" to {highest}")

    def parse(text: str) -> int:
        number = int(text) if text.isdecimal() else -1
        if number < lowest or (highest is not None and number > highest):
            raise argparse.ArgumentTypeError(f"expected {wanted}. Received: {text}")
        return number

    return parse

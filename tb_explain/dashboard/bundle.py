"""The files of the tab: those that are packaged, and nothing else."""

import re
from pathlib import Path
from typing import NamedTuple, final

_PACKAGE = Path(__file__).parent
_CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_HASHED = re.compile(r"static/.+-[A-Za-z0-9_-]{8}\.[a-z0-9.]+")


class Asset(NamedTuple):
    """A file of the tab.

    Attributes:
        content: Its bytes.
        content_type: What it is.
        is_immutable: Whether its name changes whenever its content does.
    """

    content: bytes
    content_type: str
    is_immutable: bool


@final
class Bundle:
    """The files that were packaged, read once. A request can only name one of them.

    An upgrade of the package puts other files in their place while TensorBoard runs; the tab
    that this server knows how to feed stays whole. All files together are about 250 kB.

    Without a bundle, `index.js` is a small module that says how to get the tab.

    Args:
        directory: Where the build put the tab.
    """

    def __init__(self, directory: Path = _PACKAGE / "static") -> None:
        self.assets: dict[str, Asset] = {}
        for path in sorted(directory.rglob("*")):
            content_type = _CONTENT_TYPES.get(path.suffix)
            if content_type and path.is_file():
                name = path.relative_to(directory).as_posix()
                self.assets[name] = _read(path, content_type, bool(_HASHED.fullmatch(name)))
        if "index.js" not in self.assets:
            missing = _PACKAGE / "missing_tab.js"
            self.assets["index.js"] = _read(missing, _CONTENT_TYPES[".js"], is_immutable=False)


def _read(path: Path, content_type: str, is_immutable: bool) -> Asset:
    return Asset(path.read_bytes(), content_type, is_immutable)

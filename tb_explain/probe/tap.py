# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
"""Sees what layers return while a model runs, and restores the layers exactly."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, final

from tb_explain.probe.structure.walk import Layer

# Two taps on one model at a time would restore each other's wrappers. Other threads only wait.
_ONE_AT_A_TIME = threading.RLock()
_ABSENT = object()


@final
@dataclass(frozen=True, eq=False)
class Call:
    """One call of a layer.

    Attributes:
        path: Path of the layer.
        index: How many calls of this layer came before.
        start: Position in the order in which calls began.
        arguments: What it was given.
        output: What it returned.
    """

    path: str
    index: int
    start: int
    arguments: tuple[Any, ...]
    output: Any


@final
class Tap:
    """While active, hands to a watcher what the tapped layers of one model return.

    Wrappers go into the `__dict__` of the layer objects, below Keras' attribute tracking, and
    are taken out again on exit, also after an error. Only the thread that entered the tap is
    seen. Rematerialisation and `@tf.function` are lifted meanwhile, because both would run the
    layers in a trace of their own, from which no tensor may leave. Flash attention becomes what
    Keras chooses by itself, because a pass may run where its kernels do not.

    Args:
        model: The model that will run.
        everything: All layers below the model, by path.
        tapped: Paths of the layers to watch.
        watcher: Sees each call of a tapped layer as it ends, and returns what the layer is to
            return.
    """

    def __init__(
        self,
        model: Layer,
        everything: Mapping[str, Layer],
        *,
        tapped: Iterable[str],
        watcher: Callable[[Call], Any],
    ) -> None:
        self._model = model
        self._everything = everything
        self._tapped = tuple(tapped)
        self._watcher = watcher
        self._saved: list[tuple[Layer, str, Any]] = []
        self._owner = 0
        self._started = 0
        self._counts: dict[str, int] = {}

    def __enter__(self) -> "Tap":
        _ONE_AT_A_TIME.acquire()
        self._owner = threading.get_ident()
        try:
            for layer in (self._model, *self._everything.values()):
                self._open(layer)
            for path in self._tapped:
                self._watch(path, self._everything[path])
        except BaseException:
            self._restore()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()

    def replace(self, layer: Layer, name: str, value: Any) -> None:
        """Sets an attribute of a layer until the tap is left.

        `__dict__` directly: Keras would track the value and PyTorch would register it.
        """
        self._saved.append((layer, name, layer.__dict__.get(name, _ABSENT)))
        layer.__dict__[name] = value

    def watched(self, path: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Returns `function` with each call handed to the watcher as a call of `path`."""

        def call(*arguments: Any, **named: Any) -> Any:
            if threading.get_ident() != self._owner:
                return function(*arguments, **named)
            start, index = self._started, self._counts.get(path, 0)
            self._started += 1
            self._counts[path] = index + 1
            output = function(*arguments, **named)
            return self._watcher(Call(path, index, start, (*arguments, *named.values()), output))

        return call

    def _open(self, layer: Layer) -> None:
        if getattr(layer, "_remat_mode", None):
            self.replace(layer, "_remat_mode", None)
        if getattr(layer, "_flash_attention", False):
            self.replace(layer, "_flash_attention", None)
        plain = getattr(layer.call, "python_function", None)
        if plain is not None:
            self.replace(layer, "call", plain)

    def _watch(self, path: str, layer: Layer) -> None:
        for name in ("call", "quantized_call"):
            if hasattr(layer, name):
                self.replace(layer, name, self.watched(path, getattr(layer, name)))

    def _restore(self) -> None:
        while self._saved:
            layer, name, value = self._saved.pop()
            if value is _ABSENT:
                layer.__dict__.pop(name, None)
            else:
                layer.__dict__[name] = value
        _ONE_AT_A_TIME.release()

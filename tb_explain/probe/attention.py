# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false
# pyright: reportUnknownLambdaType=false
"""The attention that layers of Keras pay, seen and edited while a model runs."""

from collections.abc import Callable
from inspect import Parameter, signature
from math import prod
from typing import Any, Final

import keras

from tb_explain.probe.needs import Tensor
from tb_explain.probe.structure.walk import Layer
from tb_explain.probe.tap import Tap

AttentionShape = tuple[int, int, int]  # Heads, queries, keys.

MOST_TOKENS: Final = 4096

_KEY: Final = ":attention"
_MULTI_HEAD: Final = (keras.layers.MultiHeadAttention, keras.layers.GroupQueryAttention)
_SINGLE_HEAD: Final = keras.layers.Attention
_GIVEN: Final = ("query", "key", "value", "attention_mask", "training")
_NOTED_BY_A_CALL: Final = frozenset(("_called", "_parent_path"))


def attention_key(path: str) -> str:
    """Returns the name under which a pass keeps the attention of a layer."""
    return path + _KEY


def watched_path(key: str) -> str:
    """Returns the path of the layer whose output or attention is kept under `key`."""
    return key.removesuffix(_KEY)


def watch_attention(tap: Tap, path: str, layer: Layer) -> None:
    """Hands the attention of `layer` to the watcher of the tap, under `attention_key(path)`.

    The layer computes its attention explicitly until the tap is left, instead of in a fused
    kernel, and goes on with what the watcher returns. Its axes are samples, heads, queries and
    keys, as far as the layer has them.
    """
    key = attention_key(path)
    if isinstance(layer, _SINGLE_HEAD):
        tap.replace(layer, "_apply_scores", _applied(layer, tap.watched(key, _itself)))
        return
    _compute_explicitly(tap, layer)
    tap.replace(layer, "_masked_softmax", tap.watched(key, layer._masked_softmax))


def survey_attention(
    tap: Tap, path: str, layer: Layer, *, samples: int, found: dict[str, AttentionShape | str]
) -> None:
    """Notes the shape of the attention of `layer`, or in one clause why it cannot be seen.

    Nothing is computed for it, unless by a `_compute_attention` of the user's own.
    """
    hidden = _why_hidden(layer)
    found[path] = hidden or "its own `call` computes it in another way than Keras"
    if hidden is not None:
        return
    noted: list[AttentionShape | str] = []

    def note(seen: AttentionShape | str) -> None:
        noted.append(seen)
        found[path] = noted[0]

    if isinstance(layer, _SINGLE_HEAD):
        _note(tap, layer, "_apply_scores", lambda given, _: note(_single_shape(given, samples)))
    elif _is_own(layer):
        found[path] = "its own `_compute_attention` does not use `_masked_softmax`"
        _compute_explicitly(tap, layer)
        _note(tap, layer, "_masked_softmax", lambda _, made: note(_made_shape(made, samples)))
    else:
        shape_of = _multi_shape
        _note(
            tap, layer, "_compute_attention", lambda given, _: note(shape_of(layer, given, samples))
        )


def _itself(weights: Tensor) -> Tensor:
    return weights


def _applied(layer: Layer, watched: Callable[[Tensor], Tensor]) -> Callable[..., Any]:
    original = layer._apply_scores

    def apply(scores: Tensor, value: Tensor, *rest: Any, **named: Any) -> tuple[Tensor, Tensor]:
        weights = watched(original(scores, value, *rest, **named)[1])
        return keras.ops.matmul(weights, value), weights

    return apply


def _compute_explicitly(tap: Tap, layer: Layer) -> None:
    tap.replace(layer, "_flash_attention", False)
    for name in _NOTED_BY_A_CALL & set(layer._softmax.__dict__):  # It may not have been called yet.
        tap.replace(layer._softmax, name, layer._softmax.__dict__[name])
    original = layer._compute_attention
    wanted = "return_attention_scores"
    named_rest = _takes_any(original) and isinstance(layer, keras.layers.MultiHeadAttention)
    if named_rest or wanted in signature(original).parameters:

        def compute(*arguments: Any, **named: Any) -> Any:
            given = dict(zip((*_GIVEN, wanted), arguments, strict=False)) | named
            return original(**(given | {wanted: True}))

    else:
        tap.replace(layer, "_" + wanted, True)

        def compute(*arguments: Any, **named: Any) -> Any:
            layer.__dict__["_" + wanted] = True  # `call` sets it from its own argument.
            return original(*arguments, **named)

    tap.replace(layer, "_compute_attention", compute)


def _note(tap: Tap, layer: Layer, name: str, note: Callable[[tuple[Any, ...], Any], None]) -> None:
    original = getattr(layer, name)

    def noting(*arguments: Any, **named: Any) -> Any:
        made = original(*arguments, **named)
        note((*arguments, *named.values()), made)
        return made

    tap.replace(layer, name, noting)


def _why_hidden(layer: Layer) -> str | None:
    if isinstance(layer, _MULTI_HEAD):
        compute = layer._compute_attention
        if _takes_any(compute) or set(_GIVEN) <= set(signature(compute).parameters):
            return None
        return "it overrides `_compute_attention` with other arguments than those of Keras"
    if not isinstance(layer, _SINGLE_HEAD):
        return "it is none of the attention layers of Keras, and computes it in code of its own"
    if type(layer)._apply_scores is not _SINGLE_HEAD._apply_scores:
        return "it overrides `_apply_scores`"
    return None


def _takes_any(function: Callable[..., Any]) -> bool:
    kinds = {parameter.kind for parameter in signature(function).parameters.values()}
    return Parameter.VAR_KEYWORD in kinds


def _is_own(layer: Layer) -> bool:
    kept = [kind._compute_attention for kind in _MULTI_HEAD if isinstance(layer, kind)]
    return type(layer)._compute_attention not in kept


def _multi_shape(layer: Layer, given: tuple[Any, ...], samples: int) -> AttentionShape | str:
    query, key = tuple(given[0].shape), tuple(given[1].shape)
    axes = getattr(layer, "_attention_axes", None)
    if axes is not None and len(axes) != len(query) - 3:
        return "it attends along some axes of its input only"
    return _checked((query[0], query[-2], prod(query[1:-2]), prod(key[1:-2])), samples)


def _single_shape(given: tuple[Any, ...], samples: int) -> AttentionShape | str:
    shape = tuple(given[0].shape)
    if len(shape) != 3:
        return "it attends along some axes of its input only"
    return _checked((shape[0], 1, *shape[1:]), samples)


def _made_shape(made: Tensor, samples: int) -> AttentionShape | str:
    shape = tuple(made.shape)
    if len(shape) != 4:
        return "its `_masked_softmax` returns no axes of samples, heads, queries and keys"
    return _checked(shape, samples)


def _checked(shape: tuple[int, ...], samples: int) -> AttentionShape | str:
    groups, heads, queries, keys = (int(size) for size in shape)
    if groups != samples:
        return "it attends within parts of a sample, such as windows, and not over all of it"
    if max(queries, keys) > MOST_TOKENS:
        return f"it has {max(queries, keys)} tokens, and at most {MOST_TOKENS} are kept"
    return heads, queries, keys

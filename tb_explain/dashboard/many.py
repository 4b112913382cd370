"""Several answers in one: the answer of `api/many`."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, cast

from tb_explain.dashboard.block import Block, TooLargeError
from tb_explain.dashboard.json_values import as_array, as_object
from tb_explain.dashboard.query import Query, QueryError, UnknownError, shown
from tb_explain.dashboard.responses import Answer

_LOGGER = logging.getLogger(__name__)
_MOST = 64
_ROUTE = "of"

Routes = Mapping[str, Callable[[Query], Answer]]


def many_block(text: str, routes: Routes) -> tuple[bytes, bool]:
    """Returns the answers to several requests as one block, and whether all may be kept.

    What cannot be answered has a code and a sentence instead of its bytes, and so has what
    does not fit into a block any more: it can be asked for alone.

    Args:
        text: JSON list of requests, each with its route under `of` and its parameters.
        routes: What may be asked for.

    Raises:
        QueryError: If the list makes no sense.
    """
    block = Block()
    entries: list[dict[str, Any]] = []
    is_immutable = True
    for request in _requests(text, routes):
        try:
            answer = routes[request[_ROUTE]](Query(request))
            offset = block.add(answer.content)
        except (QueryError, TooLargeError) as error:
            entries.append({"code": 400, "problem": str(error)})
        except UnknownError as error:
            entries.append({"code": 404, "problem": str(error.args[0])})
        except Exception:
            _LOGGER.exception("The Explain tab asked for %s", request)
            sentence = "This could not be read; TensorBoard's log on the console says why."
            entries.append({"code": 404, "problem": sentence})
        else:
            entries.append({"offset": offset, "bytes": len(answer.content)})
            is_immutable = is_immutable and answer.is_immutable
            continue
        is_immutable = False
    return block.packed({"answers": entries}), is_immutable


def _requests(text: str, routes: Routes) -> list[dict[str, str]]:
    try:
        entries: Any = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or len(as_array(entries)) > _MOST:
        raise QueryError(
            f"'asks' must be a JSON list of up to {_MOST} requests. Received: {shown(text)}"
        )
    requests = [as_object(entry) for entry in as_array(entries)]
    for request in requests:
        is_text = all(isinstance(value, str) for value in request.values())
        if request.get(_ROUTE) not in routes or not is_text:
            raise QueryError(
                f"A request has its route under '{_ROUTE}' ({', '.join(routes)}) and parameters "
                f"of text. Received: {shown(str(request))}"
            )
    return cast(list[dict[str, str]], requests)

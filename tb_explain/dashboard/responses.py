"""Answers over HTTP, with the headers that TensorBoard and browsers ask for."""

# TensorBoard publishes no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import Any, NamedTuple, final

from tensorboard.backend import http_util
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from tb_explain.dashboard.tfrecord import crc32c

_YEAR_SECONDS = 31536000


_CHECKED = {"Cache-Control": "no-cache, must-revalidate", "X-Content-Type-Options": "nosniff"}


@final
class _NotModified(Response):
    """A 304 that keeps its type, without which TensorBoard warns."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Content-Type"] = self.headers["Content-Type"]
        return headers


class Answer(NamedTuple):
    """The content of an answer.

    Attributes:
        content: Its bytes.
        content_type: What they are.
        is_immutable: Whether this address will never answer anything else.
    """

    content: bytes
    content_type: str
    is_immutable: bool = False


def respond(request: Request, answer: Answer) -> Response:
    """Returns the response to a request that succeeded.

    What may change has to be asked for again, and is then sent only if it did change.
    """
    expires = _YEAR_SECONDS if answer.is_immutable else 0
    respond_with: Any = http_util.Respond
    response: Response = respond_with(request, answer.content, answer.content_type, expires=expires)
    if answer.is_immutable:
        response.headers["Cache-Control"] = f"private, max-age={_YEAR_SECONDS}, immutable"
        return response
    etag = f"{crc32c(answer.content):08x}-{len(answer.content):x}"
    if request.if_none_match.contains(etag):
        response = _NotModified(status=304, headers=_CHECKED, content_type=answer.content_type)
    response.set_etag(etag)
    return response


def refuse(request: Request, sentence: str, *, code: int) -> Response:
    """Returns a sentence that says why a request got nothing."""
    respond_with: Any = http_util.Respond
    response: Response = respond_with(
        request, sentence.encode(errors="replace"), "text/plain", code=code
    )
    if code == 405:
        response.headers["Allow"] = "GET, HEAD"
    return response

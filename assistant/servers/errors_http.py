"""Errors as OpenAI writes them: {"error": {"message", "type", "param", "code"}}, and the status of each.

What is asked wrongly is named, never echoed at length, and nothing that was said stands in an error.
"""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from assistant import events
from assistant.errors import AssistantError
from assistant.servers.access import Refused
from assistant.servers.openai_types import ErrorBody

RETRY_S = 1
_STATUS = {"usage": 400, "too-long": 400, "audio-file": 400, "busy": 429, "context-full": 429, "engine-unavailable": 503}
_CODES = {"too-long": "context_length_exceeded", "context-full": "busy"}
_ENDED = {"shutdown": "the assistant ends", "slow_reader": "the reader was too slow", "stop": "somebody stopped it"}
_UNION = ("body", "str", "constrained-str")
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody, "description": text}
    for status, text in {
        400: "Something is wrong with the request; it says what.",
        401: "The key is missing or wrong.",
        403: "Host or Origin may not come in.",
        408: "The request did not come whole in time.",
        413: "The request is too long.",
        429: "Too many at once; Retry-After says when.",
        503: "It cannot be answered here.",
    }.items()
}


def refused(error: AssistantError) -> Refused:
    """Any error of ours as an answer."""
    if isinstance(error, Refused):
        return error
    status = _STATUS.get(error.code, 500)
    return Refused(status, _CODES.get(error.code, error.code), str(error), RETRY_S if status == 429 else None)


def failed(event: events.Event) -> Refused:
    """A turn's bad end as an answer."""
    if isinstance(event, events.Failed):
        status = _STATUS.get(event.code, 500)
        return Refused(status, _CODES.get(event.code, event.code), event.message, RETRY_S if status == 429 else None)
    reason = event.reason if isinstance(event, events.Cancelled) else ""
    return Refused(503, reason or "cancelled", _ENDED.get(reason, f"it was cancelled: {reason}"))


def line(error: Refused, param: str | None = None) -> str:
    """The body. ASCII, so that whatever was sent can be written."""
    kind = {401: "authentication_error", 429: "rate_limit_error"}.get(error.status, "invalid_request_error")
    kind = "server_error" if error.status >= 500 else kind
    return json.dumps({"error": {"message": str(error), "type": kind, "param": param, "code": error.code}})


def answer(error: Refused, param: str | None = None) -> Response:
    """The whole answer."""
    headers = {"retry-after": str(error.retry_after)} if error.retry_after else {}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.status in (408, 413):
        headers["connection"] = "close"  # the rest of the body is not read
    return Response(line(error, param), error.status, headers, "application/json")


async def on_ours(_: Request, error: Exception) -> Response:
    """An `AssistantError`."""
    assert isinstance(error, AssistantError)
    return answer(refused(error))


async def on_http(_: Request, error: Exception) -> Response:
    """What the framework raises: no such path, no such method, a body that is no JSON."""
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Refused):  # while the body was read
        return answer(error.__cause__)
    made = answer(
        Refused(
            error.status_code, {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request"), error.detail
        )
    )
    if error.headers:
        made.headers.update(error.headers)
    return made


async def on_bug(_: Request, error: Exception) -> Response:
    """A fault of ours; the door logs it."""
    return answer(Refused(500, "internal", "a fault of the assistant; see its log"))


async def on_invalid(_: Request, error: Exception) -> Response:
    """A body that is not what the document says."""
    assert isinstance(error, RequestValidationError)
    param, text = _explain(error.errors())
    return answer(Refused(400, "invalid_request", text), param)


def _explain(errors: Sequence[Any]) -> tuple[str | None, str]:
    """The key that is wrong, and a line. Of all that is wrong, what names something that is not served comes first."""
    order = {"literal_error": 0, "union_tag_invalid": 0, "extra_forbidden": 1}
    first = min(errors, key=lambda error: order.get(error["type"], 2))
    # a union's own parts stand in the path beside keys; they are no keys of the request
    where = ".".join(str(part) for part in first["loc"] if part not in _UNION and not str(part).startswith("list["))
    where = where[:200]
    if first["type"] == "json_invalid":
        return None, "the body is no valid JSON"
    if first["type"] == "extra_forbidden":
        return where, f"{where} is not served here"
    if first["type"] in ("literal_error", "union_tag_invalid"):
        context, given = first.get("ctx", {}), _given(first)
        return where, f"{where}: {given} is not served here, only {context.get('expected') or context.get('expected_tags')}"
    return where or None, f"{where or 'the request'}: {first['msg']}"


def _given(error: Any) -> str:
    """What was given where only some values are served: a word, a number or a switch, never a text."""
    given = error.get("ctx", {}).get("tag") or error["input"]
    return repr(given) if isinstance(given, bool | int | float) or (isinstance(given, str) and len(given) <= 40) else "this"

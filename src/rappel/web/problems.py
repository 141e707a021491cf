"""From an exception to a problem document (RFC 9457), in one place.

A refusal of ours says its code, what is wrong and what to do, in the caller's language.
Anything unforeseen answers 500 with nothing of its inside; the log has the rest.
"""

from __future__ import annotations

import logging
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from rappel.errors import (
    Fault,
    Malformed,
    NotAllowed,
    NotFound,
    RappelError,
    Refused,
    Unauthenticated,
    as_problem,
)
from rappel.wording import translator

if TYPE_CHECKING:
    from litestar import Request

log = logging.getLogger("rappel.web")

MEDIA_TYPE = "application/problem+json"
HARDENED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
OURS = {
    400: (Malformed, "malformed", "The request cannot be read."),
    401: (Unauthenticated, "unauthenticated", "This needs a key that is in force."),
    403: (NotAllowed, "not_allowed", "This is not for your role."),
    404: (NotFound, "not_found", "There is no such thing here."),
    405: (Refused, "method_not_allowed", "This address does not take that method."),
    413: (Malformed, "too_large", "The request is larger than is taken here."),
}


def locale_of(request: Request[Any, Any, Any]) -> str:
    """Return the first language the caller accepts; English when none is said."""
    accepted = request.headers.get("accept-language", "en")
    return accepted.split(",", 1)[0].split(";", 1)[0].strip() or "en"


def answer(
    request: Request[Any, Any, Any], error: RappelError, status: int | None = None
) -> Response[bytes]:
    """Answer a refusal as a problem document."""
    body = as_problem(error, translator(locale_of(request)))
    said = status or error.status
    body["status"] = said
    unknown = said == HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": "Bearer"} if unknown else {}
    return Response(
        msgspec.json.encode(body),
        status_code=said,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def refused(request: Request[Any, Any, Any], error: RappelError) -> Response[bytes]:
    """Answer one of our own refusals."""
    return answer(request, error)


def http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused, in the same form."""
    status = error.status_code
    kind, code, detail = OURS.get(
        status, (Refused, "http_error", HTTPStatus(status).phrase + ".")
    )
    faults = _faults(error) if kind is Malformed else ()
    return answer(request, kind(detail, code=code, faults=faults), status)


def _faults(error: HTTPException) -> tuple[Fault, ...]:
    extra = error.extra if isinstance(error.extra, list) else []
    return tuple(
        Fault(
            code="malformed",
            message=str(item.get("message", "")),
            repair="Correct this field; the API's description says what it takes.",
            field=str(item.get("key", "")) or None,
        )
        for item in extra
        if isinstance(item, dict)
    )


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a mistake of ours: an id to report, nothing of what went wrong."""
    incident = uuid.uuid4().hex[:12]
    log.error("incident %s at %s", incident, request.url.path, exc_info=error)
    problem = RappelError(
        "Something went wrong here; nothing was changed.",
        code="internal",
        repair=f"Try again; if it stays, report incident {incident}.",
    )
    return answer(request, problem, 500)


def harden(response: Response[Any]) -> Response[Any]:
    """Add the headers that every answer carries."""
    for name, value in HARDENED.items():
        response.headers.setdefault(name, value)
    return response


HANDLERS: dict[int | type[Exception], Any] = {
    RappelError: refused,
    HTTPException: http,
    Exception: unforeseen,
}

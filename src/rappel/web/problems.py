"""From an exception to a problem document (RFC 9457), in one place.

A refusal of ours says its code, what is wrong and what to do, in the caller's language.
What is wrong with a request is 422 whoever found it, the framework or a verb. Anything
unforeseen answers 500 with nothing of its inside; the log has the rest under an id,
and never a key.
"""

from __future__ import annotations

import logging
import re
import traceback
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from rappel.errors import (
    TITLES,
    Malformed,
    NotAllowed,
    NotFound,
    RappelError,
    Refused,
    Unauthenticated,
    Unavailable,
    as_problem,
)
from rappel.store.requests import AWAY
from rappel.web.faults import faults_of
from rappel.web.language import locale_of
from rappel.wording import language, resay

if TYPE_CHECKING:
    from litestar import Request

log = logging.getLogger("rappel.web")

MEDIA_TYPE: Final = "application/problem+json"
KEY: Final = re.compile(r"(rpl_[0-9a-f]{1,12})_[\w-]+", re.ASCII)
OURS: Final[dict[int, tuple[type[RappelError], str, str]]] = {
    400: (Malformed, "malformed", "The request cannot be read."),
    401: (Unauthenticated, "unauthenticated", "This needs a key that is in force."),
    403: (NotAllowed, "not_allowed", "This is not for your role."),
    404: (NotFound, "not_found", "There is no such thing here."),
    405: (Refused, "method_not_allowed", "This address does not take that method."),
    413: (Malformed, "too_large", "The request is larger than is taken here."),
}
KINDS: Final[dict[type[RappelError], str]] = {
    RappelError: "Something went wrong",
    NotFound: TITLES["not_found"],
    NotAllowed: TITLES["not_allowed"],
    Unauthenticated: TITLES["unauthenticated"],
    Refused: TITLES["refused"],
    Malformed: TITLES["malformed"],
    Unavailable: TITLES["unavailable"],
}
TOO_LARGE: Final = 413
MANY_PARTS: Final = "Request Entity Too Large"  # a form with too many says 400


def written(error: RappelError, locale: str) -> dict[str, object]:
    """Write a refusal as a problem document, in a language."""
    said = resay(locale)
    title = TITLES.get(error.code) or KINDS[type(error)]
    return as_problem(error, said) | {"title": said(title)}


def answer(
    request: Request[Any, Any, Any],
    error: RappelError,
    status: int | None = None,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    """Answer a refusal as a problem document."""
    locale = locale_of(request)
    status = status or error.status
    more = {"Content-Language": language(locale), "Vary": "Accept-Language"}
    if status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = 'Bearer realm="rappel"'
    return Response(
        msgspec.json.encode(written(error, locale) | {"status": status}),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={**(headers or {}), **more},
    )


def refused(request: Request[Any, Any, Any], error: RappelError) -> Response[bytes]:
    """Answer one of our own refusals."""
    return answer(request, error)


def http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused, in the same form."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return unforeseen(request, error)
    found = TOO_LARGE if error.detail == MANY_PARTS else error.status_code
    kind, code, detail = OURS.get(
        found, (Refused, "http_error", HTTPStatus(found).phrase + ".")
    )
    faults = faults_of(request, error) if found == HTTPStatus.BAD_REQUEST else ()
    problem = kind(detail, code=code, faults=faults)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else found
    return answer(request, problem, status, dict(error.headers or {}))


def unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a mistake of ours: an id to report, nothing of what went wrong."""
    repair = _incident(request, error)
    problem = RappelError("Something went wrong here.", code="internal", repair=repair)
    return answer(request, problem, 500)


def away(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer that the database is gone for the moment, and nothing of where it was."""
    repair = _incident(request, error)
    return answer(request, Unavailable("The database does not answer.", repair=repair))


def _incident(request: Request[Any, Any, Any], error: Exception) -> str:
    """Log what happened under an id; return the sentence that names it."""
    incident = uuid.uuid4().hex[:12]
    story = "".join(traceback.format_exception(error))
    where = f"{request.method} {request.url.path}"
    log.error("incident %s at %s\n%s", incident, scrubbed(where), scrubbed(story))
    return f"Try again; if it stays, report incident {incident}."


def scrubbed(text: str) -> str:
    """Return a text for the log: of a key only the reference is left."""
    return KEY.sub(r"\1_…", text)


def too_deep(request: Request[Any, Any, Any], error: RecursionError) -> Response[bytes]:
    """Answer what is nested so deeply that nobody meant it."""
    log.warning("too deep at %s", scrubbed(request.url.path), exc_info=error)
    return answer(request, Malformed("The request is nested too deeply."))


HANDLERS: dict[int | type[Exception], Any] = {
    RappelError: refused,
    HTTPException: http,
    RecursionError: too_deep,
    **dict.fromkeys(AWAY, away),
    Exception: unforeseen,
}

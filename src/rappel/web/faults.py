"""What the framework found wrong in a request, as faults with their places.

Owns the reading of its messages, which are English and of its own making; the answer
names fields as the caller wrote them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from litestar.params import ParameterKwarg

from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request
    from litestar.exceptions import HTTPException

REPAIR: Final = "Correct this field; the API's description says what it takes."
WHOLE: Final = {"data", "body"}
MISSING: Final = re.compile(r"Missing required \w+ (?:parameter|header)?\W*'([^']+)'")
NAMED: Final = re.compile(r"(?:unknown|required) field `([^`]+)`")


def faults_of(
    request: Request[Any, Any, Any], error: HTTPException
) -> tuple[Fault, ...]:
    """Return what is wrong with a request that the framework refused."""
    if isinstance(error.extra, list):
        names = _names(request)
        return tuple(
            _fault(item, names) for item in error.extra if isinstance(item, dict)
        )
    if found := MISSING.search(error.detail):
        return (_malformed(f"{found[1]} is missing.", found[1]),)
    if "multipart" in error.detail:
        return (_malformed("The body is no multipart form that can be read."),)
    return (_malformed(f"The body cannot be read: {error.detail}."),)


def _names(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return what the handler's parameters are called outside."""
    handler = request.scope.get("route_handler")
    if handler is None:
        return {}
    fields: Mapping[str, Any] = handler.parsed_fn_signature.parameters
    return {
        name: field.kwarg_definition.name
        for name, field in fields.items()
        if isinstance(field.kwarg_definition, ParameterKwarg)
        and field.kwarg_definition.name
    }


def _fault(item: Mapping[str, Any], names: Mapping[str, str]) -> Fault:
    message, key = str(item.get("message", "")), str(item.get("key", ""))
    field = None if key in WHOLE else names.get(key, key)
    if message == "'data'":
        return _malformed("The body is missing.")
    if named := NAMED.search(message):
        field = ".".join(part for part in (field, named[1]) if part)
        said = (
            "There is no field {} here." if "unknown" in message else "{} is missing."
        )
        return _malformed(said.format(field), field)
    return _malformed(f"{message.rstrip('.')}.", field)


def _malformed(message: str, field: str | None = None) -> Fault:
    return Fault(code="malformed", message=message, repair=REPAIR, field=field)

"""From a request to a viewer, and whether that viewer's role may call the handler.

Every handler says in its ``opt`` for which roles it is: ``roles=ADMINISTRATOR`` and so
on, or ``roles=PUBLIC``. One that says nothing is for nobody. What a role may not call
is refused with 403; what is not the viewer's own is 404, further in. A query that the
handler does not know is refused too: a filter with a misspelt name would show all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.params import QueryParameter

from rappel.actions import keys
from rappel.core.access import Role, Viewer
from rappel.errors import (
    Fault,
    Malformed,
    NotAllowed,
    NotFound,
    Unauthenticated,
)

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

READS: Final = frozenset({"GET", "HEAD"})
PUBLIC: Final[frozenset[Role]] = frozenset()
ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})
MEMBER: Final = ADMINISTRATOR | {Role.MEMBER}
SUPPLIER: Final = ADMINISTRATOR | {Role.SUPPLIER}
EVERYBODY: Final = MEMBER | SUPPLIER


def viewer(request: Request[Any, Any, Any]) -> Viewer:
    """Return who asks, as the guard found it."""
    found: Viewer = request.state.viewer
    return found


def bearer(header: str) -> str:
    """Return the key of an Authorization header."""
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthenticated(
            "This needs a key.",
            repair="Send it as the header Authorization: Bearer rpl_…",
        )
    return key.strip()


async def allowed(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse who has no key in force, and a handler that is not for their role.

    A guard stands on the event loop, so the look-up goes to a thread.
    """
    roles = handler.opt.get("roles")
    if roles == PUBLIC:
        return
    key = bearer(connection.headers.get("authorization", ""))
    found = await sync_to_thread(keys.viewer_of, connection.app.state.db, key)
    if roles is None or found.role not in roles:
        if connection.scope.get("method") in READS:
            raise NotFound("There is no such thing here.")
        raise NotAllowed("This is not for your role.")
    _must_know(connection, handler)
    connection.state.viewer = found


def _must_know(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    known = {
        field.kwarg_definition.name or name
        for name, field in handler.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }
    faults = tuple(
        Fault(
            code="unknown_query",
            message=f"There is no query {name!r} here.",
            repair="Correct its name; the API's description lists them.",
            field=name,
        )
        for name in sorted(set(connection.query_params) - known)
    )
    if faults:
        raise Malformed(faults[0].message, code="unknown_query", faults=faults)

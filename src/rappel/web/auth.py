"""From a request to a viewer, and whether that viewer's role may call the handler.

Every handler says in its ``opt`` for which roles it is: ``roles=ADMINISTRATOR`` and so
on, or ``roles=PUBLIC``. One that says nothing is for nobody. What a role may call is
refused with 403; what is not the viewer's own is 404, further in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from anyio import to_thread
from litestar import Request

from rappel.actions import keys
from rappel.core.access import Role, Viewer
from rappel.errors import NotAllowed, Unauthenticated

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

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
    found = await to_thread.run_sync(keys.viewer_of, connection.app.state.db, key)
    if roles is None or found.role not in roles:
        raise NotAllowed("This is not for your role.")
    connection.state.viewer = found

"""The application: its controllers, who may call them, and how it answers.

Owns the assembly only. Every handler is synchronous and runs in a thread; it is given
the database, the viewer and this moment, and opens no transaction of its own: verbs
open theirs, reads use one read-only snapshot.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from rappel import clock
from rappel.core.access import Viewer
from rappel.errors import Unavailable
from rappel.settings import current
from rappel.store.base import Database, connect
from rappel.web import auth, openapi, problems
from rappel.web.routes import CONTROLLERS

if TYPE_CHECKING:
    from collections.abc import Callable

BODY_MAX = 2 * 1024 * 1024


def create_app(
    database: Database, *, now: Callable[[], datetime] = clock.now
) -> Litestar:
    """Make the application over an open database; ``now`` is the rim's clock."""

    def provide_database() -> Database:
        return database

    def provide_now() -> datetime:
        return now()

    return Litestar(
        route_handlers=[*CONTROLLERS, *openapi.handlers()],
        dependencies={
            "db": Provide(provide_database, sync_to_thread=False),
            "now": Provide(provide_now, sync_to_thread=False),
            "locale": Provide(problems.locale_of, sync_to_thread=False),
            "viewer": Provide(auth.viewer, sync_to_thread=False),
        },
        guards=[auth.allowed],
        exception_handlers=problems.HANDLERS,
        openapi_config=openapi.CONFIG,
        request_max_body_size=BODY_MAX,
        after_request=problems.harden,
        logging_config=None,
        state=State({"db": database}),
        signature_types=[Viewer, Database],
    )


def serving() -> Litestar:
    """Make the application of a server's worker, from its environment."""
    settings = current()
    if settings.database_url is None:
        raise Unavailable(
            "A worker needs the address of the books.",
            code="no_database",
            repair="Start it by rappel serve, or set DATABASE_URL.",
        )
    return create_app(
        connect(
            settings.database_url,
            cache=settings.state / "parts",
            pool_size=settings.pool,
        )
    )

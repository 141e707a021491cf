"""The application: its controllers, who may call them, and how it answers.

Owns the assembly only. Every handler is synchronous and runs in a thread; it is given
the database, the viewer and this moment, and opens no transaction of its own: verbs
open theirs, reads use one read-only snapshot. There are as many threads as connections,
so that no request waits for a connection that only another waiting one can free.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide

from rappel import clock
from rappel.core.access import Viewer
from rappel.errors import Unavailable
from rappel.settings import read
from rappel.store.base import Database, connect
from rappel.web import auth, idempotency, page, problems
from rappel.web.guarding import guard_answer
from rappel.web.language import locale_of
from rappel.web.routes import CONTROLLERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

BODY_MAX: Final = 2 * 1024 * 1024
THREADS: Final = 10


def create_app(
    database: Database,
    *,
    threads: int = THREADS,
    now: Callable[[], datetime] = clock.now,
) -> Litestar:
    """Make the application over an open database.

    Args:
        database: the books; whoever opened it closes it.
        threads: the most requests answered at one time; no more than its connections.
        now: the rim's clock.
    """

    def provide_database() -> Database:
        return database

    def provide_now() -> datetime:
        return now()

    @asynccontextmanager
    async def request_threads(_app: Litestar) -> AsyncIterator[None]:
        with ThreadPoolExecutor(threads, thread_name_prefix="request") as executor:
            asyncio.get_running_loop().set_default_executor(executor)
            yield

    return Litestar(
        route_handlers=[*CONTROLLERS, *page.handlers()],
        dependencies={
            "db": Provide(provide_database, sync_to_thread=False),
            "now": Provide(provide_now, sync_to_thread=False),
            "locale": Provide(locale_of, sync_to_thread=False),
            "viewer": Provide(auth.viewer, sync_to_thread=False),
            "once": Provide(idempotency.provide_once, sync_to_thread=False),
        },
        guards=[auth.allowed],
        exception_handlers=problems.HANDLERS,
        openapi_config=page.description(),
        request_max_body_size=BODY_MAX,
        before_send=[guard_answer],
        lifespan=[request_threads],
        logging_config=None,
        state=State({"db": database}),
        signature_types=[Viewer, Database],
    )


def serving() -> Litestar:
    """Make the application of a server's worker, from its environment."""
    settings = read(os.environ)  # not the kept ones: a worker is forked with those
    if settings.database_url is None:
        raise Unavailable(
            "A worker needs the address of the books.",
            code="no_database",
            repair="Start it by rappel serve, or set DATABASE_URL.",
        )
    database = connect(
        settings.database_url,
        cache=settings.state / "parts",
        pool_size=settings.pool,
    )
    application = create_app(database, threads=settings.pool)
    application.on_shutdown.append(database.dispose)
    return application

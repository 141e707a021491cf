"""Opening the books from a terminal: the server in ``DATABASE_URL``, else our own.

Another process of the same person, for example ``rappel serve``, may already run the
embedded server: then its socket is used.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rappel.actions import setup
from rappel.settings import Settings, current
from rappel.store.base import Database, connect
from rappel.store.embedded import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE: Final = "rappel"


@contextmanager
def address(settings: Settings) -> Iterator[str]:
    """Give the URL of the database for as long as the block runs."""
    if settings.database_url:
        yield settings.database_url
        return
    folder = settings.state / "postgres"
    if found := running(folder, database=DATABASE):
        yield found
        return
    with Server(folder, programs=settings.pg_bin) as server:
        if not server.has_database(DATABASE):
            server.create_database(DATABASE)
        yield server.url(database=DATABASE)


@contextmanager
def books(settings: Settings | None = None) -> Iterator[Database]:
    """Open the books; refused when there are none, or not those this program knows."""
    chosen = settings or current()
    with address(chosen) as url:
        setup.check_schema(url)
        database = connect(url, cache=chosen.state / "parts", pool_size=chosen.pool)
        try:
            setup.check_books(database)
            yield database
        finally:
            database.engine.dispose()

"""A real PostgreSQL for every test that asks for one; a fresh database each.

``RAPPEL_TEST_PG_BIN`` names the programs of another version to run the tests on.
"""

from __future__ import annotations

import os
import tempfile
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from rappel.actions.setup import migrate
from rappel.store.base import Database, connect
from rappel.store.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATE = "migrated"
NUMBER = count(1)

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """One server for the whole session; what is in it is lost with it."""
    chosen = os.environ.get("RAPPEL_TEST_PG_BIN")
    programs = Path(chosen) if chosen else None
    with (
        tempfile.TemporaryDirectory(prefix="rappel-") as folder,
        Server(Path(folder) / "pg", durable=False, programs=programs) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def template(cluster: Server) -> str:
    """A database with all tables and no rows, of which copies are cheap."""
    cluster.create_database(TEMPLATE)
    migrate(cluster.url(database=TEMPLATE))
    return TEMPLATE


@pytest.fixture
def owner_url(cluster: Server, template: str) -> Iterator[str]:
    """The superuser's address of this test's own database."""
    name = f"test_{next(NUMBER)}"
    cluster.create_database(name, template=template)
    yield cluster.url(database=name)
    cluster.drop_database(name)


@pytest.fixture
def empty_url(cluster: Server) -> Iterator[str]:
    """The superuser's address of a database without any table."""
    name = f"empty_{next(NUMBER)}"
    cluster.create_database(name)
    yield cluster.url(database=name)
    cluster.drop_database(name)


@pytest.fixture
def db(owner_url: str, tmp_path: Path) -> Iterator[Database]:
    """The books of this test: migrated, empty, with all their walls."""
    books = connect(owner_url, cache=tmp_path / "cache")
    yield books
    books.dispose()

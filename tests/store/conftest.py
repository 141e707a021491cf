"""Filled books: one for a module that leaves them as they were, or one for a test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rappel.store.base import Database, connect
from store_walls import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.store.embedded import Server


@pytest.fixture(scope="module")
def filled_url(cluster: Server, template: str) -> Iterator[str]:
    """Return the address of one filled database for a whole module."""
    cluster.create_database("filled", template=template)
    yield cluster.url(database="filled")
    cluster.drop_database("filled")


@pytest.fixture(scope="module")
def filled(filled_url: str) -> Iterator[Database]:
    """Give the books of that database, which tests leave as they were."""
    found = connect(filled_url, cache=Path("unused"))
    fill(found)
    yield found
    found.dispose()


@pytest.fixture
def own_books(db: Database) -> Database:
    """Return books of this test alone."""
    fill(db)
    return db

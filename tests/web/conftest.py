"""The consortium of these tests: one that is shared and only read, one of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rappel.store.base import connect
from web.calling import Api, calling
from web.consortium import Consortium, consortium, founded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.store.base import Database
    from rappel.store.embedded import Server

SHARED = "web_shared"


@pytest.fixture(scope="session")
def shared_db(
    cluster: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Books that these tests share; only for reading."""
    cluster.create_database(SHARED, template=template)
    books = connect(
        cluster.url(database=SHARED), cache=tmp_path_factory.mktemp("cache")
    )
    yield books
    books.dispose()


@pytest.fixture(scope="session")
def standing(shared_db: Database) -> Consortium:
    """The consortium in the shared books."""
    return consortium(shared_db)


@pytest.fixture
def reading(shared_db: Database, standing: Consortium) -> Iterator[Api]:
    """The API over the shared books, for tests that change nothing."""
    with calling(shared_db, standing.keys) as found:
        yield found


@pytest.fixture
def here(db: Database) -> Consortium:
    """A consortium of the test's own."""
    return consortium(db)


@pytest.fixture
def api(db: Database, here: Consortium) -> Iterator[Api]:
    """The API over the test's own books."""
    with calling(db, here.keys) as found:
        yield found


@pytest.fixture
def fresh(db: Database) -> Iterator[Api]:
    """The API over the test's own books, in which nothing was bought yet."""
    keys, _ = founded(db)
    with calling(db, keys) as found:
        yield found

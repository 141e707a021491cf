"""Calling the API of a test's books, as one of its people."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from litestar.testing import TestClient

from rappel.web.app import create_app
from web.consortium import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from httpx import Response
    from litestar import Litestar

    from rappel.store.base import Database

PROBLEM = "application/problem+json"


class Api:
    """The API of one application; a caller is named by the code of its key."""

    def __init__(self, client: TestClient[Litestar], keys: Mapping[str, str]) -> None:
        self.client = client
        self.keys = keys

    def __call__(
        self, who: str | None, method: str, path: str, **given: Any
    ) -> Response:
        headers = dict(given.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        return self.client.request(method, path, headers=headers, **given)

    def get(self, who: str | None, path: str, **given: Any) -> Response:
        return self(who, "GET", path, **given)

    def post(self, who: str | None, path: str, **given: Any) -> Response:
        return self(who, "POST", path, **given)


@contextmanager
def calling(
    db: Database, keys: Mapping[str, str], *, now: datetime = NOW
) -> Iterator[Api]:
    """Serve the books in this process; a mistake of ours is answered, not raised."""
    app = create_app(db, now=lambda: now)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, keys)


def problem(answer: Response, status: int) -> dict[str, Any]:
    """Return the problem document that an answer is, once it is well formed."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["type"] == f"urn:rappel:problem:{said['code']}"
    assert said["title"]
    assert said["detail"]
    return said

"""``Idempotency-Key``: equal requests with one key have one effect and one answer.

The key is the person's own. The same key and request again answers the first answer
with ``Idempotency-Hit: true``; the same key with another request is refused. A refusal
is not kept: what was refused may be tried again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from litestar import Response

from rappel.errors import Malformed
from rappel.store import requests

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rappel.core.access import Viewer
    from rappel.store.base import Database

T = TypeVar("T")
LONGEST: Final = 255
MEDIA_TYPE: Final = "application/json"


def once(
    db: Database,
    viewer: Viewer,
    key: str | None,
    request: bytes,
    act: Callable[[], T],
    *,
    status: int,
    now: datetime,
) -> Response[T | msgspec.Raw]:
    """Act, or answer what the key was first answered.

    Args:
        db: the books.
        viewer: whose key it is.
        key: as sent; without one every request acts.
        request: a hash of everything that makes the request what it is.
        act: what the request asks for.
        status: of the answer.
        now: when it was asked.

    Raises:
        Malformed: the key is too long or was used for another request.
    """
    if key is None:
        return Response(act(), status_code=status)
    if not 1 <= len(key) <= LONGEST:
        raise _malformed(f"An Idempotency-Key has 1 to {LONGEST} characters.")
    with requests.in_turn(db, viewer, key):
        with db.reading(viewer) as session:
            first = requests.first_answer(session, viewer, key)
        if first is None:
            body = msgspec.json.encode(act())
            first = requests.Answer(
                request=request, status=status, answer=body, media_type=MEDIA_TYPE
            )
            with db.writing(viewer) as session:
                requests.keep(session, viewer, key, first, now=now)
            return _answer(first, {})
    if first.request != request:
        raise _malformed("This Idempotency-Key was used for another request.")
    return _answer(first, {"Idempotency-Hit": "true"})


def _answer(
    first: requests.Answer, headers: dict[str, str]
) -> Response[T | msgspec.Raw]:
    return Response(
        msgspec.Raw(first.answer),
        status_code=first.status,
        media_type=first.media_type,
        headers=headers,
    )


def _malformed(text: str) -> Malformed:
    return Malformed(
        text, code="idempotency_key", repair="Send a new key for a new request."
    )

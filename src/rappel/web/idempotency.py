"""``Idempotency-Key``: equal requests with one key have one effect and one answer.

The key is the person's own. The same key and request again answers the first answer
with ``Idempotency-Hit: true``; the same key with another request is refused. A refusal
is not kept: what was refused may be tried again. The answer is kept in the transaction
of its effect, the last one where a verb has several: should the house die before it is
committed, nothing was done, or what was done before is known to the verb.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, SkipValidation

from rappel.core.access import Viewer
from rappel.errors import Fault, Malformed
from rappel.store import requests
from rappel.store.base import Database

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
LONGEST: Final = 255
MEDIA_TYPE: Final = "application/json"
KEY: Final = HeaderParameter(
    name="Idempotency-Key",
    description="Yours to choose: the same key and request again has no second effect.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """What a request asks for, done once for its key, if it has one."""

    db: Database
    viewer: Viewer
    now: datetime
    key: str | None
    address: str  # method, path and query

    def __call__(
        self, act: Callable[[], T], *given: bytes, status: int = 201
    ) -> Response[T | msgspec.Raw]:
        """Act, or answer what the key was first answered.

        Args:
            act: what the request asks for.
            given: all else that makes the request what it is, such as its body.
            status: of the answer.

        Raises:
            Malformed: the key is no text of 1 to 255 characters, or was used for
                another request.
        """
        if self.key is None:
            return Response(act(), status_code=status)
        if not (1 <= len(self.key) <= LONGEST and self.key.isprintable()):
            raise _malformed(f"An Idempotency-Key has 1 to {LONGEST} characters.")
        request = digest(self.address.encode(), *given)
        with requests.in_turn(self.db, self.viewer, self.key):
            with self.db.reading(self.viewer) as session:
                first = requests.first_answer(session, self.viewer, self.key)
            if first is None:
                return _answer(self._made(act, request, status), {})
        if first.request != request:
            raise _malformed("This Idempotency-Key was used for another request.")
        return _answer(first, {"Idempotency-Hit": "true"})

    def _made(
        self, act: Callable[[], T], request: bytes, status: int
    ) -> requests.Answer:
        """Act, and keep the answer together with what was done."""
        assert self.key is not None
        with self.db.finishing() as last:
            made = requests.Answer(
                request=request,
                status=status,
                answer=msgspec.json.encode(act()),
                media_type=MEDIA_TYPE,
            )
            with self.db.adding(self.viewer, last) as session:
                requests.keep(session, self.viewer, self.key, made, now=self.now)
        return made


def provide_once(
    request: Request[Any, Any, Any],
    db: NamedDependency[SkipValidation[Database]],
    viewer: NamedDependency[SkipValidation[Viewer]],
    now: NamedDependency[SkipValidation[datetime]],
    idempotency_key: Annotated[str | None, KEY] = None,
) -> Once:
    """Make the way to act once for this request."""
    address = f"{request.method} {request.url.path}?{request.url.query}"
    return Once(db=db, viewer=viewer, now=now, key=idempotency_key, address=address)


def digest(*parts: bytes) -> bytes:
    """Return a hash of parts that no other parts have."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


def body_of(given: object) -> bytes:
    """Return what a JSON body said, without its white space and order."""
    return msgspec.json.encode(given, order="deterministic")


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
    repair = "Send a new key for a new request."
    fault = Fault(
        code="idempotency_key", message=text, repair=repair, field="Idempotency-Key"
    )
    return Malformed(text, code="idempotency_key", repair=repair, faults=(fault,))

"""Long lists, a page at a time: by key, never by offset, with a signed cursor.

Owns the cursor: it holds the key of the last row shown, is signed with the deployment's
own secret (one row of ``page_key``, made by the migrations) and bound to the columns
that order the list, so that a page is asked for only with a cursor that was given. It
carries no permission: the viewer and the walls are applied to each page anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.errors import Fault, Malformed
from rappel.store.base import Base

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import InstrumentedAttribute, Session

T = TypeVar("T")
S = TypeVar("S")
Query: TypeAlias = sa.Select[*tuple[Any, ...]]
LONGEST: Final = 1000
SIGNATURE_BYTES: Final = 16


class PageKeyRow(Base):
    """The secret that signs cursors; made once, of this deployment alone."""

    __tablename__ = "page_key"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[bytes]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of those that follow, if any do."""

    items: tuple[T, ...]
    next_cursor: str | None = None

    def map(self, make: Callable[[T], S]) -> Page[S]:
        """Return the same page with each item made into something else."""
        return Page(tuple(make(item) for item in self.items), self.next_cursor)


def page(
    session: Session,
    query: Query,
    keys: Sequence[InstrumentedAttribute[Any]],
    *,
    cursor: str | None = None,
    limit: int = 50,
    newest_first: bool = False,
) -> Page[sa.Row[*tuple[Any, ...]]]:
    """Return the rows of ``query`` that follow ``cursor``, in the order of ``keys``.

    Args:
        session: with its viewer set.
        query: without order or limit; with the viewer in its ``where``.
        keys: not null, and together unique; the last one usually is the id.
        cursor: the ``next_cursor`` of the page before; none starts the list.
        limit: the most rows to answer, from 1 to 1000.
        newest_first: descending in every key.

    Raises:
        Malformed: the limit is out of range, or the cursor was not given for this list.
    """
    if not 1 <= limit <= LONGEST:
        raise _malformed("limit", f"A page has from 1 to {LONGEST} rows.")
    secret = session.execute(sa.select(PageKeyRow.key)).scalar_one()
    order = ("-" if newest_first else "+") + ",".join(str(key) for key in keys)
    marks = [key.label(f"page_key_{place}") for place, key in enumerate(keys)]
    asked = query.add_columns(*marks).limit(limit + 1)
    asked = asked.order_by(*(key.desc() if newest_first else key for key in keys))
    if cursor is not None:
        last = sa.tuple_(*(sa.literal(v) for v in _read(cursor, order, secret)))
        here = sa.tuple_(*keys)
        asked = asked.where(here < last if newest_first else here > last)
    rows = session.execute(asked).all()
    if len(rows) <= limit:
        return Page(tuple(rows))
    shown = rows[:limit]
    return Page(tuple(shown), _write(tuple(shown[-1])[-len(keys) :], order, secret))


def _write(values: tuple[Any, ...], order: str, secret: bytes) -> str:
    tagged = [[TAGS[type(value)], str(value)] for value in values]
    text = json.dumps(tagged, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_sign(text, order, secret) + text).decode()


def _read(cursor: str, order: str, secret: bytes) -> list[Any]:
    try:
        content = base64.b64decode(
            cursor.encode("ascii"), altchars=b"-_", validate=True
        )
    except (UnicodeEncodeError, binascii.Error):
        content = b""
    signature, text = content[:SIGNATURE_BYTES], content[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(text, order, secret)):
        raise _malformed("cursor", "The cursor is not one that was given here.")
    return [READINGS[tag](value) for tag, value in json.loads(text)]


def _sign(text: bytes, order: str, secret: bytes) -> bytes:
    signed = hmac.new(secret, order.encode() + b"\0" + text, hashlib.sha256)
    return signed.digest()[:SIGNATURE_BYTES]


def _malformed(field: str, message: str) -> Malformed:
    repair = "Use `next_cursor` of the page before, or ask without a cursor."
    if field == "limit":
        repair = "Ask for fewer rows, and follow `next_cursor`."
    fault = Fault(code=f"bad_{field}", message=message, repair=repair, field=field)
    return Malformed(message, code=f"bad_{field}", repair=repair, faults=(fault,))


TAGS: Mapping[type, str] = {
    int: "i",
    str: "s",
    Decimal: "n",
    date: "d",
    datetime: "t",
}
READINGS: Mapping[str, Callable[[str], Any]] = {
    "i": int,
    "s": str,
    "n": Decimal,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
}

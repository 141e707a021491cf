"""What stands in the books near a new document: invoices of its keys, and the claims.

Owns the look-up by fiscal and weak key, the documents that wait to make another stop
counting, and the claim of a fiscal key. Runs for the system or an administrator, who
alone may know whose a key is. Owns no rule (:mod:`rappel.actions.acceptance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from rappel.store.invoices import DocumentRow, InvoiceRow, LineEventRow
from rappel.store.uploads import seen_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from rappel.core.access import Viewer

STOPS: Final = frozenset({"replaced", "cancelled", "withdrawn"})
TEXTS: Final = ARRAY(sa.Text)
CLAIM: Final = sa.text(
    "select document, claim_fiscal_key(key, document, member) as answer"
    " from (select * from unnest(:keys, :documents, :members)"
    " as claim (key, document, member) order by key, document) as ordered"
).bindparams(
    sa.bindparam("keys", type_=TEXTS),
    sa.bindparam("documents", type_=ARRAY(sa.BigInteger)),
    sa.bindparam("members", type_=ARRAY(sa.BigInteger)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An invoice in the books, as a new document may meet it.

    ``id`` is 0 as long as it has no row.
    """

    id: int
    ref: str
    document: int
    member: int
    supplier: int
    scheme: str
    kind: str
    fiscal_key: str | None
    weak_key: str | None
    invoice_date: date
    event: str | None = None  # the newest that happened to it

    @property
    def counts(self) -> bool:
        """Whether it has not been replaced, cancelled or withdrawn."""
        return self.event not in STOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A document that makes others stop counting, here or still to come."""

    document: int
    member: int
    supplier: int
    event: str
    keys: tuple[str, ...]


def claim(session: Session, claims: Sequence[tuple[str, int, int]]) -> dict[int, str]:
    """Claim fiscal keys, each for a document and a member, in the order of the keys.

    Answers ``new``, ``yours`` or ``held`` by document. Where one key comes twice, the
    document that was read first has it.
    """
    if not claims:
        return {}
    keys, documents, members = zip(*claims, strict=True)
    rows = session.execute(
        CLAIM, {"keys": [*keys], "documents": [*documents], "members": [*members]}
    )
    return {row.document: row.answer for row in rows}


def free(session: Session, claims: Iterable[tuple[str, int]]) -> None:
    """Give up the claim of each document on its key."""
    for key, document in claims:
        session.execute(sa.select(sa.func.release_fiscal_key(key, document)))


def near(session: Session, keys: Collection[str]) -> list[Standing]:
    """Return the invoices that have one of these keys, fiscal or weak, oldest first."""
    asked = list(set(keys))
    queries = (
        _standing().where(among(column, asked))
        for column in (InvoiceRow.fiscal_key, InvoiceRow.weak_key)
    )
    found = session.execute(sa.union(*queries)).mappings()
    return sorted((Standing(**row) for row in found), key=lambda each: each.id)


def one(session: Session, viewer: Viewer, ref: str) -> Standing | None:
    """Return an invoice by its reference, ``None`` when the viewer may not see any."""
    query = _standing().where(
        InvoiceRow.ref == ref, seen_by(viewer, InvoiceRow.member_id)
    )
    row = session.execute(query).mappings().one_or_none()
    return None if row is None else Standing(**row)


def _standing() -> sa.Select[*tuple[Any, ...]]:
    newest = (
        sa.select(LineEventRow.event)
        .where(LineEventRow.invoice_id == InvoiceRow.id)
        .order_by(LineEventRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(
        InvoiceRow.id,
        InvoiceRow.ref,
        InvoiceRow.document_id.label("document"),
        InvoiceRow.member_id.label("member"),
        InvoiceRow.supplier_id.label("supplier"),
        InvoiceRow.scheme,
        InvoiceRow.kind,
        InvoiceRow.fiscal_key,
        InvoiceRow.weak_key,
        InvoiceRow.invoice_date,
        newest.label("event"),
    )


def waiting(session: Session, keys: Collection[str]) -> list[Waiting]:
    """Return the accepted documents by which one of these keys stops counting."""
    kind = DocumentRow.reading["kind"].astext
    rows = session.execute(
        sa.select(
            DocumentRow.id,
            DocumentRow.member_id,
            DocumentRow.supplier_id,
            DocumentRow.ends,
            kind.label("kind"),
        )
        .where(
            DocumentRow.state == "accepted",
            DocumentRow.ends != sa.text("'{}'"),
            DocumentRow.member_id.is_not(None),
            DocumentRow.supplier_id.is_not(None),
            DocumentRow.ends.bool_op("&&")(sa.cast(list(set(keys)), TEXTS)),
        )
        .order_by(DocumentRow.id)
    )
    return [
        Waiting(
            document=row.id,
            member=row.member_id,
            supplier=row.supplier_id,
            event="cancelled" if row.kind == "cancellation" else "replaced",
            keys=tuple(row.ends),
        )
        for row in rows
    ]


def among(
    column: InstrumentedAttribute[Any], texts: list[str]
) -> sa.ColumnElement[bool]:
    """One array parameter, however many texts there are."""
    found: sa.ColumnElement[bool] = column == sa.any_(sa.cast(texts, TEXTS))
    return found

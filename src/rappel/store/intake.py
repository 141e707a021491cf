"""What intake reads and writes: uploads, originals, documents, invoices, lines, events.

Owns the statements, not the rules (:mod:`rappel.actions.acceptance`). They run for the
viewer that the session shows, which is the system or an administrator: whose a tax id
or a claimed key is must be known to judge, and no single member may see it.

Locks are taken in one order, so that uploads wait for each other and never lock each
other out: the sender's, the tax ids', the suppliers' by id, the periods' by id, the
keys' by text.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from rappel.core.judgement import TaxIds
from rappel.store.invoices import (
    DocumentRow,
    InvoiceRow,
    LineEventRow,
    LineRow,
    OriginalRow,
    UploadFileRow,
    UploadRow,
)
from rappel.store.parties import (
    ChapterRow,
    MemberRow,
    MemberTaxIdRow,
    SupplierTaxIdRow,
)
from rappel.store.periods import PeriodRow
from rappel.store.standing import among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rappel.store.base import Base

    Rows = Sequence[Mapping[str, Any]]

SENDER_LOCK, SUPPLIER_LOCK, TAX_IDS_LOCK = 7_211, 7_212, 7_213


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """A period that a date falls in and that takes no invoice any more."""

    id: int
    code: str
    starts: date
    ends: date


def fresh_ref(prefix: str) -> str:
    """Return a new opaque reference, such as ``doc_4f0c…``."""
    return f"{prefix}_{secrets.token_hex(10)}"


def invoice_ref(document: int, key: str | None, member: int) -> str:
    """Return the reference of the invoice that a document becomes.

    Statements print it, and the same uploads in the same order must give the same
    statements, to the byte: so it is made from what the invoice is.
    """
    about = f"{document}:{key}:{member}".encode()
    return f"inv_{hashlib.sha256(about).hexdigest()[:20]}"


def one_at_a_time(session: Session, member: int | None) -> None:
    """Wait until no other upload for the same member is under way."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(SENDER_LOCK, member or 0)))


def hold_tax_ids(session: Session) -> None:
    """Let whose tax ids they are stay as it is until what names them is judged."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(TAX_IDS_LOCK, 0)))


def await_judgements(session: Session) -> None:
    """Wait for every document that is being judged by the tax ids as they were.

    Those that are judged later see the tax id that this transaction adds; those before
    are then in the books, and can be judged again.
    """
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(TAX_IDS_LOCK, 0)))


def lock_suppliers(session: Session, suppliers: Iterable[int]) -> None:
    """Wait until nobody else enters documents of these suppliers."""
    for supplier in sorted(set(suppliers)):
        session.execute(
            sa.select(sa.func.pg_advisory_xact_lock(SUPPLIER_LOCK, supplier))
        )


def lock_periods(session: Session, days: Iterable[date]) -> tuple[Shut, ...]:
    """Hold the periods of these days as they are; answer those that are not open.

    A close takes the same rows for itself, so that an invoice is either in what it
    computes or late for it, never in between.
    """
    wanted = sa.select(sa.func.unnest(sa.cast(sorted(set(days)), ARRAY(sa.Date))))
    day = wanted.subquery("days").c[0]
    touched = sa.exists().where(PeriodRow.starts <= day, day < PeriodRow.ends)
    rows = session.execute(
        sa.select(
            PeriodRow.id,
            PeriodRow.code,
            PeriodRow.starts,
            PeriodRow.ends,
            PeriodRow.state,
        )
        .where(touched)
        .order_by(PeriodRow.id)
        .with_for_update(read=True, of=PeriodRow)
    )
    return tuple(
        Shut(id=row.id, code=row.code, starts=row.starts, ends=row.ends)
        for row in rows
        if row.state != "open"
    )


def owners(session: Session, tax_ids: Collection[str]) -> TaxIds:
    """Return whose these tax ids are, members and suppliers alike."""
    asked = list(set(tax_ids))
    members = session.execute(
        sa.select(MemberTaxIdRow.tax_id, MemberTaxIdRow.member_id).where(
            among(MemberTaxIdRow.tax_id, asked)
        )
    )
    suppliers = session.execute(
        sa.select(SupplierTaxIdRow.tax_id, SupplierTaxIdRow.supplier_id).where(
            among(SupplierTaxIdRow.tax_id, asked)
        )
    )
    return TaxIds(
        members={row.tax_id: row.member_id for row in members},
        suppliers={row.tax_id: row.supplier_id for row in suppliers},
    )


def member_of_code(session: Session, code: str) -> int | None:
    """Return the member's row id, ``None`` when there is no such code."""
    found = sa.select(MemberRow.id).where(MemberRow.code == code)
    return session.execute(found).scalar_one_or_none()


def home_currencies(session: Session, members: Collection[int]) -> dict[int, str]:
    """Return the currency of each member's country."""
    rows = session.execute(
        sa.select(MemberRow.id, ChapterRow.currency)
        .join(ChapterRow, ChapterRow.country == MemberRow.country)
        .where(MemberRow.id.in_(members))
    )
    return {row.id: row.currency for row in rows}


def add_upload(
    session: Session, *, person: int | None, member: int | None, now: datetime
) -> tuple[int, str]:
    """Add an upload; answer its id and its reference."""
    ref = fresh_ref("upl")
    row = UploadRow(ref=ref, person_id=person, member_id=member, received_at=now)
    session.add(row)
    session.flush()
    return row.id, ref


def add_files(
    session: Session,
    upload: int,
    files: Sequence[tuple[str, bytes, bytes]],
    *,
    now: datetime,
) -> None:
    """Keep the bytes of each file (name, SHA-256, content) once, and that it came."""
    for _, sha256, content in files:
        session.execute(
            insert(OriginalRow)
            .values(sha256=sha256, size=len(content), content=content, received_at=now)
            .on_conflict_do_nothing()
        )
    session.execute(
        sa.insert(UploadFileRow),
        [
            {"upload_id": upload, "position": place, "name": name, "sha256": sha256}
            for place, (name, sha256, _) in enumerate(files, start=1)
        ],
    )


def add_documents(session: Session, rows: Rows) -> list[int]:
    """Add documents; answer their ids in the same order."""
    return _add_referred(session, DocumentRow, rows)


def add_invoices(session: Session, rows: Rows) -> list[int]:
    """Add invoices; answer their ids in the same order."""
    return _add_referred(session, InvoiceRow, rows)


def add_lines(session: Session, rows: Rows) -> None:
    """Add lines."""
    _add(session, LineRow, rows)


def add_events(session: Session, rows: Rows) -> None:
    """Add what happened to invoices."""
    _add(session, LineEventRow, rows)


def update_documents(session: Session, rows: Rows) -> None:
    """Change what became of documents, each by its ``id``."""
    if rows:
        session.execute(sa.update(DocumentRow), list(rows))


def _add_referred(session: Session, table: type[Base], rows: Rows) -> list[int]:
    added = _add(session, table, rows, "id", "ref")
    by_ref = {row.ref: row.id for row in added}
    return [by_ref[row["ref"]] for row in rows]


def _add(
    session: Session, table: type[Base], rows: Rows, *returning: str
) -> Sequence[sa.Row[Any]]:
    """Add rows, all with the same columns, in one statement with one parameter.

    COPY is not possible behind row-level security, and thousands of parameters cost
    more than the rows: they travel as JSON, figures and dates as text.
    """
    if not rows:
        return ()
    names = [*rows[0]]
    columns = [table.__table__.c[name] for name in names]
    record = sa.func.json_to_recordset(
        sa.cast(sa.literal(_as_json(rows), sa.Text), sa.JSON)
    )
    given = record.table_valued(
        *(sa.column(column.name, column.type) for column in columns)
    ).render_derived(with_types=True)
    adding = sa.insert(table).from_select(names, sa.select(*given.c))
    if not returning:
        session.execute(adding)
        return ()
    asked = adding.returning(*(table.__table__.c[name] for name in returning))
    return session.execute(asked).all()


def _as_json(rows: Rows) -> str:
    return json.dumps(list(rows), default=_as_text, ensure_ascii=False)


def _as_text(value: object) -> str:
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)

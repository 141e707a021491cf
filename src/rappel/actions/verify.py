"""Verification: every invariant of the books, and of one statement without them.

Owns the list of what must hold on a live database and how each is looked for; changes
nothing. Everything obeys this: an invariant answers its first violating row, none when
it holds, and is looked for with the figures as they are stored; only the replay uses
the engine, over the snapshot that each run pinned.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions.runs import replay
from rappel.core.access import SYSTEM
from rappel.core.money import plain
from rappel.core.period import Period
from rappel.core.recompute import recompute
from rappel.core.statement_json import statement_from_json
from rappel.errors import NotFound
from rappel.paper.attached import embedded_data, printed_text
from rappel.store import audit, checks, issued, parts, runs, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from rappel.store.base import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """Something that must hold and does not: which invariant, where, and how."""

    invariant: str
    row: str
    message: str


def verify(db: Database) -> tuple[Violation, ...]:
    """Check every invariant on the database, in one moment of it.

    The tables first, then each closed run computed again, then every statement.
    """
    with db.reading(SYSTEM) as session:
        return (
            *_rows(session),
            *_audit(session),
            *_parts(session, db),
            *_runs(session, db),
            *_statements(session),
        )


def verify_statement(
    pdf: bytes, *, db: Database | None = None
) -> tuple[Violation, ...]:
    """Recompute a statement from the data inside its PDF; with ``db`` compare both.

    Raises:
        Malformed: this is no PDF of a statement.
    """
    data = embedded_data(pdf)
    statement = statement_from_json(data)
    found = [
        Violation(
            invariant="recomputed",
            row=f"{statement.number} {fault.place}",
            message=f"{fault.stated} is stated, {fault.recomputed} follows",
        )
        for fault in recompute(statement)
    ]
    digest = hashlib.sha256(data).hexdigest()
    if digest not in printed_text(pdf):
        found.append(
            Violation(
                invariant="data hash",
                row=statement.number,
                message=f"the page does not print the hash of its data, {digest}",
            )
        )
    if db is not None:
        found += _as_issued(db, statement.number, pdf)
    return tuple(found)


def about(pdf: bytes) -> str:
    """Say which statement a PDF holds, so that a person compares it with the page."""
    one = statement_from_json(embedded_data(pdf))
    total = plain(one.total, one.places)
    return f"{one.number} · {one.member.code} · {one.period} · {total} {one.currency}"


def _as_issued(db: Database, number: str, pdf: bytes) -> Iterator[Violation]:
    """Compare a PDF with the one that was issued under its number."""
    with db.reading(SYSTEM) as session:
        try:
            kept = issued.pdf_of(session, SYSTEM, number)
        except NotFound:
            kept = b""
    if kept != pdf:
        message = "these are not the bytes that were issued under this number"
        yield Violation(invariant="as issued", row=number, message=message)


def _rows(session: Session) -> Iterator[Violation]:
    """Look for rows that break what the tables alone can prove."""
    for invariant, row in checks.broken(session):
        told = ", ".join(f"{name}={value}" for name, value in row.items())
        message = f"{invariant}: not so here"
        yield Violation(invariant=invariant, row=told, message=message)


def _audit(session: Session) -> Iterator[Violation]:
    place = audit.first_broken(session)
    if place is not None:
        message = "the chain of the audit trail breaks here"
        yield Violation(
            invariant="audit chain", row=f"audit_entry {place}", message=message
        )


def _parts(session: Session, db: Database) -> Iterator[Violation]:
    """Compare each part with the rows it was made from. A missing file is no fault."""
    for part in parts.all_parts(session):
        rows = parts.canonical(session, part.invoices)
        if hashlib.sha256(rows).digest() != part.content_hash:
            message = "the lines in the tables are not those that it was made from"
        elif not parts.agrees(db.cache, part, rows):
            message = "its file holds other lines than the tables"
        else:
            continue
        row = f"part {part.sha256.hex()[:16]}"
        yield Violation(invariant="parts equal rows", row=row, message=message)
        return


def _runs(session: Session, db: Database) -> Iterator[Violation]:
    """Compute every closed period again from what its run pinned."""
    for period in runs.list_periods(session, SYSTEM):
        if period.run is None:
            continue
        kept = runs.kept_run(session, period.code)
        snapshot = snapshots.Snapshot.of(kept.snapshot)
        row = f"run {kept.ref} of {period.code}"
        if snapshot.sha256 != kept.snapshot_hash:
            message = "its snapshot is not the one it was hashed from"
            yield Violation(invariant="snapshot", row=row, message=message)
            continue
        again = replay(session, db, snapshot, Period(period.starts, period.ends))
        if again.sha256 != kept.result_hash:
            message = "computing it again from its snapshot gives another result"
            yield Violation(invariant="replay", row=row, message=message)


def _statements(session: Session) -> Iterator[Violation]:
    """Check every statement's bytes, and recompute its figures from its own data."""
    for kept in checks.each_statement(session):
        if hashlib.sha256(kept.pdf).digest() != kept.sha256:
            message = "the PDF is not the one that was hashed when it was issued"
            yield Violation(invariant="PDF hash", row=kept.number, message=message)
            return
        body = json.dumps(kept.body, ensure_ascii=False).encode()
        statement = statement_from_json(body)
        wrong = recompute(statement)
        if wrong:
            told = f"{wrong[0].stated} is stated, {wrong[0].recomputed} follows"
            yield Violation(
                invariant="recomputed",
                row=f"{kept.number} {wrong[0].place}",
                message=told,
            )
            return
        if statement.total != kept.total or statement.number != kept.number:
            message = "the row's number and total are not those of its statement"
            yield Violation(invariant="statement row", row=kept.number, message=message)
            return

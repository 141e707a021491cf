"""Statements: numbering, printing and keeping them, once.

Owns the verb; what stands on a statement is in :mod:`rappel.actions.composing`.
Everything obeys this: printing happens before anything is locked; then one transaction
takes the numbers, keeps every statement and marks the period issued, or does nothing.
Issuing again answers the same statements.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from rappel.actions.composing import compose
from rappel.actions.permission import must_administer
from rappel.core.access import SYSTEM
from rappel.core.statement_json import statement_json
from rappel.errors import Refused
from rappel.paper.statement import VERSION, render_many
from rappel.store import audit, issued, runs
from rappel.store.issued import Issued

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.composing import Draft
    from rappel.core.access import Viewer
    from rappel.core.statements import Statement
    from rappel.store.base import Database

__all__ = ["Issued", "issue", "pdf_of", "statement_of"]

ATTEMPTS: Final = 20


class _OvertakenError(Exception):
    """Somebody took the numbers while the statements were printed."""


class Render(Protocol):
    """Print statements and answer their PDFs in order."""

    def __call__(
        self,
        statements: Sequence[Statement],
        workers: int = ...,
        progress: Callable[[int, int], None] | None = ...,
    ) -> list[bytes]:
        """Print."""
        ...


def issue(
    db: Database,
    viewer: Viewer,
    period: str,
    *,
    now: datetime,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    render: Render = render_many,
) -> tuple[Issued, ...]:
    """Issue the statements of a closed period, or answer those issued before.

    One statement for each member and currency with a rebate, or with a programme that
    the period would have paid and could not compute, numbered by chapter and year of
    issue (``MX-2026-0001``) in the order of member and currency.

    Raises:
        NotFound: there is no such period.
        Refused: it is still open; or others kept taking the numbers meanwhile.
        Unavailable: PDFs cannot be made here.
    """
    must_administer(viewer)
    for _ in range(ATTEMPTS):
        with db.reading(SYSTEM) as session:
            if _is_issued(session, period):
                return issued.statements_of(session, SYSTEM, period)
            drafts = compose(session, db, period, now)
        pdfs = render([one.statement for one in drafts], workers, progress)
        with suppress(_OvertakenError):
            return _keep(
                db, viewer, period, tuple(zip(drafts, pdfs, strict=True)), now=now
            )
    raise Refused(
        "Other statements were issued meanwhile, and took the numbers.",
        code="busy",
        repair="Issue again.",
    )


def statement_of(db: Database, viewer: Viewer, number: str) -> tuple[Issued, Statement]:
    """Return a statement and its value; ``NotFound`` also when it is not one's own."""
    with db.reading(viewer) as session:
        return issued.statement_of(session, viewer, number)


def pdf_of(db: Database, viewer: Viewer, number: str) -> bytes:
    """Return the bytes that were issued; ``NotFound`` also when not one's own."""
    with db.reading(viewer) as session:
        return issued.pdf_of(session, viewer, number)


def _is_issued(session: Session, period: str) -> bool:
    """Say whether the period is issued already; refuse one that is not closed."""
    state = runs.period_state(session, SYSTEM, period).state
    if state in {"open", "closing"}:
        raise Refused(
            f"The period {period!r} is still open.",
            code="not_closed",
            repair=f"Close it first: rappel close {period}",
        )
    return state != "closed"


def _keep(
    db: Database,
    viewer: Viewer,
    period: str,
    printed: Sequence[tuple[Draft, bytes]],
    *,
    now: datetime,
) -> tuple[Issued, ...]:
    """Keep the statements, all of them or none."""
    with db.writing(viewer) as session:
        row = runs.locked_period(session, period)
        if row.state != "closed":
            return issued.statements_of(session, viewer, period)
        last: dict[str, int] = {}
        count: dict[str, int] = defaultdict(int)
        for draft, _ in printed:
            last[draft.series] = draft.serial
            count[draft.series] += 1
        for series in sorted(last):
            if issued.take_numbers(session, series, count[series]) != last[series]:
                raise _OvertakenError
        assert row.run_id is not None
        issued.add_statements(
            session,
            [
                _row(draft, pdf, row.id, row.run_id, viewer.person)
                for draft, pdf in printed
            ],
        )
        row.state, row.issued_at = "issued", now
        session.flush()
        detail = {"statements": len(printed), "last": last}
        audit.note(session, viewer, "issue", f"period {period}", detail, at=now)
        return issued.statements_of(session, viewer, period)


def _row(
    draft: Draft, pdf: bytes, period: int, run: int, person: int | None
) -> dict[str, object]:
    statement = draft.statement
    return {
        "number": statement.number,
        "series": draft.series,
        "serial": draft.serial,
        "period_id": period,
        "run_id": run,
        "member_id": draft.member,
        "currency": statement.currency,
        "total": statement.total,
        "locale": statement.locale,
        "template": VERSION,
        "body": json.loads(statement_json(statement)),
        "pdf": pdf,
        "sha256": hashlib.sha256(pdf).digest(),
        "issued_at": statement.issued_at,
        "issued_by": person,
        "due_on": statement.due_on,
    }

"""Rebates: what a period would earn now, and why an amount is what it is.

Owns the reads that compute. They store nothing, use the same engine as closing, and
answer a member its own, a supplier the volumes of its own programmes, an administrator
all: the computation runs as the system, and only the viewer's part leaves this module.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.actions.causes import Causes
from rappel.actions.drafts import behind
from rappel.actions.judgements import Judgements
from rappel.actions.keeping import ref_of
from rappel.actions.late import belongs_to
from rappel.actions.runs import run, warm
from rappel.core.access import SYSTEM, Role
from rappel.core.observations import of_member
from rappel.core.period import Period
from rappel.errors import NotAllowed, NotFound, Refused
from rappel.store import rebates, runs, snapshots
from rappel.store.readings import findings_from
from rappel.store.rebates import Rebate, Volume

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.runs import Result
    from rappel.core.access import Viewer
    from rappel.core.findings import Finding
    from rappel.core.statements import DocumentRow
    from rappel.store.base import Database
    from rappel.store.rebates import PoolFigures

OPEN: Final = ("open", "closing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What closing a period would post now, and by currency what would be payable.

    A member is told the ``findings`` that name it, an administrator all of them; a
    rebate's ``ref`` is the one that it will have.
    """

    period: str
    as_of: datetime
    snapshot: str
    rebates: tuple[Rebate, ...]
    payable: dict[str, Decimal]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An amount from its total down to its documents.

    ``rebate.line`` carries the working and, under it, the documents; ``run`` and
    ``snapshot`` say which facts it was computed from. ``pool`` is both legs of its
    programme's window, to administrators alone.
    """

    rebate: Rebate
    run: str
    snapshot: str
    documents: tuple[DocumentRow, ...]
    pool: PoolFigures | None


def preview(db: Database, viewer: Viewer, period: str, *, now: datetime) -> Preview:
    """Compute an open period as closing it now would; store nothing.

    Raises:
        NotAllowed: a supplier asks; its answer is :func:`volumes`.
        NotFound: there is no such period.
        Refused: it is closed: its figures are kept and do not change.
    """
    if viewer.role is Role.SUPPLIER:
        raise NotAllowed("A supplier sees volumes, not rebates.")
    warm(db)
    with db.reading(SYSTEM) as session:
        result = _open_run(session, db, period)
        codes = {one["member"]: one["code"] for one in result.snapshot.members}
    found = tuple(
        Rebate(
            ref=ref_of(one, period, codes[one.member]),
            period=period,
            member=codes[one.member],
            member_id=one.member,
            currency=one.currency,
            line=one.line,
        )
        for one in result.postings
        if viewer.administers or one.member == viewer.member
    )
    payable: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        payable[one.currency] += one.line.payable_now
    return Preview(
        period=period,
        as_of=now,
        snapshot=result.snapshot.sha256.hex(),
        rebates=found,
        payable=dict(sorted(payable.items())),
        findings=_told(result, viewer, codes),
    )


def _told(
    result: Result, viewer: Viewer, codes: Mapping[int, str]
) -> tuple[Finding, ...]:
    """Return the findings that the viewer is told."""
    found = findings_from(result.findings)
    if viewer.administers:
        return found
    return of_member(found, codes.get(viewer.member or 0, ""))


def explain(db: Database, viewer: Viewer, rebate: str) -> Explanation:
    """Open an amount down to its documents, from the facts of its own run.

    Raises:
        NotFound: there is no such rebate, or it is not the viewer's.
    """
    if viewer.role is Role.SUPPLIER:
        raise NotFound(f"There is no rebate {rebate!r}.")
    with db.reading(viewer) as session:
        found = rebates.rebate_of(session, viewer, rebate)
        pool = rebates.pool_behind(session, viewer, found)
    with db.reading(SYSTEM) as session:
        kept = runs.kept_run(session, found.period)
        snapshot = snapshots.Snapshot.of(kept.snapshot)
        books = snapshots.load(session, SYSTEM, db.cache, snapshot)
        days = Period(kept.period.starts, kept.period.ends)
        about = Judgements.over(session, books, days, rebates=[found])
        documents = behind(about, found)
        causes = Causes.of(about, kept)
        because = causes.behind(found.line, found.member_id, documents)
    line = replace(found.line, documents=documents, because=because)
    return Explanation(
        rebate=replace(found, line=line),
        run=kept.ref,
        snapshot=kept.snapshot_hash.hex(),
        documents=documents,
        pool=pool,
    )


def volumes(
    db: Database, viewer: Viewer, period: str, *, now: datetime
) -> tuple[Volume, ...]:
    """Return what members bought that counts, by programme, supplier and month.

    A member sees its own; a supplier those of its programmes that are its own sales;
    an administrator all. Of an open period it is what counts at this moment (``now``
    is when that was), of a closed one what its run kept. What was found later of
    closed periods stands under its own month and names the period (``adjusts``).

    Raises:
        NotFound: there is no such period.
    """
    del now  # what counts does not depend on the clock, only on what is committed
    with db.reading(viewer) as session:
        asked = runs.period_state(session, viewer, period)
        periods = runs.list_periods(session, viewer)
        found: Iterable[Volume] = ()
        if asked.state not in OPEN:
            found = rebates.volumes_of(session, viewer, period)
    if asked.state in OPEN:
        warm(db)
        with db.reading(SYSTEM) as session:
            found = _volumes(_open_run(session, db, period), viewer)
    return tuple(
        replace(one, adjusts=belongs_to(one.month, asked, periods)) for one in found
    )


def _open_run(session: Session, db: Database, period: str) -> Result:
    found = runs.period_state(session, SYSTEM, period)
    if found.state not in OPEN:
        raise Refused(
            f"The period {period!r} is {found.state}: its figures do not change.",
            code="already_closed",
            repair="Ask for its rebates.",
        )
    return run(session, db, found)


def _volumes(result: Result, viewer: Viewer) -> tuple[Volume, ...]:
    """Keep the viewer's rows, with codes in the place of ids."""
    members = {one["member"]: one["code"] for one in result.snapshot.members}
    suppliers = {one["supplier"]: one["code"] for one in result.snapshot.suppliers}
    return tuple(
        Volume(
            programme=row["programme"],
            supplier=suppliers[row["supplier"]],
            member=members[row["member"]],
            month=row["month"],
            currency=row["currency"],
            amount=row["amount"],
            quantity=row["quantity"],
            lines=row["lines"],
        )
        for row in result.volumes.iter_rows(named=True)
        if viewer.administers
        or (viewer.role is Role.MEMBER and row["member"] == viewer.member)
        or (viewer.role is Role.SUPPLIER and row["supplier"] == viewer.supplier)
    )

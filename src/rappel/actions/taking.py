"""Taking an accrual: what finance states of an open period goes into the books.

Owns the verb and which earlier accruals the difference is to. Everything obeys this: an
accrual that was taken never changes, and the next one states the difference to it;
whoever takes one waits for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.actions.accruals import figures, sums
from rappel.actions.permission import must_administer
from rappel.core.access import SYSTEM
from rappel.core.accruals import EARLIER
from rappel.core.agreements import EVERY
from rappel.errors import Malformed, Refused
from rappel.store import accruals as stored
from rappel.store import accrued, audit, runs
from rappel.store.base import show

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    import polars as pl
    from sqlalchemy.orm import Session

    from rappel.actions.accruals import Figures
    from rappel.core.access import Viewer
    from rappel.core.accruals import Policy
    from rappel.store.accruals import Held
    from rappel.store.accrued import Taken
    from rappel.store.base import Database
    from rappel.store.periods import PeriodRow

OPEN: Final = ("open", "closing")


def take(
    db: Database,
    viewer: Viewer,
    period: str,
    *,
    policy: Policy,
    today: date,
    now: datetime,
) -> Taken:
    """Take the accrual of an open period as of a day into the books.

    It states the difference to what was taken before of each member, programme and
    window, by whatever policy. The same facts, day and policy as last time answer what
    was taken then, and change nothing.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such period.
        Malformed: the day is still to come.
        Refused: the period is closed, or its last accrual is of a later day.
    """
    must_administer(viewer)
    if today > now.date():
        raise Malformed(
            f"The day {today} is still to come.",
            code="not_yet",
            repair="Take it as of today, or of a day that has passed.",
        )
    found = figures(db, period, policy, today)
    with db.writing(viewer) as session:
        stored.one_at_a_time(session)
        row = runs.locked_period(session, period)
        _must_be_open(row)
        last = stored.newest(session, row.id)
        if last is not None and _same(last, found):
            return accrued.taken_of(session, viewer, last.ref)
        if last is not None and last.day > today:
            raise Refused(
                f"The accrual of {period} as of {last.day} is taken already.",
                code="later_accrual",
                repair="Take it as of that day or a later one.",
            )
        ref, count = _keep(session, found, row, last, viewer=viewer, now=now)
        show(session, viewer)
        detail = {"day": today, "policy": policy.value, "accrual": ref, "lines": count}
        audit.note(session, viewer, "take_accrual", f"period {period}", detail, at=now)
        return accrued.taken_of(session, viewer, ref)


def _must_be_open(period: PeriodRow) -> None:
    """Refuse a period that somebody closed while this was computed."""
    if period.state not in OPEN:
        raise Refused(
            f"The period {period.code!r} is {period.state}: its figures do not change.",
            code="already_closed",
            repair="Ask for its rebates.",
        )


def _same(last: stored.AccrualRow, found: Figures) -> bool:
    asked = (found.today, found.policy.value, found.desk.snapshot)
    return (last.day, last.policy, last.snapshot_hash) == asked


def _keep(
    session: Session,
    found: Figures,
    period: PeriodRow,
    last: stored.AccrualRow | None,
    *,
    viewer: Viewer,
    now: datetime,
) -> tuple[str, int]:
    """Insert the accrual as the system; return its ref and how many lines it has."""
    show(session, SYSTEM)
    held = _concerned(stored.held(session), found.reached, period.id)
    before = [
        (one.programme, one.member, one.window, one.currency, one.outstanding)
        for one in held
    ]
    frame = found.stated(EARLIER.of(before))
    about = (period.code, found.today, found.policy.value, last.id if last else 0)
    row = stored.AccrualRow(
        ref=f"acc_{runs.short_hash(*about, found.desk.snapshot.hex())}",
        period_id=period.id,
        day=found.today,
        policy=found.policy.value,
        as_of=now,
        snapshot_hash=found.desk.snapshot,
        taken_by=viewer.person,
    )
    owing = {one.programme: one.supplier for one in held} | _owing(found)
    ids = runs.programme_ids(session)
    lines = [
        {
            "programme_id": ids[one["programme"]],
            "supplier_id": owing[one["programme"]],
            "member_id": one["member"],
            "window_start": one["window"],
            "currency": one["currency"],
            **sums(one),
        }
        for one in frame.iter_rows(named=True)
    ]
    stored.add(session, row, lines)
    return row.ref, len(lines)


def _concerned(
    held: Iterable[Held], reached: pl.DataFrame, period: int
) -> tuple[Held, ...]:
    """Keep what this accrual answers for.

    Rule: what it states anew, and what an accrual of this period or of one that is
    closed left outstanding. What another open period holds alone is that one's to
    state.
    """
    stated = set(
        reached.select("programme", "member", "window", "currency").iter_rows()
    )
    return tuple(
        one
        for one in held
        if (one.programme, one.member, one.window, one.currency) in stated
        or one.period == period
        or not one.open
    )


def _owing(found: Figures) -> dict[str, int | None]:
    """Return who owes each programme by row id: its payer, else its only supplier."""
    ids = {code: row_id for row_id, code in found.desk.suppliers.items()}
    owing: dict[str, int | None] = {}
    for one in found.programmes:
        single = len(one.suppliers) == 1 and one.suppliers != EVERY
        code = one.payer or (one.suppliers[0] if single else None)
        owing[one.code] = None if code is None else ids.get(code)
    return owing

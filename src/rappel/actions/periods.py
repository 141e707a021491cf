"""Periods: opening one, and closing it with its run.

Owns the two verbs. Everything obeys this: closing is one transaction that locks the
period's row, so that of several who close one does; an upload locks the same row, so
that a purchase is either in the run or late. What is closed never opens again.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from rappel.actions.keeping import RunSummary, keep
from rappel.actions.permission import must_administer
from rappel.actions.runs import run, warm
from rappel.core.access import SYSTEM
from rappel.errors import Fault, Malformed, Refused
from rappel.store import audit, runs
from rappel.store.base import show
from rappel.store.periods import PeriodRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.base import Database

STEPS = 4


def open_period(
    db: Database, viewer: Viewer, *, code: str, starts: date, ends: date, now: datetime
) -> runs.PeriodState:
    """Open the period from the day ``starts`` up to and not including ``ends``.

    Raises:
        Malformed: it ends before it starts, or its code is empty.
        Refused: the code is taken, or a period shares a day with it.
    """
    must_administer(viewer)
    if not code.strip() or starts >= ends:
        raise _malformed(code, starts, ends)
    with db.writing(viewer) as session:
        runs.lock_periods(session)
        other = runs.overlapping(session, starts, ends)
        taken = any(one.code == code for one in runs.list_periods(session, viewer))
        if taken or other:
            raise Refused(
                f"The period {code!r} exists already."
                if taken
                else f"The period {other!r} has some of these days already.",
                code="period_exists",
                repair="Choose another code, and days that no period has.",
            )
        session.add(PeriodRow(code=code, starts=starts, ends=ends, state="open"))
        session.flush()
        days = {"starts": starts.isoformat(), "ends": ends.isoformat()}
        audit.note(session, viewer, "open_period", f"period {code}", days, at=now)
        return runs.period_state(session, viewer, code)


def close(
    db: Database,
    viewer: Viewer,
    code: str,
    *,
    now: datetime,
    early: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> RunSummary:
    """Compute what ``code`` earned and keep it for ever: all of it, or nothing.

    Raises:
        NotFound: there is no such period.
        Refused: it is closed already (by whom and when), an earlier one is open, or it
            is not over yet by the UTC date of ``now`` and ``early`` does not say that
            this is meant.
    """
    must_administer(viewer)
    tell = progress or (lambda _done, _all: None)
    warm(db)
    tell(1, STEPS)
    with db.writing(viewer) as session:
        period = runs.locked_period(session, code)
        _must_be_next(session, viewer, period)
        if not early:
            _must_be_over(period, now.astimezone(UTC).date())
        period.state = "closing"
        session.flush()
        show(session, SYSTEM)
        result = run(session, db, period)
        tell(2, STEPS)
        summary, run_id = keep(session, period, result, now)
        tell(3, STEPS)
        show(session, viewer)
        period.state = "closed"
        period.closed_at = now
        period.closed_by = viewer.person
        period.run_id = run_id
        session.flush()
        detail = {
            "run": summary.run,
            "snapshot": summary.snapshot,
            "result": summary.result,
            "rebates": summary.rebates,
        }
        audit.note(session, viewer, "close_period", f"period {code}", detail, at=now)
    tell(STEPS, STEPS)
    return summary


def _malformed(code: str, starts: date, ends: date) -> Malformed:
    field = "code" if not code.strip() else "ends"
    fault = Fault(
        code="bad_period",
        message=f"a period has a code and ends after it starts: {starts} to {ends}",
        repair="Give the first day, and the day after the last one.",
        field=field,
    )
    return Malformed("This is no period.", code="bad_period", faults=(fault,))


def _must_be_over(period: PeriodRow, today: date) -> None:
    """Refuse a period that still has days to come: what is closed never opens again."""
    if today < period.ends:
        raise Refused(
            f"The period {period.code!r} is not over: its last day is "
            f"{period.ends - timedelta(days=1)}.",
            code="not_over",
            repair="Wait for its end. If it is meant, say so: --early on the command "
            "line, early: true in the API.",
        )


def _must_be_next(session: Session, viewer: Viewer, period: PeriodRow) -> None:
    """Refuse what is closed, and what would be closed out of order.

    Rule: what was settled before is subtracted, so a period is closed after all those
    before it and before all those after it.
    """
    if period.state != "open":
        known = runs.period_state(session, viewer, period.code)
        by = f" by {known.closed_by}" if known.closed_by else " by the system"
        at = f" at {known.closed_at:%Y-%m-%d %H:%M}" if known.closed_at else ""
        raise Refused(
            f"The period {period.code!r} is {period.state} already: closed{at}{by}.",
            code="already_closed",
            repair="Nothing is to be done; later facts are adjusted in the next one.",
        )
    before, after = runs.neighbour(session, period)
    if before or after:
        raise Refused(
            f"The period {before!r} is still open."
            if before
            else f"The later period {after!r} is closed already.",
            code="out_of_order",
            repair=f"Close {before} first."
            if before
            else "Its purchases are adjusted in the next open period.",
        )

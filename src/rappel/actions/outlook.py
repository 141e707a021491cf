"""Outlook: how far the next tier is, and at which pace.

Owns a person's look at an open period, programme by programme; that of finance is
:mod:`rappel.actions.accruals`. Stores nothing. Everything obeys this: a member sees its
own, and of a group's pool only what the disclosure gate shows; a supplier sees neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.actions.ahead import ahead_of
from rappel.actions.positions import must_be_told, opened, positions
from rappel.actions.projecting import going_on
from rappel.core import pace

if TYPE_CHECKING:
    from datetime import date, datetime

    from rappel.actions.ahead import Ahead
    from rappel.core.access import Viewer
    from rappel.store.base import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An open period as of a day."""

    period: str
    today: date
    as_of: datetime
    rows: tuple[Ahead, ...]


def outlook(
    db: Database, viewer: Viewer, period: str, *, today: date, now: datetime
) -> Outlook:
    """Say where each programme stands and leads to, as of a day.

    Raises:
        NotAllowed: a supplier asks.
        NotFound: there is no such period.
        Refused: it is closed.
    """
    must_be_told(viewer)
    found = opened(db, period)
    at_once = positions(found)
    then = {
        (row["programme"], row["member"], row["window"]): row
        for row in going_on(at_once, today).iter_rows(named=True)
    }
    rows = [
        ahead_of(
            one,
            terms[one.line.programme],
            found.members[one.member],
            pace.current(terms[one.line.programme].windows(position.period), today),
            then[one.line.programme, one.member, one.line.window],
        )
        for position in at_once
        for terms in [{one.code: one for one in position.programmes}]
        for one in position.postings(None if viewer.administers else viewer.member)
        if viewer.administers or one.member == viewer.member
    ]
    ordered = sorted(rows, key=lambda one: (one.programme, one.member, one.window))
    return Outlook(period=period, today=today, as_of=now, rows=tuple(ordered))

"""Outlook: how far the next tier is, at which pace, and what is accrued.

Owns the two looks at an open period: a person's, programme by programme, and that of
finance. Stores nothing. Everything obeys this: a member sees its own, and of a group's
pool only what the disclosure gate shows; a supplier sees neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - an earlier accrual is read by its types
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from rappel.actions.ahead import ahead_of
from rappel.actions.positions import (
    going_on,
    must_be_told,
    opened,
    paces,
    positions,
)
from rappel.actions.working import trimmed
from rappel.core import accruals, pace
from rappel.core.accruals import EARLIER, Policy
from rappel.core.frames import REBATES
from rappel.core.money import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Accrual:
    """A member's programme and window as finance states it; net of the fee."""

    programme: str
    member: str
    window: date
    currency: str
    earned: Decimal
    expected: Decimal
    accrued: Decimal
    received: Decimal
    outstanding: Decimal
    earlier: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Accruals:
    """What is accrued in an open period as of a day, by a policy."""

    period: str
    policy: Policy
    today: date
    as_of: datetime
    rows: tuple[Accrual, ...]


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
        for one in position.postings()
        if viewer.administers or one.member == viewer.member
    ]
    ordered = sorted(rows, key=lambda one: (one.programme, one.member, one.window))
    return Outlook(period=period, today=today, as_of=now, rows=tuple(ordered))


def accrue(
    db: Database,
    viewer: Viewer,
    period: str,
    *,
    policy: Policy,
    today: date,
    now: datetime,
    earlier: Iterable[Accrual] = (),
) -> Accruals:
    """State what is earned, expected, received and outstanding, as of a day.

    ``earlier`` is what an earlier accrual answered: the difference to it is
    ``change``; a row of a member or programme that there is not any more is left out.

    Raises:
        NotAllowed: a supplier asks.
        NotFound: there is no such period.
        Refused: it is closed.
    """
    must_be_told(viewer)
    found = opened(db, period)
    at_once = positions(found)
    now_earned = pl.concat(
        [REBATES.empty(), *(one.computation.rebates for one in at_once)]
    )
    projected = now_earned
    if policy is Policy.PROJECTED:
        projected = going_on(at_once, today)
    ids = {code: row_id for row_id, code in found.members.items()}
    before = EARLIER.of(
        [
            (one.programme, ids[one.member], one.window, one.currency, one.outstanding)
            for one in earlier
            if one.member in ids
        ]
    )
    frame = accruals.accruals(
        now_earned, projected, paces(at_once, today), before, policy=policy
    )
    if not viewer.administers:
        frame = frame.filter(pl.col("member") == viewer.member)
    return Accruals(
        period=period,
        policy=policy,
        today=today,
        as_of=now,
        rows=tuple(_accrual(row, found.members) for row in frame.iter_rows(named=True)),
    )


def totals(found: Iterable[Accrual]) -> dict[str, dict[str, Decimal]]:
    """Sum accruals by currency: every figure by its name."""
    names = [name for name in accruals.ACCRUALS.columns if name not in accruals.NAMED]
    summed: dict[str, dict[str, Decimal]] = {}
    for one in found:
        nothing = dict.fromkeys(names, Decimal(0))
        sums = summed.setdefault(one.currency, nothing)
        for name in names:
            sums[name] += getattr(one, name)
    return dict(sorted(summed.items()))


def _accrual(row: Mapping[str, Any], members: Mapping[int, str]) -> Accrual:
    money = places(row["currency"])
    names = [name for name in accruals.ACCRUALS.columns if name not in accruals.NAMED]
    return Accrual(
        programme=row["programme"],
        member=members[row["member"]],
        window=row["window"],
        currency=row["currency"],
        **{name: trimmed(row[name], money) for name in names},
    )

"""Accruals: what is earned and not yet paid, as finance looks at it.

Owns that look at an open period; stores nothing (:mod:`rappel.actions.taking` does).
Everything obeys this: what is dated after the day has not come about; a member sees its
own, a supplier nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - an earlier accrual is read by its types
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rappel.actions.positions import must_be_told, opened, positions, until
from rappel.actions.projecting import going_on, paces
from rappel.actions.working import trimmed
from rappel.core import accruals
from rappel.core.accruals import ACCRUALS, EARLIER, NAMED, Policy
from rappel.core.frames import REBATES
from rappel.core.money import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from rappel.actions.positions import Desk, Position
    from rappel.core.access import Viewer
    from rappel.core.agreements import Programme
    from rappel.store.base import Database

FIGURES: Final = tuple(name for name in ACCRUALS.columns if name not in NAMED)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The facts of one moment, and what they come to on a day by a policy."""

    desk: Desk
    now: tuple[Position, ...]
    policy: Policy
    today: date

    def stated(self, earlier: pl.DataFrame) -> pl.DataFrame:
        """Return ACCRUALS with the difference to ``earlier`` (EARLIER)."""
        projected = self.reached
        if self.policy is Policy.PROJECTED:
            projected = going_on(self.now, self.today)
        running = paces(self.now, self.today)
        return accruals.accruals(
            self.reached, projected, running, earlier, policy=self.policy
        )

    @property
    def reached(self) -> pl.DataFrame:
        """REBATES on what was bought."""
        found = (one.computation.rebates for one in self.now)
        return pl.concat([REBATES.empty(), *found])

    @property
    def programmes(self) -> Iterator[Programme]:
        """Every programme, in all its revisions."""
        return (one for position in self.now for one in position.programmes)


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
    """State what is earned, expected, received and outstanding; store nothing.

    ``earlier`` is what an earlier accrual answered: the difference to it is
    ``change``; a row of a member or programme that there is not any more is left out.

    Raises:
        NotAllowed: a supplier asks.
        NotFound: there is no such period.
        Refused: it is closed.
    """
    must_be_told(viewer)
    found = figures(db, period, policy, today)
    members = found.desk.members
    ids = {code: row_id for row_id, code in members.items()}
    before = EARLIER.of(
        [
            (one.programme, ids[one.member], one.window, one.currency, one.outstanding)
            for one in earlier
            if one.member in ids
        ]
    )
    frame = found.stated(before)
    if not viewer.administers:
        frame = frame.filter(pl.col("member") == viewer.member)
    return Accruals(
        period=period,
        policy=policy,
        today=today,
        as_of=now,
        rows=tuple(_accrual(row, members) for row in frame.iter_rows(named=True)),
    )


def totals(found: Iterable[Accrual]) -> dict[str, dict[str, Decimal]]:
    """Sum accruals by currency: every figure by its name."""
    summed: dict[str, dict[str, Decimal]] = {}
    for one in found:
        nothing = dict.fromkeys(FIGURES, Decimal(0))
        sums = summed.setdefault(one.currency, nothing)
        for name in FIGURES:
            sums[name] += getattr(one, name)
    return dict(sorted(summed.items()))


def figures(db: Database, period: str, policy: Policy, today: date) -> Figures:
    """Compute an open period as of a day, on the facts of this moment.

    Raises:
        NotFound: there is no such period.
        Refused: it is closed.
    """
    desk = opened(db, period)
    now = positions(desk, until(today))
    return Figures(desk=desk, now=now, policy=policy, today=today)


def _accrual(row: Mapping[str, Any], members: Mapping[int, str]) -> Accrual:
    return Accrual(
        programme=row["programme"],
        member=members[row["member"]],
        window=row["window"],
        currency=row["currency"],
        **sums(row),
    )


def sums(row: Mapping[str, Any]) -> dict[str, Decimal]:
    """Return the figures of a row of ACCRUALS, by name."""
    money = places(row["currency"])
    return {name: trimmed(row[name], money) for name in FIGURES}

"""What finance states: looked at, taken into the books, and read again as taken."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from litestar import Controller, Response
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Raw
from msgspec.structs import asdict

from rappel.actions import accruals, taking
from rappel.core.accruals import Policy
from rappel.store import accrued as stored
from rappel.web.auth import ADMINISTRATOR, MEMBER
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import (
    Cursor,
    Given,
    Limit,
    Listing,
    Money,
    Shown,
    listing,
    money,
)

Today = Annotated[
    date | None, QueryParameter(description="As of this day; else the present one.")
]


class AccrualShown(Shown):
    """What is earned, expected, received and outstanding; net of the fee."""

    programme: str
    member: str
    window: date
    earned: Money
    expected: Money
    accrued: Money
    received: Money
    outstanding: Money


class AccrualsShown(Shown):
    """What is accrued in an open period as of a day, by a policy."""

    period: str
    policy: Policy
    today: date
    as_of: datetime
    rows: list[AccrualShown]


class AccrualGiven(Given):
    """Which period's accrual to take, by which policy, as of which day."""

    period: str
    policy: Policy = Policy.REACHED
    today: date | None = None


class TakenShown(Shown):
    """An accrual that was taken; it never changes."""

    accrual: str
    period: str
    policy: str
    today: date
    as_of: datetime
    snapshot: str
    taken_by: str | None


class SumShown(Shown):
    """A programme's figures, and whom they are owed by; null where several owe."""

    programme: str
    supplier: str | None
    members: int
    earned: Money
    expected: Money
    accrued: Money
    received: Money
    outstanding: Money
    earlier: Money
    change: Money


class TakenWholeShown(TakenShown):
    """An accrual with its figures by programme and supplier."""

    totals: list[SumShown]


class LineShown(AccrualShown):
    """An accrual as it was taken, with its supplier and the one before it."""

    supplier: str | None
    earlier: Money
    change: Money


def accrual_shown(one: accruals.Accrual) -> AccrualShown:
    """Write an accrual."""
    return AccrualShown(
        programme=one.programme,
        member=one.member,
        window=one.window,
        earned=money(one.earned, one.currency),
        expected=money(one.expected, one.currency),
        accrued=money(one.accrued, one.currency),
        received=money(one.received, one.currency),
        outstanding=money(one.outstanding, one.currency),
    )


def taken_shown(one: stored.Taken) -> TakenShown:
    """Write an accrual that was taken."""
    return TakenShown(
        accrual=one.ref,
        period=one.period,
        policy=one.policy,
        today=one.day,
        as_of=one.as_of,
        snapshot=one.snapshot,
        taken_by=one.taken_by,
    )


def whole_shown(one: stored.Taken, sums: tuple[stored.Sum, ...]) -> TakenWholeShown:
    """Write an accrual with its sums."""
    return TakenWholeShown(
        **asdict(taken_shown(one)),
        totals=[
            SumShown(
                programme=each.programme,
                supplier=each.supplier,
                members=each.members,
                **{name: money(f, each.currency) for name, f in each.figures.items()},
            )
            for each in sums
        ],
    )


def line_shown(one: stored.Line) -> LineShown:
    """Write a line of an accrual."""
    return LineShown(
        programme=one.programme,
        supplier=one.supplier,
        member=one.member,
        window=one.window,
        **{name: money(f, one.currency) for name, f in one.figures.items()},
    )


class Accruals(Controller):
    """What finance states."""

    path = "/v1/accruals"
    tags = ["Accruals"]

    @reads("/", MEMBER, finds=True)
    def show_accruals(
        self,
        period: FromQuery[str],
        db: Books,
        viewer: Asking,
        now: Now,
        policy: FromQuery[Policy] = Policy.REACHED,
        today: Today = None,
    ) -> AccrualsShown:
        """State what is earned, expected at the end, received and outstanding.

        Of an open period, on what is dated until that day; nothing is stored. A member
        sees its own.
        """
        day = today or now.date()
        found = accruals.accrue(db, viewer, period, policy=policy, today=day, now=now)
        return AccrualsShown(
            period=period,
            policy=policy,
            today=day,
            as_of=found.as_of,
            rows=[accrual_shown(one) for one in found.rows],
        )

    @acts(
        "/",
        ADMINISTRATOR,
        finds=True,
        given={"period": "2026-Q2", "policy": "projected", "today": "2026-05-31"},
    )
    def take_accrual(
        self,
        data: JSONBody[AccrualGiven],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[TakenWholeShown | Raw]:
        """Take an open period's accrual into the books, as of a day.

        It states the difference to what was taken before. The same facts, day and
        policy as last time answer what was taken then.
        """

        def act() -> TakenWholeShown:
            taken = taking.take(
                db,
                viewer,
                data.period,
                policy=data.policy,
                today=data.today or now.date(),
                now=now,
            )
            with db.reading(viewer) as session:
                return whole_shown(taken, stored.sums_of(session, viewer, taken.id))

        return once(act, body_of(data))

    @reads("/taken", ADMINISTRATOR)
    def list_accruals(
        self,
        db: Books,
        viewer: Asking,
        period: FromQuery[str | None] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[TakenShown]:
        """List the accruals that were taken, the newest first."""
        with db.reading(viewer) as session:
            found = stored.list_taken(
                session, viewer, period=period, cursor=cursor, limit=limit
            )
        return listing(found, taken_shown)

    @reads("/taken/{accrual:str}", ADMINISTRATOR)
    def show_accrual(
        self, accrual: FromPath[str], db: Books, viewer: Asking
    ) -> TakenWholeShown:
        """Show one by programme and supplier, with the difference to the one before."""
        with db.reading(viewer) as session:
            taken = stored.taken_of(session, viewer, accrual)
            return whole_shown(taken, stored.sums_of(session, viewer, taken.id))

    @reads("/taken/{accrual:str}/lines", ADMINISTRATOR)
    def list_accrual_lines(
        self,
        accrual: FromPath[str],
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[LineShown]:
        """List its lines, by member, programme and window."""
        with db.reading(viewer) as session:
            taken = stored.taken_of(session, viewer, accrual)
            found = stored.list_lines(
                session, viewer, taken.id, cursor=cursor, limit=limit
            )
        return listing(found, line_shown)

"""The look ahead: the next tier and the pace; nothing is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from litestar import Controller
from litestar.params import FromQuery, QueryParameter

from rappel.actions import outlook
from rappel.core.money import plain
from rappel.web.auth import MEMBER
from rappel.web.given import Asking, Books, Locale, Now
from rappel.web.handlers import reads
from rappel.web.shapes import Money, Shown, money, optional
from rappel.wording import fill, translator

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from rappel.actions.ahead import Ahead

Today = Annotated[
    date | None, QueryParameter(description="As of this day; else the present one.")
]


class NextShown(Shown):
    """The next tier: how far it is, and what reaching it is worth."""

    threshold: str
    missing: str
    worth: Money


class AheadShown(Shown):
    """Where a member stands in a programme's window, and where its pace leads.

    What the group's disclosure gate withholds is null; so is what needs a pace where
    the window does not run on that day.
    """

    programme: str
    member: str
    measured: str
    window: date
    window_end: date
    volume: Money
    measure: str | None
    threshold: str | None
    earned: Money
    next: NextShown | None
    days: int | None
    days_left: int | None
    volume_a_day: str | None
    projected_volume: str | None
    projected_measure: str | None
    projected_threshold: str | None
    projected_earned: Money | None
    reached_on: date | None
    advice: list[str]


class OutlookShown(Shown):
    """An open period as of a day."""

    period: str
    today: date
    as_of: datetime
    rows: list[AheadShown]


def ahead_shown(one: Ahead, translate: Callable[[str], str]) -> AheadShown:
    """Write a row of the outlook."""
    ahead = one.next
    return AheadShown(
        programme=one.programme,
        member=one.member,
        measured=one.measured,
        window=one.window,
        window_end=one.window_end,
        volume=money(one.volume, one.currency),
        measure=optional(one.measure),
        threshold=optional(one.threshold),
        earned=money(one.earned, one.currency),
        next=NextShown(
            threshold=plain(ahead.threshold),
            missing=plain(ahead.missing),
            worth=money(ahead.worth, one.currency),
        )
        if ahead
        else None,
        days=one.days,
        days_left=one.days_left,
        volume_a_day=optional(one.volume_a_day),
        projected_volume=optional(one.projected_volume),
        projected_measure=optional(one.projected_measure),
        projected_threshold=optional(one.projected_threshold),
        projected_earned=_money(one.projected_earned, one.currency),
        reached_on=one.reached_on,
        advice=[fill(translate(said.text), said.params) for said in one.advice],
    )


def _money(figure: Decimal | None, currency: str) -> Money | None:
    return None if figure is None else money(figure, currency)


class Outlooks(Controller):
    """How far the next tier is."""

    path = "/v1/outlook"
    tags = ["Outlook"]

    @reads("/", MEMBER, finds=True)
    def show_outlook(
        self,
        period: FromQuery[str],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        today: Today = None,
    ) -> OutlookShown:
        """Say how far each next tier is, what it is worth, and where the pace leads.

        Of an open period; a member sees its own.
        """
        day = today or now.date()
        found = outlook.outlook(db, viewer, period, today=day, now=now)
        heard = translator(locale)
        return OutlookShown(
            period=period,
            today=day,
            as_of=found.as_of,
            rows=[ahead_shown(one, heard) for one in found.rows],
        )

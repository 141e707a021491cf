"""What if: other terms over stored purchases, or one more purchase."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from litestar import Controller
from litestar.params import FromQuery, RawBody

from rappel.actions import whatif
from rappel.core.money import InexactError, exact
from rappel.errors import Fault, Malformed
from rappel.web.agreements import EXAMPLE, TOML
from rappel.web.auth import MEMBER
from rappel.web.given import Asking, Books, Locale, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.lines import line_shown
from rappel.web.shapes import Money, Shown, money

if TYPE_CHECKING:
    from rappel.core.statements import StatementLine


class SupposedRow(Shown):
    """What a member would have earned; ``line`` is as on a statement."""

    member: str
    programme: str
    earned: Money
    line: dict[str, Any]


class SupposedShown(Shown):
    """What terms would have earned; ``end`` is the first day after."""

    start: date
    end: date
    as_of: datetime
    rebates: list[SupposedRow]


class ChangeShown(Shown):
    """A programme's window before one more purchase and after it.

    ``after`` and ``more`` are null where the group's figure is withheld.
    """

    programme: str
    window: date
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    more: Money | None


class BoughtShown(Shown):
    """What one more purchase changes for the member that makes it."""

    period: str
    member: str
    as_of: datetime
    changes: list[ChangeShown]


def change_shown(one: whatif.Change, locale: str) -> ChangeShown:
    """Write a change."""
    return ChangeShown(
        programme=one.programme,
        window=one.window,
        before=_line(one.before, locale),
        after=_line(one.after, locale),
        more=None if one.more is None else money(one.more, one.currency),
    )


def _line(line: StatementLine | None, locale: str) -> dict[str, Any] | None:
    return line_shown(line, locale) if line else None


class Suppositions(Controller):
    """What other terms, or one more purchase, would earn."""

    path = "/v1/what-if"
    tags = ["Outlook"]

    @acts("/terms", MEMBER, status=DONE, takes=TOML, given=EXAMPLE)
    def suppose_terms(
        self,
        body: RawBody,
        start: FromQuery[date],
        end: FromQuery[date],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
    ) -> SupposedShown:
        """Compute what the terms (TOML) of the body would have earned.

        On the stored purchases from `start` up to and not including `end`; nothing is
        stored. A member asks on its own, of terms that pool nobody else.
        """
        found = whatif.terms_last_year(
            db, viewer, bytes(body), start=start, end=end, now=now
        )
        return SupposedShown(
            start=start,
            end=end,
            as_of=found.as_of,
            rebates=[
                SupposedRow(
                    member=one.member,
                    programme=one.line.programme,
                    earned=money(one.line.earned, one.currency),
                    line=line_shown(one.line, locale),
                )
                for one in found.rebates
            ],
        )

    @reads("/purchase", MEMBER, finds=True)
    def suppose_purchase(
        self,
        period: FromQuery[str],
        member: FromQuery[str],
        supplier: FromQuery[str],
        amount: FromQuery[str],
        currency: FromQuery[str],
        db: Books,
        viewer: Asking,
        now: Now,
        locale: Locale,
        category: FromQuery[str | None] = None,
    ) -> BoughtShown:
        """Compute an open period again with one more purchase of a member."""
        try:
            figure = exact(amount)
        except InexactError as error:
            fault = Fault(
                code="bad_figure",
                message="The amount is no plain decimal of at most 14 digits and 6 "
                "decimals.",
                repair="Write it like 2000.00.",
                field="amount",
            )
            raise Malformed(fault.message, code=fault.code, faults=(fault,)) from error
        found = whatif.buy_more(
            db,
            viewer,
            member,
            supplier,
            category=category,
            amount=figure,
            currency=currency,
            period=period,
            now=now,
        )
        return BoughtShown(
            period=period,
            member=member,
            as_of=found.as_of,
            changes=[change_shown(one, locale) for one in found.changes],
        )

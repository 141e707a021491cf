"""What if: other terms over stored facts, or one more purchase; stores nothing.

Owns the two questions and who may ask them. Everything obeys this: the engine is the
one of closing; a member asks of its own purchases alone, because by trying terms or
amounts it could find out what a group bought; a supplier asks nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl

from rappel.actions import inputs
from rappel.actions.positions import (
    TRIED,
    desk,
    facts_kept,
    must_be_told,
    only,
    opened,
    positions,
    with_line,
)
from rappel.actions.postings import postings
from rappel.actions.terms import LOWEST, Terms
from rappel.core.access import Role
from rappel.core.frames import SETTLED
from rappel.core.money import CURRENCIES
from rappel.core.period import Period
from rappel.core.programmes import chained
from rappel.core.rebates import compute
from rappel.core.terms import Pool
from rappel.errors import Fault, Malformed, NotAllowed, NotFound
from rappel.ingest.terms import agreement_from_toml
from rappel.store.rebates import Rebate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from rappel.actions.positions import Desk, Position
    from rappel.actions.postings import Posting
    from rappel.actions.terms import Settlement
    from rappel.core.access import Viewer
    from rappel.core.agreements import Agreement, Programme
    from rappel.core.frames import Facts
    from rappel.core.statements import StatementLine
    from rappel.store.base import Database

NO_PERIOD: Final = 0  # no row has it


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What terms would have earned from ``start`` up to and not including ``end``.

    A rebate's ``ref`` is empty: it will never be posted.
    """

    start: date
    end: date
    as_of: datetime
    rebates: tuple[Rebate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A programme's window before one more purchase and after it.

    ``before`` is ``None`` where nothing qualified yet; ``after`` where the group's
    figure is withheld, or the purchase cannot be computed; ``more`` is what is earned
    more, net of the fee, ``None`` with ``after``.
    """

    programme: str
    window: date
    currency: str
    before: StatementLine | None
    after: StatementLine | None
    more: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What one more purchase changes for the member that makes it."""

    period: str
    member: str
    as_of: datetime
    changes: tuple[Change, ...]


def terms_last_year(
    db: Database,
    viewer: Viewer,
    document: bytes,
    *,
    start: date,
    end: date,
    now: datetime,
) -> Supposed:
    """Compute what given terms would have earned on the purchases of some days.

    The agreement's own days are set aside: it is in force from ``start`` up to and not
    including ``end``, and nothing was settled under it.

    Raises:
        NotAllowed: a supplier asks, or a member of terms that pool several members.
        Malformed: the document cannot be read, names a supplier that is unknown, or
            the days are none.
    """
    must_be_told(viewer)
    agreement = agreement_from_toml(inputs.decoded(document))
    if viewer.role is Role.MEMBER and not all(
        one.shared is Pool.MEMBER for one in agreement.programmes
    ):
        raise NotAllowed("Terms that pool several members are for administrators.")
    if start >= end:
        raise _wrong("end", "The days end before they start.", "Give a later end.")
    period = Period(start, end)
    found = desk(db, period, but=NO_PERIOD)
    programmes = _supposed(agreement, found, period)
    terms = Terms(
        agreement=agreement.code,
        evidence_minimum=agreement.evidence_minimum or LOWEST,
        programmes=programmes,
        numbers={place: place for place in range(1, len(programmes) + 1)},
    )
    facts = replace(facts_kept(found, terms), settled=SETTLED.empty())
    if not viewer.administers:
        facts = only(facts, pl.col("member") == viewer.member)
    computation = compute(facts, programmes, period=period)
    rows = postings(
        computation,
        programmes,
        period=period,
        numbers=terms.numbers,
        stated=facts.baselines,
    )
    return Supposed(
        start=start,
        end=end,
        as_of=now,
        rebates=tuple(_rebate(one, found.members) for one in rows),
    )


def buy_more(
    db: Database,
    viewer: Viewer,
    member: str,
    supplier: str,
    *,
    category: str | None = None,
    amount: Decimal,
    currency: str,
    period: str,
    now: datetime,
) -> Bought:
    """Compute an open period again with one more purchase of a member.

    The purchase is dated the period's day nearest to ``now``. Its ``category`` stands
    for its code: programmes that ask for a code do not count it.

    Raises:
        NotAllowed: a supplier asks.
        NotFound: there is no such period, supplier or member, or it is another's.
        Refused: the period is closed.
        Malformed: the amount is not above zero or has more places than a line, or the
            currency is unknown.
    """
    must_be_told(viewer)
    _must_be_bought(amount, currency)
    found = opened(db, period)
    who = {code: row_id for row_id, code in found.members.items()}.get(member)
    if who is None or not (viewer.administers or who == viewer.member):
        raise NotFound(f"There is no member {member!r}.")
    seller = {code: row_id for row_id, code in found.suppliers.items()}.get(supplier)
    if seller is None:
        raise NotFound(f"There is no supplier {supplier!r}.")
    last = found.period.end - timedelta(days=1)
    line = {
        "line": -1,
        "document": -1,
        "member": who,
        "supplier": seller,
        "code": TRIED,
        "date": min(max(now.date(), found.period.start), last),
        "kind": "invoice",
        "currency": currency,
        "amount": amount,
        "quantity": Decimal(0),
    }

    def tried(facts: Facts, _settlement: Settlement) -> Facts:
        return with_line(facts, line, category)

    then = positions(found, tried, supplier=supplier)
    again = {one.code for position in then for one in position.programmes}
    before = _lines(positions(found), who)
    same = {key: one for key, one in before.items() if key[0] not in again}
    after = same | _lines(then, who)
    changes = tuple(
        _change(key, before.get(key), after.get(key), tells=viewer.administers)
        for key in sorted(before.keys() | after.keys())
    )
    return Bought(period=period, member=member, as_of=now, changes=changes)


Key = tuple[str, date, str]


def _lines(now: Iterable[Position], member: int) -> dict[Key, StatementLine]:
    return {
        (one.line.programme, one.line.window, one.currency): one.line
        for position in now
        for one in position.postings(member)
    }


Line: TypeAlias = "StatementLine | None"


def _change(key: Key, before: Line, after: Line, *, tells: bool) -> Change:
    """Set two lines side by side; where the group is withheld, trying tells nothing.

    A purchase that is only tried does not make its member one of the contributors.
    """
    pooled = after is not None and after.pool != Pool.MEMBER.value
    withheld = before is None or before.measure is None
    if pooled and withheld and not tells:
        after = None
    earned = before.earned - before.fee if before else Decimal(0)
    return Change(
        programme=key[0],
        window=key[1],
        currency=key[2],
        before=before,
        after=after,
        more=after.earned - after.fee - earned if after else None,
    )


def _supposed(
    agreement: Agreement, found: Desk, period: Period
) -> tuple[Programme, ...]:
    """Return the programmes in force on those days; each a revision of its own."""
    codes = {*found.suppliers.values(), "*"}
    for place, one in enumerate(agreement.programmes):
        for code in one.suppliers:
            if code not in codes:
                raise _wrong(
                    f"programmes[{place}].supplier",
                    f"There is no supplier {code!r}.",
                    "Correct the code, or add the supplier.",
                )
    return chained(
        [
            replace(
                one,
                revision=place,
                in_force_from=period.start,
                in_force_until=period.end,
            )
            for place, one in enumerate(agreement.programmes, start=1)
        ]
    )


def _must_be_bought(amount: Decimal, currency: str) -> None:
    if amount <= 0:
        what = "The amount is not above zero."
        raise _wrong("amount", what, "Give what would be bought.")
    if currency not in CURRENCIES:
        what = f"The currency {currency!r} is not known."
        raise _wrong("currency", what, "Give a code such as MXN.")


def _wrong(field: str, message: str, repair: str) -> Malformed:
    fault = Fault(code="bad_question", message=message, repair=repair, field=field)
    return Malformed(message, code="bad_question", faults=(fault,))


def _rebate(one: Posting, members: Mapping[int, str]) -> Rebate:
    return Rebate(
        ref="",
        period="",
        member=members[one.member],
        member_id=one.member,
        currency=one.currency,
        line=one.line,
    )

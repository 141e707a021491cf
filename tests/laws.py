"""What laws are stated over: random books, and the engine's answer to one.

Owns the strategies; the laws themselves are in ``core/test_laws.py``. A book is a
random number's: the same seed is the same book.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from rappel.core.agreements import Programme, Scope, Tier
from rappel.core.frames import LINES, MEMBERS, RATES, SETTLED, SUPPLIERS, Facts
from rappel.core.money import Rounding
from rappel.core.period import Period, Unit, YearStart
from rappel.core.rebates import Computation, compute
from rappel.core.terms import (
    AllocationBy,
    Boundary,
    Fx,
    Measure,
    Payable,
    Pool,
    Reach,
    Returns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
ABROAD = ("USD", "EUR")


@dataclass(frozen=True, kw_only=True)
class Book:
    """Facts and terms, as plain rows."""

    members: tuple[Row, ...]
    suppliers: tuple[str, ...]
    lines: tuple[Row, ...]
    rates: tuple[tuple[str, str, date, Decimal], ...]
    settled: tuple[tuple[str, int, date, Decimal], ...]
    programmes: tuple[Programme, ...]
    period: Period = QUARTER

    def with_lines(self, lines: Sequence[Row]) -> Book:
        """Return the same book with other purchases."""
        return replace(self, lines=tuple(lines))


def facts_of(book: Book) -> Facts:
    """Return the book's facts as frames."""
    numbered = [
        {"line": n, "document": n, **line} for n, line in enumerate(book.lines, start=1)
    ]
    return Facts(
        lines=LINES.of(
            [tuple(row.get(c) for c in LINES.columns) for row in numbered]
        ).lazy(),
        members=MEMBERS.of(book.members),
        suppliers=SUPPLIERS.of(enumerate(book.suppliers, start=1)),
        rates=RATES.of(book.rates),
        settled=SETTLED.of(book.settled),
    )


def answered(book: Book) -> Computation:
    """Compute a book with the engine."""
    return compute(facts_of(book), book.programmes, period=book.period)


def earned_by(book: Book) -> dict[tuple[str, int, date], Decimal]:
    """Return what everybody earned, by programme, member and window."""
    rows = answered(book).rebates.select("programme", "member", "window", "earned")
    return {row[:3]: row[3] for row in rows.iter_rows()}


def cents(random: Random, most: int) -> Decimal:
    """Return an amount of two places, often a round one that meets a threshold."""
    if random.random() < 0.4:
        return Decimal(random.randrange(most // 5000 + 1) * 50)
    return Decimal(random.randrange(most)).scaleb(-2)


def book_of(seed: int) -> Book:
    """Make the random book of a seed."""
    random = Random(seed)
    members = tuple(
        _member(random, number) for number in range(1, random.randint(2, 6))
    )
    suppliers = ("andes", "bravo", "cumbre")[: random.randint(1, 3)]
    programmes = tuple(
        one
        for place in range(random.randint(1, 5))
        for one in _revisions(random, f"p{place}", suppliers)
    )
    lines = tuple(
        _line(random, len(members), len(suppliers))
        for _ in range(random.randint(0, 30))
    )
    return Book(
        members=members,
        suppliers=suppliers,
        lines=lines,
        rates=_rates(random),
        settled=_settled(random, programmes, len(members)),
        programmes=programmes,
    )


def _member(random: Random, number: int) -> Row:
    """Return one of a few families, segments and countries, who may come and go."""
    return {
        "member": number,
        "code": f"m{random.randrange(10)}{number}",
        "family": random.choice([None, "one", "two"]),
        "country": random.choice(["MX", "CO", None]),
        "segments": random.sample(["cctv", "access"], random.randint(0, 2)),
        "joined": random.choice([None, None, date(2026, 2, 10)]),
        "left": random.choice([None, None, None, date(2026, 3, 20)]),
    }


def _line(random: Random, members: int, suppliers: int) -> Row:
    currency = random.choice(["MXN", "MXN", "MXN", "USD", "EUR"])
    stated = currency != "MXN" and random.random() < 0.9
    return {
        "member": random.randint(1, members),
        "supplier": random.randint(1, suppliers),
        "code": random.choice(["A", "B", "C", None]),
        "category": random.choice(["cctv", "access", None]),
        "date": date(2025, 12, 20) + timedelta(days=random.randrange(110)),
        "kind": random.choice(["invoice", "invoice", "debit_note", "credit_note"]),
        "currency": currency,
        "amount": cents(random, 2_000_000),
        "quantity": Decimal(random.randrange(40)),
        "rate": Decimal(random.randrange(150, 200)).scaleb(-1) if stated else None,
        "rate_currency": "MXN" if stated else None,
    }


def _rates(random: Random) -> tuple[tuple[str, str, date, Decimal], ...]:
    """Return official rates for nearly every day."""
    days = (date(2025, 12, 20) + timedelta(days=day) for day in range(110))
    return tuple(
        (
            currency,
            "MXN",
            day,
            Decimal(random.randrange(15_000_000, 20_000_000)).scaleb(-6),
        )
        for day in days
        for currency in ABROAD
        if random.random() < 0.995
    )


def _settled(
    random: Random, programmes: Sequence[Programme], members: int
) -> tuple[tuple[str, int, date, Decimal], ...]:
    keys = {
        (one.code, random.randint(1, members), random.choice(windows).start)
        for one in programmes
        if (windows := one.windows(QUARTER))
    }
    return tuple((*key, cents(random, 100_000)) for key in sorted(keys))


def _revisions(
    random: Random, code: str, suppliers: Sequence[str]
) -> tuple[Programme, ...]:
    """Return a programme, sometimes in two revisions."""
    one = _programme(random, code, suppliers)
    if random.random() < 0.7:
        return (one,)
    day = random.choice([date(2026, 2, 1), date(2026, 2, 14), date(2026, 4, 1)])
    later = replace(one, tiers=_tiers(random, one), revision=2, in_force_from=day)
    return (replace(one, revision=1, in_force_until=day), later)


def _programme(random: Random, code: str, suppliers: Sequence[str]) -> Programme:
    by_quantity = random.random() < 0.25
    reach = random.choice(
        [
            Reach.RETROACTIVE,
            Reach.RETROACTIVE,
            Reach.MARGINAL,
            Reach.MARGINAL,
            Reach.ROLLING,
            Reach.STACKED,
            Reach.HIGHEST_FIXED,
            Reach.EACH_FIXED,
        ]
    )
    fixed = reach in {Reach.HIGHEST_FIXED, Reach.EACH_FIXED}
    bare = Programme(
        code=code,
        suppliers=random.choice([("*",), (suppliers[0],), tuple(suppliers)]),
        currency="MXN",
        tiers=(),
        measure=Measure.QUANTITY if by_quantity else Measure.AMOUNT,
        payable=random.choice([Payable.AMOUNT, Payable.AMOUNT, Payable.QUANTITY]),
        pool=random.choice([*Pool]),
        segment="cctv",
        reach=reach,
        boundary=random.choice([*Boundary]),
        accumulate=random.choice([*Unit]),
        year_starts=random.choice([YearStart(), YearStart(), YearStart(2, 15)]),
        scope=_scope(random),
        allocation=random.choice([AllocationBy.PAYABLE, AllocationBy.EQUAL]),
        fee_percent=random.choice([Decimal(0), Decimal(10), Decimal("7.25")]),
        returns=random.choice([Returns.DOCUMENT_DATE, Returns.EXCLUDED]),
        fx=random.choice([Fx.DOCUMENT_RATE, Fx.INVOICE_DATE, Fx.PERIOD_END, Fx.FIXED]),
        fx_rates={"USD": Decimal("17.123456"), "EUR": Decimal("20.5")},
        rounding=random.choice([*Rounding]),
        in_force_from=random.choice([None, None, date(2026, 1, 10)]),
    )
    if fixed:
        bare = replace(bare, payable=random.choice([Payable.AMOUNT, Payable.NONE]))
    return replace(bare, tiers=_tiers(random, bare))


def _scope(random: Random) -> Scope:
    return Scope(
        categories=random.choice([(), (), ("cctv",)]),
        exclude_categories=random.choice([(), (), ("access",)]),
        codes=random.choice([(), (), ("A", "B")]),
        segments=random.choice([(), (), ("cctv", "other")]),
        countries=random.choice([(), (), ("MX",)]),
    )


def _tiers(random: Random, one: Programme) -> tuple[Tier, ...]:
    """Return a table of the kind of value that the programme pays."""
    step = 20 if one.measure is Measure.QUANTITY else 5000
    thresholds = sorted(random.sample(range(6), random.randint(1, 4)))
    return tuple(_tier(random, one, Decimal(place * step)) for place in thresholds)


def _tier(random: Random, one: Programme, threshold: Decimal) -> Tier:
    value = Decimal(random.randrange(0, 1500)).scaleb(-2)
    plus = random.choice([None, None, Decimal(100)])
    if one.reach in {Reach.HIGHEST_FIXED, Reach.EACH_FIXED}:
        return Tier(threshold=threshold, amount=value)
    if one.payable is Payable.QUANTITY:
        return Tier(threshold=threshold, per_unit=value, plus=plus)
    return Tier(threshold=threshold, percent=value, plus=plus)

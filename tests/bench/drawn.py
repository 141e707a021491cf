"""Drawn facts for the benchmarks: purchases in Parquet, parties, rates, programmes.

Everything is drawn by the line's number: the same sizes give the same file. A member
buys from eight of forty suppliers; a sixth is in dollars, a twenty-fifth comes back
(half of it of an invoice of the month before), a tenth was bought a year earlier.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rappel.core.agreements import Baseline, Limit, Programme, Promotion, Scope, Tier
from rappel.core.frames import LINES, MEMBERS, RATES, SUPPLIERS, Facts
from rappel.core.money import LINE, QUANTITY, RATE
from rappel.core.period import Period, Unit
from rappel.core.terms import (
    BaselinePolicy,
    Fx,
    LimitOf,
    Measure,
    Multiplies,
    Pool,
    Reach,
    Returns,
)

if TYPE_CHECKING:
    from pathlib import Path

QUARTER: Final = Period(date(2026, 1, 1), date(2026, 4, 1))
DAYS: Final = 90
SUPPLIER_COUNT: Final = 40
CODES: Final = 40
CHUNK: Final = 1_000_000
REVISED: Final = date(2026, 2, 10)
STEPS: Final = (("0", "0"), ("100000", "2"), ("250000", "3.5"), ("1000000", "5"))
PERCENTS: Final = (("0", "0"), ("5", "1"), ("20", "2"))


def lines(start: int, count: int, members: int) -> pl.LazyFrame:
    """Draw purchases."""
    number = pl.int_range(start, start + count, dtype=pl.Int64)
    drawn = pl.LazyFrame({"line": pl.select(number).to_series()}).with_columns(
        member=draw(members, 1) + 1,
        code=draw(CODES, 3),
        day=draw(DAYS, 4),
        back=draw(100, 5),
        abroad=draw(100, 6) < 16,
        cents=draw(500_000, 7) + 100,
        units=draw(20, 8) + 1,
        past=draw(10, 9) == 0,
    )
    supplier = (pl.col("member") * 7 + draw(8, 2) * 5) % SUPPLIER_COUNT + 1
    abroad, returned = pl.col("abroad"), pl.col("back") < 4
    first = pl.when("past").then(date(2025, 1, 1)).otherwise(QUARTER.start)
    day = first + pl.duration(days="day")
    before = pl.when(pl.col("back") < 2).then(day - pl.duration(days=30))
    return LINES.check(
        drawn.with_columns(supplier=supplier).select(
            "line",
            "member",
            "supplier",
            document=pl.col("line") // 5,
            category=pl.format("category {}", pl.col("code") % 5),
            code=pl.format("S{}-{}", "supplier", "code"),
            date=day,
            kind=pl.when(returned).then(pl.lit("credit_note")).otherwise(INVOICE),
            currency=pl.when(abroad).then(pl.lit("USD")).otherwise(pl.lit("MXN")),
            amount=pl.col("cents").cast(LINE) / pl.lit(100).cast(LINE),
            quantity=pl.col("units").cast(QUANTITY),
            rate=pl.when(abroad).then(rate_of(pl.col("day"))),
            rate_currency=pl.when(abroad).then(pl.lit("MXN")),
            original_date=pl.when(returned).then(pl.coalesce(before, day)),
        )
    )


INVOICE: Final = pl.lit("invoice")


def draw(kinds: int, seed: int) -> pl.Expr:
    """Draw a number below ``kinds`` for each line, the same in every run."""
    return (pl.col("line").hash(seed) % kinds).cast(pl.Int64)


def rate_of(day: pl.Expr) -> pl.Expr:
    """Return the pesos for a dollar on a day of the quarter."""
    return pl.lit(18).cast(RATE) + day.cast(RATE) / pl.lit(100).cast(RATE)


def write(file: Path, count: int, members: int) -> None:
    """Write the purchases, a part after the other."""
    parts = [
        lines(start, min(CHUNK, count - start), members)
        for start in range(0, count, CHUNK)
    ]
    pl.concat(parts).sink_parquet(file)


def bare(file: Path) -> pl.DataFrame:
    """Sum net and quantity: what the engine is measured by."""
    month = pl.col("date").dt.truncate("1mo").alias("month")
    return (
        pl.scan_parquet(file)
        .group_by("member", "supplier", "category", "code", month, "currency")
        .agg(pl.col("amount").sum(), pl.col("quantity").sum())
        .collect(engine="streaming")
    )


def facts(file: Path, members: int) -> Facts:
    """Return the purchases of a file and who is who; families are of three."""
    roster = [
        (
            n,
            f"m{n}",
            f"f{n // 3}",
            "MX",
            ["a", "b"] if n % 7 == 0 else ["a"],
            None,
            None,
        )
        for n in range(1, members + 1)
    ]
    days = [date(2025, 1, 1) + timedelta(days=day) for day in range(456)]
    rates = [("USD", "MXN", day, Decimal(18) + day.day) for day in days]
    return Facts(
        lines=pl.scan_parquet(file),
        members=MEMBERS.of(roster),
        suppliers=SUPPLIERS.of((n, f"s{n}") for n in range(1, SUPPLIER_COUNT + 1)),
        rates=RATES.of(rates),
    )


def programmes(count: int, *, mixed: bool) -> list[Programme]:
    """Return programmes of the suppliers in turn: of three kinds, or of twelve."""
    if not mixed:
        return [plain(place) for place in range(count)]
    kinds = mixed_kinds()
    return [
        revision
        for place in range(count)
        for revision in revisions(place, kinds[place % len(kinds)])
    ]


def plain(place: int) -> Programme:
    """Return one of the plain programmes."""
    categories = Scope(categories=("category 1", "category 2"))
    return Programme(
        code=f"p{place}",
        suppliers=(f"s{place % SUPPLIER_COUNT + 1}",),
        currency="MXN",
        tiers=table(STEPS),
        pool=Pool.GROUP if place % 3 == 0 else Pool.MEMBER,
        reach=Reach.MARGINAL if place % 2 else Reach.RETROACTIVE,
        scope=categories if place % 4 == 0 else Scope(),
        accumulate=Unit.MONTH if place % 10 == 0 else Unit.QUARTER,
        fee_percent=Decimal(10),
    )


def table(steps: tuple[tuple[str, str], ...]) -> tuple[Tier, ...]:
    """Return tiers of percents."""
    return tuple(
        Tier(threshold=Decimal(start), percent=Decimal(percent))
        for start, percent in steps
    )


def mixed_kinds() -> list[dict[str, Any]]:
    """Return what each of the kinds says otherwise than a retroactive table."""
    promotion = Promotion(
        code="spring",
        start=date(2026, 2, 1),
        end=date(2026, 3, 1),
        multiplies=Multiplies.RATE,
        by=Decimal(2),
    )
    before = Baseline(source="previous_year", none=BaselinePolicy.ZERO)
    return [
        {"reach": Reach.MARGINAL},
        {"pool": Pool.GROUP},
        {"measure": Measure.GROWTH_AMOUNT, "baseline": before},
        {"measure": Measure.SHARE, "tiers": table(PERCENTS)},
        {"promotions": (promotion,)},
        {"cap": Limit(of=LimitOf.EARNED, amount=Decimal(20000))},
        {"revised": REVISED, "reach": Reach.MARGINAL},
        {"returns": Returns.ORIGINAL_INVOICE},
        {"fx": Fx.INVOICE_DATE},
        {"fx": Fx.PERIOD_AVERAGE, "pool": Pool.FAMILY},
        {"codes": True},
        {"scope": Scope(exclude_categories=("category 3",)), "accumulate": Unit.MONTH},
    ]


def revisions(place: int, said: dict[str, Any]) -> list[Programme]:
    """Return the programme of a kind, in two revisions where it is revised."""
    terms = dict(said)
    revised, codes = terms.pop("revised", None), terms.pop("codes", False)
    supplier = place % SUPPLIER_COUNT + 1
    if codes:
        named = tuple(f"S{supplier}-{code}" for code in range(5))
        terms["scope"] = Scope(codes=named)
    one = replace(plain(1), code=f"p{place}", suppliers=(f"s{supplier}",))
    one = replace(one, **{"reach": Reach.RETROACTIVE} | terms)
    if revised is None:
        return [one]
    return [
        replace(one, revision=1, in_force_until=revised),
        replace(one, revision=2, in_force_from=revised, tiers=table(STEPS[1:])),
    ]

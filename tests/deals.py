"""Small deals for tests: terms with defaults, facts written as tables.

Owns the cast: members ``norte`` (1), ``sur`` (2) and ``este`` (3), suppliers ``andes``
(1) and ``bravo`` (2), and the first quarter of 2026 in pesos.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from rappel.core.agreements import Programme, Tier
from rappel.core.frames import (
    BASELINES,
    CATALOGUE,
    LINES,
    MEMBERS,
    RATES,
    SETTLED,
    SUPPLIERS,
    Facts,
)
from rappel.core.period import Period
from rappel.core.rebates import Computation, compute
from table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
MEMBERS_OF_ALL = """
member | code  | family | country | segments    | joined     | left
1      | norte | alfa   | MX      | cctv        |            |
2      | sur   | alfa   | CO      | cctv access | 2026-02-10 |
3      | este  |        |         |             |            | 2026-03-20
"""
SUPPLIERS_OF_ALL = SUPPLIERS.of([(1, "andes"), (2, "bravo")])
USUAL = (("0", "0"), ("100000", "2"), ("250000", "3.5"))


def tiers(*rows: tuple[str, str], value: str = "percent") -> tuple[Tier, ...]:
    """Return a table of thresholds and values."""
    return tuple(
        Tier(threshold=Decimal(start), **{value: Decimal(gives)})
        for start, gives in rows
    )


def deal(code: str = "deal", **terms: Any) -> Programme:
    """Return terms with defaults: 0, 2 and 3.5 % from 0, 100,000 and 250,000."""
    usual = Programme(code=code, suppliers=("*",), currency="MXN", tiers=tiers(*USUAL))
    return replace(usual, **terms)


def purchases(text: str) -> pl.LazyFrame:
    """Read purchases: of norte from andes in pesos where the table does not say.

    A table without the column states quantities of zero; an empty cell states none.
    """
    rows = table(text, LINES.columns)
    pieces = pl.col("quantity")
    if "quantity" not in text.strip().splitlines()[0]:
        pieces = pl.lit(0)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    return LINES.check(
        rows.with_columns(
            line=pl.col("line").fill_null(number),
            document=pl.col("document").fill_null(number),
            member=pl.col("member").fill_null(1),
            supplier=pl.col("supplier").fill_null(1),
            date=pl.col("date").fill_null(date(2026, 2, 15)),
            kind=pl.col("kind").fill_null("invoice"),
            currency=pl.col("currency").fill_null("MXN"),
            quantity=pieces.cast(LINES.columns["quantity"]),
        )
    ).lazy()


def facts(
    lines: str,
    *,
    rates: str | None = None,
    settled: str | None = None,
    baselines: str | None = None,
    catalogue: str | None = None,
) -> Facts:
    """Return facts about the cast; with a catalogue the lines lose their category."""
    bought = purchases(lines)
    return Facts(
        lines=bought.drop("category") if catalogue else bought,
        members=table(MEMBERS_OF_ALL, MEMBERS.columns),
        suppliers=SUPPLIERS_OF_ALL,
        rates=table(rates, RATES.columns) if rates else RATES.empty(),
        settled=table(settled, SETTLED.columns) if settled else SETTLED.empty(),
        baselines=table(baselines, BASELINES.columns)
        if baselines
        else BASELINES.empty(),
        catalogue=table(catalogue, CATALOGUE.columns) if catalogue else None,
    )


def computed(
    lines: str,
    *terms: Programme,
    period: Period = QUARTER,
    **others: str,
) -> Computation:
    """Compute deals over purchases."""
    return compute(facts(lines, **others), terms or (deal(),), period=period)


def column(frame: pl.DataFrame, name: str) -> list[Any]:
    """Return a column, figures as short text."""
    return [
        f"{value.normalize():f}" if isinstance(value, Decimal) else value
        for value in frame[name]
    ]


def earned(lines: str, *terms: Programme, **others: Any) -> list[str]:
    """Return what each row earned, in the order of programme, member, window."""
    return column(computed(lines, *terms, **others).rebates, "earned")


def bought(*amounts: str) -> str:
    """Return purchases of these amounts by the members in turn."""
    rows = [f"{member} | {amount}" for member, amount in enumerate(amounts, start=1)]
    return "\n".join(["member | amount", *rows])


def only(values: Sequence[Any]) -> Any:
    """Return the one value there is."""
    (one,) = values
    return one

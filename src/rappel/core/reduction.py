"""Reduction: lines summed to groups before any programme looks at them.

Owns what every programme judges alike: a member, supplier and currency, the longest run
of days that no programme divides, and of the product what some programme names. The
groups depend on the lines and on a :class:`Reduction` alone, so that whoever holds the
lines may keep them. Keys are of fixed width while lines are grouped, and words again
afterwards; figures are signed, and exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import eligibility, programmes
from rappel.core.agreements import EVERY
from rappel.core.frames import CATALOGUE, LINES
from rappel.core.money import AMOUNT, AT_RATE
from rappel.core.terms import Counts, Fx, Returns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rappel.core.agreements import Programme, Scope
    from rappel.core.frames import Facts
    from rappel.core.views import Views

CUTS: Final = 48  # more days than this cut so much that the day itself is the run
MONTHS: Final = 60  # more months than this are truncated to, not compared with
UNNAMED: Final = "\0"  # of a category that no programme names
FIGURES: Final = ("amount", "at_document_rate", "quantity", "lines")
WORDS: Final = ("currency", "category", "code", "rate_currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """What programmes ask of lines; equal ones give equal groups.

    Lines from ``first`` up to and not including ``last`` are summed by the runs of days
    that ``cuts`` begin, within a month. ``day_homes`` are the currencies into which an
    official rate of the very day converts, for some suppliers; ``stated_homes`` those
    into which the document's own rate does.
    """

    first: date
    last: date
    suppliers: tuple[int, ...] | None  # None: all of them
    cuts: tuple[date, ...]
    codes: tuple[str, ...]
    categories: tuple[str, ...]
    asks_category: bool
    day_homes: tuple[str, ...]
    day_suppliers: tuple[int, ...] | None  # whose lines so convert; None: all
    stated_homes: tuple[str, ...]
    by_original: bool  # also by the day of a return's invoice
    by_return: bool
    by_pieces: bool  # also by whether a quantity is stated
    paid_before: date | None  # also by whether it was paid by then


@dataclass(frozen=True, slots=True)
class Kept:
    """How to reduce ``lines`` for who keeps their reductions; of no other lines."""

    lines: pl.LazyFrame
    reduce: Callable[[Reduction], pl.DataFrame]


def asked(views: Views, facts: Facts, *, until: date) -> Reduction:
    """Say what programmes ask of lines."""
    given, counted = views.programmes, views.counted
    scopes = [scope for one in given for scope in (one.scope, *one.within)]
    daily = [one for one in given if one.fx is Fx.INVOICE_DATE]
    moving = any(one.returns is Returns.ORIGINAL_INVOICE for one in given)
    excluding = any(one.returns is Returns.EXCLUDED for one in given)
    first, last = counted["start"].min(), counted["stop"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    return Reduction(
        first=first,
        last=last,
        suppliers=_suppliers(given, facts.suppliers),
        cuts=tuple(programmes.cut_days(counted, facts.members)),
        codes=_words(scope.codes for scope in scopes),
        categories=_words(_categories(scope) for scope in scopes),
        asks_category=any(scope.asks_category for scope in scopes),
        day_homes=_words([one.currency] for one in daily),
        day_suppliers=_suppliers(daily, facts.suppliers),
        stated_homes=_words(
            [one.currency] for one in given if one.fx is Fx.DOCUMENT_RATE
        ),
        by_original=moving,
        by_return=moving or excluding,
        by_pieces=bool(views.by_pieces),
        paid_before=until if any(one.counts is Counts.PAID for one in given) else None,
    )


def _suppliers(
    given: Sequence[Programme], known: pl.DataFrame
) -> tuple[int, ...] | None:
    """Return the suppliers that some programme is of, unless it is all of them."""
    if any(one.suppliers == EVERY for one in given):
        return None
    named = known.filter(pl.col("code").is_in(_words(one.suppliers for one in given)))
    if named.height == known.height:
        return None
    return tuple(named["supplier"].sort())


def _words(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(sorted({word for group in groups for word in group}))


def _categories(scope: Scope) -> tuple[str, ...]:
    return (*scope.categories, *scope.exclude_categories)


def of(facts: Facts, by: Reduction) -> pl.DataFrame:
    """Reduce the lines of facts, or ask who keeps the reductions of these very ones."""
    if facts.kept is not None and facts.kept.lines is facts.lines:
        return facts.kept.reduce(by)
    return reduced(facts.lines, facts.catalogue, by)


def reduced(
    lines: pl.LazyFrame, catalogue: pl.DataFrame | None, by: Reduction
) -> pl.DataFrame:
    """Reduce lines to the groups that every programme judges alike, in no order.

    Answers ``member, supplier, category, code, day, currency, rate_currency,
    is_return, amount, at_document_rate, quantity, lines``; figures are signed. Where
    some programme asks for it, also ``original_day``, that of a return's invoice,
    ``is_paid``, and ``uncounted``, whether the lines state no quantity. Where the lines
    carry no category it is the ``catalogue``'s. A category or code that nobody names is
    told only where it matters: the code of a product without a category, where somebody
    asks for one.
    """
    known = LINES.check(lines)
    if by.suppliers is not None:
        known = known.filter(pl.col("supplier").is_in(by.suppliers))
    if by.asks_category and "category" not in known.collect_schema():
        categories = CATALOGUE.empty() if catalogue is None else catalogue
        category = CATALOGUE.check(categories).lazy().drop("unit")
        known = known.join(category, on=["supplier", "code"], how="left")
    counts = _within(pl.col("date"), by)
    if by.by_original or by.paid_before:
        known = eligibility.with_dates(known)
    if by.by_original:
        counts |= _within(eligibility.original_day(), by)
    return (
        known.filter(counts)
        .group_by("member", "supplier", *_keys(by))
        .agg(
            amount=eligibility.signed("amount").sum(),
            at_document_rate=_at_document_rate(by),
            quantity=eligibility.signed("quantity").sum(),
            lines=pl.len(),
        )
        .collect(engine="streaming")
        .pipe(_told)
    )


def _within(day: pl.Expr, by: Reduction) -> pl.Expr:
    return day.is_between(by.first, by.last, closed="left")


def _keys(by: Reduction) -> list[pl.Expr]:
    """Return what lines are grouped by beside member and supplier, where it is asked.

    All of fixed width: words are numbers of a dictionary while lines are grouped.
    """
    keys = {
        "currency": pl.col("currency").cast(_dictionary()),
        "day": _run_of_days(pl.col("date"), by),
    }
    if by.asks_category:
        keys["category"] = _category(by)
    if by.codes or by.asks_category:
        keys["code"] = _code(by)
    if by.stated_homes:
        homes = pl.col("rate_currency").cast(pl.Enum(by.stated_homes), strict=False)
        keys["rate_currency"] = pl.when(pl.col("rate").is_not_null()).then(homes)
    if by.by_return:
        keys["is_return"] = eligibility.IS_RETURN
    if by.by_original:
        original = eligibility.original_day()
        run = _run_of_days(original, by)
        keys["original_day"] = pl.when(original.is_not_null()).then(run)
    if by.paid_before:
        keys["is_paid"] = eligibility.is_paid(by.paid_before)
    if by.by_pieces:
        keys["uncounted"] = pl.col("quantity").is_null()
    return [how.alias(name) for name, how in keys.items()]


def _dictionary() -> pl.Categorical:
    """Return a dictionary of its own, which is forgotten with the words in it."""
    return pl.Categorical(pl.Categories.random())


def _category(by: Reduction) -> pl.Expr:
    """Keep the categories that somebody names; the others are alike."""
    words = pl.Enum([*by.categories, UNNAMED])
    category = pl.col("category")
    named = category.cast(words, strict=False).fill_null(UNNAMED)
    return pl.when(category.is_not_null()).then(named)


def _code(by: Reduction) -> pl.Expr:
    """Keep the product codes that somebody asks about; the others are alike."""
    asked = pl.col("code").is_in(by.codes)
    if by.asks_category:
        asked |= pl.col("category").is_null()
    return pl.when(asked).then("code").cast(_dictionary())


def _at_document_rate(by: Reduction) -> pl.Expr:
    """Sum the amounts at the rates of their documents; nothing where nobody asks."""
    if not by.stated_homes:
        return pl.lit(0)
    return (eligibility.signed("amount").cast(AT_RATE) * pl.col("rate")).sum()


def _run_of_days(day: pl.Expr, by: Reduction) -> pl.Expr:
    """Return the first day of the run in which ``day`` lies.

    The day itself where an official rate of the day converts, or where more days cut
    than it pays to compare with. All days before ``first`` are one run, and so are
    those from ``last`` on.
    """
    if len(by.cuts) > CUTS:
        return day
    run = _latest(day, by)
    if not by.day_homes:
        return run
    converts = pl.lit(value=True)
    if len(by.day_homes) == 1:
        converts = pl.col("currency") != by.day_homes[0]
    if by.day_suppliers is not None:
        converts &= pl.col("supplier").is_in(by.day_suppliers)
    return pl.when(converts).then(day).otherwise(run)


def run_of(day: pl.Expr, by: Reduction) -> pl.Expr:
    """Return the run of a group's day, for who does not ask for the day within it."""
    if not by.day_homes or len(by.cuts) > CUTS:
        return day
    return _latest(day, by)


def _latest(day: pl.Expr, by: Reduction) -> pl.Expr:
    """Return the latest first day of a run that is not after ``day``."""
    months = (by.last.year - by.first.year) * 12 + by.last.month - by.first.month
    if months > MONTHS:
        since = [pl.when(day >= cut).then(pl.lit(cut)) for cut in by.cuts]
        return pl.max_horizontal(day.dt.truncate("1mo"), *since)
    first = by.first.year * 12 + by.first.month
    firsts = [
        date((first + place) // 12, (first + place) % 12 + 1, 1)
        for place in range(months)
    ]
    run = pl.lit(by.first - timedelta(days=1))
    for start in sorted({by.first, *firsts, *by.cuts, by.last}):
        run = pl.when(day >= start).then(pl.lit(start)).otherwise(run)
    return run


def _told(groups: pl.DataFrame) -> pl.DataFrame:
    """Return the groups with their words, their figures wide, and what nobody asked."""
    unsaid = {
        **{name: pl.lit(None, pl.String()) for name in WORDS},
        "is_return": pl.lit(value=False),
    }
    return groups.with_columns(
        *(how.alias(name) for name, how in unsaid.items() if name not in groups.columns)
    ).with_columns(
        pl.col(WORDS).cast(pl.String()),
        pl.col("amount", "at_document_rate", "quantity").cast(AMOUNT),
        pl.col("lines").cast(pl.Int64()),
    )

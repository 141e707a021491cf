"""Eligibility: which line counts for which programme, and why another does not.

Owns one named expression a rule and the reasons they give. The same expressions judge
a single line (to explain) and whole groups of lines (to compute), so that the two can
never differ. The first reason in the order below is the one that is told. A credit note
is negative from here on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.agreements import EVERY
from rappel.core.terms import Pool, Returns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from rappel.core.agreements import Programme, Scope

REASONS: Final = {
    "other_supplier": "The programme is of another supplier.",
    "other_member": "The programme is not for this member.",
    "other_segment": "The programme is for another segment of members.",
    "other_country": "The programme is for other countries.",
    "no_category": "The code has no category in the supplier's catalogue.",
    "other_category": "The programme is for other categories.",
    "excluded_category": "The programme leaves this category out.",
    "other_code": "The programme is for other product codes.",
    "returns_excluded": "The programme does not subtract credit notes.",
    "not_paid": "The purchase is not paid yet.",
    "no_original": "The credit note does not say the date of its invoice.",
    "outside_window": "The date is in no window that this period settles.",
    "not_in_force": "The programme was not in force on this date.",
    "before_joining": "The member had not joined yet.",
    "after_leaving": "The member had left.",
    "no_rate": "There is no exchange rate to the agreement's currency.",
    "no_quantity": "The line states no quantity, and the programme counts pieces.",
}
"""Why a line does not count, in English; the codes are stable."""

CREDIT_NOTE: Final = "credit_note"
IS_RETURN: Final = pl.col("kind") == CREDIT_NOTE


def signed(figure: str) -> pl.Expr:
    """Return a figure of a line, negative when it is a return."""
    return pl.when(IS_RETURN).then(-pl.col(figure)).otherwise(pl.col(figure))


def with_dates(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return lines that have ``original_date`` and ``paid``, if null."""
    known = lines.collect_schema()
    missing = [name for name in ("original_date", "paid") if name not in known]
    return lines.with_columns(pl.lit(None, pl.Date).alias(name) for name in missing)


def is_paid(end: date) -> pl.Expr:
    """Whether a line counts where only what is paid counts.

    Rule: it counts on its own date, once it is paid before the period's end. A return
    counts once the invoice that it corrects is paid, so that both together are nothing;
    one that does not say the day of its invoice counts at once. Needs ``original_date``
    and ``paid``, of a return that of its invoice.
    """
    alone = IS_RETURN & pl.col("original_date").is_null()
    return alone | (pl.col("paid") < end).fill_null(value=False)


def original_day() -> pl.Expr:
    """Return the day of a purchase, of a return that of the invoice it corrects."""
    return pl.when(IS_RETURN).then("original_date").otherwise("date")


def supplier_reason(programme: Programme) -> pl.Expr:
    """Say why a supplier is out of scope; needs ``supplier_code``."""
    if programme.suppliers == EVERY:
        return pl.lit(None, pl.String)
    other = ~_among("supplier_code", programme.suppliers)
    return pl.when(other).then(pl.lit("other_supplier"))


def product_reason(programme: Programme) -> pl.Expr:
    """Say why a product is out of scope.

    Needs ``category`` and ``code``.
    """
    return _first(
        rule for scope in _scopes(programme) for rule in _product_rules(scope)
    )


def _scopes(programme: Programme) -> tuple[Scope, ...]:
    """Return every scope that must hold."""
    return (programme.scope, *programme.within)


def _product_rules(scope: Scope) -> Iterator[tuple[str, pl.Expr]]:
    category = pl.col("category")
    if scope.asks_category:
        yield "no_category", category.is_null()
    if scope.categories:
        yield "other_category", ~_among("category", scope.categories)
    if scope.exclude_categories:
        yield "excluded_category", _among("category", scope.exclude_categories)
    if scope.codes:
        yield "other_code", ~_among("code", scope.codes)


def member_reason(programme: Programme) -> pl.Expr:
    """Say why a member is out of scope.

    Needs ``member_code``, ``country`` and ``segments``.
    """
    scopes = _scopes(programme)
    pool = (programme.segment or "",) if programme.pool is Pool.SEGMENT else ()
    named = [scope.members for scope in scopes if scope.members]
    asked = [names for names in (*(one.segments for one in scopes), pool) if names]
    lands = [scope.countries for scope in scopes if scope.countries]
    return _first(
        (
            *(("other_member", ~_among("member_code", codes)) for codes in named),
            *(("other_segment", ~_within(names)) for names in asked),
            *(("other_country", ~_among("country", codes)) for codes in lands),
        )
    )


def _within(names: Sequence[str]) -> pl.Expr:
    """Whether a member is in one of these segments."""
    mine = pl.col("segments")
    return pl.any_horizontal(mine.list.contains(name) for name in names)


def kind_reason(programme: Programme) -> pl.Expr:
    """Say why a return does not count; needs ``kind``."""
    if programme.returns is Returns.EXCLUDED:
        return pl.when(IS_RETURN).then(pl.lit("returns_excluded"))
    return pl.lit(None, pl.String)


def allowed(
    rows: pl.DataFrame, key: Sequence[str], reasons: Mapping[int, pl.Expr]
) -> pl.DataFrame:
    """Return ``key`` and ``p`` of each row that programme ``p`` does not leave out.

    ``reasons`` are those of the programmes, by their ``p``.
    """
    judged = rows.select(
        *key, *(reason.is_null().alias(str(p)) for p, reason in reasons.items())
    )
    return (
        judged.unpivot(index=list(key), variable_name="p", value_name="counts")
        .filter("counts")
        .select(*key, pl.col("p").cast(pl.Int64))
    )


def _among(column: str, words: Sequence[str]) -> pl.Expr:
    """Whether a column holds one of the words; a missing value does not."""
    return pl.col(column).is_in(list(words)).fill_null(value=False)


def _first(rules: Iterable[tuple[str, pl.Expr]]) -> pl.Expr:
    """Return the name of the first rule that is broken."""
    told = [pl.when(rule).then(pl.lit(name)) for name, rule in rules]
    return pl.coalesce(*told, pl.lit(None, pl.String))

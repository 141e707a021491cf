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
    from collections.abc import Mapping, Sequence

    from rappel.core.agreements import Programme

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
    "no_original": "The credit note does not say the date of its invoice.",
    "outside_window": "The date is in no window that this period settles.",
    "not_in_force": "The programme was not in force on this date.",
    "before_joining": "The member had not joined yet.",
    "after_leaving": "The member had left.",
    "no_rate": "There is no exchange rate to the agreement's currency.",
}
"""Why a line does not count, in English; the codes are stable."""

CREDIT_NOTE: Final = "credit_note"
IS_RETURN: Final = pl.col("kind") == CREDIT_NOTE


def signed(figure: str) -> pl.Expr:
    """Return a figure of a line, negative when it is a return."""
    return pl.when(IS_RETURN).then(-pl.col(figure)).otherwise(pl.col(figure))


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
    scope = programme.scope
    category = pl.col("category")
    rules = {
        "no_category": category.is_null() if scope.asks_category else None,
        "other_category": ~_among("category", scope.categories)
        if scope.categories
        else None,
        "excluded_category": _among("category", scope.exclude_categories)
        if scope.exclude_categories
        else None,
        "other_code": ~_among("code", scope.codes) if scope.codes else None,
    }
    return _first(rules)


def member_reason(programme: Programme) -> pl.Expr:
    """Say why a member is out of scope.

    Needs ``member_code``, ``country`` and ``segments``.
    """
    scope = programme.scope
    segments = _segments(programme)
    rules = {
        "other_member": ~_among("member_code", scope.members)
        if scope.members
        else None,
        "other_segment": ~pl.all_horizontal(segments) if segments else None,
        "other_country": ~_among("country", scope.countries)
        if scope.countries
        else None,
    }
    return _first(rules)


def _segments(programme: Programme) -> list[pl.Expr]:
    """Return what must hold of a member's segments."""
    mine = pl.col("segments")
    asked = programme.scope.segments
    pool = (programme.segment,) if programme.pool is Pool.SEGMENT else ()
    return [
        pl.any_horizontal(mine.list.contains(name) for name in names)
        for names in (asked, pool)
        if names
    ]


def kind_reason(programme: Programme) -> pl.Expr:
    """Say why a return does not count; needs ``kind``."""
    if programme.returns is Returns.EXCLUDED:
        return pl.when(IS_RETURN).then(pl.lit("returns_excluded"))
    return pl.lit(None, pl.String)


def allowed(
    rows: pl.DataFrame, key: Sequence[str], reasons: Sequence[pl.Expr]
) -> pl.DataFrame:
    """Return ``key`` and ``p`` of each row that programme ``p`` does not leave out.

    ``reasons`` are those of the programmes, in their order.
    """
    judged = rows.select(
        *key, *(reason.is_null().alias(str(p)) for p, reason in enumerate(reasons))
    )
    return (
        judged.unpivot(index=list(key), variable_name="p", value_name="counts")
        .filter("counts")
        .select(*key, pl.col("p").cast(pl.Int64))
    )


def _among(column: str, words: Sequence[str]) -> pl.Expr:
    """Whether a column holds one of the words; a missing value does not."""
    return pl.col(column).is_in(list(words)).fill_null(value=False)


def _first(rules: Mapping[str, pl.Expr | None]) -> pl.Expr:
    """Return the name of the first rule that is broken; ``None`` asks for nothing."""
    told = [
        pl.when(rule).then(pl.lit(name))
        for name, rule in rules.items()
        if rule is not None
    ]
    return pl.coalesce(*told, pl.lit(None, pl.String))

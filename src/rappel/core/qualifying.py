"""Qualifying: the groups of lines that count for each programme.

Owns the way from groups to programmes. Everything obeys this: programmes that look at
days, returns and payment in one way see the same groups; those groups are summed over
all that their programmes do not tell apart before each goes to its programmes. What
counts is said by :mod:`eligibility`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core import eligibility, parties, reduction
from rappel.core.frames import MEMBERS, SUPPLIERS
from rappel.core.reduction import FIGURES
from rappel.core.terms import Counts, Fx, Returns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.reduction import Reduction

PRODUCT: Final = ("supplier", "category", "code")
SEEN: Final = (
    "member",
    "day",
    "currency",
    "rate_currency",
    "undated",
    "uncounted",
)
WORDS: Final = pl.col("currency", "rate_currency")


class Kinds(NamedTuple):
    """Products by kind: those of one supplier that count for the same programmes."""

    of: pl.DataFrame  # supplier, category, code, kind
    programmes: pl.DataFrame  # kind, supplier, p


class Way(NamedTuple):
    """How programmes look at groups: what else they ask is of products and members."""

    by_day: bool  # at an official rate of the very day
    returns: Returns
    counts: Counts


def qualify(
    reduced: pl.DataFrame,
    by: Reduction,
    facts: Facts,
    given: Sequence[Programme],
    counted: pl.DataFrame,
) -> pl.DataFrame:
    """Give each group to the programmes it counts for: a row for each of them.

    Those of the programmes that ``counted`` has days of, ``p, window, start, stop``,
    and whether each is ``told`` by supplier. Answers ``p, member, supplier, window,
    day, currency, rate_currency``, ``undated, uncounted, amount, at_document_rate,
    quantity, lines``; ``undated`` where a return does not say the day of its invoice
    and the programme asks for it; ``supplier`` is null where it is not told.
    """
    places = counted["p"].unique().sort().to_list()
    roster = MEMBERS.check(facts.members)
    by_member = eligibility.allowed(
        roster.rename({"code": "member_code"}),
        ("member",),
        {p: eligibility.member_reason(given[p]) for p in places},
    )
    kinds = _kinds(reduced, facts, {p: given[p] for p in places})
    groups = (
        _dated(reduced)
        .with_columns(WORDS.cast(pl.Categorical()))
        .join(kinds.of, on=PRODUCT, nulls_equal=True)
        .join(roster.select("member", "joined", "left"), on="member")
    )
    found = []
    for way, mine in _ways(given, places):
        theirs = counted.filter(pl.col("p").is_in(mine))
        seen = _seen(groups, by, way)
        found.append(
            seen.lazy()
            .join(_calendar(seen, theirs, kinds).lazy(), on=["kind", "day"])
            .group_by("p", "supplier", "window", *SEEN)
            .agg(pl.sum(*FIGURES))
            .join(by_member.lazy(), on=["p", "member"], how="semi")
            .with_columns(WORDS.cast(pl.String()))
        )
    return pl.concat(found).collect()


def _kinds(
    reduced: pl.DataFrame, facts: Facts, given: Mapping[int, Programme]
) -> Kinds:
    """Return the kinds of the products that count for some programme."""
    coded = SUPPLIERS.check(facts.suppliers).rename({"code": "supplier_code"})
    products = reduced.select(PRODUCT).unique().join(coded, on="supplier", how="left")
    counts = eligibility.allowed(
        products,
        PRODUCT,
        {
            p: pl.coalesce(
                eligibility.supplier_reason(one), eligibility.product_reason(one)
            )
            for p, one in given.items()
        },
    )
    places = pl.col("p").sort()
    of = (
        counts.group_by(PRODUCT)
        .agg("p", places=places.cast(pl.String()).str.join(" "))
        .with_columns(kind=pl.struct("supplier", "places").rank("dense"))
    )
    programmes = of.unique("kind").select("kind", "supplier", "p").explode("p")
    return Kinds(of.select(*PRODUCT, "kind"), programmes)


def _ways(
    given: Sequence[Programme], places: Sequence[int]
) -> Iterator[tuple[Way, list[int]]]:
    """Yield the ways in which programmes look, each with those that look so."""
    ways: dict[Way, list[int]] = {}
    for p in places:
        one = given[p]
        way = Way(one.fx is Fx.INVOICE_DATE, one.returns, one.counts)
        ways.setdefault(way, []).append(p)
    yield from ways.items()


def _seen(groups: pl.DataFrame, by: Reduction, way: Way) -> pl.DataFrame:
    """Sum groups over what programmes of one way do not tell apart, by ``SEEN``."""
    day, original = pl.col("day"), pl.col("original_day")
    is_return, undated = pl.col("is_return"), pl.lit(value=False)
    counts = pl.lit(value=True)
    if way.returns is Returns.EXCLUDED:
        counts &= ~is_return
    if way.counts is Counts.PAID:
        counts &= pl.col("is_paid")
    if way.returns is Returns.ORIGINAL_INVOICE:
        undated = is_return & original.is_null()
        day = pl.when(is_return).then(pl.coalesce(original, day)).otherwise(day)
    if not way.by_day:
        day = reduction.run_of(day, by)
    return (
        groups.lazy()
        .filter(counts)
        .with_columns(day=day, undated=undated)
        .filter(parties.presence(pl.col("day")).is_null())
        .group_by("kind", *SEEN)
        .agg(pl.sum(*FIGURES))
        .collect()
    )


def _calendar(seen: pl.DataFrame, counted: pl.DataFrame, kinds: Kinds) -> pl.DataFrame:
    """Return ``kind, day, p, supplier, window``: who counts what, and where."""
    supplier = pl.when("told").then("supplier")
    return (
        seen.select("day")
        .unique()
        .join(counted, how="cross")
        .filter(pl.col("day").is_between("start", "stop", closed="left"))
        .join(kinds.programmes, on="p")
        .select("kind", "day", "p", "window", supplier=supplier)
    )


def _dated(reduced: pl.DataFrame) -> pl.DataFrame:
    """Add what no programme asked for: the invoice's day, its payment, a quantity."""
    unasked = {
        "original_day": pl.col("day"),
        "is_paid": pl.lit(value=True),
        "uncounted": pl.lit(value=False),
    }
    return reduced.with_columns(
        how.alias(name) for name, how in unasked.items() if name not in reduced.columns
    )

"""Laws that hold of every book, whatever it says."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from laws import Book, answered, book_of, earned_by, facts_of
from rappel.core.agreements import Scope
from rappel.core.contributions import contributions
from rappel.core.terms import Boundary, Measure, Payable, Pool, Reach, Returns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme

SEEDS = st.integers(0, 2**32)
law = settings(max_examples=10, deadline=None, derandomize=True)


def rising(one: Programme) -> Programme:
    """Return the terms with values that never fall."""
    kinds = [tier.percent or tier.per_unit or tier.amount for tier in one.tiers]
    values = sorted(value or Decimal(0) for value in kinds)
    name = next(
        name
        for name in ("percent", "per_unit", "amount")
        if getattr(one.tiers[0], name) is not None
    )
    tiers = tuple(
        replace(tier, **{name: value}, plus=None)
        for tier, value in zip(one.tiers, values, strict=True)
    )
    return replace(one, tiers=tiers)


@law
@given(SEEDS)
def test_the_order_of_lines_changes_nothing(seed: int) -> None:
    book = book_of(seed)
    lines = list(book.lines)
    Random(seed).shuffle(lines)
    one, other = answered(book), answered(book.with_lines(lines))
    assert one.rebates.equals(other.rebates)
    assert one.slices.equals(other.slices)
    assert one.pools.equals(other.pools)
    assert one.volumes.equals(other.volumes)


@law
@given(SEEDS)
def test_a_purchase_and_its_full_credit_note_are_nothing(seed: int) -> None:
    book = book_of(seed)
    assume(book.lines)
    programmes = tuple(
        replace(one, returns=Returns.DOCUMENT_DATE) for one in book.programmes
    )
    book = replace(book, programmes=programmes)
    bought = book.lines[0]
    pair = [{**bought, "kind": kind} for kind in ("invoice", "credit_note")]
    more = book.with_lines([*book.lines, *pair])
    before, after = earned_by(book), earned_by(more)
    totals = [_by_programme(one) for one in (before, after)]
    equal = {one.code for one in programmes if one.allocation == "payable"}
    for code in equal:
        assert totals[0].get(code, 0) == totals[1].get(code, 0)


def _by_programme(earned: dict[tuple[str, int, object], Decimal]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for (code, _, _), amount in earned.items():
        totals[code] = totals.get(code, Decimal(0)) + amount
    return totals


@law
@given(SEEDS)
def test_splitting_a_purchase_in_two_changes_nothing(seed: int) -> None:
    book = book_of(seed)
    assume(book.lines)
    first, *rest = book.lines
    part = (first["amount"] / 3).quantize(Decimal("0.01"))
    halves = [
        {**first, "amount": part, "quantity": Decimal(0)},
        {**first, "amount": first["amount"] - part},
    ]
    split = book.with_lines([*halves, *rest])
    assert earned_by(book) == earned_by(split)


@law
@given(SEEDS)
def test_parts_sum_to_the_whole_and_both_legs_to_the_difference(seed: int) -> None:
    computation = answered(book_of(seed))
    pools = computation.rebates.group_by("programme", "window").agg(
        pl.col("earned").sum(), pl.col("fee").sum()
    )
    sums = {row[:2]: row[2:] for row in pools.iter_rows()}
    for pool in computation.pools.iter_rows(named=True):
        earned, fee = sums[pool["programme"], pool["window"]]
        assert (pool["inbound"], pool["fee"]) == (earned, fee)
        assert pool["inbound"] - pool["outbound"] == pool["difference"] == fee


@law
@given(SEEDS)
def test_what_is_due_is_paid_or_carried_and_nothing_is_lost(seed: int) -> None:
    for row in answered(book_of(seed)).rebates.iter_rows(named=True):
        assert row["due"] == row["earned"] - row["fee"] - row["settled_before"]
        assert row["payable_now"] + row["carried"] == row["due"]
        assert row["payable_now"] >= 0


@law
@given(SEEDS)
def test_what_was_settled_is_not_paid_again(seed: int) -> None:
    book = book_of(seed)
    first = answered(book).rebates
    net = pl.col("earned") - pl.col("fee")
    settled = first.select("programme", "member", "window", net.alias("amount"))
    again = answered(replace(book, settled=tuple(settled.rows())))
    assert again.rebates["due"].to_list() == [0] * first.height


@law
@given(SEEDS)
def test_buying_more_never_lowers_a_total_where_values_rise(seed: int) -> None:
    book = book_of(seed)
    assume(book.lines)
    programmes = tuple(rising(one) for one in book.programmes if one.revision is None)
    lines = [{**line, "kind": "invoice"} for line in book.lines]
    assume(programmes)
    book = replace(book, programmes=programmes, lines=tuple(lines))
    more = book.with_lines([*lines, lines[-1]])
    before = _by_programme(earned_by(book))
    after = _by_programme(earned_by(more))
    assert all(after[code] >= total for code, total in before.items())


@law
@given(SEEDS)
def test_slices_sum_to_what_is_earned_before_rounding(seed: int) -> None:
    computation = answered(book_of(seed))
    slices = computation.slices.group_by("programme", "member", "window").agg(
        pl.col("amount").sum()
    )
    rows = computation.rebates.join(
        slices, on=["programme", "member", "window"], how="left"
    )
    for row in rows.iter_rows(named=True):
        assert row["exact"] == (row["amount_right"] or 0)


@law
@given(SEEDS)
def test_lines_that_count_sum_to_the_volume(seed: int) -> None:
    book = book_of(seed)
    computation = answered(book)
    facts = facts_of(book)
    for code in {one.code for one in book.programmes}:
        said = contributions(
            facts, book.programmes, period=book.period, programme=code
        ).collect()
        stopped = said.filter(pl.col("reason") == "no_rate")["member"].unique()
        counted = said.filter(
            pl.col("reason").is_null(), ~pl.col("member").is_in(stopped.implode())
        )
        volumes = computation.volumes.filter(programme=code)
        assert counted["amount"].sum() == volumes["amount"].sum()
        assert counted["quantity"].sum() == volumes["quantity"].sum()
        assert counted.height == volumes["lines"].sum()


@law
@given(SEEDS)
def test_marginal_tiers_do_not_jump_at_their_thresholds(seed: int) -> None:
    book = book_of(seed)
    (one, *_) = book.programmes
    thresholds = [tier.threshold for tier in one.tiers if tier.threshold]
    assume(one.tiers[0].percent is not None and thresholds)
    plain = replace(
        rising(one),
        suppliers=("*",),
        scope=Scope(),
        pool=Pool.MEMBER,
        measure=Measure.AMOUNT,
        payable=Payable.AMOUNT,
        reach=Reach.MARGINAL,
        in_force_from=None,
        in_force_until=None,
    )
    amounts = [
        threshold + Decimal(cents)
        for threshold in thresholds
        for cents in ("-0.01", "0", "0.01")
    ]
    for boundary in Boundary:
        terms = replace(plain, boundary=boundary)
        steps = [b - a for a, b in pairwise(_earned_on(book, terms, amounts))]
        within = [step for place, step in enumerate(steps) if place % 3 != 2]
        assert all(abs(step) <= Decimal("0.01") for step in within)


def _earned_on(
    book: Book, terms: Programme, amounts: Sequence[Decimal]
) -> list[Decimal]:
    """Return what each amount earns, bought by a member of its own."""
    members = [
        {**book.members[0], "member": n, "code": f"m{n}", "joined": None, "left": None}
        for n in range(len(amounts))
    ]
    lines = [
        {
            "member": member,
            "supplier": 1,
            "date": book.period.start,
            "kind": "invoice",
            "currency": "MXN",
            "amount": amount,
            "quantity": Decimal(1),
        }
        for member, amount in enumerate(amounts)
    ]
    alone = replace(
        book,
        members=tuple(members),
        programmes=(terms,),
        lines=tuple(lines),
        settled=(),
    )
    return list(earned_by(alone).values())

"""The engine agrees with a second one, written in exact fractions from the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import naive
from core.books import book_of
from core.naive_case import read
from core.naive_lines import windows
from rappel.actions.simulations import simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

BOOKS = 30
PARTS, MANY = 20, 100
TINY = Fraction(1, 10**9)
LAST = Fraction(1, 10**15)
LEGS = ("inbound", "outbound", "fee")
MEASURED = ("volume", "measure", "threshold")
SUMS = ("earned", "fee", "holdback", "settled_before", "due")
Figures: TypeAlias = "Mapping[str, Fraction | None]"


def figures(row: Any, names: tuple[str, ...]) -> Figures:
    """Return some of a row's figures, exact."""
    return {name: None if row[name] is None else Fraction(row[name]) for name in names}


def of_engine(answer: dict[str, Any]) -> dict[naive.Key, Figures]:
    """Return the members' rows of the engine's answer."""
    return {
        (
            row["programme"],
            row["member"],
            date.fromisoformat(row["window"]),
        ): figures(row, (*MEASURED, *SUMS))
        for row in answer["rebates"]
        if row["leg"] == "outbound"
    }


def differences(case: dict[str, Any]) -> list[str]:
    """Return in words where the two engines differ over a case."""
    answer, theirs = simulate(case), naive.compute(read(case))
    ours = of_engine(answer)
    found = []
    for key in sorted({*ours, *theirs.rebates}):
        row = theirs.rebates.get(key)
        mine = figures(vars(row), (*MEASURED, *SUMS)) if row else None
        found += differing(key, ours.get(key), mine)
    for pool in answer["pools"]:
        at = pool["programme"], date.fromisoformat(pool["window"])
        legs = figures(vars(theirs.legs.get(at, naive.Legs())), LEGS)
        found += differing(at, figures(pool, LEGS), legs)
    paid: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in answer["rebates"]:
        paid[row["programme"], row["member"]] += Fraction(row["payable_now"])
    for to, amount in theirs.payable_now.items():
        found += differing(to, {"payable_now": paid[to]}, {"payable_now": amount})
    return found


def differing(
    key: tuple[Any, ...], engine: Figures | None, naively: Figures | None
) -> list[str]:
    """Return the figures of one row that differ; a row of nothing may be missing."""
    at = " ".join(str(part) for part in key)
    if engine is None or naively is None:
        shown = engine or naively or {}
        money = [name for name in (*SUMS, *LEGS) if shown.get(name)]
        who = "the engine" if engine is None else "the second engine"
        return [f"{at}: no row of {who}, and {shown[name]}" for name in money[:1]]
    return [
        f"{at}: {name} engine {said(engine[name])} second {said(naively[name])}"
        for name in naively
        if not same(engine[name], naively[name])
    ]


def same(written: Fraction | None, exact: Fraction | None) -> bool:
    """Whether a figure is the exact one, as far as a quotient can be written.

    A sum of converted amounts is one of quotients where the rate is an average.
    """
    if written is None or exact is None:
        return written == exact
    return abs(written - exact) <= (LAST if is_decimal(exact) else TINY)


def is_decimal(value: Fraction) -> bool:
    """Whether a figure can be written with 18 decimals."""
    return 10**18 % value.denominator == 0


def said(value: Fraction | None) -> str:
    """Write a figure so that a person can read it."""
    return "none" if value is None else f"{float(value):.6f}"


def compared(seed: int) -> None:
    found = differences(book_of(seed).case)
    assert not found, f"seed {seed}: {found}"


@settings(max_examples=BOOKS, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_random_books_come_to_the_same_cents_in_fractions(seed: int) -> None:
    compared(seed)


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_random_books_come_to_the_same_cents(part: int) -> None:
    for seed in range(part * MANY, (part + 1) * MANY):
        compared(seed)


QUARTERS = ("2025-10-01", "2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01")


def settled_late(seed: int) -> None:
    """Settle quarter after quarter what is known by then: some documents come late.

    What each quarter came to is settled before the next, for the windows it shares.
    """
    case, random = book_of(seed).case, Random(seed)
    known_on = [
        max(row["date"], random.choice(["", "", *QUARTERS[1:-1]]))
        for row in case["purchases"]
    ]
    posted: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for start, end in pairwise(QUARTERS):
        known = [
            row
            for row, day in zip(case["purchases"], known_on, strict=True)
            if day < end
        ]
        now = case | {"period": {"start": start, "end": end}, "purchases": known}
        now["settled"] = []
        facts = read(now)
        shared = {
            (one["code"], window.start.isoformat())
            for one in facts.programmes
            for window in windows(one, facts)
        }
        now["settled"] = [
            {"programme": code, "member": member, "window": day, "amount": plain(sum_)}
            for (code, member, day), sum_ in posted.items()
            if (code, day) in shared
        ]
        assert differences(now) == [], f"seed {seed}, settled until {end}"
        for row in simulate(now)["rebates"]:
            if row["leg"] == "outbound":
                key = row["programme"], row["member"], row["window"]
                posted[key] += Fraction(row["due"])


def plain(amount: Fraction) -> str:
    """Write an amount of whole cents."""
    cents = int(abs(amount) * 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}{cents // 100}.{cents % 100:02d}"


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_instalments_with_late_documents_come_to_the_same(seed: int) -> None:
    settled_late(seed)


@pytest.mark.full
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**63))
def test_many_instalments_with_late_documents_do(seed: int) -> None:
    settled_late(seed)


def test_most_of_what_is_drawn_is_computed() -> None:
    books = [book_of(seed) for seed in range(60)]
    drawn = sum(book.drawn for book in books)
    kept = sum(len({one["code"] for one in book.case["programmes"]}) for book in books)
    refused = Counter(reason for book in books for reason in book.refused)
    assert kept > drawn / 4, refused.most_common(5)

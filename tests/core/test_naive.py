"""The engine agrees with a second one, written in exact fractions from the rules."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import naive
from laws import answered, book_of

BOOKS = 250


def compared(seed: int) -> None:
    book = book_of(seed)
    theirs = naive.compute(book)
    ours = {
        (row["programme"], row["member"], row["window"]): naive.Rebate(
            volume=Fraction(row["volume"]),
            measure=Fraction(row["measure"]),
            threshold=None if row["threshold"] is None else Fraction(row["threshold"]),
            earned=Fraction(row["earned"]),
            fee=Fraction(row["fee"]),
            due=Fraction(row["due"]),
        )
        for row in answered(book).rebates.iter_rows(named=True)
    }
    assert ours == theirs


@settings(max_examples=BOOKS, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_random_books_come_to_the_same_cents_in_fractions(seed: int) -> None:
    compared(seed)


@pytest.mark.full
@settings(max_examples=2_000, deadline=None)
@given(st.integers(0, 2**63))
def test_two_thousand_random_books_come_to_the_same_cents(seed: int) -> None:
    compared(seed)

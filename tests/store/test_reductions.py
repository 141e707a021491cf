"""Reductions are kept by the lines they are of, and the longest unused go first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from polars.testing import assert_frame_equal

from deals import QUARTER, deal, facts
from rappel.core import reduction, views
from rappel.core.programmes import chained
from rappel.store.reductions import Reductions

TEXT = "member | amount\n1 | 1\n2 | 2"
LINES = facts(TEXT).lines
OTHER = facts("member | amount\n1 | 4").lines
SEEN = views.views(chained([deal()]), QUARTER)
BY = reduction.asked(SEEN, facts(TEXT), until=QUARTER.end)
LATER = replace(BY, first=date(2026, 2, 1))
A, B = ("a",), ("b",)


def size() -> int:
    return int(reduction.reduced(LINES, None, BY).estimated_size())


def test_what_was_reduced_is_found_again_by_its_name_and_how() -> None:
    kept = Reductions()
    first = kept.of(A, LINES, None)(BY)
    assert_frame_equal(first, reduction.reduced(LINES, None, BY), check_row_order=False)
    assert kept.of(A, OTHER, None)(BY) is first
    assert kept.of(A, LINES, None)(LATER) is not first
    assert kept.of(B, OTHER, None)(BY).height == 1


def test_the_longest_unused_makes_room() -> None:
    kept = Reductions(room=2 * size())
    first, second = kept.of(A, LINES, None)(BY), kept.of(B, LINES, None)(BY)
    assert kept.of(A, LINES, None)(BY) is first
    kept.of(("c",), LINES, None)(BY)
    assert kept.of(A, LINES, None)(BY) is first
    assert kept.of(B, LINES, None)(BY) is not second


def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    kept = Reductions(room=size() - 1)
    first = kept.of(A, LINES, None)(BY)
    assert kept.of(A, LINES, None)(BY) is not first

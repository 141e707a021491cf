"""Programmes that are paid on what another one has left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Scope
from rappel.core.deductions import levels
from rappel.core.terms import AllocationBy, Pool, Reach

TEN = tiers(("0", "10"))


def test_a_programme_is_paid_on_what_another_one_has_left() -> None:
    first = deal("first", tiers=TEN)
    then = deal("then", tiers=TEN, less=("first",), order=2)
    computation = computed(bought("1000"), first, then)
    assert column(computation.rebates, "earned") == ["100", "90"]
    assert column(computation.rebates, "volume") == ["1000", "1000"]
    assert column(computation.steps, "step") == ["less"]
    assert column(computation.steps, "code") == ["first"]
    assert column(computation.steps, "amount") == ["-100"]


def test_what_is_deducted_does_not_lower_the_tier() -> None:
    first = deal("first", tiers=TEN)
    then = deal("then", tiers=tiers(("0", "0"), ("1000", "10")), less=("first",))
    assert earned(bought("1000"), first, then) == ["100", "90"]


@pytest.mark.parametrize(("order", "expected"), [(1, "90"), (2, "90"), (3, "100")])
def test_one_that_stands_later_in_the_order_is_not_deducted(
    order: int, expected: str
) -> None:
    first = deal("other", tiers=TEN, order=order)
    then = deal("then", tiers=TEN, less=("other",), order=2)
    assert earned(bought("1000"), then, first) == ["100", expected]


def test_a_programme_that_is_not_there_is_not_deducted() -> None:
    assert earned(bought("1000"), deal(tiers=TEN, less=("gone",))) == ["100"]


def test_only_what_counts_for_both_is_deducted() -> None:
    first = deal("first", tiers=TEN, scope=Scope(categories=("cctv",)))
    then = deal("then", tiers=TEN, less=("first",), suppliers=("andes",))
    lines = """
    supplier | category | amount
    1        | cctv     | 600
    1        | access   | 300
    2        | cctv     | 400
    """
    assert earned(lines, first, then) == ["100", "84"]


def test_programmes_of_different_suppliers_have_nothing_in_common() -> None:
    first = deal("first", tiers=TEN, suppliers=("bravo",))
    then = deal("then", tiers=TEN, less=("first",), suppliers=("andes",))
    lines = "supplier | amount\n1 | 1000\n2 | 1000"
    assert earned(lines, first, then) == ["100", "100"]


def test_revisions_deduct_what_was_bought_while_both_were_in_force() -> None:
    cut = date(2026, 2, 1)
    rows = {"tiers": TEN, "suppliers": ("andes", "bravo")}
    first = deal("first", in_force_until=cut, **rows)
    again = deal("first", in_force_from=cut, revision=2, **rows)
    then = deal("then", less=("first",), in_force_from=cut, **rows)
    lines = "date | amount\n2026-01-31 | 500\n2026-02-01 | 500"
    assert earned(lines, first, again, then) == ["100", "45"]


def test_a_pool_is_paid_on_what_its_members_have_left() -> None:
    own = deal("own", tiers=tiers(("0", "0"), ("500", "10")), suppliers=("andes",))
    group = deal("pooled", tiers=TEN, pool=Pool.GROUP, less=("own",))
    assert earned(bought("600", "400"), own, group) == ["60", "0", "54", "40"]


def test_marginal_slices_are_paid_at_the_average_of_what_is_left() -> None:
    first = deal("first", tiers=TEN)
    rows = tiers(("0", "0"), ("500", "10"))
    then = deal("then", tiers=rows, reach=Reach.MARGINAL, less=("first",))
    assert earned(bought("1000"), first, then) == ["100", "45"]


def test_programmes_that_wait_for_one_another_are_our_own_mistake() -> None:
    one = deal("one", less=("two",))
    two = deal("two", less=("one",))
    with pytest.raises(ValueError, match="wait for one another"):
        levels([one, two])


def test_a_negative_rebate_adds_to_what_is_left() -> None:
    first = deal("first", tiers=TEN)
    then = deal("then", tiers=TEN, less=("first",))
    lines = "kind | amount\ncredit_note | 100"
    assert earned(lines, first, then) == ["-10", "-9"]
    assert Decimal(-9) == Decimal(-10) + 1


@pytest.mark.parametrize(
    ("sur", "expected"),
    [(None, ["60", "40", "94"]), ("1000", ["120", "80", "88", "92"])],
)
def test_what_somebody_earned_on_nothing_bought_here_is_not_deducted(
    sur: str | None, expected: list[str]
) -> None:
    parts = {"norte": Decimal(60), "sur": Decimal(40)}
    first = deal(
        "first",
        tiers=TEN,
        pool=Pool.GROUP,
        allocation=AllocationBy.FIXED,
        shares=parts,
    )
    then = deal("then", tiers=TEN, pool=Pool.GROUP, less=("first",))
    lines = bought("1000", sur) if sur else bought("1000")
    assert earned(lines, first, then) == expected


@pytest.mark.parametrize(
    ("scope", "expected"),
    [((), ["100", "0", "90", "40"]), (("cctv",), ["100", "0", "54", "40"])],
)
def test_a_pool_deducts_of_each_member_what_is_common(
    scope: tuple[str, ...], expected: list[str]
) -> None:
    own = deal("own", tiers=tiers(("0", "0"), ("1000", "10")))
    group = deal(
        "then",
        tiers=TEN,
        pool=Pool.GROUP,
        scope=Scope(categories=scope),
        less=("own",),
    )
    lines = """
    member | category | amount
    1      | cctv     | 600
    1      | access   | 400
    2      | cctv     | 400
    """
    assert earned(lines, own, group) == expected


@pytest.mark.parametrize(
    ("buyer", "expected"), [(2, ["100", "50", "90", "45"]), (3, ["100", "50", "90"])]
)
def test_a_segment_deducts_what_its_own_members_earned(
    buyer: int, expected: list[str]
) -> None:
    own = deal("own", tiers=TEN)
    pool = deal("then", tiers=TEN, pool=Pool.SEGMENT, segment="cctv", less=("own",))
    lines = f"member | amount\n1 | 1000\n{buyer} | 500"
    assert earned(lines, own, pool) == expected

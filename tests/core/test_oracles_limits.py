"""Published cases of stacking, caps, guarantees and instalments, restated here.

Each names where it was read; what a source prints wrong is a test of what we do not do.
Cases of one table and its totals are in ``oracles/instalments.txt``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Limit
from rappel.core.period import Period, Unit
from rappel.core.terms import LimitOf

WHOLE = tiers(("0", "100"))  # what is bought is what is earned
END_OF_YEAR = Period(date(2026, 10, 1), date(2027, 1, 1))


def limit(amount: str, **more: Any) -> Limit:
    """Return a limit of what is earned."""
    return Limit(of=LimitOf.EARNED, amount=Decimal(amount), **more)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("1234", ["100", "150", "180", "180"]),
        ("4321", ["100", "150", "150", "250"]),
        ("3214", ["100", "150", "200", "175"]),
    ],
)
def test_the_order_of_stacked_deals_changes_their_total(
    order: str, expected: list[str]
) -> None:
    """Dynamics 365, reduction principle: deal 2 is left out, deal 1 not reduced."""
    rates = {"1": "10", "2": "15", "3": "20", "4": "25"}
    less = {"3": ("1", "4"), "4": ("1", "3")}
    deals = [
        deal(
            code,
            tiers=tiers(("0", rate)),
            less=less.get(code, ()),
            order=order.index(code) + 1,
        )
        for code, rate in rates.items()
    ]
    assert earned(bought("1000"), *deals) == expected


@pytest.mark.parametrize(("less", "total"), [(("two",), 69), ((), 70)])
def test_two_offers_cascade_or_stand_side_by_side(
    less: tuple[str, ...], total: int
) -> None:
    """Oracle 1157838.1, whose own addends sum to 69 and 70, not to 79 and 80."""
    two = deal("two", tiers=tiers(("0", "2")))
    five = deal("five", tiers=tiers(("0", "5")), less=less)
    paid = earned(bought("1000"), two, five)
    assert sum(Decimal(amount) for amount in paid) == total


def test_a_cap_of_a_year_is_prorated_for_thirty_days() -> None:
    """Infor: 100 x 30 / 365 is 8.22."""
    terms = deal(
        accumulate=Unit.YEAR,
        tiers=WHOLE,
        cap=limit("100", prorate="days"),
        in_force_from=date(2026, 12, 2),
    )
    lines = "date | amount\n2026-12-10 | 500"
    paid = computed(lines, terms, period=END_OF_YEAR).rebates
    assert column(paid, "earned") == ["8.22"]


def test_a_guarantee_looks_at_the_whole_window() -> None:
    """Dynamics 365: 5,000 and 7,000 against 10,000 need no top-up."""
    lines = "date | amount\n2026-01-05 | 5000\n2026-03-05 | 7000"
    assert earned(lines, deal(tiers=WHOLE, guarantee=limit("10000"))) == ["12000"]


def test_a_guarantee_that_is_carried_tops_up_less_after_a_good_quarter() -> None:
    """Dynamics 365: 10,000 a quarter, and 12,000 before leaves 8,000 for this one."""
    lines = "date | amount\n2026-01-05 | 12000\n2026-05-05 | 5000"
    half = Period(date(2026, 1, 1), date(2026, 7, 1))
    terms = {"tiers": WHOLE, "settle": Unit.HALF}
    paid = [
        earned(lines, deal(guarantee=limit("10000", carry=carry), **terms), period=half)
        for carry in (True, False)
    ]
    assert paid == [["12000", "8000"], ["12000", "10000"]]


def test_a_guarantee_tops_up_only_on_the_last_run() -> None:
    """OpenMeter, periodpreserving/engine_test.go: 20, then 30, then 10 and 40."""
    terms = deal(tiers=WHOLE, settle=Unit.MONTH, guarantee=limit("100"))
    known, before = ["programme | member | window | amount"], Decimal(0)
    for month, total in ((2, "20"), (3, "50"), (4, "60")):
        until = Period(date(2026, 1, 1), date(2026, month, 1))
        settled = "\n".join([*known, f"deal | 1 | 2026-01-01 | {before}"])
        lines = f"date | amount\n2026-01-05 | {total}"
        (due,) = computed(lines, terms, period=until, settled=settled).rebates["due"]
        before += due
        assert due == {2: 20, 3: 30, 4: 50}[month]


def test_a_raised_rate_pays_the_difference_for_what_was_settled() -> None:
    """From 2 to 2.5 % back to the first day, after 2,400 had been settled."""
    known = "programme | member | window | amount\ndeal | 1 | 2026-01-01 | 2400"
    terms = deal(tiers=tiers(("0", "2.5")))
    again = computed(bought("120000"), terms, settled=known).rebates
    assert column(again, "due") == ["600"]

"""Published cases of stacking, caps, guarantees and instalments, restated here.

Each names where it was read; what a source prints wrong is a test of what we do not do.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Limit, Programme
from rappel.core.period import Period, Unit
from rappel.core.terms import Boundary, LimitOf, Measure, Payable, Reach

WHOLE = tiers(("0", "100"))  # what is bought is what is earned
END_OF_YEAR = Period(date(2026, 10, 1), date(2027, 1, 1))


def limit(amount: str, **more: Any) -> Limit:
    """Return a limit of what is earned."""
    return Limit(of=LimitOf.EARNED, amount=Decimal(amount), **more)


def instalments(
    totals: list[str], terms: Programme, *, unit: str = "amount"
) -> list[str]:
    """Settle cumulative purchases one after the other, each less what was before."""
    before, paid = Decimal(0), []
    for total in totals:
        known = (
            f"programme | member | window | amount\ndeal | 1 | 2026-01-01 | {before}"
        )
        lines = f"amount | quantity\n{total} | {total if unit == 'quantity' else 0}"
        (due,) = computed(lines, terms, settled=known).rebates["due"]
        before += due
        paid.append(f"{due.normalize():f}")
    return paid


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


@pytest.mark.parametrize(
    ("cap", "totals", "expected"),
    [
        ("5000", ["4200", "9000"], ["4200", "800"]),
        ("100", ["100"], ["100"]),  # OpenMeter, at the cap exactly
        ("170", ["160", "175", "182"], ["160", "10", "0"]),  # OpenMeter, used up
        ("10000", ["10000", "11000"], ["10000", "0"]),  # OpenMeter
    ],
)
def test_a_cap_is_used_up_instalment_by_instalment(
    cap: str, totals: list[str], expected: list[str]
) -> None:
    assert instalments(totals, deal(tiers=WHOLE, cap=limit(cap))) == expected


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


@pytest.mark.parametrize(
    ("earned_before", "guarantee", "top_up"),
    [
        ("12000", "10000", "0"),  # Dynamics 365, two quarters without carry
        ("5000", "10000", "5000"),
        ("650", "200", "0"),  # Lago, a commitment that is reached
        ("650", "10000", "9350"),  # and one that is not
        ("1150", "10000", "8850"),
        ("100", "100", "0"),  # OpenMeter
        ("100", "1000", "900"),
        ("5590", "7000", "1410"),  # SAP, 13 % of 43,000 with a minimum of 7,000
    ],
)
def test_a_guarantee_tops_up_at_the_window_s_end(
    earned_before: str, guarantee: str, top_up: str
) -> None:
    terms = deal(tiers=WHOLE, guarantee=limit(guarantee))
    assert column(computed(bought(earned_before), terms).steps, "amount") == [top_up]


def test_a_guarantee_looks_at_the_whole_window() -> None:
    """Dynamics 365: 5,000 and 7,000 against 10,000 need no top-up."""
    lines = "date | amount\n2026-01-05 | 5000\n2026-03-05 | 7000"
    assert earned(lines, deal(tiers=WHOLE, guarantee=limit("10000"))) == ["12000"]


VOLUME = tiers(("0", "10"), ("15", "5"), value="per_unit")
GRADED = tiers(("0", "1"), ("5", "2"), ("10", "3"), value="per_unit")


@pytest.mark.parametrize(
    ("reach", "rows", "totals", "expected"),
    [
        (Reach.RETROACTIVE, VOLUME, ["12", "14"], ["120", "20"]),
        (Reach.RETROACTIVE, VOLUME, ["15", "16", "16"], ["150", "-70", "0"]),
        (Reach.RETROACTIVE, VOLUME, ["15", "15", "16"], ["150", "0", "-70"]),
        (Reach.MARGINAL, GRADED, ["3", "5"], ["3", "2"]),
        (Reach.MARGINAL, GRADED, ["7", "3"], ["9", "-6"]),
    ],
)
def test_only_what_changed_is_settled_again(
    reach: Reach, rows: Any, totals: list[str], expected: list[str]
) -> None:
    """OpenMeter: a tier that is crossed, a late unit, a return across a threshold."""
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        reach=reach,
        boundary=Boundary.MORE_THAN,
        tiers=rows,
    )
    assert instalments(totals, terms, unit="quantity") == expected


def test_a_raised_rate_pays_the_difference_for_what_was_settled() -> None:
    """From 2 to 2.5 % back to the first day, after 2,400 had been settled."""
    known = "programme | member | window | amount\ndeal | 1 | 2026-01-01 | 2400"
    terms = deal(tiers=tiers(("0", "2.5")))
    again = computed(bought("120000"), terms, settled=known).rebates
    assert column(again, "due") == ["600"]

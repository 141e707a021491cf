"""Cases that others published: the same cents where they agree with the definitions.

The tables are beside this file, each block under its source; what this engine does
otherwise on purpose is in ``wrong.txt`` and in the named tests here.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from core.published import Case, answers, cases
from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Tier
from rappel.core.period import Unit
from rappel.core.terms import Boundary, Fx, Measure, Payable, Pool, Reach


def whole(name: str) -> str:
    """Return the id of the case that a part belongs to."""
    return name.partition("#")[0]


@cache
def rows(name: str) -> list[dict[str, dict[str, Any]]]:
    return answers(cases(name))


@cache
def exact(name: str) -> dict[str, Decimal]:
    """Return what each case of a file earns before rounding; parts add up."""
    (found,) = rows(name)
    sums: dict[str, Decimal] = {}
    for part, row in found.items():
        sums[whole(part)] = sums.get(whole(part), Decimal(0)) + row["exact"]
    return sums


@pytest.mark.parametrize(
    "case", [case for case in cases("tiers") if case.figures[0]], ids=lambda one: one.id
)
def test_a_case_that_agrees(case: Case) -> None:
    (told,) = case.figures
    assert exact("tiers")[whole(case.id)] == Decimal(told)


@pytest.mark.parametrize("case", cases("wrong"), ids=lambda one: one.id)
def test_a_figure_that_is_printed_wrong_is_not_ours(case: Case) -> None:
    ours, printed = (Decimal(figure) for figure in case.figures)
    assert exact("wrong")[case.id] == ours != printed


@pytest.mark.parametrize("case", cases("instalments"), ids=lambda one: one.id)
def test_instalments_of_a_published_case(case: Case) -> None:
    (told,) = case.figures
    due = [step[case.id]["due"] for step in rows("instalments")[: len(case.totals)]]
    assert due == [Decimal(amount) for amount in told.split()]


def test_the_other_two_methods_of_a_peer_are_reaches_of_their_own() -> None:
    rows_ = tiers(("0", "10"), ("1000", "25"))
    paid = {
        reach: earned(bought("2000"), deal(reach=reach, tiers=rows_))
        for reach in (Reach.ROLLING, Reach.STACKED, Reach.MARGINAL)
    }
    assert paid == {
        Reach.ROLLING: ["600"],
        Reach.STACKED: ["700"],
        Reach.MARGINAL: ["350"],
    }


def test_growth_is_paid_on_the_whole_or_on_the_increment() -> None:
    """From 200,000 to 260,000, which is 30 %, with 2 % from 25 %."""
    rows_ = tiers(("10", "1"), ("25", "2"))
    base = "programme | member | measure\ndeal | 1 | 200000"
    paid = [
        earned(
            bought("260000"),
            deal(measure=Measure.GROWTH_PERCENT, payable=payable, tiers=rows_),
            baselines=base,
        )
        for payable in (Payable.AMOUNT, Payable.INCREMENT)
    ]
    assert paid == [["5200"], ["1200"]]


def test_a_peer_pays_on_what_is_beyond_a_target() -> None:
    """off_invoice_rebates, test_calculators_e2e.py: 10 % of 3,000 less 1,000."""
    terms = deal(
        measure=Measure.GROWTH_AMOUNT,
        payable=Payable.INCREMENT,
        tiers=tiers(("0", "10")),
    )
    base = "programme | member | measure\ndeal | 1 | 1000"
    assert earned(bought("3000"), terms, baselines=base) == ["200"]


def steps(size: str, amount: str, **more: Any) -> Any:
    """Return terms that pay an amount for each whole step."""
    tier = Tier(threshold=Decimal(0), every=Decimal(size), amount=Decimal(amount))
    reach = {"reach": Reach.INCREMENT, "payable": Payable.NONE}
    return deal(tiers=(tier,), measure=Measure.QUANTITY, **reach, **more)


def test_so_many_free_for_every_whole_hundred() -> None:
    """Dynamics 365, rebate-management-deals.md: 2 free of every full 100 of 150."""
    assert earned("amount | quantity\n1 | 150", steps("100", "2")) == ["2"]


@pytest.mark.parametrize(
    ("units", "size", "price", "ours", "started"),
    [
        ("25", "10", "50", "100", "150"),  # flexprice
        ("250", "100", "1", "2", "3"),
        ("99", "100", "1", "0", "1"),
        ("101", "100", "1", "1", "2"),
        ("4500", "1000", "1", "4", "5"),
        ("5", "10", "15", "0", "15"),  # OpenMeter
        ("401", "100", "1", "4", "5"),  # Kill Bill
        ("15", "10", "1", "1", "2"),  # Autumn
    ],
)
def test_a_started_package_is_no_step(
    units: str, size: str, price: str, ours: str, started: str
) -> None:
    for boundary in Boundary:
        terms = steps(size, price, boundary=boundary)
        paid = earned(f"amount | quantity\n1 | {units}", terms)
        assert paid == [ours] != [started]


def test_a_pool_reaches_what_its_members_do_not() -> None:
    rows_ = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))
    volumes = bought("60000", "30000", "15000")
    pooled = earned(volumes, deal(pool=Pool.GROUP, tiers=rows_))
    alone = earned(volumes, deal(tiers=rows_))
    assert (pooled, alone) == (["1800", "900", "450"], ["1200", "0", "0"])


def test_a_part_of_a_pool_is_paid_at_the_average_price_which_is_never_rounded() -> None:
    """annualreporting.info rounds it to 9.67 a box, and comes to 290,100."""
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        pool=Pool.GROUP,
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "10"), ("100000", "9"), ("200000", "8"), value="per_unit"),
    )
    lines = "member | amount | quantity\n1 | 1 | 30000\n2 | 1 | 120000"
    assert earned(lines, terms) == ["290000", "1160000"]


def test_the_exchange_policy_alone_decides_a_tier() -> None:
    lines = """
    date       | currency | amount
    2026-02-01 | MXN      | 171000
    2026-03-01 | MXN      | 180000
    """
    rates = """
    from | to  | date       | rate
    MXN  | USD | 2026-02-01 | 0.058479
    MXN  | USD | 2026-03-01 | 0.055555
    MXN  | USD | 2026-03-31 | 0.054054
    """
    usd = {"currency": "USD", "tiers": tiers(("0", "0"), ("19999", "1"))}
    by_day = computed(lines, deal(fx=Fx.INVOICE_DATE, **usd), rates=rates)
    at_end = computed(lines, deal(fx=Fx.PERIOD_END, **usd), rates=rates)
    assert column(by_day.rebates, "earned") == ["200"]
    assert column(at_end.rebates, "earned") == ["0"]


def test_two_thousand_more_return_a_thousand_and_forty() -> None:
    """98,000 at 2 % are 1,960; 100,000 at 3 % are 3,000: 52 % of what is bought."""
    rows_ = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))
    here, there = (
        computed(bought(amount), deal(tiers=rows_)).rebates
        for amount in ("98000", "100000")
    )
    assert column(here, "earned") == ["1960"]
    assert column(there, "earned") == ["3000"]
    assert column(here, "next_threshold") == ["100000"]
    assert column(here, "next_missing") == ["2000"]
    assert column(here, "next_worth") == ["1040"]
    assert Decimal(1040) / 2000 == Decimal("0.52")


def test_a_late_unit_is_paid_under_its_own_period() -> None:
    """OpenMeter, periodpreserving/engine_test.go: 10, 0 and 30 in the third run."""
    lines = "date | amount | quantity\n" + "\n".join(
        f"2026-0{month}-15 | 1 | {units}" for month, units in ((1, 4), (2, 2), (3, 3))
    )
    known = "programme | member | window | amount\n" + "\n".join(
        f"deal | 1 | 2026-0{month}-01 | {paid}" for month, paid in ((1, 30), (2, 20))
    )
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        accumulate=Unit.MONTH,
        tiers=tiers(("0", "10"), value="per_unit"),
    )
    assert column(computed(lines, terms, settled=known).rebates, "due") == [
        "10",
        "0",
        "30",
    ]


def test_a_threshold_is_exact_and_not_the_fifteenth_piece() -> None:
    rows_ = tiers(("0", "1"), ("15", "2"), value="per_unit")
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        reach=Reach.MARGINAL,
        tiers=rows_,
    )
    assert earned("amount | quantity\n1 | 16", terms) == ["17"]


def test_a_fixed_sum_for_reaching_nothing_is_not_paid() -> None:
    rows_ = tiers(("0", "100"), value="amount")
    terms = deal(reach=Reach.HIGHEST_FIXED, payable=Payable.NONE, tiers=rows_)
    assert earned(bought("0"), terms) == ["0"]

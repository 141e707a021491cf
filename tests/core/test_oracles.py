"""Cases that others published, and that agree with the definitions: the same cents.

The cases are read from ``RAPPEL_ORACLES`` or a folder ``shared/oracles`` beside a
folder above the checkout, and skipped where there is none; what this engine does
otherwise on purpose is a named test below.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Tier
from rappel.core.money import Rounding, settled
from rappel.core.terms import Boundary, Fx, Measure, Payable, Pool, Reach

REACHES = {"marginal": Reach.MARGINAL, "all_units": Reach.RETROACTIVE}
BOUNDARIES = {
    "upper_inclusive": Boundary.MORE_THAN,
    "lower_inclusive": Boundary.AT_LEAST,
}


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a file, or none where the folder is missing."""
    given = os.environ.get("RAPPEL_ORACLES")
    above = [folder / "shared" / "oracles" for folder in Path(__file__).parents]
    for folder in [Path(given)] if given else above:
        if (folder / name).is_file():
            found: list[dict[str, Any]] = json.loads((folder / name).read_text())
            return found
    return []


def covered(case: dict[str, Any]) -> bool:
    """Whether a peer's case is of a kind that this engine computes."""
    if case["kind"] not in REACHES or set(case["inputs"]) != {"value"}:
        return False
    units = (case["basis"], case["rate_unit"]) in {
        ("quantity", "per_unit"),
        ("amount", "percent"),
        ("quantity", None),
    }
    plus = any(Decimal(tier.get("flat") or 0) for tier in case["tiers"])
    plus_on_nothing = plus and Decimal(case["inputs"]["value"]) == 0
    return units and case["verdict"] == "agree" and not plus_on_nothing


PEERS = [case for case in cases("peer_cases.json") if covered(case)]
DOMAIN = {case["id"]: case for case in cases("domain_cases.json")}


def of_peer(case: dict[str, Any]) -> str:
    """Compute a peer's case."""
    value = case["inputs"]["value"]
    flat = all(tier.get("fixed") is not None for tier in case["tiers"])
    by_unit = case["basis"] == "quantity"
    name = "amount" if flat else "per_unit" if by_unit else "percent"
    rows = tuple(
        type(tiers(("0", "0"))[0])(
            threshold=Decimal(tier["lo"]),
            plus=Decimal(tier["flat"]) if Decimal(tier.get("flat") or 0) else None,
            **{name: Decimal(tier["fixed"] if flat else tier["rate"])},
        )
        for tier in case["tiers"]
    )
    terms = deal(
        measure=Measure.QUANTITY if by_unit else Measure.AMOUNT,
        payable=Payable.QUANTITY if by_unit else Payable.AMOUNT,
        reach=Reach.HIGHEST_FIXED if flat else REACHES[case["kind"]],
        boundary=BOUNDARIES[case["boundary"]],
        tiers=rows,
    )
    (answer,) = earned(f"amount | quantity\n{value} | {value}", terms)
    return answer


@pytest.mark.parametrize("case", PEERS, ids=lambda case: case["id"])
def test_a_peer_s_case_that_agrees(case: dict[str, Any]) -> None:
    expected = Decimal(case["expected"]["total"])
    paid = settled(expected, 2, Rounding.HALF_AWAY_FROM_ZERO)
    assert Decimal(of_peer(case)) == paid


MODES = {
    "marginal": Reach.MARGINAL,
    "retroactive": Reach.RETROACTIVE,
    "rolling": Reach.ROLLING,
    "open_top": Reach.RETROACTIVE,
}


def percents(given: list[list[Any]]) -> list[tuple[str, str]]:
    """Return thresholds and percents of a case's thresholds and fractions."""
    return [(str(start), str(Decimal(rate) * 100)) for start, rate in given]


@pytest.mark.parametrize(
    "name", sorted({"P01", "P03", "P19", "P26", "D25"} & set(DOMAIN))
)
def test_a_plain_table_of_the_trade(name: str) -> None:
    case = DOMAIN[name]
    rows = tiers(*percents(case["inputs"]["tiers"]))
    values = case["inputs"].get("values") or [case["inputs"]["value"]]
    terms = deal(reach=MODES[case["mode"]], tiers=rows)
    paid = [Decimal(earned(bought(str(value)), terms)[0]) for value in values]
    assert paid == [Decimal(text) for text in case["expected"]]


@pytest.mark.parametrize(
    "name", sorted({"P11", "P12", "D04", "D05", "D06"} & set(DOMAIN))
)
def test_instalments_of_a_cumulative_settlement(name: str) -> None:
    case = DOMAIN[name]
    inputs = case["inputs"]
    totals = inputs.get("cumulative") or inputs.get("ytd")
    if totals is None:
        quarters = inputs["quarters"]
        totals = [sum(quarters[: place + 1]) for place in range(len(quarters))]
    reach = MODES[case["mode"].removesuffix("+true_up")]
    terms = deal(reach=reach, tiers=tiers(*percents(inputs["tiers"])))
    before, paid = Decimal(0), []
    for total in totals:
        known = (
            f"programme | member | window | amount\ndeal | 1 | 2026-01-01 | {before}"
        )
        (due,) = computed(bought(str(total)), terms, settled=known).rebates["due"]
        before += due
        paid.append(due)
    expected = [Decimal(text) for text in case["expected"]]
    if name == "D04":
        first = computed(bought(str(totals[0])), terms).rebates["due"][0]
        assert [first, paid[1]] == expected
    else:
        assert paid == expected[: len(paid)]
        assert expected[len(paid) :] in ([], [sum(paid)])


def test_growth_is_paid_on_the_whole_or_on_the_increment() -> None:
    rows = tiers(("10", "1"), ("25", "2"))
    base = "programme | member | measure\ndeal | 1 | 200000"
    payables = (Payable.AMOUNT, Payable.INCREMENT)
    paid = [
        earned(
            bought("260000"),
            deal(measure=Measure.GROWTH_PERCENT, payable=payable, tiers=rows),
            baselines=base,
        )[0]
        for payable in payables
    ]
    assert paid == ["5200", "1200"]
    if "D08" in DOMAIN:
        assert [Decimal(one) for one in DOMAIN["D08"]["expected"]] == [5200, 1200]


@pytest.mark.parametrize("name", sorted({"P08"} & set(DOMAIN)))
def test_so_many_free_for_every_whole_hundred(name: str) -> None:
    given = DOMAIN[name]["inputs"]
    step = Tier(
        threshold=Decimal(0),
        every=Decimal(given["per"]),
        amount=Decimal(given["free"]),
    )
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.NONE,
        reach=Reach.INCREMENT,
        tiers=(step,),
    )
    (free,) = earned(f"amount | quantity\n1 | {given['quantity']}", terms)
    assert Decimal(free) == Decimal(DOMAIN[name]["expected"][0])


GROWN = [case for case in cases("peer_cases.json") if case["kind"] == "growth"]


@pytest.mark.parametrize("case", GROWN, ids=lambda case: case["id"])
def test_a_peer_pays_on_what_is_beyond_a_target(case: dict[str, Any]) -> None:
    given = case["inputs"]
    terms = deal(
        measure=Measure.GROWTH_AMOUNT,
        payable=Payable.INCREMENT,
        tiers=tiers(("0", given["rate"])),
    )
    base = f"programme | member | measure\ndeal | 1 | {given['baseline']}"
    (answer,) = earned(bought(given["current"]), terms, baselines=base)
    assert Decimal(answer) == Decimal(case["expected"]["total"])


DOWN = [
    case
    for case in cases("peer_cases.json")
    if case["kind"] == "package" and case["inputs"].get("rounding") == "down"
]


@pytest.mark.parametrize("case", DOWN, ids=lambda case: case["id"])
def test_a_peer_s_whole_packages(case: dict[str, Any]) -> None:
    given = case["inputs"]
    step = Tier(
        threshold=Decimal(0),
        every=Decimal(given["size"]),
        amount=Decimal(given["price"]),
    )
    terms = deal(reach=Reach.INCREMENT, payable=Payable.NONE, tiers=(step,))
    (answer,) = earned(bought(given["units"]), terms)
    assert Decimal(answer) == Decimal(case["expected"]["total"])


def test_a_started_package_is_no_step() -> None:
    step = Tier(threshold=Decimal(0), every=Decimal(10), amount=Decimal(50))
    terms = deal(reach=Reach.INCREMENT, payable=Payable.NONE, tiers=(step,))
    assert earned(bought("25"), terms) == ["100"]  # and not 150, as packages started


def test_a_pool_reaches_what_its_members_do_not() -> None:
    rows = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))
    volumes = bought("60000", "30000", "15000")
    pooled = earned(volumes, deal(pool=Pool.GROUP, tiers=rows))
    alone = earned(volumes, deal(tiers=rows))
    assert (pooled, alone) == (["1800", "900", "450"], ["1200", "0", "0"])


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


def test_a_full_tier_is_its_width_and_not_its_upper_bound() -> None:
    rows = tiers(("0", "10"), ("100", "20"), ("300", "30"))
    terms = deal(reach=Reach.MARGINAL, tiers=rows)
    assert earned(bought("3800"), terms) == ["1100"]  # and not 1,120
    assert earned(bought("1000"), terms) == ["260"]  # and not 280


def test_the_first_step_is_eighty_and_not_twenty() -> None:
    rows = tiers(("0", "0"), ("1000", "2"), ("5000", "4"), ("10000", "6"))
    terms = deal(reach=Reach.MARGINAL, tiers=rows)
    assert earned(bought("7500"), terms) == ["180"]  # and not 120


def test_a_threshold_is_exact_and_not_the_fifteenth_piece() -> None:
    rows = tiers(("0", "1"), ("15", "2"), value="per_unit")
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        reach=Reach.MARGINAL,
        tiers=rows,
    )
    assert earned("amount | quantity\n1 | 16", terms) == ["17"]


def test_a_fixed_sum_for_reaching_nothing_is_not_paid() -> None:
    rows = tiers(("0", "100"), value="amount")
    terms = deal(reach=Reach.HIGHEST_FIXED, payable=Payable.NONE, tiers=rows)
    assert earned(bought("0"), terms) == ["0"]

"""From what was bought to what is due: pools, shares, fees, instalments, revisions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deals import QUARTER, bought, column, computed, deal, earned, facts, only, tiers
from rappel.core.money import Rounding
from rappel.core.period import Period, Unit
from rappel.core.rebates import NOTHING, compute
from rappel.core.terms import AllocationBy, Measure, Payable, Pool, Reach

POOLED = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))


@pytest.mark.parametrize(
    ("este", "parts"),
    [("15000", ["1800", "900", "450"]), ("9999.99", ["1200", "600", "200"])],
)
def test_the_group_reaches_a_tier_that_no_member_reaches_alone(
    este: str, parts: list[str]
) -> None:
    group = deal(pool=Pool.GROUP, tiers=POOLED)
    assert earned(bought("60000", "30000", este), group) == parts


def test_a_pool_is_rounded_once_and_divided_without_losing_a_cent() -> None:
    group = deal(pool=Pool.GROUP, tiers=tiers(("0", "1")))
    computation = computed(bought("33.33", "33.33", "33.34"), group)
    assert column(computation.rebates, "earned") == ["0.33", "0.33", "0.34"]
    assert column(computation.rebates, "pool_exact") == ["1"] * 3
    assert column(computation.rebates, "contributors") == [3, 3, 3]


def test_the_slices_of_a_group_are_the_member_s_part_of_them() -> None:
    group = deal(pool=Pool.GROUP, reach=Reach.MARGINAL, tiers=POOLED)
    computation = computed(bought("75000", "75000"), group)
    assert column(computation.rebates, "earned") == ["1250", "1250"]
    first = computation.slices.filter(member=1)
    assert column(first, "payable") == ["25000", "25000", "25000"]
    assert column(first, "amount") == ["0", "500", "750"]


def test_families_pool_and_who_has_none_stands_alone() -> None:
    family = deal(pool=Pool.FAMILY, tiers=POOLED)
    rebates = computed(bought("30000", "30000", "30000"), family).rebates
    assert column(rebates, "measure") == ["60000", "60000", "30000"]
    assert column(rebates, "earned") == ["600", "600", "0"]


def test_equal_parts_go_to_members_with_a_qualifying_line() -> None:
    group = deal(
        pool=Pool.GROUP, tiers=tiers(("0", "1")), allocation=AllocationBy.EQUAL
    )
    settled = "programme | member | window | amount\ndeal | 3 | 2026-01-01 | 1"
    rebates = computed(bought("600", "400"), group, settled=settled).rebates
    assert column(rebates, "earned") == ["5", "5", "0"]
    assert column(rebates, "due") == ["5", "5", "-1"]


def test_what_cannot_be_divided_is_a_finding_and_not_a_guess() -> None:
    group = deal(
        pool=Pool.GROUP,
        reach=Reach.HIGHEST_FIXED,
        payable=Payable.NONE,
        tiers=tiers(("0", "100"), value="amount"),
    )
    computation = computed(bought("10", "10"), group)
    assert computation.rebates.is_empty()
    assert [finding.code for finding in computation.findings] == ["no_weights"] * 2
    said = computation.findings[0]
    assert "cannot be divided" in said.kind.message.format_map(said.params)


def test_weights_and_a_rebate_of_zero_are_rows_of_zero() -> None:
    group = deal(pool=Pool.GROUP, tiers=tiers(("0", "1")))
    lines = "member | kind | amount\n1 | invoice | 10\n2 | credit_note | 10"
    assert earned(lines, group) == ["0", "0"]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [(Rounding.HALF_AWAY_FROM_ZERO, "1.55"), (Rounding.HALF_EVEN, "1.54")],
)
def test_ten_invoices_are_rounded_once_and_not_ten_times(
    rounding: Rounding, expected: str
) -> None:
    lines = "\n".join(["amount", *["10.30"] * 10])
    terms = deal(tiers=tiers(("0", "1.5")), rounding=rounding)
    assert earned(lines, terms) == [expected]


def test_a_currency_without_cents_pays_none() -> None:
    lines = "currency | amount\nCLP | 150"
    assert earned(lines, deal(currency="CLP", tiers=tiers(("0", "1")))) == ["2"]


def test_the_fee_is_rounded_from_what_each_member_earned() -> None:
    terms = deal(tiers=tiers(("0", "1")), fee_percent=Decimal("12.5"))
    computation = computed(bought("100.40", "200"), terms)
    rebates = computation.rebates
    assert column(rebates, "earned") == ["1", "2"]
    assert column(rebates, "fee") == ["0.13", "0.25"]
    assert column(rebates, "due") == ["0.87", "1.75"]
    pool = only(computation.pools.to_dicts())
    legs = {
        name: str(pool[name].normalize()) for name in ("inbound", "outbound", "fee")
    }
    assert legs == {"inbound": "3", "outbound": "2.62", "fee": "0.38"}
    assert pool["difference"] == pool["inbound"] - pool["outbound"]
    assert (pool["contributors"], pool["largest"]) == (2, 200)


def test_a_return_is_subtracted_and_may_lower_the_tier() -> None:
    lines = "kind | amount\ninvoice | 110000\ncredit_note | 15000"
    computation = computed(lines, deal(tiers=POOLED))
    row = only(computation.rebates.to_dicts())
    assert (row["volume"], row["threshold"], row["earned"]) == (95000, 50000, 1900)


def test_what_falls_below_what_was_settled_is_carried_and_not_paid() -> None:
    settled = "programme | member | window | amount\ndeal | 1 | 2026-01-01 | 3300"
    rebates = computed(bought("95000"), deal(tiers=POOLED), settled=settled).rebates
    assert column(rebates, "due") == ["-1400"]
    assert column(rebates, "payable_now") == ["0"]
    assert column(rebates, "carried") == ["-1400"]


def test_who_has_only_something_settled_still_has_a_row() -> None:
    settled = """
    programme | member | window     | amount
    deal      | 2      | 2026-01-01 | 50
    deal      | 3      | 2025-10-01 | 9
    other     | 3      | 2026-01-01 | 9
    """
    rebates = computed(bought("95000"), deal(tiers=POOLED), settled=settled).rebates
    assert rebates["member"].to_list() == [1, 2]
    assert column(rebates, "due") == ["1900", "-50"]


@pytest.mark.parametrize(
    ("reach", "instalments"),
    [
        (Reach.RETROACTIVE, ["800", "2200", "1200", "4800"]),
        (Reach.MARGINAL, ["800", "1200", "1200", "2300"]),
    ],
)
def test_quarterly_instalments_of_a_yearly_tier_add_up(
    reach: Reach, instalments: list[str]
) -> None:
    rows = tiers(("0", "1"), ("100000", "2"), ("250000", "3"))
    terms = deal(accumulate=Unit.YEAR, reach=reach, tiers=rows)
    lines = """
    date       | amount
    2026-02-01 | 80000
    2026-05-01 | 70000
    2026-08-01 | 60000
    2026-11-01 | 90000
    """
    paid, found = Decimal(0), []
    starts = [date(2026, month, 1) for month in (1, 4, 7, 10)]
    for start, end in zip(starts, [*starts[1:], date(2027, 1, 1)], strict=True):
        settled = (
            f"programme | member | window | amount\ndeal | 1 | 2026-01-01 | {paid}"
        )
        computation = computed(lines, terms, period=Period(start, end), settled=settled)
        found += column(computation.rebates, "due")
        paid += only(computation.rebates["due"])
    assert found == instalments


def test_each_part_takes_the_rate_of_its_revision_at_the_tier_of_the_whole() -> None:
    first = deal(
        tiers=tiers(("0", "1"), ("1000", "2")), in_force_until=date(2026, 2, 1)
    )
    then = deal(
        tiers=tiers(("0", "3"), ("1000", "4")),
        in_force_from=date(2026, 2, 1),
        revision=2,
    )
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 400"
    computation = computed(lines, first, then)
    assert column(computation.rebates, "earned") == ["28"]
    assert column(computation.rebates, "percent") == ["4"]
    assert column(computation.slices, "payable") == ["600", "400"]
    below = "date | amount\n2026-01-31 | 599.99\n2026-02-01 | 400"
    assert earned(below, first, then) == ["18"]


def test_slices_of_two_revisions_are_paid_at_the_average() -> None:
    rows = tiers(("0", "0"), ("500", "10"))
    first = deal(reach=Reach.MARGINAL, tiers=rows, in_force_until=date(2026, 2, 1))
    then = deal(
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "0"), ("500", "20")),
        in_force_from=date(2026, 2, 1),
        revision=2,
    )
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 400"
    assert earned(lines, first, then) == ["70"]


def test_fixed_amounts_are_those_of_the_revision_at_the_window_s_end() -> None:
    def fixed(amount: str, **days: object) -> object:
        rows = tiers(("0", amount), value="amount")
        return deal(reach=Reach.HIGHEST_FIXED, tiers=rows, **days)

    first = fixed("100", in_force_until=date(2026, 2, 1))
    then = fixed("70", in_force_from=date(2026, 2, 1), revision=2)
    computation = computed("date | amount\n2026-01-31 | 600", first, then)  # type: ignore[arg-type]  # both are programmes
    assert column(computation.rebates, "earned") == ["70"]
    assert computation.rebates["revision"].to_list() == [2]


def test_a_lifetime_starts_with_the_first_revision() -> None:
    first = deal(
        accumulate=Unit.LIFETIME,
        in_force_from=date(2025, 1, 1),
        in_force_until=date(2026, 2, 1),
        revision=1,
    )
    then = deal(accumulate=Unit.LIFETIME, in_force_from=date(2026, 2, 1), revision=2)
    lines = "date | amount\n2025-06-30 | 60000\n2026-02-15 | 40000"
    rebates = computed(lines, first, then).rebates
    assert rebates["window"].to_list() == [date(2025, 1, 1)]
    assert column(rebates, "earned") == ["2000"]


def test_a_group_s_next_tier_is_worth_its_part_to_each_member() -> None:
    group = deal(pool=Pool.GROUP, tiers=POOLED)
    rebates = computed(bought("60000", "30000"), group).rebates
    assert column(rebates, "next_missing") == ["10000", "10000"]
    assert column(rebates, "next_worth") == ["600", "300"]


def test_a_quantity_to_go_does_not_change_what_the_amount_pays() -> None:
    terms = deal(measure=Measure.QUANTITY, tiers=tiers(("0", "1"), ("10", "2")))
    rebates = computed("amount | quantity\n1000 | 5", terms).rebates
    assert column(rebates, "next_missing") == ["5"]
    assert column(rebates, "next_worth") == ["10"]


def test_nothing_to_compute_is_nothing() -> None:
    assert compute(facts(bought("1")), [], period=QUARTER) is NOTHING


def test_pesos_of_colombia_in_millions_of_millions_do_not_overflow() -> None:
    lines = bought("9000000000000.00", "900000000000.00")
    group = deal(pool=Pool.GROUP, tiers=tiers(("0", "3")))
    assert earned(lines, group) == ["270000000000", "27000000000"]
    marginal = deal(pool=Pool.GROUP, reach=Reach.MARGINAL, tiers=POOLED)
    assert earned(lines, marginal) == ["269999998181.82", "26999999818.18"]


def fixed(**parts: str) -> dict[str, object]:
    """Return the terms of a pool that is divided by fixed parts."""
    shares = {code: Decimal(part) for code, part in parts.items()}
    return {
        "pool": Pool.GROUP,
        "tiers": POOLED,
        "allocation": AllocationBy.FIXED,
        "shares": shares,
    }


def test_fixed_parts_are_had_also_by_who_bought_nothing() -> None:
    group = deal(**fixed(norte="60", este="40"))
    rebates = computed(bought("60000", "40000"), group).rebates
    assert rebates["member"].to_list() == [1, 2, 3]
    assert column(rebates, "earned") == ["1800", "0", "1200"]
    settled = "programme | member | window | amount\ndeal | 3 | 2026-01-01 | 200"
    again = computed(bought("60000", "40000"), group, settled=settled).rebates
    assert column(again, "due") == ["1800", "0", "1000"]


def test_a_fixed_part_is_had_inside_the_segment_alone() -> None:
    terms = fixed(norte="1", sur="1", este="2") | {"pool": Pool.SEGMENT}
    group = deal(segment="cctv", **terms)
    rebates = computed(bought("60000", "40000"), group).rebates
    assert column(rebates, "earned") == ["1500", "1500"]


def test_parts_of_nobody_are_a_finding() -> None:
    computation = computed(bought("60000"), deal(**fixed(nobody="1")))
    assert computation.rebates.is_empty()
    assert [finding.code for finding in computation.findings] == ["no_weights"]


def test_own_tiers_dissolve_the_pool() -> None:
    volumes = bought("60000", "50000")
    group = deal(pool=Pool.GROUP, tiers=POOLED, allocation=AllocationBy.OWN_TIER)
    assert earned(volumes, group) == ["1200", "1000"]
    assert earned(volumes, deal(pool=Pool.GROUP, tiers=POOLED)) == ["1800", "1500"]

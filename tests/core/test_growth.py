"""Growth over a baseline: in amount and percent, what its absence means, increments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import (
    bought,
    column,
    computed,
    deal,
    earned,
    only,
    tiers,
)
from rappel.core.agreements import Scope
from rappel.core.terms import (
    Boundary,
    GrowthOf,
    Measure,
    Payable,
    Pool,
    Reach,
)

BASE = "programme | member | measure\ndeal | 1 | 200000"
GROWN = tiers(("10", "1"), ("25", "2"))
STEPS = tiers(("0", "0"), ("10000", "1"), ("50000", "2"))


def growing(**terms: Any) -> Any:
    """Return terms on growth in percent: 1 % from 10 %, 2 % from 25 %."""
    return deal(**{"measure": Measure.GROWTH_PERCENT, "tiers": GROWN, **terms})


@pytest.mark.parametrize(
    ("volume", "at_least", "more_than"),
    [
        ("219999.99", "0", "0"),
        ("220000.00", "2200", "0"),
        ("220000.01", "2200", "2200"),
        ("249999.99", "2500", "2500"),
        ("250000.00", "5000", "2500"),
        ("250000.01", "5000", "5000"),
        ("260000.00", "5200", "5200"),
    ],
)
def test_a_tier_of_growth_is_reached_on_both_sides(
    volume: str, at_least: str, more_than: str
) -> None:
    for boundary, expected in zip(Boundary, (at_least, more_than), strict=True):
        terms = growing(boundary=boundary)
        assert earned(bought(volume), terms, baselines=BASE) == [expected]


def test_a_quotient_is_shown_and_never_compared() -> None:
    thirds = "programme | member | measure\ndeal | 1 | 3"
    terms = growing(tiers=tiers(("33.333333", "10"), ("33.333334", "20")))
    row = only(computed(bought("4"), terms, baselines=thirds).rebates.to_dicts())
    assert row["earned"] == Decimal("0.4")
    assert row["measure"] == Decimal("33.333333333333333333")
    assert (row["volume"], row["threshold"]) == (4, Decimal("33.333333"))


@pytest.mark.parametrize(
    ("payable", "expected"), [(Payable.AMOUNT, "5200"), (Payable.INCREMENT, "1200")]
)
def test_growth_pays_on_the_whole_or_on_the_increment(
    payable: Payable, expected: str
) -> None:
    terms = growing(payable=payable)
    assert earned(bought("260000"), terms, baselines=BASE) == [expected]


@pytest.mark.parametrize(
    ("volume", "retroactive", "marginal"),
    [
        ("199999.99", "0", "0"),
        ("200000.00", "0", "0"),
        ("209999.99", "0", "0"),
        ("210000.00", "100", "0"),
        ("249999.99", "500", "400"),
        ("250000.00", "1000", "400"),
        ("260000.00", "1200", "600"),
    ],
)
def test_growth_in_amount_may_climb_by_slices(
    volume: str, retroactive: str, marginal: str
) -> None:
    for reach, expected in [
        (Reach.RETROACTIVE, retroactive),
        (Reach.MARGINAL, marginal),
    ]:
        terms = deal(
            measure=Measure.GROWTH_AMOUNT,
            payable=Payable.INCREMENT,
            reach=reach,
            tiers=STEPS,
        )
        assert earned(bought(volume), terms, baselines=BASE) == [expected]


def test_a_slice_of_growth_on_everything_is_paid_at_the_average() -> None:
    terms = deal(measure=Measure.GROWTH_AMOUNT, reach=Reach.MARGINAL, tiers=STEPS)
    computation = computed(bought("260000"), terms, baselines=BASE)
    assert column(computation.rebates, "earned") == ["2600"]  # 260,000 x 600 / 60,000
    assert sum(computation.slices["amount"]) == 2600


def test_growth_below_zero_reaches_no_tier_not_even_the_first() -> None:
    terms = growing(tiers=tiers(("0", "1")))
    row = only(computed(bought("150000"), terms, baselines=BASE).rebates.to_dicts())
    assert (row["measure"], row["threshold"], row["earned"]) == (-25, None, 0)
    assert earned(bought("200000"), terms, baselines=BASE) == ["2000"]


def test_an_increment_below_zero_pays_nothing_also_on_amount_tiers() -> None:
    terms = deal(payable=Payable.INCREMENT, tiers=tiers(("0", "10")))
    target = "programme | member | measure\ndeal | 1 | 1000"
    volumes = ["3000", "1000.01", "1000", "999"]
    paid = [earned(bought(one), terms, baselines=target)[0] for one in volumes]
    assert paid == ["200", "0", "0", "0"]


def test_growth_of_quantity_compares_units() -> None:
    terms = growing(growth_of=GrowthOf.QUANTITY, payable=Payable.AMOUNT)
    base = "programme | member | measure\ndeal | 1 | 8"
    assert earned("amount | quantity\n1000 | 10", terms, baselines=base) == ["20"]
    assert earned("amount | quantity\n1000 | 9", terms, baselines=base) == ["10"]


def test_a_pool_grows_over_the_baselines_of_all_its_members() -> None:
    group = growing(pool=Pool.GROUP, tiers=tiers(("0", "0"), ("25", "2")))
    bases = """
    programme | member | measure
    deal      | 1      | 50000
    deal      | 3      | 50000
    """
    lines = "member | amount\n1 | 75000\n3 | {}"
    both = computed(lines.format("50000"), group, baselines=bases).rebates
    assert column(both, "measure") == ["25", "25"]
    assert column(both, "earned") == ["1500", "1000"]
    fewer = computed(lines.format("49999.99"), group, baselines=bases).rebates
    assert column(fewer, "earned") == ["0", "0"]
    one = computed(bought("124999.99"), group, baselines=bases).rebates
    assert column(one, "earned") == ["0"]  # who bought nothing now is in the baseline
    assert earned(bought("125000"), group, baselines=bases) == ["2500"]


def test_a_pool_s_increment_is_divided_by_what_each_grew() -> None:
    group = deal(
        measure=Measure.GROWTH_AMOUNT,
        payable=Payable.INCREMENT,
        pool=Pool.GROUP,
        tiers=tiers(("0", "10")),
    )
    bases = """
    programme | member | measure
    deal      | 1      | 100
    deal      | 3      | 100
    """
    lines = "member | amount\n1 | {}\n3 | {}"
    grown = earned(lines.format(400, 200), group, baselines=bases)
    assert grown == ["30", "10"]
    shrunk = earned(lines.format(400, 50), group, baselines=bases)
    assert shrunk == ["30", "-5"]
    assert earned(lines.format(90, 90), group, baselines=bases) == ["0", "0"]


def test_each_revision_pays_its_part_of_the_increment() -> None:
    def revision(percent: str, **days: Any) -> Any:
        return deal(
            measure=Measure.GROWTH_AMOUNT,
            payable=Payable.INCREMENT,
            tiers=tiers(("0", percent)),
            **days,
        )

    first = revision("10", in_force_until=date(2026, 2, 1))
    then = revision("20", in_force_from=date(2026, 2, 1), revision=2)
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 400"
    base = "programme | member | measure\ndeal | 1 | 500"
    assert earned(lines, first, then, baselines=base) == ["70"]  # 300 and 200


def test_what_a_next_tier_of_growth_is_worth() -> None:
    row = only(computed(bought("240000"), growing(), baselines=BASE).rebates.to_dicts())
    assert (row["next_threshold"], row["next_missing"]) == (25, 5)
    assert row["next_worth"] == 5000 - 2400
    steps = deal(measure=Measure.GROWTH_AMOUNT, tiers=STEPS)
    row = only(computed(bought("240000"), steps, baselines=BASE).rebates.to_dicts())
    assert (row["next_missing"], row["next_worth"]) == (10000, 5000 - 2400)


def test_growth_looks_at_a_scope_of_its_own() -> None:
    terms = growing(measure_scope=Scope(codes=("A",)))
    lines = "code | amount\nA | 250000\nB | 100000"
    assert earned(lines, terms, baselines=BASE) == ["7000"]
    less = "code | amount\nA | 249999.99\nB | 100000"
    assert earned(less, terms, baselines=BASE) == ["3500"]


def test_a_segment_grows_over_the_baselines_of_the_segment_alone() -> None:
    access = growing(pool=Pool.SEGMENT, segment="cctv", tiers=tiers(("0", "1")))
    bases = """
    programme | member | measure
    deal      | 1      | 100
    deal      | 3      | 100
    """
    rebates = computed(bought("125"), access, baselines=bases).rebates
    assert column(rebates, "measure") == ["25"]

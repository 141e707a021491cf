"""Gates: what must be reached before anything is earned, on both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, only, tiers
from rappel.core.agreements import (
    ANYTHING,
    Baseline,
    Gate,
    Holdback,
    Programme,
    Promotion,
    Scope,
    Target,
)
from rappel.core.period import Unit
from rappel.core.terms import Boundary, GrowthOf, Measure, Pool

ONE = tiers(("0", "1"))
CCTV = Scope(categories=("cctv",))


def gate(measure: str, threshold: str, scope: Scope | None = None) -> tuple[Gate, ...]:
    """Return one gate."""
    return (Gate(measure=Measure(measure), threshold=Decimal(threshold), scope=scope),)


@pytest.mark.parametrize(
    ("access", "expected"), [("49.99", "0"), ("50", "1"), ("50.01", "1")]
)
def test_a_gate_of_another_scope_opens_or_stays_shut_on_whatever_boundary(
    access: str, expected: str
) -> None:
    lines = f"category | amount\ncctv | 100\naccess | {access}"
    other = gate("amount", "50", Scope(categories=("access",)))
    for boundary in Boundary:
        terms = deal(scope=CCTV, gates=other, boundary=boundary, tiers=ONE)
        assert earned(lines, terms) == [expected]


def test_before_a_gate_that_is_shut_there_is_no_tier_and_no_slice() -> None:
    terms = deal(gates=gate("quantity", "5"), tiers=ONE)
    computation = computed("amount | quantity\n100 | 4", terms)
    row = only(computation.rebates.to_dicts())
    assert (row["threshold"], row["earned"], row["measure"]) == (None, 0, 100)
    assert computation.slices.is_empty()
    (step,) = computation.steps.to_dicts()
    assert (step["step"], step["payable"], step["figure"]) == ("closed_gate", 4, 5)
    open_ = computed("amount | quantity\n100 | 5", terms)
    assert column(open_.rebates, "earned") == ["1"]
    assert open_.steps["step"].to_list() == ["gate"]


def test_every_gate_must_be_reached() -> None:
    both = (*gate("amount", "100"), *gate("quantity", "5"))
    terms = deal(gates=both, tiers=ONE)
    lines = "amount | quantity\n{} | {}"
    paid = [earned(lines.format(*pair), terms)[0] for pair in [(100, 5), (100, 4)]]
    assert (*paid, *earned(lines.format(99, 5), terms)) == ("1", "0", "0")


@pytest.mark.parametrize(("base", "expected"), [("80", "1"), ("80.01", "0")])
def test_a_gate_of_growth_has_the_programme_s_baseline(
    base: str, expected: str
) -> None:
    terms = deal(gates=gate("growth_percent", "25"), tiers=ONE)
    known = f"programme | member | measure\ndeal | 1 | {base}"
    assert earned(bought("100"), terms, baselines=known) == [expected]
    without = computed(bought("100"), terms)
    assert [one.code for one in without.findings] == ["no_baseline"]


@pytest.mark.parametrize(("elsewhere", "expected"), [("100", "1"), ("101", "0")])
def test_a_gate_of_share(elsewhere: str, expected: str) -> None:
    terms = deal(
        suppliers=("andes",),
        gates=gate("share", "50"),
        share_of=ANYTHING,
        tiers=ONE,
    )
    lines = f"supplier | amount\n1 | 100\n2 | {elsewhere}"
    assert earned(lines, terms) == [expected]


def test_a_gate_of_a_target_and_one_of_grown_units() -> None:
    aims = deal(
        gates=gate("target_percent", "100"),
        targets=(Target(member="norte", amount=Decimal(100)),),
        tiers=ONE,
    )
    assert earned(bought("100"), aims) == ["1"]
    assert earned(bought("99"), aims) == ["0"]
    grows = deal(
        gates=gate("growth_amount", "2"), growth_of=GrowthOf.QUANTITY, tiers=ONE
    )
    base = "programme | member | measure\ndeal | 1 | 3"
    assert earned("amount | quantity\n100 | 5", grows, baselines=base) == ["1"]
    assert earned("amount | quantity\n100 | 4", grows, baselines=base) == ["0"]


def test_more_returns_than_purchases_do_not_pass_a_gate() -> None:
    terms = deal(gates=gate("amount", "100"), tiers=ONE)
    assert earned("kind | amount\ncredit_note | 100", terms) == ["0"]


def test_a_gate_looks_at_the_programme_s_scope_unless_it_names_one() -> None:
    lines = "category | amount\ncctv | 100\naccess | 50"
    own = deal(scope=CCTV, gates=gate("amount", "150"), tiers=ONE)
    every = deal(scope=CCTV, gates=gate("amount", "150", ANYTHING), tiers=ONE)
    assert (earned(lines, own), earned(lines, every)) == (["0"], ["1"])


def test_a_group_passes_its_gate_together() -> None:
    group = deal(pool=Pool.GROUP, gates=gate("amount", "100"), tiers=ONE)
    alone = deal(gates=gate("amount", "100"), tiers=ONE)
    assert earned(bought("60", "40"), group) == ["0.6", "0.4"]
    assert earned(bought("60", "40"), alone) == ["0", "0"]


def test_a_revision_s_gate_looks_at_the_whole_window_and_shuts_its_own_part() -> None:
    first = deal(tiers=ONE, in_force_until=date(2026, 2, 1))
    then = deal(
        tiers=ONE,
        gates=gate("amount", "1000"),
        in_force_from=date(2026, 2, 1),
        revision=2,
    )
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | {}"
    assert earned(lines.format("400"), first, then) == ["10"]
    assert earned(lines.format("399.99"), first, then) == ["6"]


CUT = date(2026, 2, 1)
ACCESS = Scope(categories=("access",))


def two(first: dict[str, Any], then: dict[str, Any]) -> tuple[Programme, Programme]:
    """Return two revisions at 1 %, the second from February on."""
    usual: dict[str, Any] = {"tiers": ONE}
    return (
        deal(**{**usual, "in_force_until": CUT, **first}),
        deal(**{**usual, "in_force_from": CUT, "revision": 2, **then}),
    )


@pytest.mark.parametrize(("later", "expected"), [("400", "10"), ("399.99", "4")])
def test_an_earlier_gate_shuts_what_was_bought_under_it_and_nothing_else(
    later: str, expected: str
) -> None:
    terms = two({"gates": gate("amount", "1000")}, {})
    lines = f"date | amount\n2026-01-31 | 600\n2026-02-01 | {later}"
    computation = computed(lines, *terms)
    assert column(computation.rebates, "earned") == [expected]
    told = [("earlier_terms", 600)] if expected == "4" else []
    steps = computation.steps.select("step", "amount").rows()
    assert steps == told


def test_earlier_terms_that_reach_no_tier_pay_nothing_on_their_part() -> None:
    terms = two({"tiers": tiers(("1000", "9"))}, {})
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 399"
    steps = computed(lines, *terms).steps.select("step", "amount", "payable").rows()
    assert steps == [("earlier_terms", 600, 600)]
    assert earned(lines.replace("399", "400"), *terms) == ["58"]


MIXED = """
date       | category | amount
2026-01-31 | cctv     | {first}
2026-01-31 | access   | 5000
2026-02-01 | access   | 100
2026-02-01 | cctv     | 5000
"""


@pytest.mark.parametrize(("first", "expected"), [("100", "2"), ("99.99", "1")])
def test_what_counts_for_a_gate_is_said_by_the_terms_of_each_day(
    first: str, expected: str
) -> None:
    terms = two({"scope": CCTV}, {"scope": ACCESS, "gates": gate("amount", "200")})
    assert earned(MIXED.format(first=first), *terms) == [expected]


@pytest.mark.parametrize(("asked", "expected"), [("5100", "51"), ("5100.01", "1")])
def test_a_gate_that_names_its_scope_has_it_in_the_whole_window(
    asked: str, expected: str
) -> None:
    shut = {"scope": CCTV, "gates": gate("amount", asked, ACCESS)}
    terms = two({"scope": CCTV}, shut)
    assert earned(MIXED.format(first="100"), *terms) == [expected]


@pytest.mark.parametrize(("access", "expected"), [("125", "1"), ("124.99", "0")])
@pytest.mark.parametrize("source", ["books", "previous_year"])
def test_a_gate_of_growth_in_a_scope_of_its_own_has_a_baseline_of_that_scope(
    access: str, expected: str, source: str
) -> None:
    terms = deal(
        scope=CCTV,
        gates=gate("growth_percent", "25", ACCESS),
        baseline=Baseline(source=source),
        tiers=ONE,
    )
    lines = f"""
    date       | category | amount
    2025-02-01 | access   | 100
    2025-02-01 | cctv     | 99
    2026-02-01 | access   | {access}
    2026-02-01 | cctv     | 100
    """
    known = {"baselines": "programme | member | measure\ndeal | 1 | 100"}
    given = known if source == "books" else {}
    assert earned(lines, terms, **given) == [expected]


@pytest.mark.parametrize(("base", "expected"), [("900", ["10"]), ("900.01", ["4"])])
def test_an_earlier_gate_of_growth_needs_its_baseline_under_later_terms_too(
    base: str, expected: list[str]
) -> None:
    said = {"gates": gate("growth_amount", "100"), "baseline": Baseline(source="books")}
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 400"
    known = f"programme | member | measure\ndeal | 1 | {base}"
    assert earned(lines, *two(said, {}), baselines=known) == expected
    without = computed(lines, *two(said, {}))
    assert [one.code for one in without.findings] == ["no_baseline"]


@pytest.mark.parametrize(("amount", "expected"), [("1000", "10"), ("1000.01", "4")])
def test_an_earlier_gate_of_a_target_keeps_its_target(
    amount: str, expected: str
) -> None:
    aim = Target(member="norte", amount=Decimal(amount))
    said = {"gates": gate("target_percent", "100"), "targets": (aim,)}
    lines = "date | amount\n2026-01-31 | 600\n2026-02-01 | 400"
    assert earned(lines, *two(said, {})) == [expected]


@pytest.mark.parametrize("part", ["100", "101"])
def test_last_year_s_days_of_each_revision_make_the_baseline_of_a_gate(
    part: str,
) -> None:
    books = Baseline(source="previous_year")
    terms = two({}, {"gates": gate("growth_amount", "0"), "baseline": books})
    lines = f"""
    date       | amount
    2025-01-31 | {part}
    2025-02-01 | 100
    2026-01-31 | 100
    2026-02-01 | 100
    """
    assert earned(lines, *terms) == ["2" if part == "100" else "1"]


@pytest.mark.parametrize(("bought", "expected"), [("1000", "20"), ("999.99", "0")])
def test_before_a_gate_that_is_shut_a_promotion_adds_nothing(
    bought: str, expected: str
) -> None:
    added = Promotion(
        code="x", start=date(2026, 1, 1), end=date(2027, 1, 1), adds=Decimal(1)
    )
    terms = deal(gates=gate("amount", "1000"), tiers=ONE, promotions=(added,))
    assert earned(f"amount\n{bought}", terms) == [expected]


@pytest.mark.parametrize(
    ("until", "held"), [(date(2026, 4, 1), "0"), (date(2026, 4, 2), "1"), (None, "1")]
)
def test_a_lifetime_is_over_when_its_last_revision_is(
    until: date | None, held: str
) -> None:
    kept: dict[str, Any] = {
        "accumulate": Unit.LIFETIME,
        "holdback": Holdback(percent=Decimal(10)),
        "tiers": tiers(("0", "10")),
    }
    start = date(2026, 4, 1) if until != date(2026, 4, 1) else CUT
    first = deal(**kept, in_force_from=date(2026, 1, 1), in_force_until=start)
    then = deal(**kept, in_force_from=start, in_force_until=until, revision=2)
    assert column(computed("amount\n100", first, then).rebates, "holdback") == [held]

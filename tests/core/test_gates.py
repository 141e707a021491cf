"""Gates: what must be reached before anything is earned, on both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deals import bought, column, computed, deal, earned, only, tiers
from rappel.core.agreements import ANYTHING, Gate, Scope, Target
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

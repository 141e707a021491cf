"""Laws of what is compared: growth, points, steps and gates, of every figure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from deals import bought, computed, deal, tiers
from rappel.core.agreements import Gate
from rappel.core.terms import Measure, Payable, Reach

CENTS = st.integers(0, 1_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
law = settings(max_examples=4, deadline=None, derandomize=True)
BASE = "programme | member | measure\ndeal | 1 | 3000"
STEPS = tiers(("0", "0"), ("1000", "1"), ("2500", "4"), ("5000", "5"))
TERMS: dict[str, dict[str, Any]] = {
    "growth in percent": {
        "measure": Measure.GROWTH_PERCENT,
        "tiers": tiers(("0", "1"), ("33.333333", "2"), ("100", "3")),
    },
    "growth by slices": {
        "measure": Measure.GROWTH_AMOUNT,
        "payable": Payable.INCREMENT,
        "reach": Reach.MARGINAL,
        "tiers": STEPS,
    },
    "points": {"reach": Reach.LINEAR, "tiers": STEPS},
    "steps": {
        "reach": Reach.INCREMENT,
        "payable": Payable.NONE,
        "tiers": tuple(
            replace(one, every=Decimal("0.7"))
            for one in tiers(("0", "2"), value="amount")
        ),
    },
    "a gate": {
        "gates": (Gate(measure=Measure.AMOUNT, threshold=Decimal(2500)),),
        "tiers": STEPS,
    },
}


def total(amount: Decimal, terms: dict[str, Any]) -> Decimal:
    """Return what a purchase earns."""
    rebates = computed(bought(str(amount)), deal(**terms), baselines=BASE).rebates
    return sum(rebates["earned"], Decimal(0))


@law
@given(CENTS, CENTS)
def test_more_never_earns_less(some: Decimal, more: Decimal) -> None:
    for name, terms in TERMS.items():
        assert total(some + more, terms) >= total(some, terms), name


@law
@given(CENTS)
def test_slices_sum_to_what_is_earned_before_rounding(amount: Decimal) -> None:
    for name, terms in TERMS.items():
        computation = computed(bought(str(amount)), deal(**terms), baselines=BASE)
        exact = sum(computation.rebates["exact"], Decimal(0))
        assert sum(computation.slices["amount"], Decimal(0)) == exact, name
        earned = sum(computation.rebates["earned"], Decimal(0))
        assert abs(exact - earned) <= Decimal("0.005"), name


@law
@given(CENTS)
def test_a_purchase_and_its_credit_note_change_nothing(amount: Decimal) -> None:
    note = f"kind | amount\ninvoice | 4000\ninvoice | {amount}\ncredit_note | {amount}"
    for name, terms in TERMS.items():
        after = computed(note, deal(**terms), baselines=BASE).rebates["earned"]
        assert sum(after, Decimal(0)) == total(Decimal(4000), terms), name


@law
@given(st.integers(-200, 200))
def test_growth_by_slices_and_points_do_not_jump(cents: int) -> None:
    near = Decimal(cents).scaleb(-2)
    for name, at in (("growth by slices", 3000 + 2500), ("points", 2500)):
        there, here = total(at + near, TERMS[name]), total(Decimal(at), TERMS[name])
        assert abs(there - here) <= abs(near) * Decimal("0.4") + Decimal("0.01"), name

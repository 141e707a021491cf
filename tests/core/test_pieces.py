"""Programmes that count pieces, and lines that do not say how many."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from deals import QUARTER, column, computed, deal, facts, tiers
from rappel.core.agreements import Baseline, Gate, Scope
from rappel.core.contributions import contributions
from rappel.core.terms import GrowthOf, Measure, MeasureOver, Payable

if TYPE_CHECKING:
    from rappel.core.agreements import Programme
    from rappel.core.rebates import Computation

PIECES = deal(
    "piezas",
    measure=Measure.QUANTITY,
    payable=Payable.QUANTITY,
    tiers=tiers(("0", "2"), value="per_unit"),
)
MONEY = deal("dinero", tiers=tiers(("0", "1")))
LINES = """
member | amount | quantity
1      | 100    | 3
1      | 50     |
1      | 7      |
2      | 100    | 5
"""


def stops(computation: Computation) -> list[tuple[str, str, str, str]]:
    return [
        (one.code, one.params["programme"], one.params["member"], one.params["amount"])
        for one in computation.findings
    ]


def earned(computation: Computation) -> list[tuple[str, int, str]]:
    rows = computation.rebates
    return list(
        zip(rows["programme"], rows["member"], column(rows, "earned"), strict=True)
    )


def test_a_line_without_a_quantity_stops_what_counts_pieces_for_its_member() -> None:
    computation = computed(LINES, PIECES, MONEY)
    assert stops(computation) == [("no_quantity", "piezas", "norte", "57.00")]
    (finding,) = computation.findings
    assert (finding.params["lines"], finding.severity) == ("2", "error")
    assert earned(computation) == [
        ("dinero", 1, "1.57"),
        ("dinero", 2, "1"),
        ("piezas", 2, "10"),
    ]


def test_a_stated_quantity_of_zero_is_a_quantity() -> None:
    computation = computed("amount | quantity\n100 | 0\n100 | 4", PIECES)
    assert earned(computation) == [("piezas", 1, "8")]
    assert computation.findings == ()


def test_what_lacks_a_rate_and_a_quantity_is_told_of_the_rate() -> None:
    lines = "amount | quantity | currency\n100 | | USD\n7 | | MXN"
    found = stops(computed(lines, PIECES))
    assert found == [
        ("no_quantity", "piezas", "norte", "7.00"),
        ("no_rate", "piezas", "norte", "100.00"),
    ]


def test_only_lines_in_scope_must_state_their_quantity() -> None:
    lines = "amount | quantity | category\n100 | 3 | cctv\n9 | | cable"
    terms = deal(
        "piezas",
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        tiers=tiers(("0", "2"), value="per_unit"),
        scope=Scope(categories=("cctv",)),
    )
    assert earned(computed(lines, terms)) == [("piezas", 1, "6")]


def test_what_is_measured_apart_must_state_it_and_what_is_paid_on_need_not() -> None:
    terms = deal(
        measure=Measure.QUANTITY,
        measure_scope=Scope(categories=("cctv",)),
        tiers=tiers(("0", "1")),
    )
    head = "amount | quantity | category\n"
    paid = computed(head + "100 | 3 | cctv\n50 | | cable", terms)
    assert earned(paid) == [("deal", 1, "1.5")]
    measured = computed(head + "100 | | cctv\n50 | 3 | cable", terms)
    assert stops(measured) == [("no_quantity", "deal", "norte", "100.00")]


def test_the_days_that_a_measure_looks_back_to_must_state_it() -> None:
    terms = deal(
        measure=Measure.QUANTITY,
        measure_over=MeasureOver.PREVIOUS,
        tiers=tiers(("0", "1")),
    )
    head = "amount | quantity | date\n"
    now = computed(head + "100 | | 2026-02-01\n10 | 4 | 2025-12-01", terms)
    assert earned(now) == [("deal", 1, "1")]
    before = computed(head + "100 | 3 | 2026-02-01\n10 | | 2025-12-01", terms)
    assert stops(before) == [("no_quantity", "deal", "norte", "10.00")]


def test_the_year_before_must_state_it_where_growth_is_of_pieces() -> None:
    terms = {
        "measure": Measure.GROWTH_PERCENT,
        "baseline": Baseline(source="previous_year"),
        "tiers": tiers(("0", "1")),
    }
    lines = "amount | quantity | date\n100 | 4 | 2026-02-01\n10 | | 2025-02-01"
    pieces = deal(growth_of=GrowthOf.QUANTITY, **terms)
    assert stops(computed(lines, pieces)) == [("no_quantity", "deal", "norte", "10.00")]
    assert earned(computed(lines, deal(**terms))) == [("deal", 1, "1")]


def test_a_gate_that_counts_pieces_must_know_them() -> None:
    def gated(measure: Measure) -> Computation:
        gate = Gate(measure=measure, threshold=Decimal(1))
        terms = deal(tiers=tiers(("0", "1")), gates=(gate,))
        return computed("amount | quantity\n100 |", terms)

    assert stops(gated(Measure.QUANTITY)) == [
        ("no_quantity", "deal", "norte", "100.00")
    ]
    assert earned(gated(Measure.AMOUNT)) == [("deal", 1, "1")]


def test_each_line_says_that_it_states_no_quantity() -> None:
    def reasons(programme: Programme) -> list[str | None]:
        said = contributions(
            facts(LINES),
            [programme],
            period=QUARTER,
            programme="piezas",
        )
        return list(said.sort("line").collect()["reason"])

    assert reasons(PIECES) == [None, "no_quantity", "no_quantity", None]
    assert reasons(deal("piezas")) == [None] * 4

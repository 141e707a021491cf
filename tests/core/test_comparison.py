"""Comparison: what one revision changes of another, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from deals import deal, only, tiers
from rappel.core.agreements import (
    Agreement,
    Baseline,
    Gate,
    Holdback,
    Limit,
    Outbound,
    Promotion,
    Scope,
    Target,
)
from rappel.core.comparison import Change, compare
from rappel.core.period import YearStart
from rappel.core.terms import (
    AllocationBy,
    LimitOf,
    Measure,
    Multiplies,
    Pool,
    Reach,
)

if TYPE_CHECKING:
    from rappel.core.agreements import Programme
    from rappel.core.comparison import Comparison


def agreement(*programmes: Programme, **above: Any) -> Agreement:
    usual = Agreement(
        code="andes", supplier="andes", currency="MXN", programmes=programmes
    )
    return replace(usual, **above)


def changes(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[Any, ...]]:
    """Return path, before and after of what two deals differ in."""
    found = compared(before, after).changes
    assert {one.programme for one in found} <= {"deal"}
    return {(one.path, one.before, one.after) for one in found}


def compared(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    return compare(agreement(deal(**before)), agreement(deal(**after)))


def test_the_same_terms_differ_in_nothing() -> None:
    same = compared({}, {"pool": Pool.MEMBER, "revision": 7})
    assert (same.added, same.removed, same.changes, same.ladders) == ((), (), (), ())


def test_the_agreement_itself_changes_too() -> None:
    before = agreement(deal(), in_force_from=date(2026, 1, 1))
    after = agreement(deal(), in_force_from=date(2026, 5, 1), evidence_minimum="B")
    assert compare(before, after).changes == (
        Change(
            programme=None,
            path="in_force_from",
            before="2026-01-01",
            after="2026-05-01",
        ),
        Change(programme=None, path="evidence_minimum", before=None, after="B"),
    )


def test_programmes_are_added_and_removed() -> None:
    found = compare(agreement(deal("a"), deal("b")), agreement(deal("c"), deal("b")))
    assert (found.added, found.removed, found.changes) == (("c",), ("a",), ())


def test_words_and_figures_are_told_as_the_document_has_them() -> None:
    assert changes(
        {"suppliers": ("andes",), "fee_percent": Decimal(10), "order": 1},
        {
            "suppliers": ("andes", "bravo"),
            "fee_percent": Decimal("12.50"),
            "order": 2,
            "pool": Pool.GROUP,
            "year_starts": YearStart(7, 1),
        },
    ) == {
        ("supplier", "andes", "andes, bravo"),
        ("fee_percent", "10", "12.5"),
        ("order", "1", "2"),
        ("pool", "member", "group"),
        ("year_starts", "01-01", "07-01"),
    }


def test_a_list_that_is_emptied_says_so() -> None:
    before = {"scope": Scope(categories=("cctv", "access"))}
    assert changes(before, {}) == {("scope.categories", "cctv, access", None)}


def test_what_has_parts_is_told_part_by_part() -> None:
    cap = Limit(of=LimitOf.EARNED, amount=Decimal(500), carry=True)
    assert changes(
        {"cap": cap, "holdback": Holdback(percent=Decimal(25))},
        {
            "cap": replace(cap, amount=Decimal(900), carry=False),
            "holdback": Holdback(percent=Decimal(25), release_from=Decimal(70)),
            "baseline": Baseline(source="previous_year"),
            "allocation": AllocationBy.FIXED,
            "shares": {"norte": Decimal(60)},
        },
    ) == {
        ("cap.amount", "500", "900"),
        ("cap.carry", "true", "false"),
        ("holdback.release.from", None, "70"),
        ("baseline.source", None, "previous_year"),
        ("baseline.none", None, "refuse"),
        ("baseline.zero", None, "refuse"),
        ("baseline.part_year", None, "refuse"),
        ("allocation", "payable", "fixed"),
        ("allocation.fixed.norte", None, "60"),
    }


def test_promotions_go_by_their_code_targets_by_member_gates_by_place() -> None:
    summer = Promotion(
        code="verano",
        start=date(2026, 6, 1),
        end=date(2026, 7, 1),
        multiplies=Multiplies.RATE,
        by=Decimal(2),
    )
    gate = Gate(measure=Measure.AMOUNT, threshold=Decimal(10))
    winter = replace(summer, code="invierno")
    assert changes(
        {
            "promotions": (summer,),
            "targets": (Target(member="sur", amount=Decimal(1)),),
            "gates": (gate,),
        },
        {
            "promotions": (replace(winter, by=Decimal(2)), summer),
            "targets": (Target(member="sur", amount=Decimal(3)),),
            "gates": (replace(gate, threshold=Decimal(20)),),
        },
    ) >= {
        ("promotions[invierno].code", None, "invierno"),
        ("targets[sur].amount", "1", "3"),
        ("gates[0].from", "10", "20"),
    }


def test_tier_tables_are_aligned_by_threshold() -> None:
    after = tiers(("0", "0"), ("100000", "2.5"), ("400000", "4"))
    ladder = only(compared({}, {"tiers": after}).ladders)
    assert (ladder.programme, ladder.path) == ("deal", "tiers")
    told = [
        (
            step.threshold,
            step.before and step.before.percent,
            step.after and step.after.percent,
        )
        for step in ladder.steps
    ]
    assert told == [
        (Decimal(0), Decimal(0), Decimal(0)),
        (Decimal(100_000), Decimal(2), Decimal("2.5")),
        (Decimal(250_000), Decimal("3.5"), None),
        (Decimal(400_000), None, Decimal(4)),
    ]


def test_the_members_own_terms_may_appear() -> None:
    own = Outbound(tiers=tiers(("0", "1")), reach=Reach.MARGINAL)
    found = compared({}, {"outbound": own})
    ladder = only(found.ladders)
    assert ladder.path == "outbound.tiers"
    assert [(one.path, one.after) for one in found.changes] == [
        ("outbound.reach", "marginal"),
        ("outbound.boundary", "at_least"),
    ]

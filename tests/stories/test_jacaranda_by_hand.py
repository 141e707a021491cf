"""What the year at Jacaranda expects, computed again with fractions from the files."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import pytest

from stories import jacaranda
from stories.by_hand import cents
from stories.jacaranda import JACARANDA
from stories.reading_by_hand import intake
from stories.year_by_hand import Line, Quarter, divided, whole
from stories.year_terms import ZERO, revisions, total

QUARTERS: Final = ("q1", "q2", "q3", "q4")


@pytest.fixture(scope="module", name="found")
def _found() -> list[Quarter]:
    return jacaranda.quarters()


def line(quarter: Quarter, programme: str, member: str) -> Line:
    (one,) = (
        line
        for line in quarter.lines
        if (line.programme, line.member) == (programme, member)
    )
    return one


def of_year(found: list[Quarter], member: str) -> list[Line]:
    return [line(quarter, "faro-year", member) for quarter in found]


def test_every_statement_is_what_the_files_come_to(found: list[Quarter]) -> None:
    computed = jacaranda.statements(found)
    assert list(computed.values()) == [JACARANDA.expected(name) for name in QUARTERS]


@pytest.mark.parametrize(
    ("name", "computed"),
    [
        ("pools", jacaranda.pools),
        ("working", jacaranda.working),
        ("year", jacaranda.whole_year),
    ],
)
def test_the_rest_is_what_the_files_come_to(
    name: str, computed: Any, found: list[Quarter]
) -> None:
    assert computed(found) == JACARANDA.expected(name)


def test_every_document_becomes_what_the_story_says() -> None:
    assert jacaranda.intake_rows() == JACARANDA.expected("intake")


def test_the_instalments_are_the_year_settled_at_once(found: list[Quarter]) -> None:
    papers = intake(JACARANDA, jacaranda.moments("close")["2026-Q4"]).counting
    until = revisions(JACARANDA, "faro-year")[-1].end
    at_once, _ = whole(JACARANDA, papers, until)
    for one in at_once:
        lines = [line(quarter, one.programme, one.member) for quarter in found]
        assert sum(each.due for each in lines) == one.earned - one.fee
        paid = sum(each.payable_now for each in lines)
        assert paid + lines[-1].carried == one.earned - one.fee
    assert sum(one.earned for one in at_once) == Fraction("127077.37")


def test_what_is_carried_is_brought_forward_by_the_next_quarter(
    found: list[Quarter],
) -> None:
    for before, after in pairwise(found):
        for one in before.lines:
            following = line(after, one.programme, one.member)
            assert following.brought_forward == one.carried


def test_the_late_invoice_is_in_the_next_quarter_under_the_terms_of_its_day(
    found: list[Quarter],
) -> None:
    (late,) = jacaranda.late()
    assert (late["document"], late["belongs_to"]) == ("FT1117", "2026-Q1")
    first, second, *_ = of_year(found, "brezo")
    others = Fraction(237000) + Fraction(111750)
    assert first.volume == 237000
    assert second.parts[0].payable - others == Fraction(late["amount"])


def test_a_minute_decides_the_terms_of_an_invoice(found: list[Quarter]) -> None:
    (_, second, *_) = of_year(found, "arrayan")
    assert [part.payable for part in second.parts] == [476000, 55000 + 55200]


def test_a_threshold_is_reached_at_it_and_not_one_cent_below(
    found: list[Quarter],
) -> None:
    third = found[2]
    on, below = (line(third, "faro-year", who) for who in ("arrayan", "drago"))
    assert on.volume == 700000
    assert on.threshold == "700000"
    assert below.volume == Fraction("299999.99")
    assert below.threshold == "0"


def test_the_return_in_december_drops_the_tier_of_one_part(
    found: list[Quarter],
) -> None:
    *_, third, fourth = of_year(found, "brezo")
    assert [part.percent for part in third.parts] == ["3", "3.5"]
    assert [part.percent for part in fourth.parts] == ["3", "2.5"]
    assert third.parts[1].promoted == fourth.parts[1].promoted == 160000
    assert fourth.payable_now == 0
    assert fourth.carried == fourth.due == Fraction("-7199.50")


def test_a_negative_quarter_is_made_good_by_the_next(found: list[Quarter]) -> None:
    _, second, third, _ = of_year(found, "cedro")
    assert second.due == -825
    assert second.payable_now == 0
    assert third.payable_now == third.due - 825


def test_whoever_left_shares_in_the_group_and_buys_no_more(
    found: list[Quarter],
) -> None:
    third, fourth = (line(quarter, "faro-group", "drago") for quarter in found[2:])
    assert third.volume == fourth.volume == Fraction("299999.99")
    assert fourth.due == fourth.payable_now == Fraction("487.80")
    assert of_year(found, "drago")[-1].due == 0


def test_the_payout_minimum_holds_back_what_is_below_it(found: list[Quarter]) -> None:
    own = [one for one in found[0].lines if one.programme == "faro-group"]
    assert {one.member: one.payable_now > 0 for one in own} == {
        "arrayan": True,
        "brezo": False,
        "cedro": True,
        "drago": False,
    }
    assert all((one.due >= 400) == (one.payable_now > 0) for one in own)


def test_the_parts_of_the_group_sum_to_its_rounded_rebate(
    found: list[Quarter],
) -> None:
    for quarter in found:
        (pool,) = quarter.pools
        own = [one for one in quarter.lines if one.programme == pool.programme]
        assert sum(one.earned for one in own) == pool.earned
        assert pool.earned == cents(sum((part.amount for part in pool.parts), ZERO))
        assert sum(part.payable for part in pool.parts) == pool.measure


def test_odd_cents_go_to_the_largest_fractions_then_weights_then_codes() -> None:
    even = {code: Fraction(1) for code in ("b", "a", "c")}
    assert divided(Fraction("0.05"), even) == {
        "a": Fraction("0.02"),
        "b": Fraction("0.02"),
        "c": Fraction("0.01"),
    }
    heavier = {"a": Fraction(1), "b": Fraction(3)}
    assert divided(Fraction("0.02"), heavier)["b"] == Fraction("0.02")


def test_nothing_is_bought_outside_the_revisions(found: list[Quarter]) -> None:
    for quarter in found:
        for one in quarter.lines:
            if one.programme == "faro-year":
                assert sum(part.payable for part in one.parts) == one.volume
    first, second = revisions(JACARANDA, "faro-year")
    assert first.end == second.start
    assert total([]) == 0

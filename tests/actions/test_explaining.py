"""A working in words: whole, filled, in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from books import GROUP, NOW, consortium
from rappel.actions import explaining, periods, rebates
from rappel.actions.comparisons import COMPARED
from rappel.actions.sentences import OF_ALL
from rappel.actions.simulations import simulate
from rappel.core.access import SYSTEM
from rappel.core.gates import CLOSED
from rappel.core.statements import Value
from rappel.paper.words import STEPS
from rappel.store import rebates as stored
from rappel.wording import catalogue, translator
from simulated import TIERS, short

if TYPE_CHECKING:
    from rappel.store.base import Database

EQUALLY = GROUP.replace('pool = "group"', 'pool = "group"\nallocation = "equal"')
FIXED = {
    "pool": "group",
    "allocation": "equal",
    "reach": "highest_fixed",
    "payable": "none",
    "tiers": [{"from": "1", "amount": "100"}],
}


def bought(member: str) -> dict[str, Any]:
    return {"member": member, "supplier": "s", "date": "2026-01-05", "amount": "10"}


def shares(members: str, **terms: Any) -> dict[str, str]:
    given = short({**FIXED, **terms}, purchases=[bought(one) for one in members])
    return {
        row["member"]: step["text"]
        for row in simulate(given)["rebates"]
        for step in row["working"]
        if step["step"] == "share"
    }


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("ab", "Equal share of 100.00 among 2 members with purchases; the 0.00 left"),
        ("abc", "Equal share of 100.00 among 3 members with purchases; the 0.01 left"),
        ("abcdef", "Equal share of 100.00 among 6 members with purchases; the 0.04"),
    ],
)
def test_equal_shares_say_among_how_many_and_what_is_left_over(
    members: str, said: str
) -> None:
    told = shares(members)
    assert set(told) == set(members)
    assert all(text.startswith(said) for text in told.values())


def test_other_shares_say_how_they_are_divided_and_no_rounding() -> None:
    alone = "Own share of the group's rebate, by largest remainder"
    rated = {"payable": "amount", "reach": "retroactive", "tiers": TIERS}
    told = shares("ab", allocation="payable", **rated)
    assert told == {"a": alone, "b": alone}
    assert shares("a") == {"a": alone}


def test_a_withheld_groups_equal_share_tells_no_figure_of_it(db: Database) -> None:
    books = consortium(db, EQUALLY)
    books.buy(
        "norte boreal 2026-01-05 X 1 1000.00",
        "sur boreal 2026-01-05 X 1 10.00",
    )
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with books.db.reading(SYSTEM) as session:
        found = stored.list_rebates(session, SYSTEM, member="sur").items[0]
    (step,) = [one for one in found.line.working if one.step == "share"]
    assert step.params == {}
    assert explaining.said(step).startswith("Equal share of the group's rebate; what")
    explanation = rebates.explain(books.db, books.viewers["sur"], found.ref)
    text = explaining.explanation_text(explanation, translator("es"))
    assert "1010" not in text
    assert "Parte igual del reembolso del grupo" in text


def test_every_word_of_a_working_is_in_the_readers_language(db: Database) -> None:
    books = consortium(db)
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "norte andes 2026-01-06 CAM-1 1 5.00 out=freight",
    )
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with books.db.reading(SYSTEM) as session:
        found = stored.list_rebates(session, SYSTEM, member="norte").items[0]
    for language in ("es", "pt"):
        heard = translator(language)
        line = explaining.told(found.line, heard)
        for one, plainly in zip(line.working, found.line.working, strict=True):
            assert one.params == plainly.params
            assert one.text != plainly.text
            assert "{" not in one.text
            assert "half_away" not in one.text
    english = [one.text for one in explaining.told(found.line).working]
    assert "Rounded once to the currency's minor unit (half away from zero)" in english


def test_money_has_its_cents_and_pieces_have_none(db: Database) -> None:
    books = consortium(db)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with books.db.reading(SYSTEM) as session:
        found = stored.list_rebates(session, SYSTEM, member="norte").items[0]
    explanation = rebates.explain(books.db, SYSTEM, found.ref)
    figures = [
        row.split()[0]
        for row in explaining.explanation_text(explanation).splitlines()[1:]
        if row.startswith(" ")
    ]
    assert Decimal("1800.00") in {Decimal(figure) for figure in figures}
    assert all("." in figure for figure in figures), figures


def test_every_step_of_a_working_has_a_name_on_paper() -> None:
    named = {*COMPARED, "other_purchases", "no_measure", "gate", CLOSED}
    named |= {name.split()[0] for name in OF_ALL}
    assert sorted(named - set(STEPS)) == []
    for language in ("es", "pt"):
        known = catalogue(language)
        assert sorted(name for name in STEPS.values() if name not in known) == []


def test_a_text_tells_the_rate_of_each_slice_and_what_it_is_paid_on(
    db: Database,
) -> None:
    books = consortium(db)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with books.db.reading(SYSTEM) as session:
        found = stored.list_rebates(session, SYSTEM, member="norte").items[0]
    explanation = rebates.explain(books.db, SYSTEM, found.ref)
    rows = [one.strip() for one in explaining.explanation_text(explanation).split("\n")]
    place = rows.index("2000.00  2 % of 100000, in the tier from 100000")
    assert rows[place + 1] == "2000.00  Earned before rounding"

    def slices(language: str, **value: str) -> str:
        given = Value(**{name: Decimal(text) for name, text in value.items()})
        part = replace(found.line.slices[0], value=given, amount=Decimal("9.5"))
        line = replace(found.line, slices=(part,))
        told = replace(explanation, rebate=replace(found, line=line))
        text = explaining.explanation_text(told, translator(language)).split("\n")
        (row,) = [one for one in text if one.strip().startswith("9.50 ")]
        return row.strip().removeprefix("9.50  ")

    tier = "in the tier from 100000"
    rated, fixed = {"percent": "2", "plus": "5"}, {"amount": "9.5"}
    assert slices("en", **rated) == f"2 % of 100000 and 5, {tier}"
    assert slices("en", per_unit="0.1") == f"0.1 for each of 100000, {tier}"
    assert slices("en", per_unit="0.1", plus="5") == (
        f"0.1 for each of 100000 and 5, {tier}"
    )
    assert slices("en", **fixed) == "What is fixed of the tier from 100000"
    assert slices("es", **rated) == "2 % de 100000 y 5, en el escalón desde 100000"
    assert slices("pt", **fixed) == "O que é fixo da faixa a partir de 100000"

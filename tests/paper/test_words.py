"""The words of a page: complete in three languages, true to the terms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from paper.samples import line, statement
from rappel import paper
from rappel.actions.causes import CAME, OTHERS
from rappel.bundled import bundled
from rappel.core import findings
from rappel.core.eligibility import REASONS as ELIGIBILITY
from rappel.core.findings import Kind, Severity
from rappel.core.statements import Cause, NextTier, Step, TierRow, Value
from rappel.paper.annex import exact_total, papers
from rappel.paper.figures import (
    format_of,
)
from rappel.paper.view import view
from rappel.paper.words import REASONS, Words
from rappel.wording import catalogue

MINUS = "\u2212"
DASH = "\u2013"


def sentences() -> set[str]:
    """Every English sentence that a page can say, from code and template."""
    folder = Path(paper.__file__).parent
    found = set()
    keywords = {"_": None, "say": None}
    for path in folder.glob("*.py"):
        found |= {row[1] for row in extract_from_file("python", path, keywords)}
    template = bundled("templates") / "statement" / "v1" / "statement.html"
    found |= {
        row[1]
        for row in extract_from_file(
            "jinja2.ext:babel_extract",
            template,
            {"_": None},
            options={"trim_blocks": "true", "silent": "false"},
        )
    }
    return {text for text in found if isinstance(text, str)}


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_everything_a_page_says_is_translated(lang: str) -> None:
    said = sentences()
    assert len(said) > 100
    assert said - catalogue(lang).keys() == set()


def test_every_reason_of_the_rules_has_its_words() -> None:
    assert {code: REASONS.get(code) for code in ELIGIBILITY} == ELIGIBILITY


def english(places: int = 2) -> Words:
    return Words("en", format_of("en"), "MXN", places)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Value(percent=Decimal("3.5")), "3.50%"),
        (Value(per_unit=Decimal("1.25")), "1.25 per unit"),
        (Value(amount=Decimal(5000)), "5,000.00"),
        (Value(percent=Decimal(2), plus=Decimal(100)), "2.00% + 100.00"),
        (Value(), DASH),
    ],
)
def test_a_tier_says_what_it_gives(value: Value, written: str) -> None:
    assert english().value(value) == written


def test_a_measure_is_written_as_what_it_is() -> None:
    words = english()
    assert words.measured(Decimal(1500), "amount") == "1,500.00"
    assert words.measured(Decimal(1500), "quantity") == "1,500"
    assert words.measured(Decimal("12.5"), "percent") == "12.50%"


def test_a_withheld_figure_of_the_group_says_why() -> None:
    shut = replace(line(40), pool="group", measure=None, next=None)
    part = view(statement(shut, locale="en")).parts[0]
    assert part.measure == "withheld: fewer than five contributors or one above 25 %"
    assert part.progress is None
    assert not part.own


def test_the_distance_to_the_next_tier_is_rounded_up_and_priced() -> None:
    near = line(40)
    ahead = NextTier(
        threshold=Decimal(500_000), missing=Decimal("0.001"), worth=Decimal(7)
    )
    said = english().ahead(replace(near, next=ahead))
    assert said == "$0.01 more reaches 5.00%, worth $7.00 more."


def test_a_threshold_that_must_be_exceeded_and_is_met_asks_for_any_purchase() -> None:
    ahead = NextTier(threshold=Decimal(500_000), missing=Decimal(0), worth=Decimal(7))
    said = english().ahead(replace(line(40), next=ahead, boundary="more_than"))
    assert said == "Any further purchase reaches 5.00%, worth $7.00 more."


def test_a_distance_in_pieces_is_in_pieces_and_an_unknown_tier_has_no_rate() -> None:
    ahead = NextTier(threshold=Decimal(7), missing=Decimal(3), worth=Decimal(7))
    said = english().ahead(replace(line(40), next=ahead, measured="quantity"))
    assert said == f"3 more reaches {DASH}, worth $7.00 more."


def test_the_distance_of_a_group_is_that_of_all_together() -> None:
    said = english().ahead(replace(line(40), pool="group"))
    assert said.startswith("$77,461.41 more by all together reaches 5.00%, worth ")


def test_the_last_tier_says_that_there_is_none_above() -> None:
    top = TierRow(threshold=Decimal(0), value=Value(percent=Decimal(2)), reached=True)
    words = english()
    last = replace(line(40), next=None, tiers=(top,))
    assert words.ahead(last) == "The highest tier is reached."
    assert words.ahead(replace(last, tiers=(replace(top, reached=False),))) == ""
    assert words.ahead(replace(last, tiers=())) == ""


@pytest.mark.parametrize(
    ("measure", "threshold", "percent"),
    [(0, 100, 0), (99, 100, 99), (100, 100, 100), (-5, 100, 0), (5, 0, None)],
)
def test_the_way_to_the_next_tier_is_shown_between_nothing_and_all(
    measure: int, threshold: int, percent: int | None
) -> None:
    ahead = NextTier(threshold=Decimal(threshold), missing=Decimal(1), worth=Decimal(1))
    moved = replace(line(1), measure=Decimal(measure), next=ahead)
    assert view(statement(moved)).parts[0].progress == percent


def test_terms_that_have_no_words_yet_are_said_by_their_name() -> None:
    assert english().terms(replace(line(1), reach="spiral"))[0] == "spiral"


def test_a_reason_is_the_findings_sentence_unless_that_needs_filling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Kind(Severity.ERROR, "It came late.", "Send it sooner.")
    partly = Kind(Severity.ERROR, "It came {days} late.", "Send it sooner.")
    monkeypatch.setitem(findings.CATALOGUE, "came_late", whole)
    monkeypatch.setitem(findings.CATALOGUE, "days_late", partly)
    assert english().reason("came_late") == "It came late."
    assert english().reason("days_late") == "days late"
    assert english().reason("freight") == "Freight does not earn."


def test_a_step_is_said_with_its_figures_and_its_rounding_in_words() -> None:
    step = Step(
        step="rounded",
        amount=Decimal("1234.5"),
        text="Rounded to {unit} ({rounding}).",
        params={"unit": "0.01", "rounding": "half_even"},
    )
    assert english().step(step, line(1)) == (
        "Rounding",
        "Rounded to 0.01 (half to even).",
        "1,234.50",
    )


@pytest.mark.parametrize("name", ["measure", "tier"])
def test_a_step_about_what_is_unknown_has_no_figure(name: str) -> None:
    step = Step(step=name, amount=Decimal(0), text="-")
    unknown = replace(line(1), measure=None, threshold=None)
    assert english().step(step, unknown)[2] == DASH
    assert english().step(step, line(1))[2] == "0.00"


def test_a_step_without_a_name_of_its_own_is_called_by_its_code() -> None:
    step = Step(step="odd_thing", amount=Decimal(1), text="-")
    assert english().step(step, line(1))[0] == "Odd thing"


def test_a_column_of_converted_amounts_aligns_and_adds_up() -> None:
    rows = line(40).documents
    printed = papers(english(), rows)
    assert {len(row.amount.partition(".")[2]) for row in printed} == {6}
    assert exact_total(english(), rows) == "422,538.599264"
    assert exact_total(english(), ()) == "0"


def test_a_credit_note_is_negative_and_named() -> None:
    row = papers(english(), line(12).documents)[11]
    assert row.number == "NC-1011 (credit note)"
    assert row.net == f"{MINUS}2,507.11\u00a0MXN"
    assert row.amount.startswith(MINUS)


def test_marginal_slices_are_listed_with_their_exact_sum() -> None:
    part = view(statement(line(60, reach="marginal"), locale="en")).parts[0]
    assert len(part.slices) == 4
    assert part.slices[1][:4] == ("100,000.00", "150,000.00", "150,000.00", "2.00%")
    assert part.slices_total == "12,806.1784462"


def test_many_tax_ids_are_cut_and_said_to_be_more() -> None:
    one = statement()
    who = replace(one.member, tax_ids=tuple(f"T{i}" for i in range(9)))
    listed = view(replace(one, member=who)).payee.tax_ids
    assert listed == "T0, T1, T2, T3, T4, T5, …"


def test_an_adjustment_names_the_period_it_corrects() -> None:
    late = replace(line(3), adjusts="2026-Q2")
    sheet = view(statement(line(3), late, locale="en"))
    assert [part.adjusts for part in sheet.parts] == ["", "2026-Q2"]


@pytest.mark.parametrize(
    ("documents", "named", "rest"),
    [
        (10, 10, []),
        (11, 8, ["3 documentos más; los datos adjuntos los nombran todos."]),
    ],
)
def test_of_many_documents_that_caused_an_adjustment_a_few_are_named(
    documents: int, named: int, rest: list[str]
) -> None:
    came = [
        Cause(code="came", text=CAME, params={"number": f"{place}", "document": "d"})
        for place in range(documents)
    ]
    others = Cause(code="others", text=OTHERS, params={})
    late = replace(line(3), adjusts="2026-Q2", because=(others, *came))
    said = view(statement(late)).parts[0].because
    assert [text.split(" ")[2] for text in said[:named]] == [
        str(i) for i in range(named)
    ]
    assert [*said[named:]] == [
        *rest,
        "Cambió lo que compraron otros miembros del grupo de cálculo.",
    ]


def test_no_sum_of_the_page_loses_a_digit() -> None:
    huge = replace(line(1), volume=Decimal("9" * 20 + ".000000000000000001"))
    part = view(statement(huge, huge, locale="en")).parts[0]
    assert part.volume == "99,999,999,999,999,999,999.000000000000000001"


def test_one_fee_for_all_is_named_and_several_are_not() -> None:
    other = replace(line(3), fee_percent=Decimal(5))
    assert view(statement(line(3), line(3), locale="en")).sums.fee_percent == "10%"
    assert view(statement(line(3), other, locale="en")).sums.fee_percent == ""

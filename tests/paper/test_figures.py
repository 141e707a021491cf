"""Figures, days and foreign text: as the country writes them, none lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont

from rappel.bundled import bundled
from rappel.paper.figures import (
    Format,
    currency_name,
    format_of,
    paper_of,
    places_of,
)
from rappel.paper.text import WEIGHTS, clean, printable

MEXICO = Format("es", ",", ".")
BRAZIL = Format("pt", ".", ",")
MINUS = "\u2212"
NINES = "99,999,999,999,999,999,999.100000000000000008"
NINES_IN_BRAZIL = "99.999.999.999.999.999.999,100000000000000008"


@pytest.mark.parametrize(
    ("figure", "least", "most", "mexico", "brazil"),
    [
        ("1234567.5", 2, None, "1,234,567.50", "1.234.567,50"),
        ("-0.5", 2, None, f"{MINUS}0.50", f"{MINUS}0,50"),
        ("-0.004", 2, 2, "0.00", "0,00"),
        ("0.005", 2, 2, "0.01", "0,01"),
        ("-0.005", 2, 2, f"{MINUS}0.01", f"{MINUS}0,01"),
        ("1812.521234000000000000", 2, None, "1,812.521234", "1.812,521234"),
        ("9" * 20 + ".1" + "0" * 16 + "8", 0, None, NINES, NINES_IN_BRAZIL),
        ("1E+3", 0, None, "1,000", "1.000"),
        ("999", 0, None, "999", "999"),
        ("1000", 0, None, "1,000", "1.000"),
    ],
)
def test_a_figure_is_written_as_the_country_does_and_loses_no_digit(
    figure: str, least: int, most: int | None, mexico: str, brazil: str
) -> None:
    assert MEXICO.number(Decimal(figure), least, most) == mexico
    assert BRAZIL.number(Decimal(figure), least, most) == brazil


@pytest.mark.parametrize(
    ("locale", "currency", "written"),
    [
        ("es-MX", "MXN", "$1,234.50"),
        ("pt-BR", "BRL", "R$\u00a01.234,50"),
        ("es-CO", "COP", "$\u00a01.234,50"),
        ("en", "USD", "US$1,234.50"),
        ("en", "CHF", "CHF\u00a01,234.50"),
        ("pt-BR", "CHF", "CHF\u00a01.234,50"),
    ],
)
def test_an_amount_that_stands_alone_has_its_sign(
    locale: str, currency: str, written: str
) -> None:
    form = format_of(locale)
    assert form.money(Decimal("1234.5"), currency, 2) == written
    assert form.money(Decimal("-1234.5"), currency, 2) == f"{MINUS}{written}"


def test_a_locale_without_a_country_writes_as_the_members_country() -> None:
    assert format_of("es", "CO").point == ","
    assert format_of("es", "MX").point == "."
    assert format_of("es").point == "."
    assert format_of("pt").point == ","


def test_a_percent_has_a_gap_but_not_in_english() -> None:
    assert MEXICO.percent(Decimal("3.5")) == "3.50\u00a0%"
    assert format_of("en").percent(Decimal(3), 0) == "3%"


def test_a_day_is_written_in_words() -> None:
    day = date(2026, 9, 5)
    assert MEXICO.day(day) == "5\u00a0de septiembre de 2026"
    assert BRAZIL.day(day) == "5\u00a0de setembro de 2026"
    assert format_of("en").day(day) == "5\u00a0September 2026"
    assert BRAZIL.short_day(day) == "05\u00a0set\u00a02026"


def test_what_fills_a_sentence_is_written_unless_it_is_a_name() -> None:
    told = {
        "volume": "1234567.5000",
        "start": "2026-07-01",
        "number": "1042",
        "word": "half",
        "long": "0.123456789",
    }
    assert MEXICO.filling(told) == {
        "volume": "1,234,567.50",
        "start": "1\u00a0de julio de 2026",
        "number": "1042",
        "word": "half",
        "long": "0.12345679",
    }


@pytest.mark.parametrize(
    ("figure", "least", "most", "places"),
    [("1.50", 0, None, 1), ("1.50", 2, None, 2), ("1.2345", 2, 3, 3), ("1", 2, 1, 2)],
)
def test_places_are_those_needed_within_bounds(
    figure: str, least: int, most: int | None, places: int
) -> None:
    assert places_of(Decimal(figure), least, most) == places


@pytest.mark.parametrize(
    ("locale", "country", "paper"),
    [
        ("es-MX", "", "Letter"),
        ("es-MX", "PE", "A4"),
        ("es-AR", "GT", "Letter"),
        ("pt-BR", "", "A4"),
        ("en", "", "A4"),
    ],
)
def test_the_members_country_decides_the_paper(
    locale: str, country: str, paper: str
) -> None:
    assert paper_of(locale, country) == paper


def test_a_currency_is_named_in_the_language_or_by_its_code() -> None:
    assert currency_name("es-MX", "MXN") == "peso mexicano"
    assert currency_name("en", "XQZ") == "XQZ"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ACME \u202e00.001$\u202c SA", "ACME 00.001$ SA"),
        ("a\x00b\x1bc\ud800d\u200be\ufefff", "abcdef"),
        ("a\n\tb  c\u3000d", "a b c d"),
        ("Sa\u0303o", "São"),
        ("x" + "\u0336" * 300, "x"),
        ("安全 \U0001f4a9", "?? ?"),
        ("Łódź \u2013 “São” €1 ₡2", "Łódź \u2013 “São” €1 ₡2"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_foreign_text_keeps_what_can_be_printed(text: str, printed: str) -> None:
    assert clean(text) == printed


def test_a_text_is_cut_where_it_exceeds_its_limit() -> None:
    assert clean("x" * 120) == "x" * 120
    assert clean("x" * 121) == "x" * 119 + "…"
    assert clean("\u200b" * 500 + "x") == "…"
    assert len(clean("ab " * 100_000, 48)) == 48


def test_every_weight_has_the_same_characters() -> None:
    for weight in WEIGHTS:
        font = TTFont(bundled("templates") / "fonts" / f"inter-{weight}.ttf")
        assert {ord(char) for char in printable()} == set(font.getBestCmap())

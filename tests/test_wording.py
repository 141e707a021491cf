"""Sentences in three languages: looked up, filled, never lost."""

from __future__ import annotations

import re

import pytest

from rappel.actions import working
from rappel.core import findings
from rappel.core.findings import Finding, Kind, Severity
from rappel.wording import (
    PLACEHOLDER,
    catalogue,
    fill,
    language,
    say,
    say_finding,
    translator,
)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("es-MX", "es"),
        ("es_AR", "es"),
        ("pt-BR", "pt"),
        ("PT", "pt"),
        ("en", "en"),
        ("en-GB", "en"),
        ("fr-CA", "en"),
        ("", "en"),
    ],
)
def test_a_locale_is_read_as_its_language_and_an_unknown_one_as_english(
    locale: str, expected: str
) -> None:
    assert language(locale) == expected


def test_english_is_said_as_it_is_written() -> None:
    assert translator("en")("Anything at all") == "Anything at all"


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    assert translator("es-MX")("No such sentence.") == "No such sentence."


def test_a_placeholder_is_filled_and_a_missing_one_stays_visible() -> None:
    assert fill("{a} of {b}", {"a": "1"}) == "1 of {b}"


def test_doubled_braces_are_single_ones() -> None:
    assert fill("{{a}} {a}", {"a": "1"}) == "{a} 1"


def test_a_template_cannot_reach_into_objects_or_ask_for_widths() -> None:
    hostile = "{a.__class__} {a[0]} {a:>999999999} {0} {}"
    assert fill(hostile, {"a": "1", "0": "2"}) == hostile


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert fill("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


def test_a_finding_is_said_with_its_repair_in_the_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = Kind(Severity.ERROR, "Row {row} is odd.", "Mend {row}.")
    monkeypatch.setitem(findings.CATALOGUE, "odd_row", kind)
    monkeypatch.setitem(catalogue("es"), "Row {row} is odd.", "La fila {row} es rara.")
    found = Finding(code="odd_row", params={"row": "7"})
    assert say_finding(found, "es-MX") == ("La fila 7 es rara.", "Mend 7.")
    assert say_finding(found, "en") == ("Row 7 is odd.", "Mend 7.")


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_a_translation_has_the_placeholders_of_its_sentence(lang: str) -> None:
    words = catalogue(lang)
    assert words
    for english, translated in words.items():
        assert set(PLACEHOLDER.findall(english)) == set(
            PLACEHOLDER.findall(translated)
        ), english


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_a_translation_ends_as_its_sentence_ends(lang: str) -> None:
    for english, translated in catalogue(lang).items():
        assert re.sub(r".*?([.:]?)$", r"\1", english) == re.sub(
            r".*?([.:]?)$", r"\1", translated
        ), english


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_every_sentence_of_a_working_is_translated(lang: str) -> None:
    said = {
        text
        for name, text in vars(working).items()
        if name.isupper() and isinstance(text, str)
    }
    assert len(said) > 10
    assert said - catalogue(lang).keys() == set()


def test_say_fills_after_translating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue("pt"), "{a} left", "faltam {a}")
    assert say("{a} left", {"a": "3"}, "pt-BR") == "faltam 3"

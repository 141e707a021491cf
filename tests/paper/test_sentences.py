"""Terms in words: in three languages, every sentence whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from deals import deal
from rappel.core import phrases
from rappel.core.agreements import Scope
from rappel.core.sentences import sentences
from rappel.paper.figures import BLANK
from rappel.paper.sentences import said
from rappel.wording import PLACEHOLDER, catalogue
from said import every_deal

if TYPE_CHECKING:
    from collections.abc import Iterator


def templates() -> Iterator[str]:
    """Yield every phrase that has a word of its own."""
    for name, text in vars(phrases).items():
        if name.isupper():
            for one in [text] if isinstance(text, str) else text.values():
                if re.search("[a-z]", PLACEHOLDER.sub("", one)):
                    yield one


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_phrase_is_translated(language: str) -> None:
    words = catalogue(language)
    assert [text for text in templates() if text not in words] == []


@pytest.mark.parametrize("locale", ["en", "es-MX", "es-CO", "pt-BR"])
def test_every_sentence_is_whole_in_every_language(locale: str) -> None:
    for one in every_deal():
        for line in (said(sentence, locale) for sentence in sentences(one)):
            assert re.fullmatch(r"[A-ZÉ][^{}]*[^{} ]\.", line), line
            assert not re.search(r"  | [,;.]|: \.", line), line


@pytest.mark.parametrize("locale", ["es", "pt"])
def test_no_english_is_left(locale: str) -> None:
    english = r"\b(the|is|and|each|earned|from|until|unless|counts|paid|of)\b"
    for one in every_deal():
        for sentence in sentences(one):
            line = said(sentence, locale)
            assert not re.search(english, line, re.IGNORECASE), line


ENGLISH = (
    "On purchases of cctv from andes, each quarter, each member earns the rate of the "
    "tier it reaches, back to the first unit: 0% from MXN 0; 2% from MXN 100,000; 3.5% "
    "from MXN 250,000."
)
SPANISH = (
    "Sobre las compras de cctv a andes, cada trimestre, cada asociado gana la tasa del "
    "escalón que alcanza, desde la primera unidad: 0 % desde MXN 0; 2 % desde MXN "
    "100,000; 3.5 % desde MXN 250,000."
)
PORTUGUESE = (
    "Sobre as compras de cctv feitas a andes, a cada trimestre, cada associado ganha a "
    "taxa da faixa que alcança, desde a primeira unidade: 0 % a partir de MXN 0; 2 % a "
    "partir de MXN 100.000; 3,5 % a partir de MXN 250.000."
)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en", ENGLISH), ("es-MX", SPANISH), ("pt-BR", PORTUGUESE)],
)
def test_the_first_sentence_reads_as_people_write(locale: str, expected: str) -> None:
    terms = deal(suppliers=("andes",), scope=Scope(categories=("cctv",)))
    line = said(sentences(terms)[0], locale)
    assert line.replace(BLANK, " ") == expected


def test_an_amount_has_its_cents_where_it_has_any_and_a_country_its_commas() -> None:
    fixed = next(one for one in every_deal() if one.tiers[-1].amount is not None)
    assert "MXN 900.50" in said(sentences(fixed)[0], "es-MX").replace(BLANK, " ")
    assert "MXN 900,50" in said(sentences(fixed)[0], "es", "CO").replace(BLANK, " ")

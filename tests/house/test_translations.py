"""Whatever Rappel finds, it says in three languages."""

from __future__ import annotations

import string
from collections import Counter

import pytest

from house.source import ROOT
from rappel.core.findings import CATALOGUE
from rappel.wording import catalogue


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_finding_and_its_repair_are_translated(language: str) -> None:
    words = catalogue(language)
    sentences = {s for kind in CATALOGUE.values() for s in (kind.message, kind.repair)}
    assert sorted(s for s in sentences if s and s not in words) == []


@pytest.mark.parametrize("language", ["es", "pt"])
def test_a_translation_keeps_every_placeholder(language: str) -> None:
    words = catalogue(language)
    assert {s: t for s, t in words.items() if placeholders(s) != placeholders(t)} == {}


@pytest.mark.parametrize("language", ["es", "pt"])
def test_a_sentence_is_translated_once(language: str) -> None:
    text = (ROOT / "templates" / "locale" / f"{language}.po").read_text()
    lines = Counter(line for line in text.splitlines() if line.startswith("msgid "))
    del lines['msgid ""']
    assert [line for line, times in lines.items() if times > 1] == []


def test_both_languages_say_the_same_sentences() -> None:
    assert set(catalogue("es")) ^ set(catalogue("pt")) == set()

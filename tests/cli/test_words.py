"""The terminal's own words are said in the reader's language."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from house.source import SRC
from rappel.actions.proposals import check
from rappel.cli import output, proposals
from rappel.core import comparison
from rappel.ingest.terms import agreement_from_toml
from rappel.settings import read
from rappel.wording import catalogue
from world import AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r">?[a-z][a-z ]+")
LATER = AGREEMENT.replace('"2"', '"2.5"').replace("andes-volumen", "andes-otro")


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read({"RAPPEL_LOCALE": "es"})
    for module in (output, proposals):
        monkeypatch.setattr(module, "current", lambda: settings)


def headings() -> Iterator[str]:
    """Yield what stands in the lists that tables are given as headings."""
    for path in sorted((SRC / "rappel" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "output.table":
                yield from _texts(node.args[0])
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {
                "columns",
                "SHOWN",
                "BEFORE_VALUE",
                "AFTER_VALUE",
                "VALUES",
            }:
                yield from _texts(node.value)


def _texts(node: ast.expr) -> list[str]:
    found = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return [text for text in found if isinstance(text, str) and WORD.fullmatch(text)]


def test_every_heading_of_a_table_is_said_in_spanish_and_portuguese() -> None:
    words = {heading.removeprefix(">") for heading in headings()}
    assert len(words) > 40
    for language in ("es", "pt"):
        known = catalogue(language)
        assert sorted(word for word in words if word not in known) == []


@pytest.mark.usefixtures("spanish")
def test_a_check_has_no_english_word(capsys: pytest.CaptureFixture[str]) -> None:
    proposals.show(check(AGREEMENT.encode()))
    said = capsys.readouterr()
    heading = next(line for line in said.out.splitlines() if "retención" in line)
    places = [
        heading.index(word)
        for word in ("comprado", "cantidad", "base de medición", "umbral", "ganado")
    ]
    assert all(before < after for before, after in pairwise(places))
    assert "por ciento 2" in said.out
    assert said.err.startswith("advertencia: programmes[0].tiers[1]: Alcanzar")


@pytest.mark.usefixtures("spanish")
def test_a_comparison_has_no_english_word(capsys: pytest.CaptureFixture[str]) -> None:
    before, after = (agreement_from_toml(one) for one in (AGREEMENT, LATER))
    proposals.differ(comparison.compare(before, after))
    said = capsys.readouterr().out
    assert "agregado: andes-otro" in said
    assert "quitado: andes-volumen" in said

"""The documents say what the code does, all of it."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from house.document import PAGES, docstrings
from house.source import CORE, REFRESH, ROOT, document, pyproject
from rappel.cli import COMMANDS
from rappel.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

INTERNAL = {
    "frames",
    "init",
    "json",
}  # no words of the business
LANGUAGES = 3


@pytest.mark.parametrize("page", PAGES)
def test_a_list_of_what_the_code_says_is_up_to_date(page: str) -> None:
    assert document(page) == PAGES[page](), REFRESH


def test_every_setting_is_explained_in_its_own_words() -> None:
    said = dict(docstrings())
    assert set(said) == {field.name for field in fields(Settings)}
    assert len(set(said.values())) == len(said)


def test_every_setting_is_used() -> None:
    code = "\n".join(
        path.read_text()
        for path in (ROOT / "src").rglob("*.py")
        if path.name != "settings.py"
    )
    idle = [f.name for f in fields(Settings) if not re.search(rf"\.{f.name}\b", code)]
    assert idle == []


def test_every_command_is_documented() -> None:
    told = document("cli.md")
    assert [name for name in COMMANDS if f"`{name}" not in told] == []


def test_every_command_that_a_document_shows_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    called = re.compile(r"^(?:\./run|rappel) ([a-z]+)", re.MULTILINE)
    shown = {
        (page.name, verb) for page in pages for verb in called.findall(code_of(page))
    }
    assert shown
    assert {
        where for where in shown if where[1] not in {*COMMANDS, "test", "mutate"}
    } == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_dependency_has_its_reason() -> None:
    project = pyproject()
    stated = chain(
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
        project["build-system"]["requires"],
    )
    needed = {re.split(r"[\[<>=~ ]", line, maxsplit=1)[0] for line in stated}
    reasons = document("decisions/0001-dependencies.md")
    explained = set(re.findall(r"^\| `([\w-]+)` \|", reasons, re.MULTILINE))
    assert explained == needed


def test_every_dependency_is_pinned() -> None:
    pins = {
        re.split("==", line)[0]
        for line in pyproject()["tool"]["uv"]["constraint-dependencies"]
    }
    reasons = document("decisions/0001-dependencies.md")
    assert set(re.findall(r"^\| `([\w-]+)` \|", reasons, re.MULTILINE)) <= pins


def test_every_noun_of_the_core_is_in_the_glossary_in_three_languages() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in document("glossary.md").splitlines()
        if line.startswith("| ") and line.count("|") > LANGUAGES
    ]
    told = {
        word: row[2:4]
        for row in rows
        for word in re.findall(r"[a-z]+", f"{row[0]} {row[1]}")
    }
    nouns = {
        word
        for path in CORE.glob("*.py")
        for word in path.stem.strip("_").split("_")
        if word not in INTERNAL
    }
    missing = [
        noun
        for noun in sorted(nouns)
        if not any(form in told for form in forms(noun)) or not all_said(told, noun)
    ]
    assert missing == []


def forms(noun: str) -> list[str]:
    """Return a module's noun as the glossary may write it: one, or many."""
    return [noun, noun.removesuffix("s"), re.sub("ies$", "y", noun)]


def all_said(told: dict[str, list[str]], noun: str) -> bool:
    return any(
        len(cells) > 1 and all(cells) for f in forms(noun) if (cells := told.get(f))
    )


def code_of(page: Path) -> str:
    """Return the commands that ``page`` shows."""
    block = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
    lines = "\n".join(block.findall(page.read_text())).splitlines()
    return "\n".join(line.removeprefix("$ ") for line in lines)

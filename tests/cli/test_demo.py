"""The demo: the story's figures from nothing, and after every interruption."""

from __future__ import annotations

import json
import signal
import time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rappel.actions.verify import verify_statement
from terminal import rappel, start

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPECTED = Path(__file__).parents[2] / "fixtures" / "ceiba-2026-q1" / "expected"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was played once."""
    folder = tmp_path_factory.mktemp("demo")
    rappel(folder / "unused", "demo", "--out", str(folder / "out"))
    return folder / "out"


def statements(out: Path) -> list[dict[str, str]]:
    """Return the statements that a demo wrote down."""
    found: list[dict[str, str]] = json.loads((out / "statements.json").read_text())
    return found


def totals(out: Path) -> dict[str, Decimal]:
    """Return the total of each statement by its number."""
    return {row["number"]: Decimal(row["total"]) for row in statements(out)}


def test_the_demo_ends_with_the_storys_statements(played: Path) -> None:
    expected = json.loads((EXPECTED / "statements.json").read_text())

    assert totals(played) == {row["number"]: Decimal(row["total"]) for row in expected}


def test_every_statement_stands_beside_its_hash(played: Path) -> None:
    for row in statements(played):
        pdf = (played / "statements" / f"{row['number']}.pdf").read_bytes()
        assert sha256(pdf).hexdigest() == row["sha256"]


def test_every_statement_verifies_from_its_own_data(played: Path) -> None:
    pdfs = sorted((played / "statements").glob("*.pdf"))

    assert [verify_statement(pdf.read_bytes()) for pdf in pdfs] == [()] * len(pdfs)
    rappel(played / "unused", "verify", str(pdfs[0]))


def test_the_books_verify(played: Path) -> None:
    rappel(played / "state", "verify")


def test_the_demo_again_changes_nothing(played: Path) -> None:
    before = statements(played)

    again = rappel(played / "unused", "demo", "--out", str(played), "--json")

    assert statements(played) == before
    assert json.loads(again.stdout)["differences"] == []


def test_another_story_is_not_played_into_the_same_books(played: Path) -> None:
    words = ("demo", "--story", "jacaranda", "--out", str(played))
    refused = rappel(played / "unused", *words, exits=4)

    assert "another story" in refused.stderr


@pytest.mark.full
def test_a_year_is_played_on_paper_and_its_instalments_shown(tmp_path: Path) -> None:
    words = ("demo", "--story", "jacaranda", "--out", str(tmp_path / "out"))
    told = rappel(tmp_path / "unused", *words).stdout

    assert "Every figure is the one that the story computed by hand." in told
    assert "-7,199.50" in told
    pdfs = sorted((tmp_path / "out" / "statements").glob("*.pdf"))
    assert [verify_statement(pdf.read_bytes()) for pdf in pdfs] == [()] * 16
    rappel(tmp_path / "out" / "state", "verify")


def moments() -> Iterator[float]:
    """Say after how many seconds to kill: all over the demo."""
    return (0.5 + 0.75 * step for step in range(24))


@pytest.mark.full
def test_killed_at_any_moment_the_demo_goes_on_to_the_same_end(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for seconds in moments():
        with start(tmp_path / "unused", "demo", "--out", str(out)) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            process.communicate()

    rappel(tmp_path / "unused", "demo", "--out", str(out))
    rappel(out / "state", "verify")
    expected = json.loads((EXPECTED / "statements.json").read_text())
    assert totals(out) == {row["number"]: Decimal(row["total"]) for row in expected}

"""Terms from a terminal: checked, signed with warnings, described, compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rappel.bundled import bundled
from terminal import rappel

if TYPE_CHECKING:
    from pathlib import Path

ANDES = bundled("stories") / "ceiba-2026-q1" / "agreements" / "andes.toml"


def test_a_document_is_checked_without_a_database(tmp_path: Path) -> None:
    state = tmp_path / "state"
    done = rappel(state, "agreements", "check", str(ANDES))
    assert "On purchases of cctv, recording from andes, each quarter" in done.stdout
    assert "8750.00" in done.stdout
    assert "warning: programmes[0].tiers[1]: Reaching 100,000" in done.stderr
    assert not state.exists()


def test_a_check_is_json_for_programs(tmp_path: Path) -> None:
    done = rappel(tmp_path, "agreements", "check", str(ANDES), "--json")
    answer = json.loads(done.stdout)
    assert [one["code"] for one in answer["programmes"]] == [
        "andes-volume",
        "andes-group",
    ]
    assert answer["findings"][-1]["code"] == "programmes_overlap"


def test_a_document_with_a_fault_is_refused_with_its_path(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(ANDES.read_text().replace('"250000"', '"100000"'))
    done = rappel(tmp_path / "state", "agreements", "check", str(wrong), exits=2)
    assert "programmes[0].tiers[2].from" in done.stderr


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Books with a supplier."""
    state = tmp_path / "state"
    for words in (
        (
            "init --name=Ceiba --tax-id=CCI170519R41 --country=MX --currency=MXN "
            "--locale=es-MX --administrator=Marisol"
        ),
        "suppliers add andes --name=Andes --country=MX --tax-id=AVI030227M70",
    ):
        rappel(state, *words.split())
    return state


@pytest.mark.full  # a dozen programs, each with a server of its own
def test_two_revisions_are_signed_described_and_compared(
    books: Path, tmp_path: Path
) -> None:
    first = rappel(books, "agreements", "sign", str(ANDES))
    assert first.stdout == "andes-2026: revision 1\n"
    assert "andes-group and andes-volume pay on some purchases both" in " ".join(
        first.stderr.split()
    )
    later = tmp_path / "later.toml"
    text = ANDES.read_text().replace('from = "2026-01-01"', 'from = "2026-05-01"')
    later.write_text(text.replace('percent = "3.5"', 'percent = "4"'))
    signed = json.loads(
        rappel(books, "agreements", "sign", str(later), "--json").stdout
    )
    assert (signed["revision"], len(signed["findings"])) == (2, 6)

    words = rappel(books, "agreements", "describe", "andes-2026").stdout
    assert "4% from MXN" in words.replace("\N{NO-BREAK SPACE}", " ")

    beside = rappel(books, "agreements", "compare", "andes-2026", "1", "2").stdout
    assert "2026-05-01" in beside
    assert "percent 3.5" in beside
    assert "percent 4" in beside
    compared = ["agreements", "compare", "andes-2026", "1", "2", "--json"]
    answer = json.loads(rappel(books, *compared).stdout)
    assert answer["ladders"][0]["path"] == "tiers"

    rappel(books, "agreements", "compare", "andes-2026", "1", "3", exits=4)

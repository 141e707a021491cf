"""The looks ahead, from a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rappel.bundled import bundled
from terminal import rappel

if TYPE_CHECKING:
    from pathlib import Path

STORY = bundled("stories") / "ceiba-2026-q1"
TERMS = """\
code = "x"
supplier = "andes"
currency = "MXN"

[[programmes]]
code = "x-1"
tiers = [{ from = "0", percent = "1" }]
"""


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Books with a consortium, a member that bought, a supplier and its terms."""
    folder = tmp_path / "state"
    rappel(
        folder,
        "init",
        "--name=Consorcio Ceiba",
        "--tax-id=CCI170519R41",
        "--country=MX",
        "--currency=MXN",
        "--locale=es-MX",
        "--administrator=Marisol Ibarra",
    )
    for words in (
        "chapters open MX --name=México --currency=MXN --locale=es-MX",
        "members admit altavista --name=Altavista --country=MX --tax-id=ASE090316K20",
        "suppliers add andes --name=Andes --country=MX --tax-id=AVI030227M70",
        f"catalogue load andes {STORY}/catalogue/andes.csv",
        f"agreements sign {STORY}/agreements/andes.toml",
        "periods open 2026-Q1 2026-01-01 2026-04-01",
    ):
        rappel(folder, *words.split())
    files = sorted(str(f) for f in (STORY / "uploads" / "01-altavista").iterdir())
    rappel(folder, "upload", *files)
    return folder


@pytest.mark.full  # some fifteen programs, each with a server of its own
def test_the_looks_ahead_of_a_quarter(state: Path, tmp_path: Path) -> None:
    ask = ("outlook", "2026-Q1", "--today=2026-03-01")
    assert "altavista" in rappel(state, *ask).stdout

    ask = ("accruals", "2026-Q1", "--today=2026-03-01", "--policy=projected")
    before = tmp_path / "before.json"
    before.write_text(rappel(state, *ask, "--json").stdout)
    again = json.loads(rappel(state, *ask, f"--earlier={before}", "--json").stdout)
    assert all(one["change"] in {"0", "0.00"} for one in again["rows"])
    assert again["rows"]
    (tmp_path / "other.json").write_text("[]")
    rappel(state, *ask, f"--earlier={tmp_path / 'other.json'}", exits=2)

    ask = ("accrue", "2026-Q1", "--today=2026-03-01")
    taken = json.loads(rappel(state, *ask, "--json").stdout)
    assert json.loads(rappel(state, *ask, "--json").stdout) == taken
    assert taken["totals"][0]["supplier"] == "andes"
    assert taken["accrual"] in rappel(state, "accrued", "--period=2026-Q1").stdout
    shown = rappel(state, "accrued", taken["accrual"]).stdout
    assert taken["totals"][0]["change"] in shown
    rappel(state, "accrue", "2026-Q1", "--today=2026-02-01", exits=4)

    terms = tmp_path / "terms.toml"
    terms.write_text(TERMS)
    ask = ("what-if", "terms", str(terms), "--from=2026-01-01", "--until=2026-04-01")
    assert "altavista" in rappel(state, *ask).stdout

    ask = ("what-if", "bought", "2026-Q1", "altavista", "andes", "1000000", "MXN")
    assert "andes" in rappel(state, *ask).stdout
    rappel(state, *ask[:5], "1e3", "MXN", exits=2)

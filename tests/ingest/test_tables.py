"""CSV and XLSX files: decoded, delimited, limited, and every row answered for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents import SUPPLIER
from rappel.ingest import ColumnMap, read
from rappel.ingest import table as tables

if TYPE_CHECKING:
    from rappel.core.invoices import Document

HEADER = "number,date,supplier tax id,currency,net"
ROW = f"A1,2026-07-01,{SUPPLIER},MXN,950.00"
PLAIN = f"{HEADER}\n{ROW}\n"


def one(content: bytes | str, columns: ColumnMap | None = None) -> Document:
    body = content.encode() if isinstance(content, str) else content
    (document,) = read("a.csv", body, columns=columns)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def places(document: Document) -> list[tuple[str, int | None, str | None]]:
    return [(item.code, item.row, item.column) for item in document.findings]


def test_a_table_is_one_register_with_a_line_for_each_row() -> None:
    document = one(PLAIN)
    assert (document.scheme, document.kind, document.evidence) == (
        "table",
        "register",
        "D",
    )
    assert (document.verdict, document.findings) == ("accept", ())
    assert (document.currency, document.base) == ("MXN", 950)
    assert [line.net for line in document.lines] == [950]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    text = PLAIN.replace(",", delimiter).replace("A1", "Ñ1")
    document = one(text.encode(encoding))
    assert (document.verdict, document.base) == ("accept", 950)


def test_title_rows_and_blank_rows_keep_their_numbers() -> None:
    text = f"Reporte: Compras\nEmpresa: Demo\n\n{HEADER}\n\n{ROW}\nA2,x\n"
    document = one(text)
    assert [line.reason for line in document.lines[:2]] == ["title_row"] * 2
    assert len(document.lines) == 2 + 2
    assert ("bad_date", 7, "date") in places(document)
    assert ("missing_value", 7, "net") in places(document)


def test_a_mark_of_utf_8_that_lies_is_held() -> None:
    body = b"\xef\xbb\xbf" + PLAIN.replace("A1", "Ñ1").encode("cp1252")
    document = one(body)
    assert (document.verdict, codes(document)) == ("hold", ["encoding_ambiguous"])


@pytest.mark.parametrize("body", [b"\xff\xfea", b"number,\x81\xff\n1,2\n"])
def test_bytes_of_no_encoding_are_refused(body: bytes) -> None:
    assert codes(one(body)) == ["encoding_not_allowed"]


def test_a_nul_is_refused_with_its_row() -> None:
    assert places(one(PLAIN + "A2\0,")) == [("csv_nul", 3, None)]


def test_quotes_that_do_not_close_are_refused_since_rows_would_be_lost() -> None:
    document = one(PLAIN + '"A2,2026-07-01\nA3,2026-07-02\n')
    assert places(document) == [("csv_quotes", 3, None)]


@pytest.mark.parametrize(("length", "refused"), [(10_000, False), (10_001, True)])
def test_a_cell_has_at_most_10000_characters(length: int, *, refused: bool) -> None:
    text = f"{HEADER},descripcion\n{ROW},{'x' * length}\n"
    assert (places(one(text)) == [("csv_field_too_long", 2, None)]) is refused


def test_a_cell_beyond_the_limit_of_the_reader_is_too_long_as_well() -> None:
    assert codes(one(f"{HEADER}\n{'x' * 200_000},1\n")) == ["csv_field_too_long"]


def test_rows_and_columns_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS", 3)
    assert codes(one(PLAIN + ROW)) == []
    assert codes(one(PLAIN + f"{ROW}\n{ROW}")) == ["rows_limit"]
    assert codes(one(f"{HEADER}\n{',' * 1000}1\n")) == ["columns_limit"]


def test_a_file_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST", len(PLAIN))
    assert codes(one(PLAIN)) == []
    assert codes(one(PLAIN + " ")) == ["file_too_large"]


def test_columns_that_are_not_found_are_named_with_the_headings_there_are() -> None:
    document = one("uno,dos,tres\n1,2,3\n")
    assert document.verdict == "reject"
    finding = document.findings[0]
    assert finding.code == "missing_columns"
    assert finding.params["missing"] == "issued_at, net, supplier_tax_id"
    assert finding.params["headings"] == "uno, dos, tres"


def test_a_heading_of_the_map_that_is_not_there_is_named() -> None:
    document = one(PLAIN, ColumnMap(columns={"net": "Valor"}))
    assert document.findings[0].params["missing"] == "Valor, net"


def test_a_heading_that_comes_twice_is_refused_until_it_is_renamed() -> None:
    document = one(PLAIN.replace("net", "net,net").replace("950.00", "950.00,1"))
    assert document.verdict == "reject"
    assert codes(document) == ["column_twice"]


def test_a_table_without_rows_is_refused() -> None:
    document = one(f"{HEADER}\n")
    assert (document.verdict, codes(document)) == ("reject", ["empty_table"])


def test_words_without_a_header_are_refused() -> None:
    assert one("hello").verdict == "reject"
    assert one("2026\n", ColumnMap(header_row=5)).findings[0].params["headings"] == ""


def test_the_header_row_can_be_said() -> None:
    text = f"number,date,net\n{HEADER}\n{ROW}\n"
    reasons = [line.reason for line in one(text, ColumnMap(header_row=2)).lines]
    assert reasons == ["title_row", None]
    assert one(text, ColumnMap(header_row=2, delimiter=",")).verdict == "accept"

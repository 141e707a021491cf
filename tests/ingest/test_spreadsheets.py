"""XLSX: figures from their text, days by their style, nothing laid out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from documents import SUPPLIER, xlsx_of, zip_members
from ingest.test_tables import codes, one, places
from rappel.ingest import ColumnMap
from rappel.ingest import table as tables

# spreadsheets

SHEET = [
    ["number", "date", "supplier tax id", "currency", "net", "code"],
    ["A1", date(2026, 7, 1), SUPPLIER, "MXN", 950.1, 1001],
    ["A2", datetime(2026, 7, 2, 10, 30), SUPPLIER, "MXN", "1.234,50", "x"],  # noqa: DTZ001
]


def test_a_spreadsheet_reads_days_texts_and_figures_exactly() -> None:
    document = one(xlsx_of(SHEET))
    assert document.verdict == "accept"
    assert [line.net for line in document.lines] == [
        Decimal("950.1"),
        Decimal("1234.50"),
    ]
    assert [line.code for line in document.lines] == ["1001", "x"]


def test_a_spreadsheet_rounds_the_noise_beyond_its_15_digits_as_it_shows_it() -> None:
    rows = [SHEET[0], ["A1", date(2026, 7, 1), SUPPLIER, "MXN", 0.1 + 0.2, ""]]
    assert one(xlsx_of(rows)).lines[0].net == Decimal("0.3")
    rows[1][4] = 10 / 3
    assert codes(one(xlsx_of(rows))) == ["too_many_places"]


def test_days_counted_from_1904_are_the_same_days() -> None:
    rows = [SHEET[0], SHEET[1]]
    early, late = (
        tables.read_xlsx(body, ColumnMap())
        for body in (xlsx_of(rows), xlsx_of(rows, date_1904=True))
    )
    assert early.rows == late.rows
    assert early.rows[0][1][1] == datetime(2026, 7, 1)  # noqa: DTZ001


def test_a_figure_in_a_column_of_days_is_no_day() -> None:
    rows = [SHEET[0], ["A1", 46204, SUPPLIER, "MXN", 1, ""]]
    assert places(one(xlsx_of(rows)))[0] == ("bad_date", 2, "date")


def test_a_day_in_a_column_of_figures_is_no_figure() -> None:
    rows = [SHEET[0], ["A1", date(2026, 7, 1), SUPPLIER, "MXN", date(2026, 7, 1), ""]]
    assert ("bad_number", 2, "net") in places(one(xlsx_of(rows)))


def test_the_sheet_with_the_best_header_is_read_and_the_others_are_named() -> None:
    document = one(xlsx_of([["notes"], ["x"]], SHEET))
    assert len(document.lines) == 2
    assert document.findings[0].code == "sheets_ignored"
    assert document.findings[0].params == {"name": "Sheet2", "others": "Sheet1"}


def test_a_sheet_can_be_named() -> None:
    body = xlsx_of(SHEET, [*SHEET, SHEET[1]])
    assert len(one(body, ColumnMap(sheet="Sheet2")).lines) == 3
    assert codes(one(body, ColumnMap(sheet="Nowhere"))) == ["no_sheet"]
    assert codes(one(xlsx_of([]))) == ["no_sheet"]


def test_cells_of_a_spreadsheet_have_the_limit_of_all_cells() -> None:
    document = one(xlsx_of([*SHEET, ["x" * 10_001]]))
    assert places(document) == [("csv_field_too_long", 4, None)]


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(sheet: str, **parts: str | None) -> bytes:
    """A spreadsheet written by hand, part by part."""
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{LINK}"><sheets>'
        '<sheet name="One" r:id="a"/></sheets></workbook>'
    )
    links = '<Relationships><Relationship Id="a" Target="/xl/s.xml"/></Relationships>'
    whole = {
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": links,
        "xl/s.xml": sheet,
    }
    whole |= {name.replace("__", "/") + ".xml": body for name, body in parts.items()}
    return zip_members({name: body.encode() for name, body in whole.items() if body})


def sheet(*rows: str) -> str:
    return (
        f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'
    )


def cells_of(body: bytes) -> list[list[object]]:
    return [list(cells) for _, rows in tables.sheets(body) for _, cells in rows]


def test_cells_without_references_stand_in_order() -> None:
    body = book(sheet("<row><c><v>1</v></c><c t='str'><v>x</v></c></row>"))
    assert cells_of(body) == [[Decimal(1), "x"]]


def test_texts_are_shared_inline_or_missing() -> None:
    rows = (
        "<row><c t='s'><v>0</v></c><c t='s'><v>9</v></c><c t='s'><v>-1</v></c>"
        "<c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r></is></c>"
        "<c t='b'><v>1</v></c><c/><c><v>1E3</v></c><c><v>1E9999</v></c>"
        "<c><v>abc</v></c></row><row><c/></row>"
    )
    shared = f'<sst xmlns="{MAIN}"><si><t>hello</t><rPh><t>no</t></rPh></si></sst>'
    body = book(sheet(rows), xl__sharedStrings=shared)
    assert cells_of(body) == [
        ["hello", "", "", "ab", "1", "", Decimal(1000), "1E9999", "abc"]
    ]


@pytest.mark.parametrize(
    ("value", "read_as"),
    [
        ("46204", datetime(2026, 7, 1)),  # noqa: DTZ001
        ("46204.5", datetime(2026, 7, 1, 12)),  # noqa: DTZ001
        ("0", Decimal(0)),
        ("2900000", datetime(9839, 12, 5)),  # noqa: DTZ001
        ("2900001", Decimal(2900001)),
    ],
)
def test_a_style_makes_a_figure_a_day(value: str, read_as: object) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" '
        'formatCode="[$-409]dd&quot;d&quot;-mmm"/><numFmt numFmtId="165" '
        'formatCode="0.00&quot;day&quot;"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="164"/><xf numFmtId="165"/><xf/></cellXfs></styleSheet>'
    )
    row = f'<row><c s="1"><v>{value}</v></c><c s="2"><v>5</v></c></row>'
    body = book(sheet(row), xl__styles=styles)
    assert cells_of(body) == [[read_as, Decimal(5)]]


def test_two_cells_in_the_far_corners_cost_nothing() -> None:
    far = '<row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    corner = sheet(
        far.format(row=1, cell="A1"), far.format(row=200_001, cell="A200001")
    )
    assert codes(one(book(corner))) == ["rows_limit"]
    wide = sheet(far.format(row=1, cell="ALM1"))
    assert codes(one(book(wide))) == ["columns_limit"]
    assert cells_of(book(sheet(far.format(row=1, cell="ALL1"))))[0][-1] == Decimal(1)


def test_rows_that_go_back_are_counted_on() -> None:
    body = book(
        sheet('<row r="5"><c><v>1</v></c></row><row r="2"><c><v>2</v></c></row>')
    )
    numbers = [number for _, rows in tables.sheets(body) for number, _ in rows]
    assert numbers == [5, 6]


def test_hidden_sheets_are_not_read() -> None:
    hidden = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{LINK}"><sheets>'
        '<sheet name="One" state="hidden" r:id="a"/><sheet name="Two" r:id="none"/>'
        "</sheets></workbook>"
    )
    body = book(sheet("<row><c><v>1</v></c></row>"), xl__workbook=hidden)
    assert cells_of(body) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (book("<worksheet><sheetData><row>"), "spreadsheet_damaged"),
        (book("<!DOCTYPE x><worksheet/>"), "dtd_forbidden"),
        (book(sheet(), xl__workbook="<workbook"), "spreadsheet_damaged"),
        (book(sheet(), xl__workbook="<!DOCTYPE a><workbook/>"), "dtd_forbidden"),
        (zip_members({"xl/workbook.xml": b"<workbook/>"}), "no_sheet"),
    ],
)
def test_a_spreadsheet_that_is_broken_is_refused(body: bytes, code: str) -> None:
    document = one(body)
    assert (document.scheme, document.verdict) == ("table", "reject")
    assert codes(document) == [code]

"""CSV and XLSX files: decoded, delimited, limited, and every row answered for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from documents import SUPPLIER, UUID, xlsx_of, zip_members
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
    assert len(document.lines) == 2
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
    assert len(one(text, ColumnMap(header_row=2)).lines) == 1
    assert one(text, ColumnMap(header_row=2, delimiter=",")).verdict == "accept"


def test_a_table_without_number_or_key_is_held() -> None:
    document = one(PLAIN.replace("number,", "x,"))
    assert (document.verdict, codes(document)) == ("hold", ["no_number"])


def test_a_row_without_its_number_is_held_unless_it_has_a_key() -> None:
    document = one(f"{HEADER},uuid\n,2026-07-01,{SUPPLIER},MXN,1.00,\n")
    assert places(document) == [("no_number", 2, "number")]
    document = one(f"{HEADER},uuid\n,2026-07-01,{SUPPLIER},MXN,1.00,{UUID}\n")
    assert document.findings == ()


def test_a_row_that_is_wrong_holds_the_table_and_not_its_neighbours() -> None:
    document = one(f"{PLAIN}A2,2026-07-02,{SUPPLIER},MXN,1e3\n")
    assert document.verdict == "hold"
    assert places(document) == [("bad_number", 3, "net")]
    assert [line.qualifies for line in document.lines] == [True, False]
    assert document.base == 950


def test_a_table_of_which_no_row_can_be_used_is_refused() -> None:
    assert one(f"{HEADER}\nA2,2026-07-02,{SUPPLIER},MXN,1e3\n").verdict == "reject"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_currency"),
        ("Doblones", "unknown_currency"),
        ("Peso Mexicano", None),
        ("usd", None),
    ],
)
def test_a_currency_is_known_by_code_or_name(cell: str, code: str | None) -> None:
    document = one(PLAIN.replace("MXN", cell))
    assert codes(document) == ([code] if code else [])


def test_two_currencies_have_no_sum() -> None:
    document = one(f"{PLAIN}{ROW.replace('MXN', 'USD')}\n")
    assert document.currency is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "no_supplier_tax_id"),
        ("\u0410AA010101AAA", "bad_tax_id"),
        ("12", "bad_tax_id"),
    ],
)
def test_a_tax_id_is_checked_row_by_row(cell: str, code: str) -> None:
    document = one(PLAIN.replace(SUPPLIER, cell))
    assert places(document) == [(code, 2, "supplier tax id")]


def test_a_check_digit_is_warned_of_once() -> None:
    text = PLAIN.replace(SUPPLIER, "AAA010101AAA")
    assert codes(one(text + text.splitlines()[1])) == ["tax_id_check_digit"]


def test_a_key_that_is_none_is_refused() -> None:
    document = one(f"{HEADER},uuid\n{ROW},5\n")
    assert places(document) == [("bad_fiscal_key", 2, "uuid")]


def test_a_kind_that_is_unknown_is_held() -> None:
    document = one(f"{HEADER},type\n{ROW},Mystery\n")
    assert places(document) == [("unknown_kind", 2, "type")]
    assert document.verdict == "hold"


def test_a_payment_carries_no_volume() -> None:
    document = one(f"{HEADER},type\n{ROW},Bill Payment\n")
    assert [line.reason for line in document.lines] == ["carries_no_volume"]
    assert document.base == 0


@pytest.mark.parametrize(
    ("heading", "cell", "cancelled"),
    [
        ("status", "C", True),
        ("status", "E", False),
        ("status", "1", False),
        ("estatus", "Anulado", True),
        ("CANCELED", "Y", True),
        ("CANCELED", "N", False),
        ("Cancelado", "1", True),
        ("Cancelado", "0", False),
        ("Cancelado", "Sí", True),
    ],
)
def test_a_cancelled_row_is_left_out_with_a_finding(
    heading: str, cell: str, *, cancelled: bool
) -> None:
    document = one(f"{HEADER},{heading}\n{ROW},{cell}\n")
    assert places(document) == ([("cancelled_row", 2, None)] if cancelled else [])
    assert document.base == (0 if cancelled else 950)
    assert document.verdict == "accept"


def test_freight_and_free_goods_are_out_in_tables_too() -> None:
    extra = (
        f"A1,2026-07-01,{SUPPLIER},MXN,50.00,FLETE\nA1,2026-07-01,{SUPPLIER},MXN,0,X"
    )
    document = one(f"{HEADER},code\n{ROW},CAM\n{extra}\n")
    assert [line.reason for line in document.lines] == [None, "freight", "free_goods"]
    assert (document.base, sorted(codes(document))) == (950, ["free_goods", "freight"])


def test_many_findings_are_counted_and_not_all_shown() -> None:
    bad = f"A2,2026-07-02,{SUPPLIER},MXN,1e3\n"
    document = one(PLAIN + bad * 1001)
    assert codes(document) == ["bad_number"] * 1000 + ["findings_left_off"]
    assert document.findings[-1].params == {"count": "1"}
    assert codes(one(PLAIN + bad * 1000)) == ["bad_number"] * 1000


QUICKBOOKS = """,Date,Transaction Type,Num,Product/Service,Qty,Rate,Amount
KEMPER,,,,,,,
,07/01/2026,Bill,A1,DS-2CD,10.00,95.00,950.00
Total for KEMPER,,,,,9.00,,$950.00
"""


def test_group_rows_and_total_rows_are_answered_for_and_do_not_count() -> None:
    document = one(QUICKBOOKS, ColumnMap(date_order="mdy"))
    assert [line.reason for line in document.lines] == [
        "group_row",
        None,
        "total_row",
    ]
    assert document.lines[0].description == "KEMPER"
    assert document.base == 950


def test_a_single_cell_is_a_note_only_when_suppliers_have_a_column() -> None:
    document = one(PLAIN + "Printed on Monday\n")
    assert [line.reason for line in document.lines] == [None, "note_row"]
    assert document.verdict == "accept"


def test_a_single_figure_is_a_row_with_faults_and_no_note() -> None:
    document = one(f"{PLAIN},,,,5.00\n")
    assert ("missing_value", 3, "date") in places(document)


def test_a_supplier_whose_name_begins_like_a_total_is_no_total() -> None:
    text = PLAIN.replace("number,", "supplier,number,").replace(
        "A1", "TotalEnergies,A1"
    )
    assert one(text).base == 950
    assert one(text + "Total Gas,A2,2026-07-01,,MXN,1.00\n").lines[1].reason != (
        "total_row"
    )


BOOKS = "DocNum\tDocDate\tLicTradNum\tDocCur\tDocRate\tLineTotal\tTotalFrgn\tVatSum\n"


@pytest.mark.parametrize(
    ("row", "net", "code"),
    [
        ("USD\t17.25\t16387.50\t950\t2622", 950, None),
        ("MXN\t1\t950.00\t0\t152", 950, None),
        ("MXN\t\t950.00\t\t152", 950, None),
        ("USD\t17.25\t16387.50\t0\t2622", Decimal("16387.50"), "no_foreign_amount"),
        ("USD\t0\t16387.50\t950\t2622", 950, "bad_number"),
    ],
)
def test_the_amount_in_the_documents_own_currency_is_the_purchase(
    row: str, net: int | Decimal, code: str | None
) -> None:
    document = one(f"{BOOKS}3001\t20260701\t{SUPPLIER}\t{row}\n")
    assert document.lines[0].net == net
    assert codes(document) == ([code] if code else [])


PRICED = "number,date,supplier tax id,currency,qty,price,discount\n"
PRICED += f"A1,2026-07-01,{SUPPLIER},MXN,"


@pytest.mark.parametrize(
    ("cells", "net", "code"),
    [
        ("3,10.00,", 30, None),
        ("3,10.00,5.00", 25, None),
        ("3.5,0.333333,", None, "too_many_places"),
        (",10.00,", None, "missing_value"),
        ("x,10.00,", None, "bad_number"),
    ],
)
def test_without_a_net_it_is_quantity_by_price_less_the_discount(
    cells: str, net: int | None, code: str | None
) -> None:
    document = one(f"{PRICED}{cells}\n")
    assert document.lines[0].net == (net or 0)
    assert codes(document) == ([code] if code else [])


@pytest.mark.parametrize(
    ("net", "code"),
    [
        ("25.00", None),
        ("25.01", None),
        ("25.02", "line_arithmetic"),
        ("30.00", "line_arithmetic"),
    ],
)
def test_a_net_before_its_discount_is_held(net: str, code: str | None) -> None:
    text = PRICED.replace("discount\n", "discount,net\n") + f"3,10.00,5.00,{net}\n"
    document = one(text)
    assert codes(document) == ([code] if code else [])
    assert document.verdict == ("hold" if code else "accept")


def test_gross_less_discount_is_net() -> None:
    text = PRICED.replace("qty,price", "gross")
    (line,) = one(f"{text}100.00,5.00\n").lines
    assert (line.gross, line.discount, line.net) == (100, 5, 95)


def test_a_table_without_any_amount_tells_it_once() -> None:
    text = f"number,date,supplier tax id,currency\nA1,2026-07-01,{SUPPLIER},MXN\n"
    document = one(text)
    assert codes(document) == ["missing_columns"]
    assert document.findings[0].params["missing"] == "net"


def test_a_default_fills_what_has_no_column() -> None:
    text = "number,date,net\nA1,2026-07-01,5.00\n"
    given = ColumnMap(defaults={"currency": "MXN", "supplier_tax_id": SUPPLIER})
    document = one(text, given)
    assert (document.verdict, document.currency, document.base) == ("accept", "MXN", 5)
    assert one(text, ColumnMap(defaults={"supplier_name": "Kemper"})).verdict == "hold"


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

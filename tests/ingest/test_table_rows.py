"""Rows of a table: what each tells, what is wrong in it, what does not count."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import SUPPLIER, UUID
from ingest.test_tables import HEADER, PLAIN, ROW, codes, one, places
from rappel.ingest import ColumnMap


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

"""The invoices that the rows of a table make up."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from documents import OTHER, SUPPLIER, UUID, cfdi_xml, xlsx_of, zip_of
from rappel.core.invoices import Document, Line
from rappel.ingest import ColumnMap, read, read_invoices, weak_key

HEADER = "number,date,supplier tax id,currency,code,qty,net,tax"


def row(number: str = "A1", **changes: str) -> str:
    cells = {
        "date": "2026-07-01",
        "supplier": SUPPLIER,
        "currency": "MXN",
        "code": "CAM",
        "qty": "1",
        "net": "100.00",
        "tax": "16.00",
    }
    return ",".join([number, *(cells | changes).values()])


def invoices(*rows: str, header: str = HEADER, **given: str) -> tuple[Document, ...]:
    body = "\n".join([header, *rows]).encode()
    return read_invoices("a.csv", body, columns=ColumnMap(**given))


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_rows_of_one_number_and_supplier_are_one_invoice() -> None:
    first, second = invoices(row(), row("A2"), row(code="NVR", net="50.00", tax="8.00"))
    assert (first.kind, first.number, first.fiscal_key) == ("invoice", "A1", None)
    assert (first.scheme, first.evidence, first.verdict) == ("table", "D", "accept")
    assert [(line.position, line.code) for line in first.lines] == [
        (1, "CAM"),
        (2, "NVR"),
    ]
    assert (first.subtotal, first.tax, first.total, first.base) == (150, 24, 174, 150)
    assert first.issuer.tax_id == SUPPLIER
    assert first.issued_at == datetime(2026, 7, 1)  # noqa: DTZ001
    assert second.number == "A2"


def test_a_number_is_the_same_with_and_without_its_zeros_and_dashes() -> None:
    assert len(invoices(row("A-001"), row("A1"))) == 1
    assert codes(invoices(row("A-001"), row("A1"))[0]) == ["rows_disagree"]


def test_a_fiscal_key_groups_rows_before_their_number_does() -> None:
    header = HEADER + ",uuid"
    documents = invoices(
        f"{row()},{UUID.lower()}", f"{row()},{OTHER}", f"{row()},{UUID}", header=header
    )
    assert [document.fiscal_key for document in documents] == [UUID, OTHER]
    assert [len(document.lines) for document in documents] == [2, 1]


def test_rows_without_number_are_documents_of_their_own() -> None:
    documents = invoices(row(""), row(""))
    assert [codes(document) for document in documents] == [["no_number"]] * 2
    assert [document.verdict for document in documents] == ["hold", "hold"]


def test_figures_below_zero_are_a_credit_note_with_positive_figures() -> None:
    (note,) = invoices(row(qty="-1", net="-100.00", tax="-16.00"))
    (line,) = note.lines
    assert (note.kind, note.base, note.tax, note.total) == ("credit_note", 100, 16, 116)
    assert (line.quantity, line.gross, line.net) == (1, 100, 100)
    assert note.verdict == "accept"


def test_a_negative_line_of_an_invoice_stays_negative() -> None:
    (document,) = invoices(row(), row(code="DESC", net="-30.00", tax="-4.80"))
    assert (document.kind, document.base) == ("invoice", 70)
    assert document.verdict == "accept"


def test_as_marked_a_negative_document_without_its_kind_is_held() -> None:
    (document,) = invoices(row(net="-100.00", tax="-16.00"), sign="as_marked")
    assert (document.kind, document.verdict) == ("invoice", "hold")
    assert codes(document) == ["negative_invoice"]


@pytest.mark.parametrize(
    ("kind", "net", "read_as", "verdict"),
    [
        ("Nota de crédito", "-100.00", "credit_note", "accept"),
        ("Nota de crédito", "100.00", "credit_note", "accept"),
        ("Factura", "100.00", "invoice", "accept"),
        ("Factura", "-100.00", "invoice", "hold"),
        ("Debit Note", "100.00", "debit_note", "accept"),
        ("Payment", "100.00", "payment", "accept"),
    ],
)
def test_the_kind_says_more_than_the_sign(
    kind: str, net: str, read_as: str, verdict: str
) -> None:
    (document,) = invoices(
        f"{row(net=net, tax='0')},{kind}", header=HEADER + ",document type"
    )
    assert (document.kind, document.verdict) == (read_as, verdict)
    assert all(line.net == 100 for line in document.lines) or verdict == "hold"


def test_a_cancelled_invoice_carries_no_volume_and_names_what_it_cancels() -> None:
    header = HEADER + ",uuid,status"
    (document,) = invoices(f"{row()},{UUID},C", header=header)
    assert (document.kind, document.base) == ("cancellation", 0)
    assert document.fiscal_key is None
    assert [(one.fiscal_key, one.relation) for one in document.related] == [
        (UUID, "cancels")
    ]
    assert codes(document) == ["cancelled_row", "carries_no_volume"]
    assert document.findings[0].row == 2


def test_a_cancelled_invoice_without_key_is_known_by_its_number() -> None:
    (document,) = invoices(f"{row()},C", header=HEADER + ",status")
    assert (document.kind, document.number, document.related) == (
        "cancellation",
        "A1",
        (),
    )


def test_an_invoice_that_is_half_cancelled_is_held() -> None:
    (document,) = invoices(f"{row()},C", f"{row()},E", header=HEADER + ",status")
    assert (document.kind, document.verdict, document.base) == ("invoice", "hold", 100)
    assert document.findings[-1].params == {"names": "status"}


@pytest.mark.parametrize(
    ("other", "names"),
    [
        (row(date="2026-07-02"), "issued_at"),
        (row().replace("MXN", "USD"), "currency"),
    ],
)
def test_rows_that_disagree_hold_their_invoice(other: str, names: str) -> None:
    (document,) = invoices(row(), other)
    assert document.verdict == "hold"
    assert document.findings[0].code == "rows_disagree"
    assert document.findings[0].params == {"names": names}
    assert document.findings[0].row == 2


def test_a_row_that_is_wrong_refuses_its_invoice_and_no_other() -> None:
    documents = invoices(row(), row("A2", net="1e3"))
    assert [document.verdict for document in documents] == ["accept", "reject"]


TOTALLED = "number,date,supplier tax id,currency,net,total"


@pytest.mark.parametrize(
    ("header", "cells", "tax", "total", "verdict"),
    [
        (TOTALLED, ["100.00,116.00"], 16, 116, "accept"),
        (TOTALLED, ["100.00,116.00", "50.00,58.00"], 24, 174, "accept"),
        (TOTALLED + ",tax", ["100.00,116.00,16.00"], 16, 116, "accept"),
        (TOTALLED + ",tax", ["100.00,116.00,26.00"], 26, 116, "hold"),
        # the document's total stands on each of its rows
        (TOTALLED + ",tax", ["60,116,9.60", "40,116,6.40"], 16, 116, "accept"),
        (TOTALLED + ",tax", ["60,99,9.60", "40,99,6.40"], 16, 198, "hold"),
        (TOTALLED + ",tax", ["60,,9.60", "40,116,6.40"], 16, 116, "accept"),
    ],
)
def test_totals_are_of_lines_or_of_the_document(
    header: str, cells: list[str], tax: int, total: int, verdict: str
) -> None:
    rows = [f"A1,2026-07-01,{SUPPLIER},MXN,{each}" for each in cells]
    (document,) = invoices(*rows, header=header)
    assert (document.tax, document.total, document.verdict) == (tax, total, verdict)


def test_a_table_that_names_no_currency_holds_its_invoices() -> None:
    rows = row().replace(",MXN", "")
    documents = invoices(rows, header=HEADER.replace(",currency", ""))
    assert [codes(document) for document in documents] == [["no_currency"]]
    assert documents[0].verdict == "hold"


def test_what_is_wrong_with_the_file_holds_each_of_its_invoices() -> None:
    body = f"{HEADER}\n{row('Ñ1')}\n{row('A2')}".encode("cp1252")
    documents = read_invoices("a.csv", b"\xef\xbb\xbf" + body)
    assert [codes(document) for document in documents] == [["encoding_ambiguous"]] * 2


def test_a_table_that_cannot_be_read_answers_its_refused_register() -> None:
    (document,) = invoices("1,2", header="a,b")
    assert (document.kind, document.verdict) == ("register", "reject")


QUICKBOOKS = """,Date,Transaction Type,Num,Qty,Rate,Amount
KEMPER,,,,,,
,07/01/2026,Bill,A1,10.00,95.00,950.00
,07/15/2026,Vendor Credit,NC7,-1.00,95.00,-95.00
Total for KEMPER,,,,9.00,,$855.00
OTRO,,,,,,
,07/05/2026,Bill,A1,1,5.00,5.00
"""


def test_group_rows_name_the_supplier_of_the_rows_below() -> None:
    given = ColumnMap(defaults={"currency": "MXN"})
    documents = read_invoices("a.csv", QUICKBOOKS.encode(), columns=given)
    assert [(one.kind, one.number, one.issuer.name) for one in documents] == [
        ("invoice", "A1", "KEMPER"),
        ("credit_note", "NC7", "KEMPER"),
        ("invoice", "A1", "OTRO"),
    ]
    assert [one.base for one in documents] == [950, 95, 5]
    assert [codes(one) for one in documents] == [["no_supplier_tax_id"]] * 3
    assert documents[0].issued_at == datetime(2026, 7, 1)  # noqa: DTZ001


def test_files_that_are_no_table_are_read_as_ever() -> None:
    body = zip_of(a__xml=cfdi_xml(), b__csv=f"{HEADER}\n{row()}\n{row('A2')}".encode())
    documents = read_invoices("all.zip", body)
    assert [one.file for one in documents] == [
        "all.zip/a.xml",
        "all.zip/b.csv",
        "all.zip/b.csv",
    ]


def test_a_spreadsheet_makes_the_same_invoices_as_a_text() -> None:
    cells = [text.split(",") for text in (HEADER, row(), row("A2"))]
    assert read_invoices("a.csv", xlsx_of(cells)) == invoices(row(), row("A2"))


def test_a_receiver_column_names_the_member() -> None:
    header = HEADER + ",receiver tax id,receiver name"
    (document,) = invoices(f"{row()},ure180429tm6,Uni", header=header)
    assert (document.receiver.tax_id, document.receiver.name) == ("URE180429TM6", "Uni")


def test_a_weak_key_is_the_same_for_a_table_and_the_invoice_it_tells_of() -> None:
    stamped = cfdi_xml(date="2026-07-01T23:59:59", series="A", folio="0001")
    (document,) = read_invoices("a.xml", stamped)
    (told,) = invoices(row("A-1"))
    assert weak_key(document) == weak_key(told) == f"{SUPPLIER}:A1:2026-07-01:116"


def test_without_number_supplier_or_date_there_is_no_weak_key() -> None:
    assert weak_key(invoices(row(""))[0]) is None
    assert weak_key(invoices(row(date="soon"))[0]) is None
    assert weak_key(invoices(row().replace(SUPPLIER, ""))[0]) is None


def test_the_register_and_its_invoices_have_the_same_base() -> None:
    rows = [row(), row("N1", qty="-1", net="-40.00", tax="-6.40"), row("A2", net="0")]
    body = "\n".join([HEADER, *rows]).encode()
    (register,) = read("a.csv", body)
    signed = sum(
        (
            one.base * (-1 if one.kind == "credit_note" else 1)
            for one in invoices(*rows)
        ),
        Decimal(0),
    )
    assert register.base == signed == 60
    assert all(isinstance(line, Line) for line in register.lines)

"""The day of payment in a table: read, and refused before the invoice's."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from documents import SUPPLIER
from rappel.ingest import document_json, read, read_invoices

if TYPE_CHECKING:
    from rappel.core.invoices import Document

HEADER = "number,date,supplier tax id,currency,code,net,document type"


def table(*rows: str, heading: str = "paid on") -> bytes:
    """Write rows of ``number day net kind paid``, a dash for an empty cell."""
    lines = [f"{HEADER},{heading}"]
    for one in rows:
        cells = ["" if cell == "-" else cell for cell in one.split()]
        number, day, net, kind, paid = cells
        lines.append(f"{number},{day},{SUPPLIER},MXN,CAM,{net},{kind},{paid}")
    return "\n".join(lines).encode()


def invoices(*rows: str, heading: str = "paid on") -> tuple[Document, ...]:
    return read_invoices("a.csv", table(*rows, heading=heading))


@pytest.mark.parametrize(
    "heading",
    [
        *("Paid on", "Payment date", "Fecha de pago", "Fecha Pago", "Pagada el"),
        *("Data de pagamento", "Data do Pagamento", "Pago em"),
    ],
)
def test_a_day_of_payment_is_found_in_three_languages(heading: str) -> None:
    paid, unpaid = invoices(
        "A1 2026-02-11 100.00 factura 2026-03-20",
        "A2 2026-02-11 100.00 factura -",
        heading=heading,
    )
    assert (paid.paid_on, unpaid.paid_on) == (date(2026, 3, 20), None)
    assert [paid.verdict, unpaid.verdict] == ["accept", "accept"]
    assert document_json(paid)["paid_on"] == "2026-03-20"
    assert document_json(unpaid)["paid_on"] is None


@pytest.mark.parametrize(
    ("day", "verdict"), [("2026-02-11", "accept"), ("2026-02-10", "reject")]
)
def test_a_day_before_the_invoice_s_is_refused_with_row_and_column(
    day: str, verdict: str
) -> None:
    first, wrong = invoices(
        "A1 2026-02-11 100.00 factura 2026-03-20",
        f"A2 2026-02-11 100.00 factura {day}",
        heading="Fecha de pago",
    )
    assert (first.verdict, wrong.verdict) == ("accept", verdict)
    found = [(one.code, one.row, one.column) for one in wrong.findings]
    told = [("paid_before_issued", 3, "Fecha de pago")]
    assert found == (told if verdict == "reject" else [])
    assert wrong.file == "a.csv"


def test_a_register_says_of_the_row_why_it_is_left_out() -> None:
    content = table("A1 2026-02-11 100.00 factura 2026-02-10")
    (register,) = read("a.csv", content)
    assert [line.reason for line in register.lines] == ["paid_before_issued"]


def test_what_is_no_day_is_refused() -> None:
    (document,) = invoices("A1 2026-02-11 100.00 factura soon")
    assert [one.code for one in document.findings] == ["bad_date"]
    assert document.verdict == "reject"


@pytest.mark.parametrize("kind", ["credit", "-"])
def test_a_return_has_no_day_of_payment_whatever_the_cell_says(kind: str) -> None:
    (note,) = invoices(f"E1 2026-02-11 -100.00 {kind} 2026-02-10")
    assert (note.kind, note.verdict, note.paid_on) == ("credit_note", "accept", None)


def test_a_discount_among_the_lines_is_paid_with_them() -> None:
    (document,) = invoices(
        "A1 2026-02-11 100.00 - 2026-02-12", "A1 2026-02-11 -30.00 - 2026-02-12"
    )
    assert (document.base, document.paid_on) == (70, date(2026, 2, 12))


def test_rows_of_one_invoice_that_were_paid_on_several_days_are_held() -> None:
    (document,) = invoices(
        "A1 2026-02-11 100.00 - 2026-02-12", "A1 2026-02-11 30.00 - 2026-02-13"
    )
    (finding,) = document.findings
    assert (finding.code, finding.params) == ("rows_disagree", {"names": "paid_on"})
    assert document.verdict == "hold"

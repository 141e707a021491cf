"""UBL of Peppol and OASIS, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from rappel.ingest import read
from ubl_documents import (
    BUYER_VAT,
    VAT,
    Item,
    allowance,
    reference,
    ubl_xml,
)

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def nets(document: Document) -> list[Decimal]:
    return [line.net for line in document.lines]


def test_an_invoice_of_peppol_is_read_and_accepted() -> None:
    item = Item(quantity="2", price="50.00", unit="C62")
    document = one(ubl_xml(item, time="23:30:00.5-05:00", tax="20.00"))
    (line,) = document.lines
    assert (document.scheme, document.version, document.kind) == (
        "ubl",
        None,
        "invoice",
    )
    assert (document.fiscal_key, document.number) == (f"{VAT}:F-1042:2026", "F-1042")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (VAT, BUYER_VAT)
    assert document.issuer.name == "Lumière Vidéo SL"
    assert document.issued_at == datetime(2026, 2, 11, 23, 30)  # noqa: DTZ001
    assert (document.currency, document.rate) == ("EUR", None)
    assert (line.code, line.quantity, line.unit) == ("CAM-1", 2, "C62")
    assert (line.gross, line.discount, line.net) == (100, 0, 100)
    assert (document.subtotal, document.tax, document.total) == (100, 20, 120)
    assert (document.base, document.evidence, document.verdict) == (100, "C", "accept")
    assert document.findings == ()


def test_a_note_has_its_kind_in_its_key_beside_an_invoice_of_its_number() -> None:
    credit = one(ubl_xml(name="CreditNote", type_code="381"))
    debit = one(ubl_xml(name="DebitNote", type_code=None))
    assert credit.fiscal_key == f"{VAT}:F-1042:2026:credit_note"
    assert debit.fiscal_key == f"{VAT}:F-1042:2026:debit_note"
    assert (credit.base, debit.base) == (100, 100)


@pytest.mark.parametrize(
    ("code", "kind", "verdict", "found"),
    [
        ("380", "invoice", "accept", []),
        ("SalesInvoice", "invoice", "accept", []),
        ("381", "credit_note", "accept", []),
        ("396", "credit_note", "accept", []),
        ("383", "debit_note", "accept", []),
        ("325", "other", "accept", ["carries_no_volume"]),
        ("204", "other", "hold", ["unknown_kind", "carries_no_volume"]),
        ("386", "invoice", "accept", ["advance"]),
        ("389", "invoice", "hold", ["buyer_issued"]),
        (None, "invoice", "accept", []),
    ],
)
def test_a_kind_is_that_of_the_type_code(
    code: str | None, kind: str, verdict: str, found: list[str]
) -> None:
    document = one(ubl_xml(type_code=code))
    assert (document.kind, document.verdict) == (kind, verdict)
    assert codes(document) == found


def test_goods_of_a_prepayment_count_when_they_are_invoiced() -> None:
    assert one(ubl_xml(type_code="386")).base == 0
    paid = one(ubl_xml(prepaid="120.00"))
    assert (paid.total, paid.base, codes(paid)) == (120, 100, [])


def test_a_corrected_invoice_replaces_the_one_it_names() -> None:
    before = reference("F-1041", date="2025-12-30")
    document = one(ubl_xml(type_code="384", before=before))
    (related,) = document.related
    assert (related.relation, related.code) == ("replaces", "384")
    assert related.fiscal_key == f"{VAT}:F-1041:2025"
    assert document.verdict == "accept"


def test_a_corrected_invoice_that_names_none_waits_for_a_person() -> None:
    document = one(ubl_xml(type_code="384"))
    assert (document.verdict, codes(document)) == ("hold", ["no_replaced"])


def test_a_credit_note_names_its_invoice_and_its_day() -> None:
    before = reference("F-9", date="2025-12-30")
    document = one(ubl_xml(name="CreditNote", type_code="381", before=before))
    (related,) = document.related
    assert (related.relation, related.code) == ("credits", None)
    assert document.corrects == (f"{VAT}:F-9:2025",)
    assert document.original_date == date(2025, 12, 30)


def test_a_line_may_name_the_invoice_where_the_document_does_not() -> None:
    item = Item(inside=reference("F-9", date="2025-12-30"))
    document = one(ubl_xml(item, name="CreditNote", type_code="381"))
    assert document.corrects == (f"{VAT}:F-9:2025",)


def test_an_invoice_named_without_its_year_is_told_by_its_number() -> None:
    before = reference("F-9")
    document = one(ubl_xml(name="CreditNote", type_code="381", before=before))
    assert document.corrects == ("F-9",)
    assert document.original_date is None


def test_a_note_on_two_days_has_no_one_day() -> None:
    before = reference("F-8", date="2025-12-29") + reference("F-9", date="2025-12-30")
    document = one(ubl_xml(name="CreditNote", type_code="381", before=before))
    assert document.original_date is None
    assert len(document.corrects) == 2


def test_a_discount_of_the_document_is_shared_and_a_charge_stays_out() -> None:
    after = allowance("10.00") + allowance("25.00", charge=True)
    items = (Item(net="200.00"), Item(net="100.00"))
    document = one(ubl_xml(*items, after=after, added="15.00"))
    assert (document.discount, document.charges) == (10, 25)
    assert nets(document) == [Decimal("193.33"), Decimal("96.67")]
    assert (document.base, document.verdict) == (290, "accept")


def test_sums_of_allowances_count_where_no_allowance_is_listed() -> None:
    totals = "<cbc:AllowanceTotalAmount>10.00</cbc:AllowanceTotalAmount>"
    totals += "<cbc:ChargeTotalAmount>4.00</cbc:ChargeTotalAmount>"
    document = one(ubl_xml(totals=totals, added="-6.00"))
    assert (document.discount, document.charges, document.base) == (10, 4, 90)
    assert document.verdict == "accept"


def test_the_net_of_a_line_is_never_price_by_quantity() -> None:
    base = "<cac:Price><cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>"
    item = Item(quantity="500", price="20.00", net="100.00", inside=base)
    content = ubl_xml(item).replace(b"<cac:Price><cbc:PriceAmount>", b"<cac:Old>")
    content = content.replace(b"</cbc:PriceAmount></cac:Price>", b"</cac:Old>")
    assert nets(one(content)) == [100]


def test_a_charge_on_a_line_is_no_goods_and_its_discount_is_in_its_net() -> None:
    inside = allowance("7.00", charge=True) + allowance("5.00")
    document = one(ubl_xml(Item(net="107.00", inside=inside)))
    assert (document.lines[0].gross, nets(document)) == (107, [100])
    assert document.verdict == "accept"


@pytest.mark.parametrize(
    ("listed", "reason"),
    [("UNSPSC", "freight"), ("STI", None), (None, None)],
)
def test_a_class_tells_freight_only_in_the_catalogue_it_is_of(
    listed: str | None, reason: str | None
) -> None:
    said = "" if listed is None else f' listID="{listed}"'
    about = "<cac:CommodityClassification><cbc:ItemClassificationCode"
    about += (
        f"{said}>78101801</cbc:ItemClassificationCode></cac:CommodityClassification>"
    )
    (line,) = one(ubl_xml(Item(about=about))).lines
    assert (line.class_code, line.reason) == ("78101801", reason)


def test_goods_given_away_do_not_count() -> None:
    free = "<cbc:FreeOfChargeIndicator>true</cbc:FreeOfChargeIndicator>"
    document = one(ubl_xml(Item(), Item(net="0.00", inside=free)))
    assert [line.reason for line in document.lines] == [None, "free_goods"]
    assert (document.base, document.verdict) == (100, "accept")


def test_a_line_may_take_goods_back_but_no_invoice_is_below_zero() -> None:
    document = one(ubl_xml(Item(net="300.00"), Item(quantity="-1")))
    assert (document.base, codes(document)) == (200, [])
    document = one(ubl_xml(Item(quantity="-1")))
    assert (document.verdict, codes(document)) == ("hold", ["negative_invoice"])


def test_a_tax_total_in_another_currency_is_told_twice_and_counted_once() -> None:
    second = '<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">230</cbc:TaxAmount>'
    document = one(ubl_xml(after=second + "</cac:TaxTotal>"))
    assert (document.tax, document.verdict) == (20, "accept")


def test_a_line_in_another_currency_waits_for_a_person() -> None:
    document = one(ubl_xml(Item(currency="USD")))
    assert (document.verdict, codes(document)) == ("hold", ["currency_mixed"])

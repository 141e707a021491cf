"""Cross Industry Invoice, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from cii_documents import (
    cii_xml,
    invoice_reference,
    trade_allowance,
    trade_party,
    zugferd_1,
)
from rappel.ingest import read
from ubl_documents import BUYER_VAT, VAT, Item, ubl_xml

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_an_invoice_is_read_and_accepted() -> None:
    document = one(cii_xml(Item(quantity="2.0000", price="50.00"), tax="20.00"))
    (line,) = document.lines
    assert (document.scheme, document.version, document.kind) == (
        "cii",
        "D16B",
        "invoice",
    )
    assert (document.issuer.tax_id, document.receiver.tax_id) == (VAT, BUYER_VAT)
    assert document.issuer.name == "Lumière Vidéo SL"
    assert document.issued_at == datetime(2026, 2, 11)  # noqa: DTZ001
    assert (document.currency, document.rate) == ("EUR", None)
    assert (line.code, line.quantity, line.unit, line.net) == ("CAM-1", 2, "NIU", 100)
    assert (document.subtotal, document.tax, document.total) == (100, 20, 120)
    assert (document.base, document.verdict, document.findings) == (100, "accept", ())


def test_an_invoice_has_the_same_key_in_ubl_and_in_cii() -> None:
    assert one(cii_xml()).fiscal_key == one(ubl_xml()).fiscal_key
    note = one(ubl_xml(name="CreditNote", type_code="381"))
    assert one(cii_xml(type_code="381")).fiscal_key == note.fiscal_key


def test_the_first_zugferd_says_the_same_under_other_names() -> None:
    settled = trade_allowance("10.00") + invoice_reference("F-9", "20251230")
    content = cii_xml(Item(net="300.00"), settled=settled, added="-10.00")
    old, new = one(zugferd_1(content)), one(content)
    assert (old.version, old.base, old.verdict) == ("1.0", 290, "accept")
    assert (old.lines, old.related, old.total) == (new.lines, new.related, new.total)
    assert old.fiscal_key == new.fiscal_key


@pytest.mark.parametrize(
    ("code", "kind", "verdict", "found"),
    [
        ("380", "invoice", "accept", []),
        ("381", "credit_note", "accept", []),
        ("383", "debit_note", "accept", []),
        ("386", "invoice", "accept", ["advance"]),
        ("389", "invoice", "hold", ["buyer_issued"]),
        ("384", "invoice", "hold", ["no_replaced"]),
        ("751", "other", "hold", ["unknown_kind", "carries_no_volume"]),
    ],
)
def test_a_kind_is_that_of_the_type_code(
    code: str, kind: str, verdict: str, found: list[str]
) -> None:
    document = one(cii_xml(type_code=code))
    assert (document.kind, document.verdict) == (kind, verdict)
    assert codes(document) == found


def test_a_corrected_invoice_replaces_the_one_it_names() -> None:
    settled = invoice_reference("F-9", "20251230")
    (related,) = one(cii_xml(type_code="384", settled=settled)).related
    assert (related.relation, related.code) == ("replaces", "384")
    assert related.fiscal_key == f"{VAT}:F-9:2025"


def test_a_credit_note_names_its_invoice_and_its_day() -> None:
    settled = invoice_reference("F-9", "20251230")
    document = one(cii_xml(type_code="381", settled=settled))
    assert document.corrects == (f"{VAT}:F-9:2025",)
    assert document.original_date == date(2025, 12, 30)
    bare = one(cii_xml(type_code="381", settled=invoice_reference("F-9")))
    assert (bare.corrects, bare.original_date) == (("F-9",), None)


def test_a_discount_of_the_document_is_shared_and_charges_stay_out() -> None:
    freight = "<ram:SpecifiedLogisticsServiceCharge><ram:AppliedAmount>6.00"
    freight += "</ram:AppliedAmount></ram:SpecifiedLogisticsServiceCharge>"
    settled = trade_allowance("10.00") + trade_allowance("4.00", charge=True) + freight
    items = (Item(net="200.00"), Item(net="100.00"))
    document = one(cii_xml(*items, settled=settled, added="0.00"))
    assert (document.discount, document.charges) == (10, 10)
    nets = [line.net for line in document.lines]
    assert nets == [Decimal("193.33"), Decimal("96.67")]
    assert (document.base, document.verdict) == (290, "accept")


def test_sums_of_allowances_count_where_no_allowance_is_listed() -> None:
    sums = "<ram:AllowanceTotalAmount>10.00</ram:AllowanceTotalAmount>"
    sums += "<ram:ChargeTotalAmount>4.00</ram:ChargeTotalAmount>"
    document = one(cii_xml(sums=sums, added="-6.00"))
    assert (document.discount, document.charges, document.base) == (10, 4, 90)
    assert document.verdict == "accept"


def test_a_charge_on_a_line_is_no_goods_and_its_discount_is_in_its_net() -> None:
    inside = trade_allowance("7.00", charge=True) + trade_allowance("5.00")
    document = one(cii_xml(Item(net="107.00", inside=inside)))
    assert (document.lines[0].gross, document.base) == (107, 100)


def test_groups_and_remarks_of_the_extended_profile_are_no_lines() -> None:
    status = "<ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>GROUP"
    status += "</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>"
    whole = cii_xml(Item(), Item(code="SUM"), total="240.00").decode()
    start = whole.rindex("<ram:SpecifiedTradeProduct>")
    content = whole[:start] + status + whole[start:]
    content = content.replace(">200.00<", ">100.00<").replace(">240.00<", ">140.00<")
    document = one(content.encode())
    assert [line.code for line in document.lines] == ["CAM-1"]
    assert (document.base, document.verdict) == (100, "accept")


@pytest.mark.parametrize(("listed", "reason"), [("UNSPSC", "freight"), ("HS", None)])
def test_a_class_tells_freight_only_in_the_catalogue_it_is_of(
    listed: str, reason: str | None
) -> None:
    about = f'<ram:DesignatedProductClassification><ram:ClassCode listID="{listed}">'
    about += "78101801</ram:ClassCode></ram:DesignatedProductClassification>"
    (line,) = one(cii_xml(Item(about=about))).lines
    assert (line.class_code, line.reason) == ("78101801", reason)


def test_a_second_tax_total_is_the_same_tax_in_another_currency() -> None:
    sums = '<ram:TaxTotalAmount currencyID="NOK">230</ram:TaxTotalAmount>'
    document = one(cii_xml(sums=sums))
    assert (document.tax, document.verdict) == (20, "accept")


def test_a_document_that_says_it_is_a_test_is_refused() -> None:
    document = one(cii_xml(tested="true"))
    assert (document.verdict, document.environment) == ("reject", "test")
    assert codes(document) == ["test_environment"]
    assert one(cii_xml(tested="false")).verdict == "accept"


def test_a_short_profile_has_sums_and_no_lines_and_waits() -> None:
    content = cii_xml(lines="").replace(b"LineTotalAmount", b"TaxBasisTotalAmount")
    document = one(content)
    assert (document.verdict, codes(document)) == ("hold", ["no_lines"])
    assert (document.subtotal, document.total, document.base) == (100, 120, 0)


LEGAL = "<ram:SpecifiedLegalOrganization><ram:ID>{}</ram:ID>"
LEGAL += "</ram:SpecifiedLegalOrganization>"


@pytest.mark.parametrize(
    ("party", "tax_id"),
    [
        (trade_party("201/113/40209", "FC") + trade_party(VAT), VAT),
        (LEGAL.format("123 456 782") + trade_party("DE123456789"), "DE123456789"),
        (LEGAL.format("123 456 782"), "123456782"),
        (
            "<ram:ID>7</ram:ID><ram:GlobalID>4000001987658</ram:GlobalID>",
            "4000001987658",
        ),
    ],
)
def test_a_party_is_known_by_its_vat_id_else_by_another(
    party: str, tax_id: str
) -> None:
    content = cii_xml(supplier=party).replace(b"<ram:Name>Lumi", b"<ram:NameX>Lumi")
    content = content.replace(b"SL</ram:Name>", b"SL</ram:NameX>")
    assert one(content).issuer.tax_id == tax_id


def test_a_customers_number_is_no_tax_id() -> None:
    document = one(cii_xml(member="<ram:ID>16259</ram:ID>"))
    assert (document.receiver.tax_id, document.verdict) == (None, "hold")
    assert codes(document) == ["no_receiver_tax_id"]
    document = one(cii_xml(supplier="<ram:ID>16259</ram:ID>"))
    assert codes(document) == ["no_supplier_tax_id"]
    assert document.fiscal_key is None


@pytest.mark.parametrize(
    ("gone", "code"),
    [
        ("ram:BuyerTradeParty", "missing_field"),
        ("ram:ApplicableHeaderTradeSettlement", "missing_field"),
        ("ram:SpecifiedLineTradeSettlement", "missing_field"),
        ("ram:IssueDateTime", "missing_field"),
        ("ram:InvoiceCurrencyCode", "missing_field"),
    ],
)
def test_what_a_document_cannot_be_without_is_refused(gone: str, code: str) -> None:
    content = cii_xml().replace(f"{gone}>".encode(), f"{gone}X>".encode())
    document = one(content)
    assert (document.verdict, codes(document)[0]) == ("reject", code)
    assert document.scheme == "cii"


@pytest.mark.parametrize("day", ["20260230", "2026021", "soon"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert codes(one(cii_xml(date=day))) == ["bad_date"]


def test_a_currency_has_its_iso_code() -> None:
    document = one(cii_xml(currency="euro"))
    assert (document.verdict, document.currency) == ("hold", None)
    assert "unknown_currency" in codes(document)


def test_sums_that_do_not_hold_wait_for_a_person() -> None:
    document = one(cii_xml(total="200.00"))
    assert (document.verdict, codes(document)) == ("hold", ["arithmetic"])


def test_a_figure_that_is_none_is_refused_by_its_path() -> None:
    content = cii_xml().replace(b">20.00<", b">2e1<")
    document = one(content)
    assert codes(document) == ["bad_number"]
    assert document.findings[0].column is not None
    assert document.findings[0].column.endswith("/TaxTotalAmount[1]")


def test_lines_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rappel.ingest.cii.LINES_LIMIT", 2)
    assert codes(one(cii_xml(Item(), Item()))) == []
    assert codes(one(cii_xml(Item(), Item(), Item()))) == ["rows_limit"]

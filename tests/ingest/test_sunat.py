"""UBL of Peru, made on purpose: what each field means to the volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rappel.ingest import read
from ubl_documents import (
    BUYER_RUC,
    RUC,
    Item,
    allowance,
    nit_party,
    priced,
    reference,
    response,
    ruc_party,
    sunat_xml,
    tax_category,
)

if TYPE_CHECKING:
    from rappel.core.invoices import Document

SAC = "urn:sunat:names:specification:ubl:peru:schema:xsd:SunatAggregateComponents-1"


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


@pytest.mark.parametrize("version", ["2.1", "2.0"])
def test_supplier_type_series_and_number_are_the_key(version: str) -> None:
    document = one(sunat_xml(version=version))
    assert (document.scheme, document.version) == ("sunat", version)
    assert document.fiscal_key == f"{RUC}-01-F001-1042"
    assert document.number == "F001-00001042"
    assert (document.issuer.tax_id, document.receiver.tax_id) == (RUC, BUYER_RUC)
    assert document.issuer.name == "Cámaras del Sur SAC"
    assert (document.subtotal, document.base, document.verdict) == (100, 100, "accept")
    assert document.findings == ()


def test_an_early_party_of_2_1_has_its_ruc_as_its_tax_scheme() -> None:
    content = sunat_xml().replace(ruc_party(RUC).encode(), nit_party(RUC).encode())
    assert one(content).issuer.tax_id == RUC


def test_without_a_supplier_there_is_no_key_and_a_person_looks() -> None:
    document = one(sunat_xml().replace(RUC.encode(), b""))
    assert (document.fiscal_key, document.verdict) == (None, "hold")
    assert codes(document) == ["no_supplier_tax_id"]


def test_it_is_told_by_a_ruc_where_no_customization_is_said() -> None:
    said = b"<cbc:CustomizationID>2.0</cbc:CustomizationID>"
    content = sunat_xml().replace(said, b"")
    assert one(content).scheme == "sunat"
    assert one(content.replace(b'schemeID="6"', b"")).scheme == "ubl"
    assert one(sunat_xml(number="2026/1042")).scheme == "ubl"


def test_a_boleta_is_no_invoice_to_a_business() -> None:
    document = one(sunat_xml(type_code="03", number="B001-7"))
    assert (document.kind, document.verdict) == ("invoice", "reject")
    assert codes(document) == ["consumer_receipt"]
    assert document.fiscal_key == f"{RUC}-03-B001-7"


@pytest.mark.parametrize(
    "before", [reference("B001-7"), reference("F001-7", kind="03")]
)
def test_a_note_on_a_boleta_is_none_either(before: str) -> None:
    document = one(sunat_xml(name="CreditNote", before=before, number="BC01-1"))
    assert (document.verdict, codes(document)) == ("reject", ["consumer_receipt"])


def test_another_type_waits_for_a_person() -> None:
    document = one(sunat_xml(type_code="14"))
    assert (document.kind, document.verdict) == ("other", "hold")
    assert codes(document) == ["unknown_kind", "carries_no_volume"]


FREE = {
    "the price": priced("02"),
    "the tax": tax_category(scheme="9996"),
    **{
        f"treatment {code}": tax_category(treatment=code) for code in ("11", "21", "32")
    },
}


@pytest.mark.parametrize("inside", FREE.values(), ids=FREE)
def test_goods_given_away_are_told_by_any_of_their_marks(inside: str) -> None:
    gift = Item(net="50.00", inside=inside)
    document = one(
        sunat_xml(Item(), gift, stated="100.00", tax="20.00", added="-50.00")
    )
    (_, line) = document.lines
    assert (line.free, line.gross, line.net, line.reason) == (True, 0, 0, "free_goods")
    assert (document.subtotal, document.base, document.verdict) == (100, 100, "accept")


@pytest.mark.parametrize("code", ["10", "20", "30", "40"])
def test_goods_that_are_sold_count_whatever_their_tax(code: str) -> None:
    inside = priced("01") + tax_category(treatment=code)
    assert one(sunat_xml(Item(inside=inside))).base == 100


def test_an_invoice_of_gifts_alone_is_accepted_and_worth_nothing() -> None:
    gift = Item(inside=tax_category(treatment="32", scheme="9996"))
    content = sunat_xml(gift, stated="0.00", tax="0.00", payable="0.00")
    document = one(content)
    assert (document.base, document.verdict) == (0, "accept")
    assert codes(document) == ["free_goods"]


def test_the_tax_on_bags_is_tax() -> None:
    document = one(sunat_xml(tax="18.20"))
    assert (document.tax, document.base, document.verdict) == (
        document.total - 100,
        100,
        "accept",
    )


@pytest.mark.parametrize("stated", ["80.00", "100.00"])
def test_a_discount_of_the_document_is_shared_however_the_lines_are_summed(
    stated: str,
) -> None:
    content = sunat_xml(stated=stated, after=allowance("20.00", "02"), added="-20.00")
    document = one(content)
    assert (document.subtotal, document.discount, document.base) == (100, 20, 80)
    assert document.verdict == "accept"


def test_a_discount_after_tax_is_a_lower_price_too() -> None:
    content = sunat_xml(after=allowance("20.00", "03"), added="-20.00")
    document = one(content)
    assert (document.discount, document.base, document.verdict) == (20, 80, "accept")


def test_a_discount_of_a_line_after_tax_is_not_in_its_net_yet() -> None:
    inside = allowance("5.00", "00") + allowance("20.00", "01")
    totals = "<cbc:AllowanceTotalAmount>20.00</cbc:AllowanceTotalAmount>"
    document = one(sunat_xml(Item(inside=inside), totals=totals, added="-20.00"))
    (line,) = document.lines
    assert (line.gross, line.discount, line.net) == (100, 20, 80)
    assert (document.discount, document.verdict) == (20, "accept")


def test_charges_are_no_goods_in_or_beside_the_lines() -> None:
    line = allowance("7.00", "47", charge=True) + allowance("3.00", "48", charge=True)
    totals = "<cbc:ChargeTotalAmount>3.00</cbc:ChargeTotalAmount>"
    item = Item(net="107.00", inside=line)
    document = one(sunat_xml(item, totals=totals, added="3.00"))
    assert (document.base, document.charges, document.verdict) == (100, 3, "accept")
    tip = allowance("10.00", "46", charge=True)
    document = one(sunat_xml(after=tip, added="10.00"))
    assert (document.base, document.charges, document.verdict) == (100, 10, "accept")
    within = allowance("10.00", "49", charge=True)
    document = one(sunat_xml(stated="110.00", after=within, added="10.00"))
    assert (document.base, document.charges, document.verdict) == (100, 10, "accept")


@pytest.mark.parametrize("code", ["51", "62"])
def test_tax_that_is_paid_ahead_or_withheld_changes_no_sum(code: str) -> None:
    held = allowance("3.00", code, charge=code == "51")
    document = one(sunat_xml(after=held))
    assert (document.discount, document.charges) == (0, 0)
    assert (document.base, document.verdict) == (100, "accept")


@pytest.mark.parametrize(("prepaid", "tax"), [("40.00", "52.00"), ("48.00", "60.00")])
def test_an_advance_taken_off_is_no_discount(prepaid: str, tax: str) -> None:
    after = allowance("40.00", "04")
    content = sunat_xml(after=after, tax="52.00", prepaid=prepaid, payable="112.00")
    document = one(content)
    assert (document.discount, document.base) == (0, 100)
    assert (str(document.tax), document.verdict) == (tax, "accept")


def test_an_invoice_for_an_advance_counts_when_the_goods_are_invoiced() -> None:
    document = one(sunat_xml(type_list="0102"))
    assert (document.base, codes(document)) == (0, ["advance"])
    extension = f'<s:AdditionalInformation xmlns:s="{SAC}"><s:SUNATTransaction>'
    extension += "<cbc:ID>04</cbc:ID></s:SUNATTransaction></s:AdditionalInformation>"
    assert one(sunat_xml(version="2.0", extension=extension)).base == 0
    other = extension.replace("04", "01")
    assert one(sunat_xml(version="2.0", extension=other)).base == 100


@pytest.mark.parametrize(
    ("reason", "relation", "base"),
    [
        ("01", "credits", 100),
        ("04", "credits", 100),
        ("06", "returns", 100),
        ("07", "returns", 100),
        ("13", "credits", 0),
    ],
)
def test_a_credit_note_says_why(reason: str, relation: str, base: int) -> None:
    before = response(reason) + reference("F001 - 007", kind="01")
    document = one(sunat_xml(name="CreditNote", before=before, number="FC01-3"))
    (related,) = document.related
    assert (related.relation, related.code) == (relation, reason)
    assert document.corrects == (f"{RUC}-01-F001-7",)
    assert document.fiscal_key == f"{RUC}-07-FC01-3"
    assert document.base == base
    assert codes(document) == ([] if base else ["payment_terms"])


@pytest.mark.parametrize(
    ("reason", "why"), [("01", "financing"), ("02", None), ("03", "charge")]
)
def test_a_debit_note_counts_if_it_changes_a_price(
    reason: str, why: str | None
) -> None:
    document = one(sunat_xml(name="DebitNote", before=response(reason)))
    assert [line.reason for line in document.lines] == [why]


def test_a_document_in_dollars_says_that_it_states_no_rate() -> None:
    document = one(sunat_xml(currency="USD"))
    assert (document.rate, codes(document)) == (None, ["no_document_rate"])

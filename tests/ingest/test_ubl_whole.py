"""UBL of Peppol and OASIS: parties, currencies, and what may not be missing."""

from __future__ import annotations

import pytest

from ingest.test_ubl import codes, one
from rappel.ingest import document_json
from ubl_documents import PEPPOL, VAT, Item, ubl_xml, vat_party


def test_a_currency_that_is_not_named_is_that_of_what_is_to_pay() -> None:
    own = b"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    assert one(ubl_xml().replace(own, b"")).currency == "EUR"
    document = one(ubl_xml(currency=None))
    assert (document.currency, document.verdict) == (None, "hold")
    assert codes(document) == ["no_currency"]


@pytest.mark.parametrize("currency", ["eur", "EURO", "€"])
def test_a_currency_has_its_iso_code(currency: str) -> None:
    document = one(ubl_xml(currency=currency))
    assert (document.currency, document.verdict) == (None, "hold")
    assert codes(document) == ["unknown_currency"]
    (said,) = document_json(document)["findings"]
    assert said["message"] == f"{currency} is no currency we know."


def test_a_document_without_lines_waits_and_nothing_of_it_counts() -> None:
    content = ubl_xml()
    start, end = content.index(b"<cac:InvoiceLine>"), content.index(b"</Invoice>")
    document = one(content[:start] + content[end:])
    assert (document.verdict, codes(document)) == ("hold", ["no_lines"])
    assert (document.subtotal, document.base) == (100, 0)


def test_sums_that_do_not_hold_wait_for_a_person() -> None:
    document = one(ubl_xml(payable="200.00"))
    assert (document.verdict, codes(document)) == ("hold", ["arithmetic"])
    document = one(ubl_xml(stated="150.00"))
    assert codes(document) == ["arithmetic", "arithmetic"]


def test_without_sums_there_is_nothing_to_read() -> None:
    content = ubl_xml().replace(b"LegalMonetaryTotal", b"Total")
    document = one(content)
    assert (document.verdict, codes(document)) == ("reject", ["missing_field"])
    assert document.scheme == "ubl"


def party(inside: str) -> str:
    return f"<cac:Party>{inside}</cac:Party>"


TAXED = (
    "<cac:PartyTaxScheme><cbc:CompanyID>201/113/40209</cbc:CompanyID><cac:TaxScheme>"
    "<cbc:ID>FC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
)
LEGAL = "<cac:PartyLegalEntity><cbc:CompanyID>HRB 123456</cbc:CompanyID>"
LEGAL += "</cac:PartyLegalEntity>"
OWN = (
    "<cac:PartyIdentification><cbc:ID>4000001123452</cbc:ID></cac:PartyIdentification>"
)


@pytest.mark.parametrize(
    ("supplier", "tax_id"),
    [
        (party(OWN + TAXED + LEGAL) + "", "20111340209"),
        (party(OWN + LEGAL), "HRB123456"),
        (party(OWN), "4000001123452"),
        (
            vat_party(VAT).replace(
                "<cac:PartyTaxScheme>", f"{TAXED}<cac:PartyTaxScheme>"
            ),
            VAT,
        ),
    ],
)
def test_a_party_is_known_by_its_vat_id_else_by_another(
    supplier: str, tax_id: str
) -> None:
    assert one(ubl_xml(supplier=supplier)).issuer.tax_id == tax_id


def test_a_supplier_without_any_id_waits_and_has_no_key() -> None:
    document = one(ubl_xml(supplier=party("")))
    assert (document.verdict, document.fiscal_key) == ("hold", None)
    assert codes(document) == ["no_supplier_tax_id"]


def test_a_customers_number_is_no_tax_id() -> None:
    own = OWN.replace("4000001123452", "16259")
    document = one(ubl_xml(member=party(own)))
    assert (document.receiver.tax_id, document.verdict) == (None, "hold")
    assert codes(document) == ["no_receiver_tax_id"]


def test_a_document_without_its_parties_is_refused() -> None:
    content = ubl_xml().replace(b"AccountingCustomerParty", b"CustomerParty")
    document = one(content)
    assert (document.verdict, codes(document)) == ("reject", ["missing_field"])


@pytest.mark.parametrize("name", ["ID", "IssueDate"])
def test_what_a_document_cannot_be_without_is_refused_by_its_path(name: str) -> None:
    content = ubl_xml().replace(f"cbc:{name}>".encode(), f"cbc:No{name}>".encode(), 2)
    document = one(content)
    assert document.verdict == "reject"
    places = [(item.code, item.column) for item in document.findings]
    assert ("missing_field", f"Invoice/{name}") in places


def test_two_of_what_there_is_one_of_are_refused() -> None:
    content = ubl_xml().replace(b"</Invoice>", b"<cbc:ID>F-1</cbc:ID></Invoice>")
    assert codes(one(content)) == ["ambiguous_id"]


@pytest.mark.parametrize("time", ["25:00:00", "9:15", "soon"])
def test_a_time_that_is_none_is_refused_by_its_path(time: str) -> None:
    document = one(ubl_xml(time=time))
    (finding,) = document.findings
    assert (finding.code, finding.column) == ("bad_date", "Invoice/IssueTime")


def test_lines_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rappel.ingest.ubl.LINES_LIMIT", 2)
    assert codes(one(ubl_xml(Item(), Item()))) == []
    assert codes(one(ubl_xml(Item(), Item(), Item()))) == ["rows_limit"]


def test_a_document_of_oasis_says_its_version_and_no_profile() -> None:
    content = ubl_xml(head="<cbc:UBLVersionID>2.0</cbc:UBLVersionID>")
    assert PEPPOL[0].encode() not in content
    document = one(content)
    assert (document.scheme, document.version) == ("ubl", "2.0")

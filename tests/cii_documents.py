"""Cross Industry Invoices made on purpose, new and old, and PDFs that carry files.

Used by the tests of the readers. What is not said is filled so that the arithmetic
holds; what is said is written as it is, right or wrong. All companies are invented.
"""

from __future__ import annotations

import io
from decimal import Decimal

from pypdf import PdfWriter

from rappel.ingest.cii_names import _OLD_NAMES, _OLD_NAMESPACES, BEFORE
from ubl_documents import BUYER_VAT, VAT, Item

UN = "urn:un:unece:uncefact:data:standard"
CII = f"{UN}:CrossIndustryInvoice:100"
_PREFIXES = {
    "rsm": CII,
    "ram": f"{UN}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{UN}:UnqualifiedDataType:100",
    "qdt": f"{UN}:QualifiedDataType:100",
}


def cii_xml(
    *items: Item,
    number: str = "F-1042",
    date: str = "20260211",
    type_code: str | None = "380",
    currency: str = "EUR",
    supplier: str | None = None,
    member: str | None = None,
    settled: str = "",
    sums: str = "",
    tax: str | None = None,
    added: str = "0",
    total: str | None = None,
    tested: str | None = None,
    lines: str | None = None,
) -> bytes:
    """Return a document of CII D16B in UTF-8.

    ``settled`` is more XML of its settlement, ``sums`` of its sums; ``added`` is what
    its own allowances and charges come to. ``tax`` defaults to 20 %.
    """
    items = items or (Item(),)
    worth = sum((item.worth for item in items), Decimal(0))
    taxes = Decimal(tax) if tax is not None else (worth / 5).quantize(Decimal("0.01"))
    whole = total or str(worth + Decimal(added) + taxes)
    test = "" if tested is None else _one("TestIndicator", f"{{{tested}}}")
    test = test.replace("{", "<udt:Indicator>").replace("}", "</udt:Indicator>")
    kind = "" if type_code is None else _one("TypeCode", type_code)
    day = f'<udt:DateTimeString format="102">{date}</udt:DateTimeString>'
    names = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _PREFIXES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rsm:CrossIndustryInvoice {names}>'
        f"<rsm:ExchangedDocumentContext>{test}</rsm:ExchangedDocumentContext>"
        f"<rsm:ExchangedDocument>{_one('ID', number)}{kind}"
        f"{_one('IssueDateTime', day)}</rsm:ExchangedDocument>"
        "<rsm:SupplyChainTradeTransaction>"
        f"{''.join(map(_line, items)) if lines is None else lines}"
        "<ram:ApplicableHeaderTradeAgreement>"
        f"{_one('SellerTradeParty', supplier or trade_party(VAT))}"
        f"{_one('BuyerTradeParty', member or trade_party(BUYER_VAT))}"
        "</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeSettlement>"
        f"{_one('InvoiceCurrencyCode', currency)}{settled}"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{_one('LineTotalAmount', str(worth))}{sums}"
        f'<ram:TaxTotalAmount currencyID="{currency}">{taxes}</ram:TaxTotalAmount>'
        f"{_one('GrandTotalAmount', whole)}"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        "</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    ).encode()


def zugferd_1(content: bytes) -> bytes:
    """Return a document of CII under the names that ZUGFeRD 1 had for it."""
    text = content.decode().replace("CrossIndustryInvoice", "CrossIndustryDocument")
    text = text.replace(
        CII.replace("CrossIndustryInvoice", "CrossIndustryDocument"), ""
    )
    text = text.replace('xmlns:rsm=""', f'xmlns:rsm="{BEFORE}"')
    for prefix in ("ram", "udt", "qdt"):
        text = text.replace(_PREFIXES[prefix], _OLD_NAMESPACES[prefix])
    for name, old in _OLD_NAMES.items():
        text = text.replace(f":{name}>", f":{old}>")
    return text.encode()


def trade_party(tax_id: str, scheme: str = "VA") -> str:
    """Return what is in a trade party with one registration for a tax."""
    return (
        f"{_one('Name', 'Lumière Vidéo SL')}<ram:SpecifiedTaxRegistration>"
        f'<ram:ID schemeID="{scheme}">{tax_id}</ram:ID></ram:SpecifiedTaxRegistration>'
    )


def trade_allowance(amount: str, *, charge: bool = False) -> str:
    """Return an allowance or a charge of a document or a line."""
    said = f"<udt:Indicator>{str(charge).lower()}</udt:Indicator>"
    inside = _one("ChargeIndicator", said) + _one("ActualAmount", amount)
    return _one("SpecifiedTradeAllowanceCharge", inside)


def invoice_reference(number: str, date: str | None = None) -> str:
    """Return the reference to an invoice."""
    day = ""
    if date is not None:
        said = f'<qdt:DateTimeString format="102">{date}</qdt:DateTimeString>'
        day = _one("FormattedIssueDateTime", said)
    return _one("InvoiceReferencedDocument", _one("IssuerAssignedID", number) + day)


def pdf_of(
    *files: bytes, password: str | None = None, owner: str | None = None
) -> bytes:
    """Return a PDF of an empty page with files attached to it."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for place, body in enumerate(files, start=1):
        writer.add_attachment(f"file-{place}.xml", body)
    if password is not None:
        writer.encrypt(password, owner, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _line(item: Item) -> str:
    code = "" if item.code is None else _one("SellerAssignedID", item.code)
    quantity = f'<ram:BilledQuantity unitCode="{item.unit}">{item.quantity}'
    net = _one("LineTotalAmount", str(item.worth))
    summed = _one("SpecifiedTradeSettlementLineMonetarySummation", net)
    product = f"{code}{_one('Name', item.description)}{item.about}"
    return _one(
        "IncludedSupplyChainTradeLineItem",
        _one("SpecifiedTradeProduct", product)
        + _one("SpecifiedLineTradeDelivery", f"{quantity}</ram:BilledQuantity>")
        + _one("SpecifiedLineTradeSettlement", f"{item.inside}{summed}"),
    )


def _one(name: str, inside: str) -> str:
    return f"<ram:{name}>{inside}</ram:{name}>"

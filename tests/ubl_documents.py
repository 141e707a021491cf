"""UBL made on purpose: invoices and notes of Peppol, the DIAN and SUNAT that hold.

Used by the tests of the readers. What is not said is filled so that the arithmetic
holds; what is said is written as it is, right or wrong. All companies are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
PEPPOL = (
    "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
)
CUFE = "0a" * 48
OTHER_CUFE = "b1" * 48
NIT, BUYER_NIT = "900123456", "800987654"
RUC, BUYER_RUC = "20123456786", "20987654321"
VAT, BUYER_VAT = "ES12345674X", "PT987654321"
QUANTITY = {"Invoice": "Invoiced", "CreditNote": "Credited", "DebitNote": "Debited"}


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line; ``net`` defaults to quantity by price, ``inside`` is more XML of it."""

    code: str | None = "CAM-1"
    description: str = "Cámara domo 4 MP"
    quantity: str = "1"
    price: str = "100.00"
    net: str | None = None
    unit: str = "NIU"
    inside: str = ""
    about: str = ""  # more XML of its item
    currency: str | None = None

    @property
    def worth(self) -> Decimal:
        """The ``LineExtensionAmount``."""
        return Decimal(self.net or Decimal(self.quantity) * Decimal(self.price))


def ubl_xml(
    *items: Item,
    name: str = "Invoice",
    head: str | None = None,
    number: str = "F-1042",
    date: str = "2026-02-11",
    time: str | None = None,
    type_code: str | None = "380",
    type_list: str | None = None,
    currency: str | None = "EUR",
    before: str = "",
    supplier: str | None = None,
    member: str | None = None,
    after: str = "",
    tax: str | None = None,
    totals: str = "",
    stated: str | None = "",
    prepaid: str | None = None,
    payable: str | None = None,
    added: str = "0",
) -> bytes:
    """Return a document of UBL in UTF-8, of Peppol unless its parts say otherwise.

    ``before`` stands before the parties, ``after`` behind them; ``stated`` is the sum
    of the lines (``None``: it is left out), ``added`` what the document's own
    allowances and charges come to, ``totals`` more XML of the sums. ``tax`` defaults to
    20 %.
    """
    items = items or (Item(),)
    lines = sum((item.worth for item in items), Decimal(0))
    taxes = Decimal(tax) if tax is not None else _cents(lines / 5)
    due = _cents(lines + Decimal(added) + taxes - Decimal(prepaid or 0))
    paid = "" if prepaid is None else _amount("PrepaidAmount", prepaid, currency)
    extent = stated or str(_cents(lines))
    said = (
        _amount("LineExtensionAmount", extent, currency) if stated is not None else ""
    )
    totalled = "RequestedMonetaryTotal" if name == "DebitNote" else "LegalMonetaryTotal"
    head = head if head is not None else peppol_head()
    listed = "" if type_list is None else f' listID="{type_list}"'
    kind = f"<cbc:{name}TypeCode{listed}>{type_code}</cbc:{name}TypeCode>"
    own = "" if currency is None else _text("DocumentCurrencyCode", currency)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{name} xmlns="{UBL}:{name}-2" '
        f'xmlns:cac="{UBL}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{UBL}:CommonBasicComponents-2" '
        f'xmlns:ext="{UBL}:CommonExtensionComponents-2">'
        f"{head}{_text('ID', number)}{_text('IssueDate', date)}"
        f"{'' if time is None else _text('IssueTime', time)}"
        f"{'' if type_code is None else kind}{own}{before}"
        f"<cac:AccountingSupplierParty>{supplier or vat_party(VAT)}"
        f"</cac:AccountingSupplierParty><cac:AccountingCustomerParty>"
        f"{member or vat_party(BUYER_VAT)}</cac:AccountingCustomerParty>{after}"
        f"<cac:TaxTotal>{_amount('TaxAmount', str(taxes), currency)}</cac:TaxTotal>"
        f"<cac:{totalled}>{said}{totals}{paid}"
        f"{_amount('PayableAmount', payable or str(due), currency)}</cac:{totalled}>"
        f"{''.join(_line(name, item, currency) for item in items)}</{name}>"
    ).encode()


def peppol_head(customization: str = PEPPOL[0]) -> str:
    """Return the start of a document of Peppol."""
    return _text("CustomizationID", customization) + _text("ProfileID", PEPPOL[1])


def vat_party(tax_id: str, name: str = "Lumière Vidéo SL") -> str:
    """Return a party with an id for VAT."""
    return (
        f"<cac:Party><cac:PartyName>{_text('Name', name)}</cac:PartyName>"
        f"<cac:PartyTaxScheme>{_text('CompanyID', tax_id)}<cac:TaxScheme>"
        f"{_text('ID', 'VAT')}</cac:TaxScheme></cac:PartyTaxScheme></cac:Party>"
    )


def dian_xml(
    *items: Item,
    name: str = "Invoice",
    key: str | None = CUFE,
    environment: str = "1",
    type_code: str | None = "01",
    **said: object,
) -> bytes:
    """Return a Colombian document; ``said`` as in :func:`ubl_xml`."""
    scheme = "CUFE" if name == "Invoice" else "CUDE"
    head = "<ext:UBLExtensions/>" + _text("UBLVersionID", "UBL 2.1")
    head += _text("CustomizationID", "10") + _text("ProfileID", "DIAN 2.1")
    head += _text("ProfileExecutionID", environment)
    if key is not None:
        head += f'<cbc:UUID schemeID="{environment}" schemeName="{scheme}-SHA384">'
        head += f"{key}</cbc:UUID>"
    given = {"number": "SETP990001042", "currency": "COP", **said}
    return ubl_xml(
        *items,
        name=name,
        head=head,
        type_code=type_code,
        supplier=nit_party(NIT),
        member=nit_party(BUYER_NIT),
        **given,  # type: ignore[arg-type]  # the same names, as they were given
    )


def nit_party(tax_id: str) -> str:
    """Return a Colombian party, with several names as the DIAN has them."""
    names = "".join(
        f"<cac:PartyName>{_text('Name', name)}</cac:PartyName>"
        for name in ("Tienda", "Sede principal")
    )
    return (
        f"{_text('AdditionalAccountID', '1')}<cac:Party>{names}<cac:PartyTaxScheme>"
        f"{_text('RegistrationName', 'Óptica Andina SAS')}"
        f'<cbc:CompanyID schemeID="4" schemeName="31">{tax_id}</cbc:CompanyID>'
        f"<cac:TaxScheme>{_text('ID', '01')}</cac:TaxScheme></cac:PartyTaxScheme>"
        "</cac:Party>"
    )


def sunat_xml(
    *items: Item,
    name: str = "Invoice",
    version: str = "2.1",
    type_code: str | None = "01",
    extension: str = "",
    **said: object,
) -> bytes:
    """Return a Peruvian document; ``said`` as in :func:`ubl_xml`.

    ``extension`` is XML in the namespace of SUNAT's own elements.
    """
    party = ruc_party if version == "2.1" else old_ruc_party
    head = (
        f"<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent>{extension}"
        "</ext:ExtensionContent></ext:UBLExtension></ext:UBLExtensions>"
        f"{_text('UBLVersionID', version)}"
        f"{_text('CustomizationID', '2.0' if version == '2.1' else '1.0')}"
    )
    given = {"number": "F001-00001042", "currency": "PEN", **said}
    if version == "2.0":
        given["stated"] = None
    return ubl_xml(
        *items,
        name=name,
        head=head,
        type_code=type_code if name == "Invoice" else None,
        supplier=party(RUC),
        member=party(BUYER_RUC),
        **given,  # type: ignore[arg-type]  # the same names, as they were given
    )


def ruc_party(tax_id: str) -> str:
    """Return a Peruvian party as UBL 2.1 has it."""
    return (
        f'<cac:Party><cac:PartyIdentification><cbc:ID schemeID="6">{tax_id}</cbc:ID>'
        f"</cac:PartyIdentification>{_LEGAL}</cac:Party>"
    )


def old_ruc_party(tax_id: str) -> str:
    """Return a Peruvian party as UBL 2.0 has it."""
    return (
        f"{_text('CustomerAssignedAccountID', tax_id)}"
        f"{_text('AdditionalAccountID', '6')}<cac:Party>{_LEGAL}</cac:Party>"
    )


def allowance(amount: str, code: str | None = None, *, charge: bool = False) -> str:
    """Return an ``AllowanceCharge`` of a document or a line."""
    reason = "" if code is None else _text("AllowanceChargeReasonCode", code)
    return (
        f"<cac:AllowanceCharge>{_text('ChargeIndicator', str(charge).lower())}{reason}"
        f"{_text('Amount', amount)}</cac:AllowanceCharge>"
    )


def reference(number: str, *, key: str = "", date: str = "", kind: str = "") -> str:
    """Return a ``BillingReference`` to an invoice."""
    parts = (("ID", number), ("UUID", key), ("IssueDate", date))
    parts += (("DocumentTypeCode", kind),)
    inside = "".join(_text(name, text) for name, text in parts if text)
    return (
        "<cac:BillingReference><cac:InvoiceDocumentReference>"
        f"{inside}</cac:InvoiceDocumentReference></cac:BillingReference>"
    )


def response(code: str) -> str:
    """Return the reason of a note."""
    inside = _text("ResponseCode", code)
    return f"<cac:DiscrepancyResponse>{inside}</cac:DiscrepancyResponse>"


def tax_category(*, treatment: str = "", scheme: str = "") -> str:
    """Return the tax of a line, as SUNAT writes it."""
    return (
        "<cac:TaxTotal><cac:TaxSubtotal><cac:TaxCategory>"
        f"{_text('TaxExemptionReasonCode', treatment) if treatment else ''}"
        f"<cac:TaxScheme>{_text('ID', scheme or '1000')}</cac:TaxScheme>"
        "</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
    )


def priced(code: str) -> str:
    """Return the reference price of a line with the code of its kind."""
    return (
        "<cac:PricingReference><cac:AlternativeConditionPrice>"
        f"{_text('PriceTypeCode', code)}"
        "</cac:AlternativeConditionPrice></cac:PricingReference>"
    )


_LEGAL = (
    "<cac:PartyLegalEntity><cbc:RegistrationName>Cámaras del Sur SAC"
    "</cbc:RegistrationName></cac:PartyLegalEntity>"
)


def _line(name: str, item: Item, currency: str | None) -> str:
    counted = f"{QUANTITY[name]}Quantity"
    code = ""
    if item.code is not None:
        code = f"<cac:SellersItemIdentification>{_text('ID', item.code)}"
        code += "</cac:SellersItemIdentification>"
    worth = _amount("LineExtensionAmount", str(item.worth), item.currency or currency)
    return (
        f"<cac:{name}Line>{_text('ID', '1')}"
        f'<cbc:{counted} unitCode="{item.unit}">{item.quantity}</cbc:{counted}>'
        f"{worth}{item.inside}"
        f"<cac:Item>{_text('Description', item.description)}{code}{item.about}"
        "</cac:Item>"
        f"<cac:Price>{_text('PriceAmount', item.price)}</cac:Price></cac:{name}Line>"
    )


def _text(name: str, text: str) -> str:
    return f"<cbc:{name}>{escape(text)}</cbc:{name}>"


def _amount(name: str, text: str, currency: str | None) -> str:
    said = "" if currency is None else f' currencyID="{currency}"'
    return f"<cbc:{name}{said}>{text}</cbc:{name}>"


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))

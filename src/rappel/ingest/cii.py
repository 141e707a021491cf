"""Cross Industry Invoice to a document: Factur-X, ZUGFeRD 2 and 1, XRechnung in CII.

Owns which element means what. It does not judge (:mod:`rappel.ingest.judge`). Kinds,
key, corrections and advances are those of EN 16931 in UBL
(:mod:`rappel.ingest.dialects`), so that an invoice counts once in either form.
Source: UN/CEFACT SCRDM CII D16B, Factur-X 1.0, ZUGFeRD 1.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.core.invoices import (
    ZERO,
    Document,
    DocumentKind,
    Line,
    Party,
    Related,
    Verdict,
)
from rappel.ingest import keys
from rappel.ingest.cii_names import BEFORE, Trade
from rappel.ingest.classes import reason_of
from rappel.ingest.faults import UnreadableError
from rappel.ingest.judge import judge
from rappel.ingest.sharing import discounted
from rappel.ingest.texts import clean, clean_or_none, currency, is_tax_id, tax_id
from rappel.ingest.ubl_fields import UNSPSC, YES, first
from rappel.ingest.untdid import CORRECTED, PREPAYMENT, kind_of, relation_of
from rappel.ingest.xml import LINES_LIMIT

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding

NAMESPACE: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
SCHEME: Final = "cii"
_TYPE: Final = "ExchangedDocument/ram:TypeCode"
_NUMBER: Final = "ExchangedDocument/ram:ID"
_DATE: Final = "ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"
_TEST: Final = "ExchangedDocumentContext/ram:TestIndicator/udt:Indicator"
_TRADE: Final = "SupplyChainTradeTransaction"
_AGREEMENT: Final = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT: Final = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMS: Final = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_CURRENCY: Final = "ram:InvoiceCurrencyCode"
_LINES: Final = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_LINE: Final = "ram:SpecifiedLineTradeSettlement"
_NET: Final = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
_QUANTITY: Final = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_STATUS: Final = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
_NOT_SUMMED: Final = frozenset({"GROUP", "INFORMATION"})
_PRODUCT: Final = "ram:SpecifiedTradeProduct"
_ISSUED: Final = "ram:FormattedIssueDateTime/qdt:DateTimeString"
_CLASS: Final = f"{_PRODUCT}/ram:DesignatedProductClassification/ram:ClassCode"


def read(root: Element, file: str) -> Document:
    """Return the judged document of a ``CrossIndustryInvoice`` or of ZUGFeRD 1."""
    notes: list[Finding] = []
    node = Trade(root, etree.QName(root).localname, notes)
    settled = node.down(_SETTLEMENT)
    sums = None if settled is None else settled.down(_SUMS)
    if settled is None or sums is None:
        raise UnreadableError("missing_field", column=_SETTLEMENT, field=_SUMS)
    kind, code = kind_of(node, _TYPE), node.text(_TYPE)
    issuer, receiver = _party(node, "Seller"), _party(node, "Buyer")
    number, issued = clean_or_none(node.need(_NUMBER)), node.need_day(_DATE)
    money = _currency(settled)
    lines = _lines(node, "advance" if code == PREPAYMENT else None)
    cut, charges = _allowances(settled)
    discount = sums.amount("ram:AllowanceTotalAmount") or cut
    tested = (node.text(_TEST) or "").lower() in YES
    if tested:
        node.note("test_environment", _TEST)
    year = "" if issued is None else f"{issued.year:04}"
    credit = kind is DocumentKind.CREDIT_NOTE
    return judge(
        Document(
            file=file,
            scheme=SCHEME,
            version="1.0" if etree.QName(root).namespace == BEFORE else "D16B",
            verdict=Verdict.ACCEPT,
            kind=kind,
            fiscal_key=keys.numbered(issuer.tax_id, number, year, kind),
            number=number,
            environment="test" if tested else "production",
            issuer=issuer,
            receiver=receiver,
            issued_at=issued,
            currency=money,
            lines=discounted(lines, cut or discount),
            subtotal=_subtotal(sums, lines),
            discount=discount,
            charges=sums.amount("ram:ChargeTotalAmount") or charges,
            tax=_tax(sums, money),
            total=sums.need_amount("ram:GrandTotalAmount"),
            related=_related(settled, issuer, kind, code),
            original_date=_original(settled) if credit else None,
            findings=tuple(notes),
        )
    )


def _party(node: Trade, role: str) -> Party:
    """Return a party by its id for VAT, else for another tax, its register's or any."""
    path = f"ram:{role}TradeParty"
    agreement = node.down(_AGREEMENT)
    found = None if agreement is None else agreement.child(path)
    if found is None:
        node.note("missing_field", f"{_AGREEMENT}/{path}")
        return Party()
    taxed = found.each("ram:SpecifiedTaxRegistration/ram:ID")
    taxed.sort(key=lambda one: one.attribute("schemeID") != "VA")
    legal = found.each("ram:SpecifiedLegalOrganization/ram:ID")
    ids = [tax_id(one.own() or "") for one in (*taxed, *legal)]
    other = (*found.each("ram:GlobalID"), *found.each("ram:ID"))
    ids += [one for one in (tax_id(o.own() or "") for o in other) if is_tax_id(one)]
    known = first(ids)
    if known is None:
        code = "no_supplier_tax_id" if role == "Seller" else "no_receiver_tax_id"
        node.note(code, f"{_AGREEMENT}/{path}")
    return Party(tax_id=known, name=clean_or_none(found.text("ram:Name")))


def _currency(settled: Trade) -> str | None:
    code = settled.need(_CURRENCY)
    if code and currency(code) is None:
        settled.note("unknown_currency", _CURRENCY, value=code[:40])
    return currency(code)


def _subtotal(sums: Trade, lines: tuple[Line, ...]) -> Decimal:
    """Return the sum of the lines; short profiles state only what is taxed."""
    stated = sums.amount("ram:LineTotalAmount")
    if stated is None and not lines:
        stated = sums.amount("ram:TaxBasisTotalAmount")
    return sum((line.gross for line in lines), ZERO) if stated is None else stated


def _tax(sums: Trade, money: str | None) -> Decimal:
    """Return the tax in the document's currency, not its second sum in another."""
    found = sums.children("ram:TaxTotalAmount")
    said = [one for one in found if one.attribute("currencyID") in {None, money}]
    return sum((one.figure() or ZERO for one in said), ZERO)


def _allowances(node: Trade) -> tuple[Decimal, Decimal]:
    """Return what allowances take off and what charges add."""
    off = on = ZERO
    for one in node.children("ram:SpecifiedTradeAllowanceCharge"):
        amount = one.need_amount("ram:ActualAmount")
        if one.need("ram:ChargeIndicator/udt:Indicator").lower() in YES:
            on += amount
        else:
            off += amount
    freight = node.children("ram:SpecifiedLogisticsServiceCharge")
    on += sum((one.need_amount("ram:AppliedAmount") for one in freight), ZERO)
    return off, on


def _related(
    settled: Trade, issuer: Party, kind: DocumentKind, code: str | None
) -> tuple[Related, ...]:
    found = dict.fromkeys(_points(one, issuer) for one in _referred(settled))
    if code == CORRECTED and not found:
        settled.note("no_replaced", "ram:InvoiceReferencedDocument")
    relation = relation_of(kind, code)
    said = code if code == CORRECTED else None
    return tuple(Related(fiscal_key=key, relation=relation, code=said) for key in found)


def _referred(settled: Trade) -> list[Trade]:
    return settled.children("ram:InvoiceReferencedDocument")


def _points(reference: Trade, issuer: Party) -> str:
    """Return the key of an invoice that is pointed to; its number at worst."""
    number = reference.need("ram:IssuerAssignedID")
    day = reference.day(_ISSUED)
    year = "" if day is None else f"{day.year:04}"
    key = keys.numbered(issuer.tax_id, number, year, DocumentKind.INVOICE)
    return key if key and year else number


def _original(settled: Trade) -> date | None:
    """Return the day of the invoice that is pointed to, if it is one day."""
    days = {one.day(_ISSUED) for one in _referred(settled)}
    day = days.pop() if len(days) == 1 else None
    return None if day is None else day.date()


def _lines(node: Trade, why: str | None) -> tuple[Line, ...]:
    """Return the lines; sums and remarks of the extended profile are none."""
    found = [one for one in node.each(_LINES) if one.text(_STATUS) not in _NOT_SUMMED]
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    if not found:
        node.note("no_lines", _LINES)
    return tuple(_line(one, place, why) for place, one in enumerate(found, start=1))


def _line(node: Trade, position: int, why: str | None) -> Line:
    """Return a line.

    Rule: the net is what the document says of the line, after its own allowances, and
    never price by quantity; a line's own charges are no goods.
    """
    settled = node.down(_LINE)
    gross = ZERO if settled is None else settled.need_amount(_NET)
    charges = ZERO if settled is None else _allowances(settled)[1]
    if settled is None:
        node.note("missing_field", f"{_LINE}/{_NET}")
    quantity = node.down(_QUANTITY)
    codes = ("SellerAssignedID", "GlobalID", "BuyerAssignedID")
    code = first(node.text(f"{_PRODUCT}/ram:{name}") for name in codes)
    classed = sorted(
        node.each(_CLASS), key=lambda one: one.attribute("listID") != UNSPSC
    )
    product = clean_or_none(classed[0].own()) if classed else None
    listed = classed and classed[0].attribute("listID") == UNSPSC
    known = product if listed else None
    return Line(
        position=position,
        code=clean_or_none(code),
        class_code=product,
        description=clean(node.text(f"{_PRODUCT}/ram:Name") or ""),
        quantity=node.amount(_QUANTITY) or ZERO,
        unit=None if quantity is None else quantity.attribute("unitCode"),
        gross=gross,
        net=gross - charges,
        reason=why or reason_of(class_code=known, code=code),
    )

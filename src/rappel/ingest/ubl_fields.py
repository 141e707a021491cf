"""Elements of UBL that mean the same in every dialect.

Owns where a value stands: sums, currency, references, a line's code and quantity,
allowances as they are written. What a code means is said by the dialect
(:mod:`rappel.ingest.dialects`). Source: OASIS UBL 2.1, and 2.0 where it differs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.invoices import ZERO
from rappel.ingest.faults import UnreadableError
from rappel.ingest.figures import plain
from rappel.ingest.texts import clean, clean_or_none, currency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from rappel.ingest.nodes import Branch

YES: Final = frozenset({"true", "1"})
UNSPSC: Final = "UNSPSC"
_TOTALS: Final = ("cac:LegalMonetaryTotal", "cac:RequestedMonetaryTotal")
_REFERENCES: Final = (
    "cac:InvoiceDocumentReference",
    "cac:SelfBilledInvoiceDocumentReference",
    "cac:CreditNoteDocumentReference",
    "cac:DebitNoteDocumentReference",
)
_QUANTITIES: Final = (
    "cbc:InvoicedQuantity",
    "cbc:CreditedQuantity",
    "cbc:DebitedQuantity",
)
_CODES: Final = (
    "cac:Item/cac:SellersItemIdentification/cbc:ID",
    "cac:Item/cac:StandardItemIdentification/cbc:ID",
    "cac:Item/cac:BuyersItemIdentification/cbc:ID",
)
_DESCRIPTIONS: Final = ("cac:Item/cbc:Name", "cac:Item/cbc:Description")
_NAMES: Final = (
    "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:Party/cac:PartyTaxScheme/cbc:RegistrationName",
    "cac:Party/cac:PartyName/cbc:Name",
)


def first(texts: Iterable[str | None]) -> str | None:
    """Return the first text that is not empty."""
    return next((text for text in texts if text), None)


def texts(node: Branch, *paths: str) -> Iterable[str]:
    """Yield the texts at paths whose steps may be there more than once."""
    return (text for path in paths for text in node.texts(path))


def totals_of(root: Branch) -> Branch:
    """Return the element of the sums.

    Raises:
        UnreadableError: ``missing_field`` when there is none.
    """
    found = first_node(root.child(name) for name in _TOTALS)
    if found is None:
        raise UnreadableError("missing_field", column=_TOTALS[0], field=_TOTALS[0])
    return found


def first_node(found: Iterable[Branch | None]) -> Branch | None:
    """Return the first element that is there."""
    return next((one for one in found if one is not None), None)


def currency_of(root: Branch) -> str | None:
    """Return the document's currency; where it says none, that of what is to pay."""
    code = root.text("cbc:DocumentCurrencyCode")
    if code is None:
        payable = totals_of(root).down("cbc:PayableAmount")
        code = None if payable is None else payable.attribute("currencyID")
    return currency(code)


def in_currency(node: Branch, name: str, own: str | None) -> bool:
    """Whether an amount is in a currency; without either there is no telling."""
    amount = node.down(name)
    said = None if amount is None else amount.attribute("currencyID")
    return own is None or said in {None, own}


def taxes(root: Branch, own: str | None) -> Decimal:
    """Return what is added as tax, in the document's currency.

    A second total, in the currency in which the supplier pays its tax, is left out.
    """
    found = [
        one.need_amount("cbc:TaxAmount")
        for one in root.children("cac:TaxTotal")
        if in_currency(one, "cbc:TaxAmount", own)
    ]
    return sum(found, ZERO)


def references(root: Branch) -> list[Branch]:
    """Return the invoices that a document points to, or that its lines do."""
    found = root.children("cac:BillingReference")
    found = found or root.each(f"cac:{root.path}Line/cac:BillingReference")
    return [
        one for each in found for name in _REFERENCES for one in each.children(name)
    ]


def corrected_day(root: Branch) -> date | None:
    """Return the day of the invoice that is pointed to, if it is one day."""
    days = {one.day("cbc:IssueDate") for one in references(root)}
    if len(days) != 1:
        return None
    (day,) = days
    return None if day is None else day.date()


def exchange_rate(root: Branch, own: str | None, home: str) -> Decimal | None:
    """Return units of the home currency per 1 of the document's, if it is stated.

    Rule: a rate counts only where it leads from the document's currency to the home
    currency; one told the other way round is not turned.
    """
    found = root.child("cac:PaymentExchangeRate")
    if found is None or own == home:
        return None
    ways = (found.text("cbc:SourceCurrencyCode"), found.text("cbc:TargetCurrencyCode"))
    bases = [
        found.amount(f"cbc:{side}CurrencyBaseRate") for side in ("Source", "Target")
    ]
    if ways != (own, home) or any(base not in {None, 1} for base in bases):
        return None
    rate = found.amount("cbc:CalculationRate")
    if rate is not None and rate <= 0:
        found.note("bad_number", "cbc:CalculationRate", value=plain(rate))
        return None
    return rate


def quantity_of(line: Branch) -> tuple[Decimal, str | None]:
    """Return a line's quantity and its unit; zero when it states none."""
    for name in _QUANTITIES:
        found = line.child(name)
        if found is not None:
            return line.amount(name) or ZERO, found.attribute("unitCode")
    return ZERO, None


def code_of(line: Branch) -> str | None:
    """Return a line's product code: the seller's, else a standard, else the buyer's."""
    return clean_or_none(first(line.text(path) for path in _CODES))


def class_of(line: Branch) -> tuple[str | None, str | None]:
    """Return a line's product class and the list it is of, UNSPSC before others."""
    found = [
        (clean_or_none(one.own()), one.attribute("listID"))
        for one in line.each(
            "cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode"
        )
    ]
    found.sort(key=lambda one: one[1] != UNSPSC)
    return found[0] if found else (None, None)


def description_of(line: Branch) -> str:
    """Return what a line is called."""
    return clean(first(texts(line, *_DESCRIPTIONS)) or "")


def name_of(party: Branch) -> str | None:
    """Return a party's name: as it is registered, else as it trades."""
    return clean_or_none(first(texts(party, *_NAMES)))

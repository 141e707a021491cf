"""UBL 2.1 and 2.0 to a document: invoices, credit notes and debit notes.

Owns how a document is put together, and which dialect it is by what it says of itself:
``dian``, ``sunat``, else ``ubl`` (Peppol, EN 16931, plain OASIS). What fields mean is
the dialect's; nothing is judged here (:mod:`rappel.ingest.judge`) and no signature is
looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.core.invoices import Document, DocumentKind, Party, Verdict
from rappel.ingest import ubl_fields as fields
from rappel.ingest.dialects import Dialect
from rappel.ingest.dian import Dian
from rappel.ingest.faults import UnreadableError
from rappel.ingest.judge import WITH_VOLUME, judge
from rappel.ingest.nodes import Branch
from rappel.ingest.sharing import discounted
from rappel.ingest.sunat import Sunat
from rappel.ingest.texts import clean_or_none
from rappel.ingest.xml import LINES_LIMIT

if TYPE_CHECKING:
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding
    from rappel.core.invoices import Line

NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd"
SCHEME: Final = "ubl"
_CURRENCY: Final = "cbc:DocumentCurrencyCode"
_NO_TAX_ID: Final = {
    "Supplier": "no_supplier_tax_id",
    "Customer": "no_receiver_tax_id",
}
_NATIONAL: Final = (Dian(), Sunat())
_PLAIN: Final = Dialect()


def read(root: Element, file: str) -> Document:
    """Return the judged document of an ``Invoice``, ``CreditNote`` or ``DebitNote``."""
    notes: list[Finding] = []
    node = Branch(root, etree.QName(root).localname, notes)
    dialect = dialect_of(node)
    kind = dialect.kind(node)
    issuer = _party(node, dialect, "Supplier")
    receiver = _party(node, dialect, "Customer")
    currency = _currency(node)
    lines = _lines(node, dialect, currency)
    sums = dialect.sums(node, lines)
    credit = kind is DocumentKind.CREDIT_NOTE
    document = Document(
        file=file,
        scheme=dialect.scheme,
        version=node.text("cbc:UBLVersionID"),
        verdict=Verdict.ACCEPT,
        kind=kind,
        fiscal_key=dialect.key(node, issuer, kind),
        number=clean_or_none(node.need("cbc:ID")),
        issuer=issuer,
        receiver=receiver,
        issued_at=node.need_day("cbc:IssueDate", "cbc:IssueTime"),
        currency=currency,
        rate=_rate(node, dialect, kind, currency),
        lines=discounted(lines, sums.cut),
        subtotal=sums.subtotal,
        discount=sums.discount,
        charges=sums.charges,
        tax=sums.tax,
        total=sums.total,
        related=dialect.related(node, issuer, kind),
        original_date=fields.corrected_day(node) if credit else None,
    )
    tested = any(one.code == "test_environment" for one in notes)
    environment = "test" if tested else document.environment
    return judge(replace(document, environment=environment, findings=tuple(notes)))


def dialect_of(node: Branch) -> Dialect:
    """Return the dialect that a document says it is written in."""
    return next((one for one in _NATIONAL if one.speaks(node)), _PLAIN)


def _party(node: Branch, dialect: Dialect, role: str) -> Party:
    name = f"cac:Accounting{role}Party"
    found = node.child(name)
    if found is None:
        node.note("missing_field", name)
        return Party()
    known = dialect.tax_id(found)
    if known is None:
        node.note(_NO_TAX_ID[role], name)
    return Party(tax_id=known, name=fields.name_of(found))


def _currency(node: Branch) -> str | None:
    code = node.text(_CURRENCY)
    found = fields.currency_of(node)
    if found is None and code is None:
        node.note("no_currency", _CURRENCY)
    elif found is None:
        node.note("unknown_currency", _CURRENCY, value=(code or "")[:40])
    return found


def _rate(
    node: Branch, dialect: Dialect, kind: DocumentKind, currency: str | None
) -> Decimal | None:
    """Return the document's rate.

    Rule: only a national dialect says to which currency a rate leads.
    """
    if dialect.home is None or currency in {None, dialect.home}:
        return None
    rate = fields.exchange_rate(node, currency, dialect.home)
    if rate is None and kind in WITH_VOLUME:
        node.note("no_document_rate", "cac:PaymentExchangeRate", currency=currency)
    return rate


def _lines(node: Branch, dialect: Dialect, currency: str | None) -> tuple[Line, ...]:
    found = node.children(f"cac:{node.path}Line")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    if not found:
        node.note("no_lines", f"cac:{node.path}Line")
    why = dialect.reason(node)
    for one in found:
        if not fields.in_currency(one, "cbc:LineExtensionAmount", currency):
            one.note("currency_mixed", "cbc:LineExtensionAmount", value=currency or "")
    return tuple(
        dialect.line(one, position, why) for position, one in enumerate(found, start=1)
    )

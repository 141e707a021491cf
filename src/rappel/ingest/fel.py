"""FEL, the e-invoice of Guatemala, to a document.

Owns which element means what; prices have VAT in them, and what a line is worth is its
total less its taxes. It does not judge and checks no signature. Amounts are taken from
the one ``DatosEmision`` only: that is what is signed. Source: SAT Guatemala, Documento
Tributario Electrónico 0.2.0 and its complements.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding
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
from rappel.ingest.classes import reason_of
from rappel.ingest.faults import UnreadableError
from rappel.ingest.judge import judge
from rappel.ingest.nodes import Branch
from rappel.ingest.texts import clean, clean_or_none, tax_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from lxml.etree import _Element as Element

NAMESPACE: Final = "http://www.sat.gob.gt/dte/fel/0.2.0"
BEFORE: Final = "http://www.sat.gob.gt/dte/fel/0.1.0"
SCHEME: Final = "fel"
LINES_LIMIT: Final = 20_000
BY_BUYER: Final = "FESP"  # an invoice that who buys issues for who cannot
_KINDS: Final = {
    "FACT": DocumentKind.INVOICE,
    "FCAM": DocumentKind.INVOICE,  # negotiable
    "FPEQ": DocumentKind.INVOICE,  # of a small taxpayer, without VAT
    "FCAP": DocumentKind.INVOICE,
    "FACA": DocumentKind.INVOICE,  # of farming
    "FCCA": DocumentKind.INVOICE,
    "FAPE": DocumentKind.INVOICE,
    "FCPE": DocumentKind.INVOICE,
    "FESP": DocumentKind.INVOICE,
    "NCRE": DocumentKind.CREDIT_NOTE,
    "NDEB": DocumentKind.DEBIT_NOTE,
    "NABN": DocumentKind.CREDIT_NOTE,  # a credit without VAT
    "RECI": DocumentKind.OTHER,
    "RDON": DocumentKind.OTHER,
}
_RELATIONS: Final = {"NCRE": "credits", "NABN": "credits", "NDEB": "debits"}


def read(root: Element, file: str) -> Document:
    """Return the judged document of a ``GTDocumento``."""
    notes: list[Finding] = []
    found = list(root.iter("{*}DatosEmision"))
    if len(found) != 1:
        name = "DatosEmision"
        raise UnreadableError("ambiguous_id", column=name, name=name)
    whole = Branch(root, "GTDocumento", notes)
    node = Branch(found[0], "DatosEmision", notes)
    head = node.children("DatosGenerales")
    code = (head[0].attribute("Tipo") if head else None) or ""
    if code not in _KINDS:
        node.note("unknown_kind", "DatosGenerales", value=code[:40])
    lines = tuple(_lines(node))
    tax = _tax(node)
    total = node.need_amount("Totales/GranTotal")
    currency = head[0].attribute("CodigoMoneda") if head else None
    document = Document(
        file=file,
        scheme=SCHEME,
        version=root.get("Version"),
        verdict=Verdict.ACCEPT,
        kind=_KINDS.get(code, DocumentKind.OTHER),
        fiscal_key=_key(whole),
        number=_number(whole),
        issuer=_party(node, "Emisor", "NITEmisor", "NombreEmisor"),
        receiver=_party(node, "Receptor", "IDReceptor", "NombreReceptor"),
        issued_at=head[0].moment_of("FechaHoraEmision") if head else None,
        currency=_currency(node, currency),
        lines=lines,
        subtotal=total - tax,
        tax=tax,
        total=total,
        related=_related(node, code),
        by_buyer=code == BY_BUYER,
    )
    return judge(replace(document, findings=tuple(notes)))


def read_end(root: Element, file: str) -> Document:
    """Return the document of an annulment (``GTAnulacionDocumento``)."""
    notes: list[Finding] = []
    found = list(root.iter("{*}DatosGenerales"))
    if len(found) != 1:
        name = "DatosGenerales"
        raise UnreadableError("ambiguous_id", column=name, name=name)
    node = Branch(found[0], "DatosGenerales", notes)
    text = node.attribute("NumeroDocumentoAAnular") or ""
    key = keys.uuid(text)
    if key is None:
        node.note("bad_fiscal_key", "@NumeroDocumentoAAnular", value=text[:60])
    document = Document(
        file=file,
        scheme=SCHEME,
        version=root.get("Version"),
        verdict=Verdict.ACCEPT,
        kind=DocumentKind.CANCELLATION,
        number=key,
        issuer=Party(tax_id=tax_id(node.attribute("NITEmisor") or "") or None),
        receiver=Party(tax_id=tax_id(node.attribute("IDReceptor") or "") or None),
        issued_at=node.moment_of("FechaHoraAnulacion"),
        related=(Related(fiscal_key=key or text, relation="cancels"),),
    )
    return judge(replace(document, findings=tuple(notes)))


def _authorisation(whole: Branch) -> Branch | None:
    return whole.down("SAT/DTE/Certificacion/NumeroAutorizacion")


def _key(whole: Branch) -> str | None:
    """Return the number of the authorisation, a UUID."""
    found = _authorisation(whole)
    text = (found.own() if found else None) or ""
    key = keys.uuid(text)
    if key is None:
        params = {"value": text[:60]}
        whole.notes.append(Finding(code="bad_fiscal_key", params=params))
    return key


def _number(whole: Branch) -> str | None:
    found = _authorisation(whole)
    parts = [found.attribute("Serie"), found.attribute("Numero")] if found else []
    return "-".join(part for part in parts if part) or None


def _party(node: Branch, role: str, number: str, name: str) -> Party:
    found = node.child(role)
    if found is None:
        node.note("missing_field", role)
        return Party()
    own = tax_id(found.attribute(number) or "") or None
    return Party(tax_id=own, name=clean_or_none(found.attribute(name)))


def _currency(node: Branch, code: str | None) -> str | None:
    if code is None:
        node.note("missing_field", "DatosGenerales")
    elif code != "GTQ":
        # an export says its currency, and no document of this scheme says its rate
        node.note("no_document_rate", "DatosGenerales", currency=code[:3])
    return code


def _tax(node: Branch) -> Decimal:
    totals = node.down("Totales/TotalImpuestos")
    each = [] if totals is None else totals.children("TotalImpuesto")
    return sum((one.figure_of("TotalMontoImpuesto") for one in each), ZERO)


def _lines(node: Branch) -> Iterator[Line]:
    items = node.child("Items")
    found: Sequence[Branch] = [] if items is None else items.children("Item")
    if not found:
        node.note("missing_field", "Items")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    for position, item in enumerate(found, start=1):
        taxes = item.child("Impuestos")
        each = [] if taxes is None else taxes.children("Impuesto")
        tax = sum((one.need_amount("MontoImpuesto") for one in each), ZERO)
        net = item.need_amount("Total") - tax
        yield Line(
            position=position,
            description=clean(item.text("Descripcion") or ""),
            quantity=item.need_amount("Cantidad"),
            unit=clean_or_none(item.text("UnidadMedida")),
            gross=net,
            net=net,
            reason=reason_of(class_code=None, code=None),
        )


def _related(node: Branch, code: str) -> tuple[Related, ...]:
    """Return the document that a note names in its complement of reference."""
    found = []
    for element in node.element.iter("{*}ReferenciasNota"):
        text = element.get("NumeroAutorizacionDocumentoOrigen") or ""
        key = keys.uuid(text)
        if key is None:
            node.note("bad_fiscal_key", "ReferenciasNota", value=text[:60])
        relation = _RELATIONS.get(code, "related")
        found.append(Related(fiscal_key=key or text, relation=relation, code=code))
    return tuple(found)

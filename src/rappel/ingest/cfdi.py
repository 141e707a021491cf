"""CFDI 4.0, 3.3 and 3.2, the e-invoice of Mexico, to a document.

Owns which attribute means what. It does not judge (:mod:`rappel.ingest.judge`) and
checks no seal. Amounts are taken from ``Comprobante`` and its own children only; the
addenda is unsealed and never read. What 4.0 has more than 3.3 is not read
here; 3.2 writes the same attributes with a small letter, and its currency may be left
out, which says pesos. Source: SAT, Anexo 20 (CFDI 4.0, 3.3, 3.2), catalogues
c_TipoDeComprobante and c_TipoRelacion.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lxml.etree import QName

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
from rappel.ingest.classes import ADVANCE_KEY, reason_of
from rappel.ingest.faults import UnreadableError
from rappel.ingest.figures import plain
from rappel.ingest.judge import WITH_VOLUME, judge
from rappel.ingest.nodes import Node
from rappel.ingest.sharing import discounted
from rappel.ingest.texts import FOREIGN, clean, clean_or_none, tax_id
from rappel.ingest.xml import LINES_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from lxml.etree import _Element as Element

NAMESPACE: Final = "http://www.sat.gob.mx/cfd/4"
BEFORE: Final = "http://www.sat.gob.mx/cfd/3"
VERSIONS: Final = {NAMESPACE: ("4.0",), BEFORE: ("3.3", "3.2")}
SCHEME: Final = "cfdi"
_STAMP: Final = "{http://www.sat.gob.mx/TimbreFiscalDigital}TimbreFiscalDigital"
_LOCAL_TAXES: Final = "{http://www.sat.gob.mx/implocal}ImpuestosLocales"
_KINDS: Final = {
    "I": DocumentKind.INVOICE,
    "E": DocumentKind.CREDIT_NOTE,
    "P": DocumentKind.PAYMENT,
    "T": DocumentKind.OTHER,  # goods on the move
    "N": DocumentKind.OTHER,  # payroll
    "ingreso": DocumentKind.INVOICE,
    "egreso": DocumentKind.CREDIT_NOTE,
    "traslado": DocumentKind.OTHER,
}
_CAPITAL: Final = frozenset({"Moneda", "TipoCambio", "UUID"})  # in 3.2, too
_PESOS: Final = frozenset({"MXP", "MN", "M.N.", "PESOS", "PESO", "PESO MEXICANO"})
_RELATIONS: Final = {
    "01": "credits",
    "02": "debits",
    "03": "returns",
    "04": "replaces",
    "05": "delivers",
    "06": "bills_delivery",
    "07": "advance",
    "08": "instalment",
    "09": "deferred_payment",
}


class Small(Node):
    """A node of version 3.2, whose attributes begin with a small letter."""

    def attribute(self, name: str) -> str | None:
        """Return the attribute that later versions write with a capital letter."""
        return Node.attribute(self, name) or Node.attribute(self, _small(name))

    def _column(self, name: str) -> str:
        return f"{self.path}@{name if name in _CAPITAL else _small(name)}"


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def read(root: Element, file: str) -> Document:
    """Return the judged document of a ``Comprobante`` of one of the versions."""
    notes: list[Finding] = []
    version = Small(root, "Comprobante", notes).text("Version")
    node = (Small if version == "3.2" else Node)(root, "Comprobante", notes)
    if version not in VERSIONS[QName(root).namespace or ""]:
        name = f"CFDI {version or '?'}"
        raise UnreadableError("not_supported", version=version, name=name)
    kind = _kind(node)
    currency = _currency(node) if version != "3.2" else _pesos_or(node)
    related = _related(node)
    discount = node.amount("Descuento") or ZERO
    document = Document(
        file=file,
        scheme=SCHEME,
        version=version,
        verdict=Verdict.ACCEPT,
        kind=kind,
        fiscal_key=_stamp(node),
        number=clean_or_none((node.text("Serie") or "") + (node.text("Folio") or "")),
        issuer=_party(node, "Emisor"),
        receiver=_party(node, "Receptor"),
        issued_at=node.need_moment("Fecha"),
        currency=currency,
        rate=_rate(node, kind, currency),
        lines=discounted(_lines(node, kind, related), discount),
        subtotal=node.need_amount("SubTotal"),
        discount=discount,
        tax=_tax(node),
        total=node.need_amount("Total"),
        related=related,
    )
    return judge(replace(document, findings=tuple(notes)))


def _kind(node: Node) -> DocumentKind:
    code = node.need("TipoDeComprobante")
    if code and code not in _KINDS:
        node.note("unknown_kind", "TipoDeComprobante", value=code[:40])
    return _KINDS.get(code, DocumentKind.OTHER)


def _stamp(node: Node) -> str | None:
    """Return the UUID of the one stamp; two stamps anywhere are refused."""
    stamps = list(node.element.iter(_STAMP))
    inside = node.child("Complemento")
    sealed = [] if inside is None else inside.element.findall(_STAMP)
    if len(stamps) > 1 or len(stamps) != len(sealed):
        name = "TimbreFiscalDigital"
        raise UnreadableError("ambiguous_id", column=name, name=name)
    if not sealed:
        node.notes.append(Finding(code="not_stamped"))
        return None
    stamp = Node(sealed[0], "TimbreFiscalDigital", node.notes)
    text = stamp.need("UUID")
    key = keys.uuid(text)
    if text and key is None:
        stamp.note("bad_fiscal_key", "UUID", value=text[:60])
    return key


def _party(node: Node, role: str) -> Party:
    child = node.child(role)
    if child is None:
        node.note("missing_field", role)
        return Party()
    found = tax_id(child.need("Rfc")) or None
    own = tax_id(child.text("NumRegIdTrib") or "") if found == FOREIGN else ""
    name = clean_or_none(child.text("Nombre"))
    return Party(tax_id=found, name=name, foreign_id=own or None)


def _currency(node: Node) -> str | None:
    code = node.need("Moneda")
    known = len(code) == len("MXN") and code.isascii() and code.isupper()
    if code and not known:
        node.note("unknown_currency", "Moneda", value=code[:40])
    return code if known else None


def _pesos_or(node: Node) -> str | None:
    """Return the currency of version 3.2, where pesos go by many names or by none."""
    said = (node.text("Moneda") or "MXN").upper()
    return "MXN" if said in _PESOS | {"MXN"} else _currency(node)


def _rate(node: Node, kind: DocumentKind, currency: str | None) -> Decimal | None:
    rate = node.amount("TipoCambio")
    if rate is not None and rate <= 0:
        node.note("bad_number", "TipoCambio", value=plain(rate))
        return None
    if rate is None and kind in WITH_VOLUME and currency not in {None, "MXN"}:
        code = "no_currency" if currency == "XXX" else "no_document_rate"
        node.note(code, "TipoCambio", currency=currency or "")
    return rate


def _tax(node: Node) -> Decimal:
    """Return taxes added less taxes withheld, local ones included."""
    taxes = node.child("Impuestos")
    tax = ZERO
    if taxes is not None:
        added = taxes.amount("TotalImpuestosTrasladados") or ZERO
        tax += added - (taxes.amount("TotalImpuestosRetenidos") or ZERO)
    inside = node.child("Complemento")
    for element in [] if inside is None else inside.element.findall(_LOCAL_TAXES):
        local = Node(element, "ImpuestosLocales", node.notes)
        tax += local.need_amount("TotaldeTraslados")
        tax -= local.need_amount("TotaldeRetenciones")
    return tax


def _related(node: Node) -> tuple[Related, ...]:
    found = []
    for group in node.children("CfdiRelacionados"):
        code = group.need("TipoRelacion")
        for item in group.children("CfdiRelacionado"):
            text = item.need("UUID")
            key = keys.uuid(text)
            if text and key is None:
                item.note("bad_fiscal_key", "UUID", value=text[:60])
            relation = _RELATIONS.get(code, "related")
            found.append(Related(fiscal_key=key or text, relation=relation, code=code))
    return tuple(found)


def _lines(
    node: Node, kind: DocumentKind, related: Sequence[Related]
) -> tuple[Line, ...]:
    concepts = node.child("Conceptos")
    found = [] if concepts is None else concepts.children("Concepto")
    if not found:
        node.note("missing_field", "Conceptos")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    relations = {item.relation for item in related}
    return tuple(
        _line(item, position, kind, relations)
        for position, item in enumerate(found, start=1)
    )


def _line(node: Node, position: int, kind: DocumentKind, relations: set[str]) -> Line:
    gross = node.need_amount("Importe")
    discount = node.amount("Descuento") or ZERO
    class_code = clean_or_none(node.text("ClaveProdServ"))
    code = clean_or_none(node.text("NoIdentificacion"))
    return Line(
        position=position,
        code=code,
        class_code=class_code,
        description=clean(node.text("Descripcion") or ""),
        quantity=node.need_amount("Cantidad"),
        unit=clean_or_none(node.text("Unidad") or node.text("ClaveUnidad")),
        gross=gross,
        discount=discount,
        net=gross - discount,
        reason=_reason(kind, relations, class_code=class_code, code=code),
    )


def _reason(
    kind: DocumentKind,
    relations: set[str],
    *,
    class_code: str | None,
    code: str | None,
) -> str | None:
    """Return why a line is out, knowing the advances of credit notes.

    Rule: the billing key 84111506 is an advance on an invoice. On a credit note it is
    an advance applied when the relation says so (07), a return when the relation is a
    return (03), and otherwise the supplier's refund of money, which is no return of
    goods and must not lower the volume that earned it.
    """
    advance = class_code == ADVANCE_KEY
    if not (advance and kind is DocumentKind.CREDIT_NOTE):
        return reason_of(class_code=class_code, code=code)
    if "advance" in relations:
        return "advance"
    return None if "returns" in relations else "price_rebate"

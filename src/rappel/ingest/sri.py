"""The e-invoices of Ecuador's SRI, to a document.

Owns which element means what: invoices, purchases that the buyer bills (liquidación de
compra), credit and debit notes, the authorisation that wraps them. It does not judge
and checks no signature. Source: SRI, Ficha técnica de comprobantes electrónicos 2.26.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.core.findings import Finding
from rappel.core.invoices import ZERO, Document, DocumentKind, Line, Party, Verdict
from rappel.ingest import keys
from rappel.ingest.classes import reason_of
from rappel.ingest.faults import UnreadableError
from rappel.ingest.judge import judge
from rappel.ingest.nodes import Branch
from rappel.ingest.texts import clean, clean_or_none, tax_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lxml.etree import _Element as Element

SCHEME: Final = "sri"
LINES_LIMIT: Final = 20_000
AUTHORISED: Final = "AUTORIZADO"
_CHARGES: Final = (
    "propina",
    "fleteInternacional",
    "seguroInternacional",
    "gastosAduaneros",
    "gastosTransporteOtros",
)


class Form(NamedTuple):
    """A kind of document: what its parts are called."""

    kind: DocumentKind
    info: str
    total: str
    buyer: str = "Comprador"
    by_buyer: bool = False


FORMS: Final = {
    "factura": Form(DocumentKind.INVOICE, "infoFactura", "importeTotal"),
    "liquidacionCompra": Form(
        DocumentKind.INVOICE,
        "infoLiquidacionCompra",
        "importeTotal",
        buyer="Proveedor",
        by_buyer=True,
    ),
    "notaCredito": Form(
        DocumentKind.CREDIT_NOTE, "infoNotaCredito", "valorModificacion"
    ),
    "notaDebito": Form(DocumentKind.DEBIT_NOTE, "infoNotaDebito", "valorTotal"),
}


def read(root: Element, file: str) -> Document:
    """Return the judged document of one of :data:`FORMS`."""
    notes: list[Finding] = []
    node = Branch(root, root.tag, notes)
    form = FORMS[node.path]
    head = node.down("infoTributaria") or node
    info = node.down(form.info) or node
    is_test = head.need("ambiente") != "2"
    if is_test:
        notes.append(Finding(code="test_environment"))
    lines = tuple(_reasons(node) if form.info == "infoNotaDebito" else _lines(node))
    discount = sum((line.discount for line in lines), ZERO)
    issuer = Party(
        tax_id=tax_id(head.need("ruc")) or None,
        name=clean_or_none(head.text("razonSocial")),
    )
    document = Document(
        file=file,
        scheme=SCHEME,
        version=node.attribute("version"),
        verdict=Verdict.ACCEPT,
        kind=form.kind,
        fiscal_key=_key(head),
        number="-".join(head.need(one) for one in ("estab", "ptoEmi", "secuencial")),
        environment="test" if is_test else "production",
        issuer=issuer,
        receiver=_receiver(info, form),
        issued_at=info.need_written_day("fechaEmision"),
        currency="USD",
        lines=lines,
        subtotal=info.need_amount("totalSinImpuestos") + discount,
        discount=discount,
        charges=sum((info.amount(name) or ZERO for name in _CHARGES), ZERO),
        tax=_tax(info),
        total=info.need_amount(form.total),
        original_date=_original(info),
        by_buyer=form.by_buyer,
    )
    return judge(replace(document, findings=tuple(notes)))


def authorised(root: Element) -> list[Element | bytes]:
    """Return the document that an authorisation wraps, as text within it.

    Raises:
        UnreadableError: ``not_authorised`` when the authority refused it.
    """
    node = Branch(root, "autorizacion", [])
    said = (node.text("estado") or "").upper()
    if said != AUTHORISED:
        raise UnreadableError("not_authorised", field="estado", value=said[:40])
    inside = node.child("comprobante")
    if inside is None:
        return []
    text = inside.own()
    return [text.encode()] if text else list(inside.element)


def _key(head: Branch) -> str | None:
    """Return the access key, 49 digits whose last checks the others."""
    text = head.need("claveAcceso")
    if keys.is_sri_key(text):
        return text
    head.note("bad_fiscal_key", "claveAcceso", value=text[:60])
    return None


def _receiver(info: Branch, form: Form) -> Party:
    own = tax_id(info.need(f"identificacion{form.buyer}")) or None
    name = info.text(f"razonSocial{form.buyer}")
    return Party(tax_id=own, name=clean_or_none(name))


def _lines(node: Branch) -> Iterator[Line]:
    """Yield the lines; the discount is taken off their price already."""
    found = node.each("detalles/detalle")
    if not found:
        node.note("missing_field", "detalles")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    for position, item in enumerate(found, start=1):
        net = item.need_amount("precioTotalSinImpuesto")
        discount = item.amount("descuento") or ZERO
        code = clean_or_none(item.text("codigoPrincipal") or item.text("codigoInterno"))
        yield Line(
            position=position,
            code=code,
            description=clean(item.text("descripcion") or ""),
            quantity=item.need_amount("cantidad"),
            unit=clean_or_none(item.text("unidadMedida")),
            gross=net + discount,
            discount=discount,
            net=net,
            reason=reason_of(class_code=None, code=code),
        )


def _reasons(node: Branch) -> Iterator[Line]:
    """Yield the reasons of a debit note, which has no lines of goods."""
    found = node.each("motivos/motivo")
    if not found:
        node.note("missing_field", "motivos")
    for position, item in enumerate(found, start=1):
        value = item.need_amount("valor")
        yield Line(
            position=position,
            description=clean(item.text("razon") or ""),
            quantity=Decimal(1),
            gross=value,
            net=value,
        )


def _tax(info: Branch) -> Decimal:
    paths = ("totalConImpuestos/totalImpuesto", "impuestos/impuesto")
    found = [one for path in paths for one in info.each(path)]
    return sum((one.need_amount("valor") for one in found), ZERO)


def _original(info: Branch) -> date | None:
    """Return the day of the invoice that a note corrects; its key is not told."""
    if info.text("fechaEmisionDocSustento") is None:
        return None
    found = info.need_written_day("fechaEmisionDocSustento")
    return None if found is None else found.date()

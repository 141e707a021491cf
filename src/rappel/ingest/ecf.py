"""e-CF, the e-invoice of the Dominican Republic, to a document.

Owns which element means what; prices with ITBIS in them; discounts and charges of the
whole document. It does not judge and checks no signature. Source: DGII, Formato
Comprobante Fiscal Electrónico 1.0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rappel.core.invoices import (
    ZERO,
    Document,
    DocumentKind,
    Line,
    Party,
    Related,
    Verdict,
)
from rappel.ingest.classes import reason_of
from rappel.ingest.faults import UnreadableError
from rappel.ingest.judge import judge
from rappel.ingest.nodes import Branch
from rappel.ingest.sharing import discounted, without_tax
from rappel.ingest.texts import clean, clean_or_none, tax_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding

SCHEME: Final = "do"
LINES_LIMIT: Final = 10_000
CONSUMER: Final = "32"
BY_BUYER: Final = frozenset({"41", "43"})  # purchases; small expenses
_KINDS: Final = {
    "31": DocumentKind.INVOICE,
    "33": DocumentKind.DEBIT_NOTE,
    "34": DocumentKind.CREDIT_NOTE,
    "41": DocumentKind.INVOICE,
    "43": DocumentKind.INVOICE,
    "44": DocumentKind.INVOICE,  # special regimes
    "45": DocumentKind.INVOICE,  # to the State
    "46": DocumentKind.INVOICE,  # exports
    "47": DocumentKind.OTHER,  # payments abroad
}
_TEXT_ONLY: Final = "2"  # of CodigoModificacion: the note mends words and no amount
_NOT_BILLED: Final = "0"  # of IndicadorFacturacion


def read(root: Element, file: str) -> Document:
    """Return the judged document of an ``ECF``."""
    notes: list[Finding] = []
    node = Branch(root, "ECF", notes)
    head = node.down("Encabezado") or node
    code = head.need("IdDoc/TipoeCF")
    if code == CONSUMER:
        raise UnreadableError("consumer_receipt", name="e-CF 32")
    total = head.down("Totales") or head
    net = (total.amount("MontoGravadoTotal") or ZERO) + (
        total.amount("MontoExento") or ZERO
    )
    taken, added = _global(node, "D"), _global(node, "R")
    lines = tuple(_lines(node))
    if head.text("IdDoc/IndicadorMontoGravado") == "1":
        lines = without_tax(lines, net + taken - added, 2)
    own = sum((line.discount for line in lines), ZERO)
    issuer = tax_id(head.need("Emisor/RNCEmisor")) or None
    number = head.need("IdDoc/eNCF")
    document = Document(
        file=file,
        scheme=SCHEME,
        version=head.text("Version"),
        verdict=Verdict.ACCEPT,
        kind=_kind(node, code),
        fiscal_key=f"{issuer}-{number}" if issuer and number else None,
        number=number or None,
        issuer=Party(
            tax_id=issuer, name=clean_or_none(head.text("Emisor/RazonSocialEmisor"))
        ),
        receiver=_receiver(head),
        issued_at=head.need_written_day("Emisor/FechaEmision"),
        currency="DOP",
        lines=discounted(lines, own + taken),
        subtotal=net + own + taken - added,
        discount=own + taken,
        charges=added,
        tax=(total.amount("TotalITBIS") or ZERO)
        + (total.amount("MontoImpuestoAdicional") or ZERO),
        total=total.need_amount("MontoTotal"),
        related=_related(node, code, issuer),
        by_buyer=code in BY_BUYER,
    )
    return judge(replace(document, findings=tuple(notes)))


def _kind(node: Branch, code: str) -> DocumentKind:
    """Return the kind; a note that only mends words carries no volume."""
    if node.text("InformacionReferencia/CodigoModificacion") == _TEXT_ONLY:
        return DocumentKind.OTHER
    if code and code not in _KINDS:
        node.note("unknown_kind", "Encabezado/IdDoc/TipoeCF", value=code[:40])
    return _KINDS.get(code, DocumentKind.OTHER)


def _receiver(head: Branch) -> Party:
    own = head.text("Comprador/RNCComprador")
    own = own or head.text("Comprador/IdentificadorExtranjero")
    name = clean_or_none(head.text("Comprador/RazonSocialComprador"))
    return Party(tax_id=tax_id(own or "") or None, name=name)


def _lines(node: Branch) -> Iterator[Line]:
    found = node.each("DetallesItems/Item")
    if not found:
        node.note("missing_field", "DetallesItems")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    for position, item in enumerate(found, start=1):
        is_billed = item.text("IndicadorFacturacion") != _NOT_BILLED
        net = item.need_amount("MontoItem") if is_billed else ZERO
        discount = (item.amount("DescuentoMonto") or ZERO) if is_billed else ZERO
        codes = item.each("TablaCodigosItem/CodigosItem")
        code = clean_or_none(codes[0].text("CodigoItem") if codes else None)
        yield Line(
            position=position,
            code=code,
            description=clean(item.text("NombreItem") or ""),
            quantity=item.need_amount("CantidadItem"),
            unit=clean_or_none(item.text("UnidadMedida")),
            gross=net + discount,
            discount=discount,
            net=net,
            reason=reason_of(class_code=None, code=code),
        )


def _global(node: Branch, move: str) -> Decimal:
    """Return the discounts (D) or charges (R) of the whole document."""
    return sum(
        (
            one.need_amount("MontoDescuentooRecargo")
            for one in node.each("DescuentosORecargos/DescuentoORecargo")
            if one.text("TipoAjuste") == move
        ),
        ZERO,
    )


def _related(node: Branch, code: str, issuer: str | None) -> tuple[Related, ...]:
    number = node.text("InformacionReferencia/NCFModificado")
    if number is None or issuer is None:
        return ()
    relation = {"34": "credits", "33": "debits"}.get(code, "related")
    why = node.text("InformacionReferencia/CodigoModificacion")
    return (Related(fiscal_key=f"{issuer}-{number}", relation=relation, code=why),)

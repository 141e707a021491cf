"""DTE, the e-invoice of Chile, to a document.

Owns which element means what; global discounts and charges; prices with VAT in them. It
does not judge and checks no signature. Amounts are taken from the one ``Documento``
only: that is what is signed. Portals hand the document out without its namespace.
Source: SII, Formato Documentos Tributarios Electrónicos 2.2.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
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
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding

NAMESPACE: Final = "http://www.sii.cl/SiiDte"
SCHEME: Final = "dte"
LINES_LIMIT: Final = 1_000  # 60 of an invoice; a bill of a printer may have more
RECEIPTS: Final = frozenset({"39", "41"})
BY_BUYER: Final = "46"
_KINDS: Final = {
    "33": DocumentKind.INVOICE,
    "34": DocumentKind.INVOICE,  # exempt
    "46": DocumentKind.INVOICE,  # issued by who buys
    "52": DocumentKind.OTHER,  # a delivery
    "56": DocumentKind.DEBIT_NOTE,
    "61": DocumentKind.CREDIT_NOTE,
}
_TEXT_ONLY: Final = "2"  # of CodRef: the note mends words and no amount
_OUTSIDE: Final = frozenset({"2", "6"})  # of IndExe: not billed here
_WITHHELD: Final = frozenset(
    {"15", "30", "31", "32", "33", "34", "36", "37", "38", "39"}
    | {"41", "46", "47", "48", "49", "53"}
)
_PESO: Final = Decimal(1)


def read(root: Element, file: str) -> Document:
    """Return the judged document of a ``DTE``."""
    notes: list[Finding] = []
    found = list(root.iterchildren("{*}Documento"))
    if len(found) != 1 or len(list(root.iter("{*}Documento"))) != 1:
        raise UnreadableError("ambiguous_id", column="Documento", name="Documento")
    node = Branch(found[0], "Documento", notes)
    head = node.down("Encabezado") or node
    code = head.need("IdDoc/TipoDTE")
    if code in RECEIPTS:
        raise UnreadableError("consumer_receipt", name=f"Boleta {code}")
    kind = _kind(node, code)
    total = head.down("Totales") or head
    net, exempt = total.amount("MntNeto") or ZERO, total.amount("MntExe") or ZERO
    lines = tuple(
        _line(item, place) for place, item in enumerate(_details(node), start=1)
    )
    if head.text("IdDoc/MntBruto") == "1":
        lines = without_tax(lines, net + exempt, 0)
    own = sum((line.discount for line in lines), ZERO)
    taken, added = _global(node, lines, "D"), _global(node, lines, "R")
    document = Document(
        file=file,
        scheme=SCHEME,
        version=root.get("version"),
        verdict=Verdict.ACCEPT,
        kind=kind,
        fiscal_key=_key(head.need("Emisor/RUTEmisor"), code, head.need("IdDoc/Folio")),
        number=head.text("IdDoc/Folio"),
        issuer=_party(head, "Emisor/RUTEmisor", "Emisor/RznSoc"),
        receiver=_party(head, "Receptor/RUTRecep", "Receptor/RznSocRecep"),
        issued_at=head.need_day("IdDoc/FchEmis"),
        currency="CLP",
        lines=discounted(lines, own + taken),
        subtotal=net + exempt + own + taken - added,
        discount=own + taken,
        charges=added,
        tax=_tax(total),
        total=total.need_amount("MntTotal"),
        related=_related(node, code),
        by_buyer=code == BY_BUYER,
    )
    return judge(replace(document, findings=tuple(notes)))


def sent(root: Element) -> list[Element | bytes]:
    """Return the documents of a batch (``EnvioDTE``)."""
    return list(root.iterfind("{*}SetDTE/{*}DTE"))


def _kind(node: Branch, code: str) -> DocumentKind:
    """Return the kind; a note that only mends words carries no volume."""
    said = {one.text("CodRef") for one in node.children("Referencia")} - {None}
    if code in {"56", "61"} and said == {_TEXT_ONLY}:
        return DocumentKind.OTHER
    if code and code not in _KINDS:
        node.note("unknown_kind", "Encabezado/IdDoc/TipoDTE", value=code[:40])
    return _KINDS.get(code, DocumentKind.OTHER)


def _key(issuer: str, code: str, folio: str) -> str | None:
    """Return the key as the authority writes it: RUT, type, folio."""
    rut, _, check = issuer.strip().upper().replace(".", "").rpartition("-")
    if not (rut and code and folio):
        return None
    return f"{rut.lstrip('0')}-{check}-{code}-{folio.lstrip('0')}"


def _party(head: Branch, number: str, name: str) -> Party:
    found = tax_id(head.need(number)) or None
    return Party(tax_id=found, name=clean_or_none(head.text(name)))


def _details(node: Branch) -> Sequence[Branch]:
    found = node.children("Detalle")
    if not found:
        node.note("missing_field", "Detalle")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    return found


def _line(node: Branch, position: int) -> Line:
    """Return a line; what is not billed here is worth nothing."""
    is_billed = node.text("IndExe") not in _OUTSIDE
    net = node.need_amount("MontoItem") if is_billed else ZERO
    discount = (node.amount("DescuentoMonto") or ZERO) if is_billed else ZERO
    codes = [one.text("VlrCodigo") for one in node.children("CdgItem")]
    code = clean_or_none(codes[0] if codes else None)
    words = (node.text("NmbItem"), node.text("DscItem"))
    return Line(
        position=position,
        code=code,
        description=clean(" ".join(word for word in words if word)),
        quantity=node.amount("QtyItem") or Decimal(1),
        unit=clean_or_none(node.text("UnmdItem")),
        gross=net + discount,
        discount=discount,
        net=net,
        reason=reason_of(class_code=None, code=code),
    )


def _global(node: Branch, lines: Sequence[Line], move: str) -> Decimal:
    """Return the discounts (D) or charges (R) of the whole document, in pesos."""
    worth = sum((line.net for line in lines), ZERO)
    found = ZERO
    for one in node.children("DscRcgGlobal"):
        if one.text("TpoMov") != move or one.text("IndExeDR") == "2":
            continue
        value = one.need_amount("ValorDR")
        is_percent = one.text("TpoValor") == "%"
        found += worth * value / 100 if is_percent else value
    return found.quantize(_PESO, ROUND_HALF_UP) if found % 1 else found


def _tax(total: Branch) -> Decimal:
    """Return VAT and further taxes, less what the buyer withholds."""
    found = total.amount("IVA") or ZERO
    for one in total.children("ImptoReten"):
        amount = one.amount("MontoImp") or ZERO
        found += -amount if one.text("TipoImp") in _WITHHELD else amount
    return found


def _related(node: Branch, code: str) -> tuple[Related, ...]:
    """Return the tax documents that this one points to; an order is none."""
    relation = {"61": "credits", "56": "debits"}.get(code, "related")
    issuer = node.text("Encabezado/Emisor/RUTEmisor") or ""
    found = []
    for one in node.children("Referencia"):
        about, folio = one.text("TpoDocRef") or "", one.text("FolioRef") or ""
        key = _key(issuer, about, folio) if about in _KINDS else None
        if key:
            found.append(
                Related(fiscal_key=key, relation=relation, code=one.text("CodRef"))
            )
    return tuple(found)

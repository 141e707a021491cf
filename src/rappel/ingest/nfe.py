"""NF-e 4.00 and 3.10, the e-invoice of Brazil, to a document.

Owns which element means what, and what of a note is a purchase: its purpose (finNFe),
who issued it (tpNF), the operation of each line (CFOP); and what an event does to a
note. It does not judge and checks no
signature. Amounts are taken from the one ``infNFe`` only: that is what is signed.
Source: Manual de Orientação do Contribuinte 7.0, and the table of CFOP.
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
from rappel.ingest.sharing import discounted
from rappel.ingest.texts import clean, clean_or_none, tax_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element as Element

NAMESPACE: Final = "http://www.portalfiscal.inf.br/nfe"
SCHEME: Final = "nfe"
VERSIONS: Final = ("4.00", "3.10")
CONSUMER: Final = "65"  # the model of a NFC-e
LINES_LIMIT: Final = 990  # of the scheme itself
AUTHORISED: Final = frozenset({"100", "150"})  # 150: authorised late
REGISTERED: Final = frozenset({"135", "136", "155"})
_CANCELS: Final = frozenset({"110111", "110112"})
_KINDS: Final = {
    "1": DocumentKind.INVOICE,
    "2": DocumentKind.DEBIT_NOTE,  # completes the price or quantity of another
    "3": DocumentKind.OTHER,  # adjusts taxes
    "4": DocumentKind.CREDIT_NOTE,  # goods sent back
    "5": DocumentKind.CREDIT_NOTE,
    "6": DocumentKind.DEBIT_NOTE,
}
_RELATIONS: Final = {"2": "debits", "4": "returns", "5": "credits", "6": "debits"}
_TAXES: Final = ("vST", "vFCPST", "vII", "vIPI", "vIPIDevol", "vICMSMonoReten")
_CHARGES: Final = ("vFrete", "vSeg", "vOutro")
# the operation of a line, without the digit of where it goes
_NO_SALE: Final = {
    "910": "no_sale",  # gifts
    "911": "no_sale",  # samples
    "912": "no_sale",  # shown, and taken back
    "913": "no_sale",
    "914": "no_sale",
    "915": "no_sale",  # for repair, and back
    "916": "no_sale",
    "917": "no_sale",  # on consignment: billed when it is sold
    "116": "billed_before",  # delivers what 922 billed
    "117": "billed_before",
}


def read(root: Element, file: str) -> Document:
    """Return the judged document of a ``NFe``, alone or in its ``nfeProc``."""
    notes: list[Finding] = []
    found = list(root.iter(f"{{{NAMESPACE}}}infNFe"))
    if len(found) != 1:
        raise UnreadableError("ambiguous_id", column="infNFe", name="infNFe")
    node = Branch(found[0], "infNFe", notes)
    version = node.attribute("versao")
    if version not in VERSIONS:
        name = f"NF-e {version or '?'}"
        raise UnreadableError("not_supported", version=version, name=name)
    if node.text("ide/mod") == CONSUMER:
        raise UnreadableError("consumer_receipt", version=version, name="NFC-e")
    purpose = node.need("ide/finNFe")
    kind = _KINDS.get(purpose, DocumentKind.OTHER)
    key = _key(node)
    is_test = node.need("ide/tpAmb") != "1"
    if is_test:
        notes.append(Finding(code="test_environment"))
    _authorised(root, key, notes)
    total = node.down("total/ICMSTot") or node
    discount = total.amount("vDesc") or ZERO
    document = Document(
        file=file,
        scheme=SCHEME,
        version=version,
        verdict=Verdict.ACCEPT,
        kind=kind,
        fiscal_key=key,
        number=f"{node.need('ide/serie')}/{node.need('ide/nNF')}",
        environment="test" if is_test else "production",
        issuer=_party(node, "emit"),
        receiver=_party(node, "dest"),
        issued_at=_issued(node),
        currency="BRL",
        lines=discounted(tuple(_lines(node)), discount),
        subtotal=total.need_amount("vProd"),
        discount=discount,
        charges=_sum(total, _CHARGES) + _services(node),
        tax=_sum(total, _TAXES) - _relieved(node, total),
        total=total.need_amount("vNF"),
        related=_related(node, purpose),
        by_buyer=purpose == "4" and node.text("ide/tpNF") == "1",
    )
    return judge(replace(document, findings=tuple(notes)))


def read_event(root: Element, file: str) -> Document:
    """Return the document of an event that the authority registered on a note."""
    notes: list[Finding] = []
    found = list(root.iter(f"{{{NAMESPACE}}}evento"))
    if len(found) != 1:
        raise UnreadableError("ambiguous_id", column="evento", name="evento")
    whole = Branch(root, "procEventoNFe", notes)
    node = Branch(found[0], "evento", notes).child("infEvento")
    if node is None:
        raise UnreadableError("missing_field", field="infEvento")
    said = whole.need("retEvento/infEvento/cStat")
    if said not in REGISTERED:
        whole.note("not_authorised", "retEvento/infEvento/cStat", value=said[:20])
    text, what = node.need("chNFe"), node.need("tpEvento")
    key = keys.access_key(text)
    if key is None:
        node.note("bad_fiscal_key", "chNFe", value=text[:60])
    is_end = what in _CANCELS
    own = node.text("CNPJ") or node.text("CPF") or ""
    document = Document(
        file=file,
        scheme=SCHEME,
        version=node.attribute("versao") or whole.attribute("versao"),
        verdict=Verdict.ACCEPT,
        kind=DocumentKind.CANCELLATION if is_end else DocumentKind.OTHER,
        number=key,
        issuer=Party(tax_id=tax_id(own) or None),
        issued_at=node.need_day("dhEvento"),
        related=(
            Related(
                fiscal_key=key or text,
                relation="cancels" if is_end else "related",
                code=what,
            ),
        ),
    )
    return judge(replace(document, findings=tuple(notes)))


def _key(node: Branch) -> str | None:
    """Return the access key in the id of what is signed."""
    text = node.attribute("Id") or ""
    key = keys.access_key(text.removeprefix("NFe"))
    if key is None:
        node.notes.append(Finding(code="bad_fiscal_key", params={"value": text[:60]}))
    return key


def _authorised(root: Element, key: str | None, notes: list[Finding]) -> None:
    """Note what the authority's protocol says against the note that it is with."""
    for element in root.iterchildren(f"{{{NAMESPACE}}}protNFe"):
        protocol = Branch(element, "protNFe", notes)
        about, said = protocol.text("infProt/chNFe"), protocol.need("infProt/cStat")
        if about != key:
            protocol.note("bad_fiscal_key", "infProt/chNFe", value=(about or "")[:60])
        if said not in AUTHORISED:
            protocol.note("not_authorised", "infProt/cStat", value=said[:20])


def _issued(node: Branch) -> datetime | None:
    return node.need_day("ide/dEmi" if node.text("ide/dEmi") else "ide/dhEmi")


def _party(node: Branch, role: str) -> Party:
    child = node.child(role)
    if child is None:
        node.note("missing_field", role)
        return Party()
    own = child.text("CNPJ") or child.text("CPF") or child.text("idEstrangeiro")
    if own is None:
        child.note("missing_field", "CNPJ")
    name = clean_or_none(child.text("xNome"))
    return Party(tax_id=tax_id(own or "") or None, name=name)


def _related(node: Branch, purpose: str) -> tuple[Related, ...]:
    relation = _RELATIONS.get(purpose, "related")
    found = []
    for reference in node.children("ide")[0].children("NFref"):
        text = reference.text("refNFe")
        if text is None:
            continue  # a paper note, which has no key
        key = keys.access_key(text)
        if key is None:
            reference.note("bad_fiscal_key", "refNFe", value=text[:60])
        found.append(Related(fiscal_key=key or text, relation=relation, code=purpose))
    return tuple(found)


def _lines(node: Branch) -> Iterator[Line]:
    found = node.children("det")
    if not found:
        node.note("missing_field", "det")
    if len(found) > LINES_LIMIT:
        raise UnreadableError("rows_limit", limit=str(LINES_LIMIT))
    for position, item in enumerate(found, start=1):
        product = item.child("prod")
        if product is None:
            item.note("missing_field", "prod")
        else:
            yield _line(product, position)


def _line(node: Branch, position: int) -> Line:
    """Return a line; what is no part of the total (indTot 0) is worth nothing."""
    is_counted = node.text("indTot") != "0"
    gross = node.need_amount("vProd") if is_counted else ZERO
    discount = (node.amount("vDesc") or ZERO) if is_counted else ZERO
    class_code = clean_or_none(node.text("NCM"))
    code = clean_or_none(node.text("cProd"))
    operation = node.need("CFOP")
    return Line(
        position=position,
        code=code,
        class_code=class_code,
        description=clean(node.text("xProd") or ""),
        quantity=node.need_amount("qCom"),
        unit=clean_or_none(node.text("uCom")),
        gross=gross,
        discount=discount,
        net=gross - discount,
        reason=_NO_SALE.get(operation[1:]) or reason_of(class_code=None, code=code),
    )


def _sum(total: Branch, names: tuple[str, ...]) -> Decimal:
    return sum((total.amount(name) or ZERO for name in names), ZERO)


def _services(node: Branch) -> Decimal:
    """Return the services of a note of goods and services; they are no goods."""
    return node.amount("total/ISSQNtot/vServ") or ZERO


def _relieved(node: Branch, total: Branch) -> Decimal:
    """Return the relieved ICMS that was taken off the total.

    Whether it was is said of each line (indDeduzDeson) since 2023; before, it was.
    """
    relieved = total.amount("vICMSDeson") or ZERO
    said = {one.text for one in node.element.iter(f"{{{NAMESPACE}}}indDeduzDeson")}
    return ZERO if said and "1" not in said else relieved

"""Papers beside invoices in UBL: deliveries, orders, and Peru's own communications.

Owns what they say of themselves, and which documents a Peruvian supplier voids. None is
a purchase. Rule: a supplier's word that documents are void waits for a person, since
the authority's answer to it comes apart. Source: OASIS UBL 2.1; SUNAT, comunicación de
baja.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.core.invoices import Document, DocumentKind, Party, Related, Verdict
from rappel.ingest import ubl_fields as fields
from rappel.ingest.judge import judge
from rappel.ingest.nodes import Branch
from rappel.ingest.sunat import CUSTOMIZATIONS, is_number, key_of
from rappel.ingest.texts import tax_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding

PERU: Final = "urn:sunat:names:specification:ubl:peru:schema:xsd"
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
NO_PURCHASES: Final = (
    (f"{_UBL}:DespatchAdvice-2", "DespatchAdvice"),
    (f"{_UBL}:ReceiptAdvice-2", "ReceiptAdvice"),
    (f"{_UBL}:Order-2", "Order"),
    (f"{PERU}:Perception-1", "Perception"),
    (f"{PERU}:Retention-1", "Retention"),
    (f"{PERU}:SummaryDocuments-1", "SummaryDocuments"),
)
VOIDED: Final = (f"{PERU}:VoidedDocuments-1", "VoidedDocuments")
_LINES: Final = "sac:VoidedDocumentsLine"


def read(root: Element, file: str) -> Document:
    """Return the judged document of a paper that bills nothing."""
    notes: list[Finding] = []
    node = Branch(root, etree.QName(root).localname, notes)
    return _document(node, file, DocumentKind.OTHER, Party(), ())


def read_voided(root: Element, file: str) -> Document:
    """Return the judged document by which a supplier in Peru voids others."""
    notes: list[Finding] = []
    node = Branch(root, "VoidedDocuments", notes)
    paths = (
        "cac:AccountingSupplierParty/cbc:CustomerAssignedAccountID",
        "cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID",
    )
    ruc = tax_id(fields.first(fields.texts(node, *paths)) or "") or None
    related = tuple(_voided(one, ruc) for one in node.children(_LINES))
    if not related:
        node.note("missing_field", _LINES)
    node.note("not_acknowledged", "cbc:ID")
    issuer = Party(tax_id=ruc)
    return _document(node, file, DocumentKind.CANCELLATION, issuer, related)


def _voided(line: Branch, ruc: str | None) -> Related:
    code = line.need("cbc:DocumentTypeCode")
    number = f"{line.need('sac:DocumentSerialID')}-{line.need('sac:DocumentNumberID')}"
    key = key_of(ruc, code, number)
    return Related(fiscal_key=key or number, relation="cancels", code=code)


def _document(
    node: Branch,
    file: str,
    kind: DocumentKind,
    issuer: Party,
    related: tuple[Related, ...],
) -> Document:
    number = node.need("cbc:ID")
    plain = node.text("cbc:CustomizationID") in CUSTOMIZATIONS
    own = (etree.QName(node.element).namespace or "").startswith(PERU)
    is_peruvian = own or (plain and is_number(number))
    issued = node.need_day("cbc:IssueDate", "cbc:IssueTime")
    return judge(
        Document(
            file=file,
            scheme="sunat" if is_peruvian else "ubl",
            version=node.text("cbc:UBLVersionID"),
            verdict=Verdict.ACCEPT,
            kind=kind,
            number=number or None,
            issuer=issuer,
            issued_at=issued,
            related=related,
            findings=tuple(node.notes),
        )
    )

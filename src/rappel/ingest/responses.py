"""Answers to invoices in UBL: ``ApplicationResponse``, as DIAN and SUNAT send them.

Owns what such an answer says of itself and the invoice that it points to. An answer is
no purchase and carries no volume. Source: OASIS UBL 2.1; DIAN, Anexo técnico (events);
SUNAT, constancia de recepción (CDR).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.invoices import Document, DocumentKind, Party, Related, Verdict
from rappel.ingest import keys
from rappel.ingest import ubl_fields as fields
from rappel.ingest.judge import judge
from rappel.ingest.nodes import Branch
from rappel.ingest.sunat import CUSTOMIZATIONS, is_number, key_of
from rappel.ingest.texts import clean_or_none, tax_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rappel.core.findings import Finding

ANSWERS: Final = "answers"
_IDS: Final = (
    "cac:PartyTaxScheme/cbc:CompanyID",
    "cac:PartyLegalEntity/cbc:CompanyID",
    "cac:PartyIdentification/cbc:ID",
)
_NAMES: Final = (
    "cac:PartyTaxScheme/cbc:RegistrationName",
    "cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:PartyName/cbc:Name",
)


def read(root: Element, file: str) -> Document:
    """Return the judged document of an ``ApplicationResponse``."""
    notes: list[Finding] = []
    node = Branch(root, "ApplicationResponse", notes)
    sender, receiver = (
        _party(node.child(f"cac:{role}Party")) for role in ("Sender", "Receiver")
    )
    related = tuple(
        _related(each, receiver) for each in node.children("cac:DocumentResponse")
    )
    return judge(
        Document(
            file=file,
            scheme=_scheme(node),
            version=node.text("cbc:UBLVersionID"),
            verdict=Verdict.ACCEPT,
            kind=DocumentKind.OTHER,
            number=clean_or_none(node.need("cbc:ID")),
            issuer=sender,
            receiver=receiver,
            issued_at=node.need_day("cbc:IssueDate", "cbc:IssueTime"),
            related=related,
            findings=tuple(notes),
        )
    )


def _party(party: Branch | None) -> Party:
    if party is None:
        return Party()
    found = fields.first(tax_id(one or "") for one in fields.texts(party, *_IDS))
    name = clean_or_none(fields.first(fields.texts(party, *_NAMES)))
    return Party(tax_id=found, name=name)


def _related(answer: Branch, receiver: Party) -> Related:
    """Return the invoice that is answered to: by its key, its number at worst."""
    reference = answer.child("cac:DocumentReference")
    code = answer.text("cac:Response/cbc:ResponseCode")
    if reference is None:
        number = answer.need("cac:Response/cbc:ReferenceID")
        return Related(fiscal_key=number, relation=ANSWERS, code=code)
    issuer = _party(answer.child("cac:IssuerParty"))
    number = reference.need("cbc:ID")
    kind = reference.text("cbc:DocumentTypeCode")
    by = (issuer if issuer.tax_id else receiver).tax_id
    key = keys.hashed(reference.text("cbc:UUID") or "")
    if key is None and kind is not None:
        key = key_of(by, kind, number)
    return Related(fiscal_key=key or number, relation=ANSWERS, code=code)


def _scheme(node: Branch) -> str:
    if (node.text("cbc:ProfileID") or "").startswith("DIAN"):
        return "dian"
    numbers = fields.texts(node, "cac:DocumentResponse/cac:DocumentReference/cbc:ID")
    plain = node.text("cbc:CustomizationID") in CUSTOMIZATIONS
    return "sunat" if plain and any(map(is_number, numbers)) else "ubl"

"""What becomes of a document that was read: accepted, held, refused.

Owns the judgement from the document itself and from who its tax ids belong to. Does not
own what only the books can say: whether its key is claimed, whether it replaces a
document that is here, whether its period is closed (:mod:`rappel.actions.acceptance`).

Convention: a judgement adds findings to the reader's and never takes one away. No
finding names another member, or tells more of it than that something is not yours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding
from rappel.core.invoices import DocumentKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rappel.core.invoices import Document

VOLUME: Final = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.DEBIT_NOTE}
)
HOME_CURRENCY: Final = {
    "cfdi": "MXN",
    "nfe": "BRL",
    "dian": "COP",
    "sunat": "PEN",
    "dte": "CLP",
    "cr": "CRC",
    "sri": "USD",
    "fel": "GTQ",
    "pa": "USD",
    "do": "DOP",
    "sv": "USD",
    "py": "PYG",
}
JUDGED: Final = frozenset(
    {
        "already_claimed",
        "cancelled_already",
        "document_incomplete",
        "known_already",
        "late_invoice",
        "receiver_not_member",
        "receiver_not_stated",
        "receiver_not_yours",
        "replaced_already",
        "replaces_not_yours",
        "supplier_unknown",
    }
)


class State(StrEnum):
    """What became of a document."""

    ACCEPTED = "accepted"  # it counts, or is of a kind that carries no volume
    HELD = "held"  # a person must look
    REFUSED = "refused"  # it will not count
    KNOWN = "known"  # the same purchase counts already, for the same member


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxIds:
    """Whose tax ids they are: rows of members and of suppliers by tax id."""

    members: Mapping[str, int]
    suppliers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The state of a document, whose it is, who billed it, and every finding."""

    state: State
    member: int | None
    supplier: int | None
    findings: tuple[Finding, ...]


def judge(document: Document, owners: TaxIds, *, sender: int | None) -> Judgement:
    """Judge a document by itself and by the owners of its tax ids.

    Rule: the buyer's tax id must be the member's, the seller's must be a supplier's;
    the receiver buys unless the document says otherwise. A table that does not name
    the receiver is the sender's own. A kind without volume is accepted whoever it
    names: nothing counts by it.

    Args:
        document: as read.
        owners: of at least the issuer's and the receiver's tax id, where known.
        sender: the member for which it was sent; ``None``: the receiver decides.
    """
    receiver = owners.members.get(document.buyer.identity or "")
    supplier = owners.suppliers.get(document.seller.tax_id or "")
    member = receiver if sender is None else sender
    found = (*document.findings, *_objections(document, owners, sender=sender))
    state = State.ACCEPTED
    if document.verdict is Verdict.REJECT:
        state, found = State.REFUSED, document.findings
    elif document.verdict is Verdict.HOLD or len(found) > len(document.findings):
        state = State.HELD
    return Judgement(state=state, member=member, supplier=supplier, findings=found)


def _objections(
    document: Document, owners: TaxIds, *, sender: int | None
) -> Iterator[Finding]:
    if document.kind not in VOLUME | {DocumentKind.CANCELLATION}:
        return
    yield from _receiver(document, owners, sender=sender)
    if (tax_id := document.seller.tax_id or "") not in owners.suppliers:
        name = document.seller.name or ""
        yield Finding(code="supplier_unknown", params={"tax_id": tax_id, "name": name})
    if missing := lacks(document):
        yield Finding(code="document_incomplete", params={"what": ", ".join(missing)})


def _receiver(
    document: Document, owners: TaxIds, *, sender: int | None
) -> Iterator[Finding]:
    tax_id = document.buyer.identity
    if tax_id is None:
        if sender is None:
            yield Finding(code="receiver_not_stated")
    elif tax_id not in owners.members:
        yield Finding(code="receiver_not_member", params={"tax_id": tax_id})
    elif sender not in {None, owners.members[tax_id]}:
        yield Finding(code="receiver_not_yours", params={"tax_id": tax_id})


def lacks(document: Document) -> tuple[str, ...]:
    """Return what the document does not say and no purchase can be without."""
    if document.kind not in VOLUME:
        return ()
    said = {
        "issued_at": document.issued_at,
        "currency": document.currency,
        "number": document.number or document.fiscal_key,
    }
    return tuple(name for name, value in said.items() if not value)


def rate_currency(document: Document, home: str | None = None) -> str | None:
    """Return what the document's rate converts to, ``None`` when it states none.

    Rule: the rate of a document is units of the currency of its own country; a scheme
    of no one country (tables, UBL) takes ``home``, the currency of the member's.
    """
    currency = HOME_CURRENCY.get(document.scheme, home)
    if document.rate is None or document.currency == currency:
        return None
    return currency


def ends(document: Document, weak_key: str | None) -> tuple[str, ...]:
    """Return the keys of the documents that stop counting by this one.

    Rule: a document that is replaced or cancelled stops counting. A cancelled row of a
    table has the keys of the very document that it cancels.
    """
    keys = {
        related.fiscal_key
        for related in document.related
        if related.relation in {"replaces", "cancels"}
    }
    if document.kind is DocumentKind.CANCELLATION:
        keys |= {key for key in (document.fiscal_key, weak_key) if key}
    else:
        keys -= {document.fiscal_key}
    return tuple(sorted(keys))

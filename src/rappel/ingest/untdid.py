"""Kinds of documents by the codes of UNTDID 1001, which UBL and CII share.

Owns the table, and what a document does to those it points to. A code that is not in it
is no guess: the document waits for a person. Source: EN 16931 code list BR-CL-01,
UNTDID 1001.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.invoices import DocumentKind

if TYPE_CHECKING:
    from rappel.ingest.nodes import Branch

CORRECTED: Final = "384"  # replaces an invoice
PREPAYMENT: Final = "386"  # an advance; the goods are invoiced later
_SELF_BILLED: Final = frozenset({"261", "389"})
_KINDS: Final = {
    **dict.fromkeys(
        ("326", "380", "384", "386", "389", "393", "395", "875", "876", "877"),
        DocumentKind.INVOICE,
    ),
    "SalesInvoice": DocumentKind.INVOICE,  # as OASIS wrote it in UBL 2.0
    **dict.fromkeys(
        ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"),
        DocumentKind.CREDIT_NOTE,
    ),
    **dict.fromkeys(("80", "84", "383"), DocumentKind.DEBIT_NOTE),
    "325": DocumentKind.OTHER,  # pro forma: nothing is sold yet
}


def kind_of(node: Branch, name: str) -> DocumentKind:
    """Return the kind by the code at ``name``, an invoice where there is none.

    What is unknown, and what its buyer issued, is noted.
    """
    code = node.text(name)
    if code in _SELF_BILLED:
        node.note("buyer_issued", name)
    if code is None:
        return DocumentKind.INVOICE
    if code not in _KINDS:
        node.note("unknown_kind", name, value=code[:40])
    return _KINDS.get(code, DocumentKind.OTHER)


def relation_of(kind: DocumentKind, code: str | None) -> str:
    """Return what a document of a kind and a code does to those it points to."""
    if kind is DocumentKind.CREDIT_NOTE:
        return "credits"
    if kind is DocumentKind.DEBIT_NOTE:
        return "debits"
    return "replaces" if code == CORRECTED else "related"

"""UBL of Peru's SUNAT, 2.1 and 2.0: what its fields mean.

Owns the dialect ``sunat``. There is no key in the document: supplier, type, series and
number make it. Source: SUNAT, guías de elaboración de documentos XML 2.0 and 2.1,
catalogues 01, 05, 07, 09, 10, 16, 51 and 53.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from rappel.core.invoices import ZERO, DocumentKind
from rappel.ingest import ubl_fields as fields
from rappel.ingest.dialects import ROOTS, Dialect, Sums, Use, summed
from rappel.ingest.judge import near
from rappel.ingest.texts import tax_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rappel.core.invoices import Line, Party
    from rappel.ingest.nodes import Branch

_NUMBER: Final = re.compile(r"([A-Z0-9]{4})\s*-\s*([0-9]{1,8})")
CUSTOMIZATIONS: Final = frozenset({"1.0", "2.0"})
_RUC: Final = "6"
_INVOICE: Final = "01"
_BOLETA: Final = "03"
_TYPES: Final = {"CreditNote": "07", "DebitNote": "08"}
_ADVANCES: Final = frozenset({"0102"})  # operations, catalogue 51
_OLD_ADVANCES: Final = frozenset({"04"})  # catalogue 17, UBL 2.0
_FREE_PRICE: Final = "02"
_FREE_TAX: Final = "9996"
_FREE: Final = frozenset(
    {"11", "12", "13", "14", "15", "16", "21"}
    | {"31", "32", "33", "34", "35", "36", "37"}
)
_PARTIES: Final = ("cac:AccountingSupplierParty", "cac:AccountingCustomerParty")
_ID: Final = "cac:Party/cac:PartyIdentification/cbc:ID"
_CATEGORY: Final = "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"
_TRANSACTION: Final = (
    "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent"
    "/sac:AdditionalInformation/sac:SUNATTransaction/cbc:ID"
)


class Sunat(Dialect):
    """Peru."""

    scheme = "sunat"
    home = "PEN"
    uses: ClassVar[Mapping[str, Use]] = {
        "01": Use.BEYOND,  # of a line, after tax
        "03": Use.BEYOND,  # of the document, after tax
        **dict.fromkeys(("04", "05", "06", "20"), Use.ADVANCE),
        "48": Use.NONE,  # of a line, after tax: not in its net
        "49": Use.WITHIN,
        # perceptions and withholdings are tax paid in advance
        **dict.fromkeys(("51", "52", "53", "61", "62", "63"), Use.NONE),
    }
    relations: ClassVar[Mapping[str, str]] = {"06": "returns", "07": "returns"}
    reasons: ClassVar[Mapping[tuple[str, str], str]] = {
        ("CreditNote", "13"): "payment_terms",
        ("DebitNote", "01"): "financing",
        ("DebitNote", "03"): "charge",
    }

    def speaks(self, root: Branch) -> bool:
        """Whether a document says that it is Peruvian."""
        if not is_number(root.text("cbc:ID")):
            return False
        if root.text("cbc:CustomizationID") in CUSTOMIZATIONS:
            return True
        parties = [one for name in _PARTIES for one in root.children(name)]
        said = [one.text("cbc:AdditionalAccountID") for one in parties]
        said += [
            one.attribute("schemeID") for each in parties for one in each.each(_ID)
        ]
        return _RUC in said

    def kind(self, root: Branch) -> DocumentKind:
        """Return the kind; a boleta, and a note on one, is no invoice to a business."""
        kind = ROOTS[root.path]
        if kind is DocumentKind.INVOICE:
            code = root.need("cbc:InvoiceTypeCode")
            if code not in {"", _INVOICE, _BOLETA}:
                root.note("unknown_kind", "cbc:InvoiceTypeCode", value=code[:40])
                return DocumentKind.OTHER
            boleta = code == _BOLETA
        else:
            boleta = any(self._is_boleta(one) for one in fields.references(root))
        if boleta:
            number = (root.text("cbc:ID") or "")[:40]
            root.note("consumer_receipt", "cbc:ID", name=number)
        return kind

    def reason(self, root: Branch) -> str | None:
        """Return why no line of a document may earn, ``None`` when they may."""
        code = root.child("cbc:InvoiceTypeCode")
        operation = None if code is None else code.attribute("listID")
        old = {one.own() for one in root.each(_TRANSACTION)}
        if operation in _ADVANCES or old & _OLD_ADVANCES:
            return "advance"
        return super().reason(root)

    def tax_id(self, party: Branch) -> str | None:
        """Return a party's RUC, or what it identifies itself with."""
        paths = (_ID, "cbc:CustomerAssignedAccountID")
        found = fields.first(tax_id(one or "") for one in fields.texts(party, *paths))
        return found or super().tax_id(party)

    def key(
        self,
        root: Branch,
        issuer: Party,
        kind: DocumentKind,  # noqa: ARG002 - the type is part of the key instead
    ) -> str | None:
        """Return supplier, type, series and number, without leading zeros."""
        code = _TYPES.get(root.path) or root.text("cbc:InvoiceTypeCode") or ""
        number = root.text("cbc:ID")
        return key_of(issuer.tax_id, code, number)

    def points(self, reference: Branch, issuer: Party) -> str:
        """Return the key of an invoice that is pointed to; its number at worst."""
        number = reference.need("cbc:ID")
        code = reference.text("cbc:DocumentTypeCode")
        kind = code or (_BOLETA if self._is_boleta(reference) else _INVOICE)
        return key_of(issuer.tax_id, kind, number) or number

    def sums(self, root: Branch, lines: Sequence[Line]) -> Sums:
        """Return the sums, before the document's own discounts.

        Rule: where the sum of the lines is stated after discounts and charges of the
        whole document, these are added back. The tax of what was paid in advance is
        part of the tax.
        """
        sums = super().sums(root, lines)
        found = self.allowances(root)
        within = summed(found, Use.WITHIN)
        own = sum((line.discount for line in lines), ZERO)
        gross = sum((line.gross for line in lines), ZERO)
        subtotal, discount = sums.subtotal, sums.discount
        if not near(gross, subtotal, len(lines)):
            subtotal += summed(found, Use.CUT) - within
        # the stated sum of discounts holds those of the lines
        discount = discount + own if found else max(discount, own)
        paid = fields.totals_of(root).amount("cbc:PrepaidAmount") or ZERO
        advance = summed(found, Use.ADVANCE)
        taxed = max(paid - advance, ZERO) if advance else ZERO
        return replace(
            sums,
            subtotal=subtotal,
            discount=discount,
            cut=discount,
            charges=sums.charges + within,
            tax=sums.tax + taxed,
        )

    def free(self, node: Branch) -> bool:
        """Whether a line was given away: by its price, its tax or its treatment."""
        prices = fields.texts(
            node, "cac:PricingReference/cac:AlternativeConditionPrice/cbc:PriceTypeCode"
        )
        codes = fields.texts(node, f"{_CATEGORY}/cbc:TaxExemptionReasonCode")
        taxes = fields.texts(node, f"{_CATEGORY}/cac:TaxScheme/cbc:ID")
        return (
            _FREE_PRICE in prices or _FREE_TAX in taxes or not _FREE.isdisjoint(codes)
        )

    def _is_boleta(self, reference: Branch) -> bool:
        code = reference.text("cbc:DocumentTypeCode")
        series = (reference.text("cbc:ID") or "").startswith("B")
        return series if code is None else code == _BOLETA


def is_number(text: str | None) -> bool:
    """Whether a text is a series and a number, as Peru has them."""
    return _NUMBER.fullmatch(text or "") is not None


def key_of(ruc: str | None, code: str, number: str | None) -> str | None:
    """Return RUC, type, series and number as a key, ``None`` if a part is missing."""
    found = _NUMBER.fullmatch(number or "")
    if not (ruc and found):
        return None
    return f"{ruc}-{code}-{found[1]}-{int(found[2])}"

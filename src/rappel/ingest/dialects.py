"""What the dialects of UBL have in common: the plain one, and what others override.

Owns :class:`Dialect`, which reads an invoice of Peppol, EN 16931 or plain OASIS and is
the base of the national ones (:mod:`rappel.ingest.dian`, :mod:`rappel.ingest.sunat`).
It says what fields mean and judges nothing; :mod:`rappel.ingest.ubl` puts a document
together. Source: EN 16931-1, its UBL syntax, and the code list UNTDID 1001.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from rappel.core.invoices import ZERO, DocumentKind, Line, Party, Related
from rappel.ingest import keys
from rappel.ingest import ubl_fields as fields
from rappel.ingest.classes import reason_of
from rappel.ingest.texts import is_tax_id, tax_id
from rappel.ingest.untdid import CORRECTED, PREPAYMENT, kind_of, relation_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from rappel.ingest.nodes import Branch

ROOTS: Final = {
    "Invoice": DocumentKind.INVOICE,
    "CreditNote": DocumentKind.CREDIT_NOTE,
    "DebitNote": DocumentKind.DEBIT_NOTE,
}


class Use(StrEnum):
    """What an allowance or a charge does to the lines and to the sum."""

    CUT = "cut"  # of a document: a lower price; of a line: in its net already
    BEYOND = "beyond"  # a lower price that no stated net holds yet
    DISCOUNT = "discount"  # lowers the sum and no price
    ADVANCE = "advance"  # paid before for the same goods
    CHARGE = "charge"  # freight, financing and the like, on top
    WITHIN = "within"  # a charge that the sum of the lines holds already
    NONE = "none"  # told for information, in no sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sums of a document; ``cut`` is that part of ``discount`` that lines share."""

    subtotal: Decimal
    discount: Decimal
    cut: Decimal
    charges: Decimal
    tax: Decimal
    total: Decimal


class Dialect:
    """UBL as Europe and OASIS write it; a country overrides what it does otherwise."""

    scheme: ClassVar[str] = "ubl"
    home: ClassVar[str | None] = None
    uses: ClassVar[Mapping[str, Use]] = {}
    relations: ClassVar[Mapping[str, str]] = {}
    reasons: ClassVar[Mapping[tuple[str, str], str]] = {}

    def kind(self, root: Branch) -> DocumentKind:
        """Return the kind, and note what speaks against a document of its type."""
        said = kind_of(root, f"cbc:{root.path}TypeCode")
        return said if root.path == "Invoice" else ROOTS[root.path]

    def type(self, root: Branch) -> str | None:
        """Return the code of a document's type."""
        return root.text(f"cbc:{root.path}TypeCode")

    def response(self, root: Branch) -> str | None:
        """Return the reason that a note states by its code."""
        return fields.first(
            fields.texts(root, "cac:DiscrepancyResponse/cbc:ResponseCode")
        )

    def reason(self, root: Branch) -> str | None:
        """Return why no line of a document may earn, ``None`` when they may."""
        if self.type(root) == PREPAYMENT:
            return "advance"
        return self.reasons.get((root.path, self.response(root) or ""))

    def tax_id(self, party: Branch) -> str | None:
        """Return a party's tax id: for VAT, else another, else its register's."""
        taxed = party.each("cac:Party/cac:PartyTaxScheme")
        ids = [one.text("cbc:CompanyID") for one in sorted(taxed, key=_not_for_vat)]
        ids += fields.texts(party, "cac:Party/cac:PartyLegalEntity/cbc:CompanyID")
        known = fields.first(tax_id(text or "") for text in ids)
        other = fields.texts(party, "cac:Party/cac:PartyIdentification/cbc:ID")
        given = (tax_id(text or "") for text in other)
        # a number that the other side gave a customer is no tax id
        return known or fields.first(one for one in given if is_tax_id(one))

    def key(self, root: Branch, issuer: Party, kind: DocumentKind) -> str | None:
        """Return the fiscal key, ``None`` when it cannot be told."""
        year = (root.text("cbc:IssueDate") or "")[:4]
        return keys.numbered(issuer.tax_id, root.text("cbc:ID"), year, kind)

    def points(self, reference: Branch, issuer: Party) -> str:
        """Return the key of an invoice that is pointed to; its number at worst."""
        number = reference.need("cbc:ID")
        year = (reference.text("cbc:IssueDate") or "")[:4]
        key = keys.numbered(issuer.tax_id, number, year, DocumentKind.INVOICE)
        return key if key and year else number

    def related(
        self, root: Branch, issuer: Party, kind: DocumentKind
    ) -> tuple[Related, ...]:
        """Return the documents that this one points to, each once."""
        replaces = self.type(root) == CORRECTED
        relation = relation_of(kind, self.type(root))
        code = self.response(root)
        if kind is DocumentKind.CREDIT_NOTE:
            relation = self.relations.get(code or "", relation)
        found = dict.fromkeys(
            self.points(one, issuer) for one in fields.references(root)
        )
        if replaces and not found:
            root.note("no_replaced", "cac:BillingReference")
        code = CORRECTED if replaces else code
        return tuple(
            Related(fiscal_key=key, relation=relation, code=code)
            for key in found
            if key
        )

    def allowances(self, node: Branch) -> list[tuple[Use, Decimal]]:
        """Return the allowances and charges of a document or a line."""
        found = []
        for one in node.children("cac:AllowanceCharge"):
            charge = one.need("cbc:ChargeIndicator").lower() in fields.YES
            code = one.text("cbc:AllowanceChargeReasonCode") or ""
            use = self.uses.get(code, Use.CHARGE if charge else Use.CUT)
            found.append((use, one.need_amount("cbc:Amount")))
        return found

    def sums(self, root: Branch, lines: Sequence[Line]) -> Sums:
        """Return the sums: as stated, and by the allowances where there are any."""
        totals = fields.totals_of(root)
        found = self.allowances(root)
        cut = summed(found, Use.CUT) + summed(found, Use.BEYOND)
        discount, charges = cut + summed(found, Use.DISCOUNT), summed(found, Use.CHARGE)
        if not found:
            cut = discount = totals.amount("cbc:AllowanceTotalAmount") or ZERO
            charges = totals.amount("cbc:ChargeTotalAmount") or ZERO
        stated = totals.amount("cbc:LineExtensionAmount")
        paid = totals.amount("cbc:PrepaidAmount") or ZERO
        return Sums(
            subtotal=sum((line.gross for line in lines), ZERO)
            if stated is None
            else stated,
            discount=discount,
            cut=cut,
            charges=charges,
            tax=fields.taxes(root, fields.currency_of(root)),
            total=totals.need_amount("cbc:PayableAmount") + paid,
        )

    def line(self, node: Branch, position: int, why: str | None) -> Line:
        """Return a line; ``why`` keeps all lines of its document out.

        Rule: the net is what the document says of the line, after the line's own
        allowances, and never price by quantity; a line's own charges are no goods.
        """
        stated = node.need_amount("cbc:LineExtensionAmount")
        own = self.allowances(node)
        free = self.free(node)
        gross = ZERO if free else stated
        discount = ZERO if free else summed(own, Use.BEYOND)
        charges = ZERO if free else summed(own, Use.CHARGE)
        quantity, unit = fields.quantity_of(node)
        product, listed = self.classed(node)
        code = fields.code_of(node)
        known = product if listed == fields.UNSPSC else None
        return Line(
            position=position,
            code=code,
            class_code=product,
            description=fields.description_of(node),
            quantity=quantity,
            unit=unit,
            gross=gross,
            discount=discount,
            net=gross - discount - charges,
            free=free,
            reason=why or reason_of(class_code=known, code=code),
        )

    def free(self, node: Branch) -> bool:
        """Whether a line was given away."""
        return (node.text("cbc:FreeOfChargeIndicator") or "").lower() in fields.YES

    def classed(self, node: Branch) -> tuple[str | None, str | None]:
        """Return a line's product class and the list it is of."""
        return fields.class_of(node)


def summed(found: Iterable[tuple[Use, Decimal]], wanted: Use) -> Decimal:
    """Return the sum of the allowances or charges of one use."""
    return sum((amount for use, amount in found if use is wanted), ZERO)


def _not_for_vat(taxed: Branch) -> bool:
    """Whether a tax registration is for another tax than VAT."""
    return not (taxed.text("cac:TaxScheme/cbc:ID") or "").endswith("VAT")

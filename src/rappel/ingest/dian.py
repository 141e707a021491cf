"""UBL of Colombia's DIAN: what its fields mean.

Owns the dialect ``dian``. Source: DIAN, Anexo técnico de factura electrónica de venta
1.8 and 1.9, and that of the documento soporte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rappel.core.invoices import DocumentKind
from rappel.ingest import keys
from rappel.ingest.dialects import ROOTS, Dialect, Use
from rappel.ingest.texts import clean_or_none
from rappel.ingest.ubl_fields import UNSPSC

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rappel.core.invoices import Party
    from rappel.ingest.nodes import Branch

_KEYS: Final = ("CUFE", "CUDE", "CUDS")
_INVOICES: Final = frozenset({"01", "02", "03", "04", "05"})
_SUPPORT: Final = frozenset({"05", "95"})  # of a purchase from who issues no invoices
_TEST: Final = "2"
_UNSPSC: Final = "001"


class Dian(Dialect):
    """Colombia. The key is the CUFE, CUDE or CUDS, in lower case."""

    scheme = "dian"
    home = "COP"
    # a tax that the seller bears is no lower price
    uses: ClassVar[Mapping[str, Use]] = {"07": Use.DISCOUNT}
    relations: ClassVar[Mapping[str, str]] = {"1": "returns"}
    reasons: ClassVar[Mapping[tuple[str, str], str]] = {
        ("DebitNote", "1"): "financing",
        ("DebitNote", "2"): "charge",
    }

    def speaks(self, root: Branch) -> bool:
        """Whether a document says that it is Colombian."""
        profile = root.text("cbc:ProfileID") or ""
        return profile.startswith("DIAN") or self._scheme(root).startswith(_KEYS)

    def kind(self, root: Branch) -> DocumentKind:
        """Return the kind, and note test documents and those that the buyer issued."""
        code = self.type(root)
        uuid = root.child("cbc:UUID")
        said = None if uuid is None else uuid.attribute("schemeID")
        if _TEST in {said, root.text("cbc:ProfileExecutionID")}:
            root.note("test_environment", "cbc:UUID")
        if code in _SUPPORT:
            root.note("buyer_issued", f"cbc:{root.path}TypeCode")
        kind = ROOTS[root.path]
        if kind is DocumentKind.INVOICE and code not in _INVOICES:
            value = (code or "")[:40]
            root.note("unknown_kind", "cbc:InvoiceTypeCode", value=value)
            return DocumentKind.OTHER
        return kind

    def key(
        self,
        root: Branch,
        issuer: Party,  # noqa: ARG002 - the key stands in the document
        kind: DocumentKind,  # noqa: ARG002 - the same
    ) -> str | None:
        """Return the CUFE, CUDE or CUDS."""
        text = root.need("cbc:UUID")
        key = keys.hashed(text)
        if text and key is None:
            root.note("bad_fiscal_key", "cbc:UUID", value=text[:60])
        return key

    def points(
        self,
        reference: Branch,
        issuer: Party,  # noqa: ARG002 - the key stands in the document
    ) -> str:
        """Return the CUFE of an invoice that is pointed to; its number at worst."""
        key = reference.text("cbc:UUID") or reference.need("cbc:ID")
        return keys.hashed(key) or key

    def classed(self, node: Branch) -> tuple[str | None, str | None]:
        """Return a line's product class, which stands among its standard codes."""
        for one in node.each("cac:Item/cac:StandardItemIdentification/cbc:ID"):
            if one.attribute("schemeID") == _UNSPSC:
                return clean_or_none(one.own()), UNSPSC
        return super().classed(node)

    def _scheme(self, root: Branch) -> str:
        uuid = root.child("cbc:UUID")
        return (uuid.attribute("schemeName") if uuid is not None else None) or ""

"""Names of Cross Industry Invoice, as they are and as ZUGFeRD 1 had them.

Owns :class:`Trade`, a branch whose names are those of CII D16B also in a document of
ZUGFeRD 1, which had other names for the same things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rappel.ingest.nodes import Branch

BEFORE: Final = "urn:ferd:CrossIndustryDocument:invoice:1p0"
_UN: Final = "urn:un:unece:uncefact:data:standard"
_OLD_NAMESPACES: Final = {
    "": BEFORE,
    "ram": f"{_UN}:ReusableAggregateBusinessInformationEntity:12",
    "udt": f"{_UN}:UnqualifiedDataType:15",
    "qdt": f"{_UN}:QualifiedDataType:12",
}
_OLD_NAMES: Final = {
    "ExchangedDocumentContext": "SpecifiedExchangedDocumentContext",
    "ExchangedDocument": "HeaderExchangedDocument",
    "SupplyChainTradeTransaction": "SpecifiedSupplyChainTradeTransaction",
    "ApplicableHeaderTradeAgreement": "ApplicableSupplyChainTradeAgreement",
    "ApplicableHeaderTradeSettlement": "ApplicableSupplyChainTradeSettlement",
    "SpecifiedLineTradeDelivery": "SpecifiedSupplyChainTradeDelivery",
    "SpecifiedLineTradeSettlement": "SpecifiedSupplyChainTradeSettlement",
    **dict.fromkeys(
        (
            "SpecifiedTradeSettlementHeaderMonetarySummation",
            "SpecifiedTradeSettlementLineMonetarySummation",
        ),
        "SpecifiedTradeSettlementMonetarySummation",
    ),
}


@dataclass(frozen=True)
class Trade(Branch):
    """A branch of CII; names are those of D16B, whatever the document's age."""

    def _tag(self, name: str) -> str:
        if self._namespace() not in _OLD_NAMESPACES.values():
            return super()._tag(name)
        prefix, _, plain = name.rpartition(":")
        return f"{{{_OLD_NAMESPACES[prefix]}}}{_OLD_NAMES.get(plain, plain)}"

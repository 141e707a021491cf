"""Why a line may not earn, told from its class key, its code and its price.

Rule: tax, freight, insurance, financing, free goods and advances are out by structure,
before any agreement is asked. Class keys are those of the Mexican product catalogue
(c_ClaveProdServ), which follows UNSPSC; a table may carry them too. A code that is
itself the word for freight is taken at its word; descriptions are never guessed at.
"""

from __future__ import annotations

from typing import Final

ADVANCE_KEY: Final = "84111506"

_BY_CLASS: Final = (
    ("7810", "freight"),  # mail and cargo transport
    ("78121603", "freight"),  # freight fee
    ("781415", "freight"),  # forwarding agents
    ("8413", "insurance"),
    ("841017", "financing"),  # management of debt
    ("8412", "financing"),  # banking and investment
    (ADVANCE_KEY, "advance"),
)
_BY_CODE: Final = {
    "FLETE": "freight",
    "FLETES": "freight",
    "FREIGHT": "freight",
    "FRETE": "freight",
    "SHIPPING": "freight",
    "ENVIO": "freight",
    "SEGURO": "insurance",
    "INSURANCE": "insurance",
    "ANTICIPO": "advance",
    "ADIANTAMENTO": "advance",
    "PROPINA": "tip",
    "TIP": "tip",
    "GORJETA": "tip",
}


def reason_of(*, class_code: str | None, code: str | None) -> str | None:
    """Return the finding code that keeps a line out, ``None`` when it may earn."""
    for prefix, reason in _BY_CLASS:
        if class_code and class_code.startswith(prefix):
            return reason
    return _BY_CODE.get((code or "").upper())

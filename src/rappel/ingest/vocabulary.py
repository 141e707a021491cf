"""The words that cells say things by: a kind of document, a currency, that it is void.

Owns these words in Spanish, Portuguese and English. They are compared as headings are:
lower case, without accents and marks.
"""

from __future__ import annotations

from typing import Final

from rappel.core.invoices import DocumentKind
from rappel.core.money import CURRENCIES
from rappel.ingest.columns import normal_heading, words

_KINDS: Final = {
    DocumentKind.INVOICE: words(
        "bill | invoice | factura | fatura | i | ingreso | compra | "
        "nota fiscal | expense"
    ),
    DocumentKind.CREDIT_NOTE: words(
        "vendor credit | credit | credit memo | credit note | "
        "nota de credito | nota credito | e | egreso | devolucion | "
        "devolucao"
    ),
    DocumentKind.DEBIT_NOTE: words("debit note | nota de debito | nota debito"),
    DocumentKind.PAYMENT: words("payment | bill payment | pago | pagamento | p"),
}
_KIND_OF: Final = {word: kind for kind, known in _KINDS.items() for word in known}
_CANCELLED: Final = frozenset({"c", "cancelado", "cancelada", "cancelled", "canceled"})
_VOID: Final = _CANCELLED | {"anulado", "anulada"}
_YES: Final = _CANCELLED | {"1", "y", "yes", "s", "si", "sim", "true", "x"}
_CURRENCY_OF: Final = {
    "peso mexicano": "MXN",
    "pesos mexicanos": "MXN",
    "m n": "MXN",
    "mn": "MXN",
    "dolar": "USD",
    "dolares": "USD",
    "dolar americano": "USD",
    "us dollar": "USD",
    "euro": "EUR",
    "real": "BRL",
    "reais": "BRL",
    "sol": "PEN",
    "soles": "PEN",
    "quetzal": "GTQ",
    "peso colombiano": "COP",
    "peso chileno": "CLP",
    "peso argentino": "ARS",
}


def kind_of(text: str) -> DocumentKind | None:
    """Return the kind of document that a cell names, if it is one we know."""
    return _KIND_OF.get(normal_heading(text))


def currency_of(text: str) -> str | None:
    """Return the ISO code of the currency that a cell names, if it is one."""
    code = _CURRENCY_OF.get(normal_heading(text), text.upper())
    return code if code in CURRENCIES else None


def says_void(text: str, heading: str) -> bool:
    """Whether a status says that a document is cancelled.

    Under a heading such as ``canceled`` a plain yes says so too.
    """
    asked = normal_heading(heading).startswith("cancel")
    return normal_heading(text) in (_YES if asked else _VOID)

"""What makes a purchase the same purchase: fiscal keys, and the weak key without one.

Owns the normal forms. That a key counts once in the whole consortium is the store's
business. A weak key never proves anything; it only stops one purchase from being
counted twice when a table and a better document both tell of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rappel.core.invoices import DocumentKind
from rappel.ingest.figures import plain

if TYPE_CHECKING:
    from rappel.core.invoices import Document

_UUID: Final = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
_DIGITS: Final = re.compile(r"[0-9]{44}|[0-9]{49}|[0-9]{50}")
_ACCESS: Final = re.compile(r"[0-9]{6}[0-9A-Z]{12}[0-9]{26}")
_SRI: Final = re.compile(r"[0-9]{49}")
_HASH: Final = re.compile(r"[0-9a-f]{96}")
_CHUNK: Final = re.compile(r"[0-9]+|[^\W\d_]+")


def uuid(text: str) -> str | None:
    """Return a fiscal UUID in upper case, ``None`` when it is none."""
    upper = text.strip().upper()
    return upper if _UUID.fullmatch(upper) else None


def access_key(text: str) -> str | None:
    """Return the access key of a Brazilian note, ``None`` when it is none.

    44 digits; the part that is the issuer's CNPJ may hold letters.
    """
    return text if _ACCESS.fullmatch(text) else None


def is_sri_key(text: str) -> bool:
    """Whether it is an access key of Ecuador: 49 digits, the last a check digit.

    Modulo 11 with weights 2 to 7 from the right; 11 stands as 0, 10 as 1.
    """
    if not _SRI.fullmatch(text):
        return False
    weighed = (
        int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(text[:-1]))
    )
    check = 11 - sum(weighed) % 11
    return int(text[-1]) == {11: 0, 10: 1}.get(check, check)


def fiscal_key(text: str) -> str | None:
    """Return the normal form of a key found in a table, ``None`` when it is none.

    UUID in upper case (Mexico, Guatemala); 44, 49 or 50 digits (Brazil, Ecuador, Costa
    Rica); 96 hexadecimal digits in lower case (Colombia).
    """
    text = text.strip()
    if _DIGITS.fullmatch(text):
        return text
    return hashed(text) or uuid(text)


def hashed(text: str) -> str | None:
    """Return a key of 96 hexadecimal digits in lower case, ``None`` when it is none."""
    lower = text.strip().lower()
    return lower if _HASH.fullmatch(lower) else None


def numbered(
    tax_id: str | None, number: str | None, year: str, kind: DocumentKind
) -> str | None:
    """Return the key for schemes without one: supplier, number and year.

    Rule: a note counts beside an invoice of the same number, therefore its kind is part
    of its key. ``None`` when the supplier's tax id or the number is missing.
    """
    if not (tax_id and number):
        return None
    written = "".join(number.upper().split())
    key = f"{tax_id}:{written}:{year}"
    return key if kind is DocumentKind.INVOICE else f"{key}:{kind.value}"


def normal_number(number: str) -> str:
    """Return a document number without punctuation and leading zeros: A-0042 → A42."""
    chunks = _CHUNK.findall(number.upper())
    return "".join(chunk.lstrip("0") if chunk.isdigit() else chunk for chunk in chunks)


def weak_key(document: Document) -> str | None:
    """Return what stands in for a fiscal key, ``None`` when a part of it is missing.

    Supplier's tax id, normalised number, day and total, with a colon between; a total
    of 950 and one of 950.00 are the same.
    """
    issued, supplier = document.issued_at, document.seller.tax_id
    if not (issued and supplier and document.number):
        return None
    number = normal_number(document.number)
    total = plain(document.total.normalize())
    return f"{supplier}:{number}:{issued.date().isoformat()}:{total}"

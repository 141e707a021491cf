"""Words of documents: names, descriptions, tax ids.

Owns cleaning (control and direction marks are dropped, they only serve to deceive an
eye) and the normal form of tax ids. A tax id is ASCII: a Cyrillic letter that looks
like a Latin one is refused, not mended. The one exception is the Ñ of Mexican ids.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from stdnum.exceptions import ValidationError
from stdnum.mx import rfc

_SPACE: Final = re.compile(r"\s+")
_SEPARATORS: Final = re.compile(r"[ .\-/]")
_RFC: Final = re.compile(r"[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_ANY_TAX_ID: Final = re.compile(r"(?=(?:.*[0-9]){5})[A-Z0-9]{6,20}")
FOREIGN: Final = "XEXX010101000"  # the RFC that stands for any foreigner
NOBODY: Final = frozenset(
    {"XAXX010101000", FOREIGN, "222222222222", "CF", "9999999999999"}
)
"""What stands for the public: in Mexico, Colombia, Guatemala, Ecuador."""


def clean(text: str) -> str:
    """Return one line of readable text: no control, format or direction characters."""
    if text.isprintable():
        return " ".join(text.split())
    spaced = _SPACE.sub(" ", text)
    kept = (letter for letter in spaced if unicodedata.category(letter) not in _HIDDEN)
    return _SPACE.sub(" ", "".join(kept)).strip()


_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs"})


def clean_or_none(text: str | None) -> str | None:
    """Return the cleaned text, ``None`` when nothing is left."""
    return clean(text or "") or None


def tax_id(text: str) -> str:
    """Return a tax id in upper case without spaces, dots, dashes and slashes."""
    return _SEPARATORS.sub("", _SPACE.sub("", text)).upper()


def currency(text: str | None) -> str | None:
    """Return a currency's ISO code as it is written, ``None`` when it is none."""
    known = text is not None and _CURRENCY.fullmatch(text)
    return text if known else None


def is_rfc(value: str) -> bool:
    """Whether a normalised tax id has the form of a Mexican one."""
    return _RFC.fullmatch(value) is not None


def is_tax_id(value: str) -> bool:
    """Whether a normalised tax id could be one of any country served here."""
    return is_rfc(value) or _ANY_TAX_ID.fullmatch(value) is not None


def doubtful(value: str) -> bool:
    """Whether a Mexican tax id fails its check digit or holds no real day.

    Real ids fail the digit now and then, therefore this warns and refuses nothing.
    """
    if not is_rfc(value) or value in NOBODY:
        return False
    try:
        rfc.validate(value, validate_check_digits=True)
    except ValidationError:
        return True
    return False

"""Which of our languages a caller is answered in.

Owns the reading of ``Accept-Language`` (RFC 9110): the most wanted of the languages
that are spoken here, English when there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rappel.wording import LANGUAGES

if TYPE_CHECKING:
    from litestar import Request

LONGEST: Final = 500
FALLBACK: Final = "en"


def locale_of(request: Request[Any, Any, Any]) -> str:
    """Return the locale a request is answered in."""
    return wanted(request.headers.get("accept-language", ""))


def wanted(header: str) -> str:
    """Return the most wanted locale whose language is spoken here.

    >>> wanted("fr;q=0.9, pt-BR;q=0.8, en;q=0.1"), wanted("fr"), wanted("es, en")
    ('pt-BR', 'en', 'es')
    """
    choices = []
    for place, part in enumerate(header[:LONGEST].split(",")):
        tag, _, weight = part.strip().partition(";")
        spoken = tag.strip().replace("_", "-").partition("-")[0].lower() in LANGUAGES
        if spoken and (worth := _worth(weight)) > 0:
            choices.append((-worth, place, tag.strip()))
    return min(choices)[2] if choices else FALLBACK


def _worth(weight: str) -> int:
    """Return a quality in thousandths: 1000 when none is said, 0 when it is unreadable.

    >>> _worth(""), _worth("q=0.8"), _worth(" q=1.0 "), _worth("q=no")
    (1000, 800, 1000, 0)
    """
    if not weight.strip():
        return 1000
    name, _, value = weight.strip().partition("=")
    whole, _, part = value.strip().partition(".")
    digits = whole + part[:3].ljust(3, "0")
    readable = name.strip() == "q" and digits.isascii() and digits.isdigit()
    return min(int(digits), 1000) if readable else 0

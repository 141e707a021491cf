"""Figures and days as a country writes them: ``1,234.50`` here, ``1.234,50`` there.

Owns separators, signs, money signs, names of months and which paper a country uses.
Does not own rounding of money: a figure is printed with every digit it has, at least
``places`` of them, and is cut only where a caller asks for ``most``.

Convention: one minus sign for all (U+2212), tight to the digits; the currency's code
is named once on a page and its sign stands only at amounts that stand alone; a blank
inside a figure is one that does not break.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import TYPE_CHECKING, Final

from babel.core import Locale

from rappel.wording import language

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUS: Final = "\u2212"
DASH: Final = "\u2013"
BLANK: Final = "\u00a0"
DIGITS: Final = 100
COMMA_COUNTRIES: Final = frozenset(
    ("AR", "BO", "BR", "CL", "CO", "CR", "EC", "ES", "PT", "PY", "UY", "VE")
)
LETTER_COUNTRIES: Final = frozenset(
    ("MX", "GT", "SV", "HN", "NI", "CR", "PA", "BZ", "DO", "PR", "CO", "CL", "VE", "US")
)
SIGNS: Final = {
    "ARS": "$",
    "BOB": "Bs",
    "BRL": "R$",
    "CLP": "$",
    "COP": "$",
    "CRC": "₡",
    "DOP": "RD$",
    "EUR": "€",
    "GTQ": "Q",
    "HNL": "L",
    "MXN": "$",
    "NIO": "C$",
    "PAB": "B/.",
    "PEN": "S/",
    "PYG": "₲",
    "USD": "US$",
    "UYU": "$U",
}
PLAIN: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NAMES: Final = frozenset(
    (
        "agreement",
        "programme",
        "member",
        "supplier",
        "code",
        "number",
        "document",
        "revision",
        "period",
        "reason",
    )
)


@dataclass(frozen=True, slots=True)
class Format:
    """How one locale writes: its language, and what parts thousands and decimals."""

    lang: str
    thousands: str
    point: str

    def number(self, value: Decimal, least: int = 0, most: int | None = None) -> str:
        """Write a figure with ``least`` to ``most`` places; all it has if no ``most``.

        Half is rounded away from zero where ``most`` cuts.
        """
        places = places_of(value, least, most)
        with localcontext() as context:
            context.prec = DIGITS
            shown = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        whole, _, cents = f"{shown.copy_abs():,f}".partition(".")
        sign = MINUS if shown < 0 else ""
        tail = f"{self.point}{cents}" if cents else ""
        return f"{sign}{whole.replace(',', self.thousands)}{tail}"

    def percent(self, value: Decimal, least: int = 2) -> str:
        """Write a percent: ``3`` is 3 %."""
        gap = "" if self.lang == "en" else BLANK
        return f"{self.number(value, least)}{gap}%"

    def money(self, value: Decimal, currency: str, places: int) -> str:
        """Write an amount that stands alone, with its sign: minus, sign, digits."""
        sign = SIGNS.get(currency, f"{currency}{BLANK}")
        if self.point == "," and not sign.endswith(BLANK):
            sign += BLANK
        minus = MINUS if value < 0 else ""
        return f"{minus}{sign}{self.number(value.copy_abs(), places)}"

    def day(self, day: date) -> str:
        """Write a day in words: ``5 October 2026``, ``5 de octubre de 2026``."""
        month = month_name(self.lang, day.month, "wide")
        if self.lang == "en":
            return f"{day.day}{BLANK}{month} {day.year}"
        return f"{day.day}{BLANK}de {month} de {day.year}"

    def short_day(self, day: date) -> str:
        """Write a day for a column: ``05 oct 2026``."""
        month = month_name(self.lang, day.month, "abbreviated")
        return f"{day.day:02d}{BLANK}{month}{BLANK}{day.year}"

    def filling(self, params: Mapping[str, str], most: int = 8) -> dict[str, str]:
        """Rewrite what fills a sentence: plain figures and ISO days, not names."""
        return {key: self._filled(key, text, most) for key, text in params.items()}

    def _filled(self, key: str, text: str, most: int) -> str:
        if key in NAMES:
            return text
        if PLAIN.fullmatch(text):
            written = len(text.partition(".")[2])
            return self.number(Decimal(text), min(written, 2), most)
        if ISO_DAY.fullmatch(text):
            return self.day(date.fromisoformat(text))
        return text


def places_of(value: Decimal, least: int, most: int | None = None) -> int:
    """Count the places a figure needs: trailing zeros not, ``least`` in any case."""
    needed = max(len(f"{value:f}".partition(".")[2].rstrip("0")), least)
    return needed if most is None else min(needed, max(most, least))


@cache
def month_name(lang: str, month: int, width: str) -> str:
    """Name a month; abbreviated ones without their dot."""
    names = Locale(lang).months["format"][width]
    return str(names[month]).rstrip(".")


@cache
def format_of(locale: str, country: str = "") -> Format:
    """Return how ``locale`` writes; its own country decides, else ``country``.

    ``es-MX`` has a decimal point, ``es-CO`` and ``pt-BR`` a comma, ``en`` a point.
    """
    lang = language(locale)
    land = locale.replace("_", "-").partition("-")[2].upper() or country.upper()
    comma = lang == "pt" or (lang == "es" and land in COMMA_COUNTRIES)
    return Format(lang, ".", ",") if comma else Format(lang, ",", ".")


def paper_of(locale: str, country: str = "") -> str:
    """Return the paper of a member's country, else of the locale: Letter or A4."""
    land = country or locale.replace("_", "-").partition("-")[2]
    return "Letter" if land.upper() in LETTER_COUNTRIES else "A4"


@cache
def currency_name(locale: str, currency: str) -> str:
    """Name a currency in the locale's language; its code when it has no name."""
    names = Locale(language(locale)).currencies
    return str(names.get(currency, currency))

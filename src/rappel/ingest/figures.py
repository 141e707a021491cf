"""Figures and days of e-invoices: one strict form, no exponent, no float.

Owns the only pattern by which a figure of an XML becomes a ``Decimal``: ASCII digits,
at most 14 before and 6 after the point, which is what the money of the house keeps
exactly through every product. More places are refused, not rounded. Tables, which
write figures in the manner of their country, have :mod:`rappel.ingest.marks`.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from rappel.core.money import DECIMALS, DIGITS

_FIGURE: Final = re.compile(rf"-?[0-9]{{1,{DIGITS}}}(?:\.[0-9]{{1,{DECIMALS}}})?")
_ZEROS: Final = re.compile(rf"(\.[0-9]{{{DECIMALS}}})0+\Z")
_TOO_FINE: Final = re.compile(rf"-?[0-9]{{1,{DIGITS}}}\.[0-9]{{{DECIMALS + 1},}}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")

_COMPACT: Final = re.compile(r"\A([0-9]{4})([0-9]{2})([0-9]{2})\Z")
_DAY: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)

_DAY_FIRST: Final = re.compile(
    r"(?P<day>[0-9]{2})(?P<mark>[/-])(?P<month>[0-9]{2})(?P=mark)(?P<year>[0-9]{4})"
)


class FigureError(ValueError):
    """A figure or a day that is refused; ``code`` is the finding's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def figure(text: str) -> Decimal:
    """Return the figure exactly as written; zeros beyond the 6th decimal say nothing.

    Raises:
        FigureError: ``too_many_places`` beyond 6 decimals, ``bad_number`` for all else.
    """
    if _FIGURE.fullmatch(text):
        return Decimal(text)
    shorter = _ZEROS.sub(r"\1", text)
    if _FIGURE.fullmatch(shorter):
        return Decimal(shorter)
    raise FigureError("too_many_places" if _TOO_FINE.fullmatch(text) else "bad_number")


def moment(text: str) -> datetime:
    """Return the document's own local time; there is no zone in it and none is added.

    Raises:
        FigureError: ``bad_date`` when it is no day and time of the calendar.
    """
    if not _MOMENT.fullmatch(text):
        raise FigureError("bad_date")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise FigureError("bad_date") from None


def local_day(text: str) -> datetime:
    """Return a day, with its time where it is said, as the document's own local time.

    ``2026-02-11``, ``20260211`` and ``2026-02-11T10:20:30-06:00`` are read, each as it
    stands: a zone (or parts of seconds) is left aside, and nothing is moved through it.

    Raises:
        FigureError: ``bad_date`` when it is no day of the calendar.
    """
    found = _DAY.fullmatch(_COMPACT.sub(r"\1-\2-\3", text))
    if found is None:
        raise FigureError("bad_date")
    return moment(f"{found['day']}T{found['time'] or '00:00:00'}")


def written_day(text: str) -> datetime:
    """Return a day that its scheme writes day first: ``31/03/2026``, ``31-03-2026``.

    Raises:
        FigureError: ``bad_date`` when it is no day of the calendar.
    """
    found = _DAY_FIRST.fullmatch(text)
    if found is None:
        raise FigureError("bad_date")
    return moment(f"{found['year']}-{found['month']}-{found['day']}T00:00:00")


def scale(value: Decimal) -> int:
    """Return how many decimals a figure is written with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> str:
    """Return a figure as text, with its own decimals and without exponent."""
    return format(value, "f")

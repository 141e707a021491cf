"""Figures and days as people and programs of many countries write them.

Owns the two questions a table leaves open: is ``1.234`` more than a thousand, and is
``03/04/2026`` in March. Rule: nothing is guessed. A column map answers, or another
value of the same file that can be read in one way only; else the value is refused and
the file waits for an answer.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.core.money import DECIMALS, DIGITS
from rappel.ingest.figures import FigureError

if TYPE_CHECKING:
    from collections.abc import Iterable

POINT: Final = "."
COMMA: Final = ","
ORDERS: Final = ("dmy", "mdy", "ymd")
_CURRENCY: Final = r"(?:[A-Z]{0,3}\$|[€£₡]|S/\.?|B/\.?|Bs\.?|[A-Z]{3}(?=[ 0-9-]))"
_AMOUNT: Final = re.compile(
    rf"(?P<open>\()?(?P<before>-)? ?{_CURRENCY}? ?(?P<inside>-)?"
    r"(?P<core>[0-9]+(?:[.,' ][0-9]+)*)"
    r" ?(?:[A-Z]{3}|€)?(?P<after>-)?(?P<close>\))?"
)
# most figures: no sign of currency, no thousands, a point that cannot part thousands
_SIMPLE: Final = re.compile(
    rf"-?[0-9]{{1,{DIGITS}}}(?:\.(?:[0-9]{{1,2}}|[0-9]{{4,{DECIMALS}}}))?"
)
_BLANKS: Final = re.compile("[\u00a0\u2009\u202f]")
_ISO: Final = re.compile(
    r"(?P<y>[0-9]{4})(?P<sep>[-/.]?)(?P<m>[0-9]{2})(?P=sep)(?P<d>[0-9]{2})"
    r"(?P<time>[T ].*)?"
)
_DAY: Final = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<sep>[-/.])(?P<b>[0-9]{1,2})(?P=sep)(?P<y>[0-9]{4})"
    r"(?P<time>[T ].*)?"
)
_TIME: Final = re.compile(r"[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)?")
_MONTHS: Final = 12
_GROUP: Final = 3


def own_mark(text: str) -> str:
    """Return the decimal mark a figure proves: ``.`` ``,``, ``""`` or ``?`` for either.

    ``1,234.56`` and ``12.5`` prove a point; ``1.234.567`` proves a comma, since a mark
    that comes twice parts thousands; ``1,234`` proves nothing.
    """
    if _SIMPLE.fullmatch(text):
        return POINT if POINT in text else ""
    match = _AMOUNT.fullmatch(_BLANKS.sub(" ", text.strip()))
    core = match["core"] if match else ""
    marks = [letter for letter in core if letter in ".,"]
    if len(set(marks)) > 1:
        return marks[-1]
    if not marks:
        return ""
    if len(marks) > 1:
        return COMMA if marks[0] == POINT else POINT
    head, tail = re.split("[.,]", core)
    thousands = len(tail) == _GROUP and len(head) <= _GROUP and not head.startswith("0")
    return "?" if thousands and head.isdigit() else marks[0]


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return the mark the figures of a file prove, ``None`` for none or for both."""
    proved = {own_mark(text) for text in texts} & {POINT, COMMA}
    return proved.pop() if len(proved) == 1 else None


def amount(text: str, mark: str | None) -> Decimal:
    """Return a figure of a table; currency signs and thousands are read over.

    Minus may stand before, behind, or be brackets.

    Raises:
        FigureError: ``decimal_mark_ambiguous``, ``too_many_places`` or ``bad_number``.
    """
    if mark != COMMA and _SIMPLE.fullmatch(text):
        return Decimal(text)
    match = _AMOUNT.fullmatch(_BLANKS.sub(" ", text.strip()))
    own = own_mark(text)
    if match is None or (mark and own in {POINT, COMMA} and own != mark):
        raise FigureError("bad_number")
    if own == "?" and mark is None:
        raise FigureError("decimal_mark_ambiguous")
    used = mark or own or POINT
    core = match["core"]
    whole, _, places = core.partition(used)
    if not (_grouped(whole) and (places.isdigit() or used not in core)):
        raise FigureError("bad_number")
    value = bounded(Decimal(re.sub("[.,' ]", "", whole) + "." + (places or "0")))
    value = value if used in core else value.quantize(Decimal(1))
    return -value if _negative(match) else value


def bounded(value: Decimal) -> Decimal:
    """Return a figure the house can keep exactly, in plain notation.

    Raises:
        FigureError: ``too_many_places`` or ``bad_number`` when it is too large.
    """
    if abs(value) >= Decimal(10) ** DIGITS:
        raise FigureError("bad_number")
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -DECIMALS:
        raise FigureError("too_many_places")
    return Decimal(format(value, "f"))


def _grouped(whole: str) -> bool:
    parts = re.split("[.,' ]", whole)
    separators = set(whole) - set("0123456789")
    if len(separators) > 1:
        return False
    rest = parts[1:]
    grouped = len(parts[0]) <= _GROUP and all(len(part) == _GROUP for part in rest)
    return not rest or grouped


def _negative(match: re.Match[str]) -> bool:
    signs = [match["before"], match["inside"], match["after"]]
    signs += [match["open"] if match["close"] else None]
    count = sum(sign is not None for sign in signs)
    if count > 1 or (match["open"] is None) != (match["close"] is None):
        raise FigureError("bad_number")
    return count == 1


def date_order(texts: Iterable[str]) -> str | None:
    """Return ``dmy`` or ``mdy`` when a day beyond 12 proves it, ``None`` otherwise."""
    proved = set()
    for text in texts:
        match = _DAY.fullmatch(text.strip())
        if match and int(match["a"]) > _MONTHS >= int(match["b"]):
            proved.add("dmy")
        if match and int(match["b"]) > _MONTHS >= int(match["a"]):
            proved.add("mdy")
    return proved.pop() if len(proved) == 1 else None


def day(text: str, order: str | None) -> datetime:
    """Return the local time of a cell; a day alone is its midnight.

    Read are ``2026-07-01``, ``20260701`` and ``01/07/2026``, each with a time or
    without. A year of two digits is refused.

    Raises:
        FigureError: ``date_ambiguous`` when day and month can be exchanged and nothing
            decides, ``bad_date`` when it is no day of the calendar.
    """
    text = text.strip()
    iso = _ISO.fullmatch(text)
    if iso:
        return _moment(iso, month=iso["m"], day=iso["d"])
    match = _DAY.fullmatch(text)
    if match is None or order == "ymd":
        raise FigureError("bad_date")
    first, second = int(match["a"]), int(match["b"])
    if order is None and first <= _MONTHS and second <= _MONTHS and first != second:
        raise FigureError("date_ambiguous")
    month_first = order == "mdy" or (order is None and second > _MONTHS)
    one, two = match["a"], match["b"]
    return _moment(
        match, month=one if month_first else two, day=two if month_first else one
    )


def _moment(match: re.Match[str], *, month: str, day: str) -> datetime:
    time = _TIME.fullmatch(match["time"] or "T00:00:00")
    if time is None:
        raise FigureError("bad_date")
    hour, minute, second = (int(part or 0) for part in time.groups())
    try:
        # the document's own local time: no zone is known and none is invented
        return datetime(  # noqa: DTZ001
            int(match["y"]), int(month), int(day), hour, minute, second
        )
    except ValueError:
        raise FigureError("bad_date") from None

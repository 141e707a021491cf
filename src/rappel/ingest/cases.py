"""Cases: the facts of a simulation, from JSON to frames.

Owns what the facts mean together (who is named must be there), the numbering of members
and suppliers in order of appearance, and the defaults of a purchase. Knows no terms but
the windows that purchases and settlements must lie in.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from rappel.core.frames import (
    BASELINES,
    LINES,
    MEMBERS,
    RATES,
    SETTLED,
    SUPPLIERS,
    Facts,
)
from rappel.core.money import CURRENCIES
from rappel.ingest.case_names import NAMING, fault, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.period import Period
    from rappel.errors import Fault


def days(period: Mapping[str, str]) -> tuple[date, date]:
    """Return the first day and the day after the last."""
    return date.fromisoformat(period["start"]), date.fromisoformat(period["end"])


def unsound(case: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return everything in the facts that cannot be."""
    return tuple(chain(_times(case), named(case)))


def _times(case: Mapping[str, Any]) -> Iterator[Fault]:
    start, end = days(case["period"])
    if start >= end:
        yield fault(
            "empty_interval",
            "period.end",
            "The period ends before it has a day.",
            "The end is the day after the last.",
        )
    if case["currency"] not in CURRENCIES:
        yield fault(
            "unknown_currency",
            "currency",
            f"The minor unit of {case['currency']} is not known here.",
            "Use an ISO 4217 code of the countries that are served.",
        )
    for place, member in enumerate(case.get("members", ())):
        joined, left = member.get("joined"), member.get("left")
        if joined and left and joined >= left:
            yield fault(
                "empty_interval",
                f"members[{place}].left",
                "The member left before it had joined.",
                "A purchase counts from joined until, and not on, left.",
            )


def unsettled(
    case: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> tuple[Fault, ...]:
    """Return what is settled in a window that this period does not settle."""
    return tuple(
        fault(
            "unknown_window",
            f"settled[{place}].window",
            f"No window of {row['programme']} that this period settles starts on "
            f"{row.get('window') or 'any day'}.",
            "Name the first day of the window, or leave it out for the last one.",
        )
        for place, row in enumerate(case.get("settled", ()))
        if _window(row, programmes, period) is None
    )


def _window(
    row: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> date | None:
    """Return the window that a settlement names, the last when it names none."""
    starts = [
        window.start
        for one in programmes
        if one.code == row["programme"]
        for window in one.windows(period)
    ]
    if row.get("window") is None:
        return max(starts, default=None)
    named = date.fromisoformat(row["window"])
    return named if named in starts else None


def facts_of(
    case: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> Facts:
    """Return the facts as frames; members and suppliers numbered as they appear."""
    named = chain(*(case.get(kind, ()) for kind in ("purchases", *NAMING)))
    listed = case.get("members") or [{"code": row["member"]} for row in named]
    members = {member["code"]: member for member in listed}
    numbers = {code: number for number, code in enumerate(members, start=1)}
    sold_by = dict.fromkeys(row["supplier"] for row in case["purchases"])
    suppliers = {code: number for number, code in enumerate(sold_by, start=1)}
    lines = [
        _line(number, row, numbers, suppliers, case["currency"])
        for number, row in enumerate(case["purchases"], start=1)
    ]
    rates = [
        (row["from"], row["to"], date.fromisoformat(row["date"]), Decimal(row["rate"]))
        for row in case.get("rates", ())
    ]
    return Facts(
        lines=LINES.of(lines).lazy(),
        members=MEMBERS.of(
            _member(numbers[code], one) for code, one in members.items()
        ),
        suppliers=SUPPLIERS.of((number, code) for code, number in suppliers.items()),
        rates=RATES.of(rates),
        settled=SETTLED.of(_settled(case, numbers, programmes, period)),
        baselines=BASELINES.of(_baselines(case, numbers)),
    )


def _baselines(
    case: Mapping[str, Any], members: Mapping[str, int]
) -> list[tuple[object, ...]]:
    return [
        (row["programme"], members[row["member"]], Decimal(row["measure"]), None)
        for row in case.get("baselines", ())
    ]


def _member(number: int, given: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        number,
        given["code"],
        given.get("family"),
        given.get("country"),
        list(given.get("segments", ())),
        _day(given.get("joined")),
        _day(given.get("left")),
    )


def _line(
    number: int,
    row: Mapping[str, Any],
    members: Mapping[str, int],
    suppliers: Mapping[str, int],
    currency: str,
) -> tuple[object, ...]:
    """Return a purchase as a line: a document of its own."""
    rate = row.get("rate")
    original = row.get("original") or {}
    return (
        number,
        number,
        members[row["member"]],
        suppliers[row["supplier"]],
        row.get("code"),
        row.get("category"),
        date.fromisoformat(row["date"]),
        row.get("kind", "invoice"),
        row.get("currency") or currency,
        Decimal(row["amount"]),
        _figure(row.get("quantity")),
        _figure(rate),
        None if rate is None else currency,
        _day(original.get("date")),
        _day(row.get("paid")),
    )


def _settled(
    case: Mapping[str, Any],
    members: Mapping[str, int],
    programmes: Sequence[Programme],
    period: Period,
) -> list[tuple[object, ...]]:
    """Return what was settled before, summed by programme, member and window."""
    sums: dict[tuple[str, int, date | None], Decimal] = {}
    for row in case.get("settled", ()):
        window = _window(row, programmes, period)
        key = (row["programme"], members[row["member"]], window)
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row["amount"])
    return [(*key, amount) for key, amount in sums.items()]


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)

"""Which purchases count, on which day and for how much: a part of the second engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.naive_case import Case, Row

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FOREVER = date(9999, 12, 31)
ANYTHING: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Window:
    """The days over which volume adds up: cut where the period ends, and whole."""

    start: date
    end: date
    whole: date

    @property
    def ended(self) -> bool:
        """Whether nothing of it lies after the period."""
        return self.whole <= self.end


def months_on(day: date, months: int) -> date:
    """Return the same day of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, day.day)


def windows(one: Row, case: Case) -> list[Window]:
    """Rule: windows are calendar units counted from the start of the year.

    One that the period touches is settled; it counts from its own start until the
    period's end. A lifetime starts with the first revision and ends with the last.
    """
    if one["accumulate"] == "lifetime":
        others = case.revisions(one["code"])
        start = min(other["in_force_from"] or date.min for other in others)
        whole = max(other["in_force_until"] or FOREVER for other in others)
        return [Window(start, case.end, whole)] if start < case.end else []
    month, day = (int(part) for part in one["year_starts"].split("-"))
    start, found = date(2015, month, day), []
    while start < case.end:
        after = months_on(start, MONTHS[one["accumulate"]])
        if after > case.start:
            found.append(Window(start, min(after, case.end), after))
        start = after
    return found


def computed(one: Row, case: Case) -> list[Window]:
    """Rule: what limits leave is carried from the programme's first day on.

    The windows since then are computed too, and only those of the period answered;
    without a first day, or where a period has rates of its own, it is those alone.
    """
    since = carried_since(one["code"], case)
    return windows(one, replace(case, start=min([case.start, *since])))


def carried_since(code: str, case: Case) -> list[date]:
    """Rule: a programme that another one deducts is computed as far back as that."""
    mine = case.revisions(code)
    first = min(one["in_force_from"] or date.min for one in mine)
    carries = any(
        (one[name] or {}).get("carry")
        for one in mine
        for name in ("cap", "guarantee")
        if one["fx"] not in {"period_end", "period_average"}
    )
    above = {one["code"] for one in case.programmes if code in one["less"]}
    found = [day for other in above for day in carried_since(other, case)]
    return found + ([first] if carries and first > date.min else [])


def in_force(one: Row, window: Window) -> bool:
    """Whether a revision holds on some day of a window."""
    begins = max(window.start, one["in_force_from"] or date.min)
    return begins < min(window.end, one["in_force_until"] or FOREVER)


def day_of(one: Row, line: Row) -> date | None:
    """Rule: returns are dated by the agreement's policy; excluded ones count never.

    Rule: with `counts` paid a purchase counts once it is paid, in the period of its
    issue date.
    """
    returned = line["kind"] == "credit_note"
    if returned and one["returns"] == "excluded":
        return None
    day: date = line["date"]
    if returned and one["returns"] == "original_invoice" and line["original"]:
        day = line["original"]["date"]
    return day


def paid(one: Row, line: Row, case: Case) -> bool:
    """Rule: with `counts` paid, what is not paid when the period ends waits.

    So does a credit note on it; on an invoice that it does not say it counts at once.
    """
    of_none = line["kind"] == "credit_note" and not line["original"]
    if one["counts"] == "issued" or of_none:
        return True
    return line["paid"] is not None and line["paid"] < case.end


def asked(wanted: list[str] | None, given: str | None) -> bool:
    """Rule: an empty list asks for nothing."""
    return not wanted or given in wanted


def in_scope(scope: Row | None, line: Row, case: Case) -> bool:
    """Rule: all that a scope asks for must hold; without a category is out of both."""
    scope = scope or ANYTHING
    member = case.members[line["member"]]
    excluded = scope.get("exclude_categories") or []
    segments = scope.get("segments") or []
    return (
        asked(scope.get("categories"), line["category"])
        and not (excluded and line["category"] in {*excluded, None})
        and asked(scope.get("codes"), line["code"])
        and asked(scope.get("members"), line["member"])
        and asked(scope.get("countries"), member["country"])
        and (not segments or bool({*segments} & {*member["segments"]}))
    )


def sold_by(one: Row, line: Row) -> bool:
    """Rule: a supplier is a code, a list of them, or `*` for all."""
    named = one["supplier"]
    if isinstance(named, str):
        return named in {"*", line["supplier"]}
    return line["supplier"] in (named or [])


def takes_part(one: Row, code: str, case: Case) -> bool:
    """Rule: a segment's pool is of its members alone."""
    return one["pool"] != "segment" or one["segment"] in case.members[code]["segments"]


def bought(one: Row, line: Row, start: date, end: date, case: Case) -> bool:
    """Whether a purchase lies in some days of the terms, whatever was bought.

    Rule: it counts from the day the member joined until the day it left, and for the
    revision in force on its day.
    """
    day = day_of(one, line)
    member = case.members[line["member"]]
    return (
        day is not None
        and start <= day < end
        and takes_part(one, line["member"], case)
        and paid(one, line, case)
        and (one["in_force_from"] or date.min)
        <= day
        < (one["in_force_until"] or FOREVER)
        and (member["joined"] or date.min) <= day < (member["left"] or FOREVER)
    )


def rate_of(one: Row, line: Row, case: Case) -> Fraction | None:
    """Rule: one exchange policy for an agreement; a missing rate is never 1."""
    if line["currency"] == case.currency:
        return Fraction(1)
    pair = (line["currency"], case.currency)
    if one["fx"] == "document_rate":
        return line["rate"]  # type: ignore[no-any-return]  # a fraction or nothing
    if one["fx"] == "fixed":
        return one["fx_rate"].get(line["currency"])  # type: ignore[no-any-return]  # a fraction
    if one["fx"] == "invoice_date":
        day = day_of(one, line)
        return None if day is None else case.rates.get((*pair, day))
    if one["fx"] == "period_end":
        return case.rates.get((*pair, case.end - timedelta(days=1)))
    return average(pair, case)


def average(pair: tuple[str, str], case: Case) -> Fraction | None:
    """Rule: the period's average is that of the rates of its days."""
    known = [
        rate
        for (source, target, day), rate in case.rates.items()
        if (source, target) == pair and case.start <= day < case.end
    ]
    return sum(known, Fraction(0)) / len(known) if known else None


def converted(one: Row, line: Row, case: Case) -> Fraction | None:
    """Return the amount in the agreement's currency, or nothing without a rate."""
    rate = rate_of(one, line, case)
    return None if rate is None else line["amount"] * rate

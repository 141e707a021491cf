"""Exchange rates, each with its day and its source: the newest row holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.core.money import DECIMALS, InexactError, exact, plain
from rappel.errors import Fault
from rappel.store import agreements as stored
from rappel.store import audit
from rappel.store.agreements import RateRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from rappel.core.access import Viewer
    from rappel.store.base import Database

ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Units of ``to_currency`` for 1 of ``from_currency``, at most 6 decimals."""

    from_currency: str
    to_currency: str
    rate_date: date
    rate: Decimal
    source: str


def record(
    db: Database, viewer: Viewer, rates: Iterable[Rate], *, now: datetime
) -> int:
    """Add rates to the books; return how many of them say something new.

    Of two for the same currencies and day the last holds; the one before stays in the
    books, for what was computed with it.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: with a fault for each rate that cannot be, at most 20.
    """
    must_administer(viewer)
    given = tuple(rates)
    inputs.must_hold(*list(_faults(given))[: inputs.FAULTS])
    wanted = {
        (one.from_currency, one.to_currency, one.rate_date): (one.rate, one.source)
        for one in given
    }
    with db.writing(viewer) as session:
        holds = stored.newest_rates(session, {day for _, _, day in wanted})
        changed = {key: it for key, it in wanted.items() if holds.get(key) != it}
        session.add_all(
            RateRow(
                from_currency=from_currency,
                to_currency=to_currency,
                rate_date=day,
                rate=rate,
                source=source,
                received_at=now,
            )
            for (from_currency, to_currency, day), (rate, source) in changed.items()
        )
        sources = ", ".join(sorted({one.source for one in given}))
        detail = {"given": len(given), "changed": len(changed)}
        audit.note(session, viewer, "rates.record", sources, detail, at=now)
    return len(changed)


def rates_from_csv(content: bytes, source: str) -> tuple[Rate, ...]:
    """Read a CSV of ``from``, ``to``, ``date`` (2026-02-11) and ``rate`` (18.50).

    Raises:
        Malformed: with a fault for each cell that cannot be, at most 20, naming row
            and column.
    """

    def read(cells: dict[str, str]) -> Rate:
        day = day_of("date", cells["date"])
        figure = figure_of("rate", cells["rate"])
        rate = Rate(
            from_currency=cells["from"],
            to_currency=cells["to"],
            rate_date=day if isinstance(day, date) else date.min,
            rate=figure if isinstance(figure, Decimal) else Decimal(1),
            source=source,
        )
        inputs.must_hold(
            *(
                replace(fault, field=COLUMNS[str(fault.field)])
                for fault in _rate_faults("", rate)
            ),
            *(fault for fault in (day, figure) if isinstance(fault, Fault)),
        )
        return rate

    return inputs.table_of(content, ("from", "to", "date", "rate"), read)


COLUMNS: Final = {
    "from_currency": "from",
    "to_currency": "to",
    "rate": "rate",
    "source": "source",
}


def day_of(field: str, text: str) -> date | Fault:
    """Read a day in a cell, or say what is wrong with it."""
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = f"{text[:40]!r} is no day."
    return inputs.fault(field, message, "Write it as 2026-02-11.")


def figure_of(field: str, text: str) -> Decimal | Fault:
    """Read a figure in a cell, or say what is wrong with it."""
    try:
        return exact(text)
    except InexactError as error:
        return inputs.fault(field, f"{error}.", "Write it as 18.50.")


def _faults(rates: tuple[Rate, ...]) -> Iterator[Fault]:
    for place, rate in enumerate(rates):
        yield from _rate_faults(f"rates[{place}].", rate)


def _rate_faults(path: str, rate: Rate) -> Iterator[Fault]:
    checks = (
        inputs.currency(f"{path}from_currency", rate.from_currency),
        inputs.currency(f"{path}to_currency", rate.to_currency),
        inputs.text(f"{path}source", rate.source),
    )
    yield from (check for check in checks if check is not None)
    if rate.from_currency == rate.to_currency:
        message = f"A rate from {rate.from_currency} to itself says nothing."
        yield inputs.fault(f"{path}to_currency", message, "Leave it out.")
    if not (is_exact(rate.rate) and rate.rate > 0):
        message = f"A rate is above zero and has at most {DECIMALS} decimals."
        yield inputs.fault(f"{path}rate", message, "Correct it.")


def is_exact(figure: Decimal) -> bool:
    """Whether a figure is one of the books: finite, and of at most six decimals."""
    if not figure.is_finite():
        return False
    try:
        return exact(plain(figure)) == figure
    except InexactError:
        return False

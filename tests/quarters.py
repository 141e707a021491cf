"""A year of four quarters, and what closing each of them keeps of both legs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from books import Q1, Q2, consortium
from rappel.actions import periods
from rappel.core.access import SYSTEM
from rappel.store import rebates as stored

if TYPE_CHECKING:
    from books import Books
    from rappel.store.base import Database

LATER = datetime(2027, 4, 9, 12, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
OWN = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-volumen"
tiers = [{ from = "0", percent = "2" }, { from = "1000", percent = "5" }]

[programmes.outbound]
tiers = [{ from = "0", percent = "1" }, { from = "1000", percent = "2" }]
"""
QUARTERS = {
    "2026-Q1": Q1,
    "2026-Q2": Q2,
    "2026-Q3": (date(2026, 7, 1), date(2026, 10, 1)),
    "2026-Q4": (date(2026, 10, 1), date(2027, 1, 1)),
}


def opened(db: Database, *agreements: str) -> Books:
    """Return a consortium with the four quarters of a year."""
    books = consortium(db, *agreements)
    for code, days in list(QUARTERS.items())[1:]:
        books.period(code, *days)
    return books


def close(books: Books, quarter: str) -> list[str]:
    """Close a quarter; answer what it kept of each programme's window."""
    periods.close(books.db, books.admin, f"2026-{quarter}", now=LATER)
    return kept(books, f"2026-{quarter}")


def kept(books: Books, period: str) -> list[str]:
    """Write pools: what is owed, had and kept, and how much of each is new."""
    with books.db.reading(SYSTEM) as session:
        found = stored.pools_of(session, SYSTEM, period)
    return [
        f"{one.window:%m-%d} owes {one.inbound:.2f} {one.change.inbound:+.2f}"
        f" has {one.outbound:.2f} {one.change.outbound:+.2f}"
        f" keeps {one.difference:.2f} {one.change.difference:+.2f}"
        + (f" of {one.adjusts[5:]}" if one.adjusts else "")
        for one in found
    ]

"""Random books as the JSON of a simulation, of everything that the engine computes.

A book is a random number's: the same seed is the same book. Terms are drawn from the
whole vocabulary; what :mod:`rappel.ingest` refuses is drawn again, so that the books
grow with the engine; ``refused`` counts what was not to be had.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from core import deals_at_random as deals
from rappel.ingest.terms import judged, programme_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = dict[str, Any]
SUPPLIERS = ("andes", "bravo", "cumbre")
PERIODS = (
    ("2026-01-01", "2026-04-01"),
    ("2026-01-01", "2026-04-01"),
    ("2026-04-01", "2026-07-01"),
    ("2026-01-01", "2026-07-01"),
    ("2026-02-01", "2026-03-01"),
    ("2025-07-01", "2026-01-01"),
)
FIRST = date(2025, 4, 1)
DAYS = 400
DRAWS = 12


@dataclass
class Drawn:
    """A random book, and how many terms were drawn and refused on the way."""

    case: Row
    drawn: int = 0
    refused: set[str] = field(default_factory=set)


def book_of(seed: int) -> Drawn:
    """Make the random book of a seed."""
    random = Random(seed)
    currency = random.choice(["MXN", "MXN", "MXN", "USD", "CLP"])
    members = [_member(random, number) for number in range(random.randint(1, 5))]
    start, end = random.choice(PERIODS)
    book = Drawn({"currency": currency, "period": {"start": start, "end": end}})
    codes = [member["code"] for member in members]
    suppliers = SUPPLIERS[: random.randint(1, 3)]
    named = deals.Named(codes, suppliers)
    programmes: list[Row] = []
    for place in range(random.randint(1, 4)):
        programmes += _accepted(random, book, f"p{place}", programmes, named)
    purchases = [
        _purchase(random, codes, suppliers, book.case)
        for _ in range(random.randint(0, 30))
    ]
    book.case |= {
        "members": members,
        "programmes": programmes,
        "purchases": purchases,
        "rates": _rates(random, book.case, purchases),
        "settled": _settled(random, programmes, codes, end),
        "baselines": _baselines(random, programmes, codes),
    }
    return book


def _accepted(
    random: Random, book: Drawn, code: str, before: list[Row], named: deals.Named
) -> list[Row]:
    """Draw until nothing is refused, and fall back on the plainest terms."""
    for _ in range(DRAWS):
        book.drawn += 1
        ones = deals.revisions(random, code, before=before, named=named)
        faults = judged(
            tuple(
                programme_of(one, currency=book.case["currency"], revision=number)
                for number, one in enumerate([*before, *ones], start=1)
            )
        )
        if not faults:
            return ones
        book.refused |= {f"{fault.code} {fault.field}" for fault in faults}
    return [{"code": code, "supplier": "*", "tiers": deals.PLAIN}]


def _member(random: Random, number: int) -> Row:
    """Return one of a few families, segments and countries, who may come and go."""
    return {
        "code": f"m{random.randrange(10)}{number}",
        "family": random.choice([None, "one", "two"]),
        "country": random.choice(["MX", "CO", None]),
        "segments": random.sample(["cctv", "access"], random.randint(0, 2)),
        "joined": random.choice([None, None, None, "2026-02-10"]),
        "left": random.choice([None, None, None, "2026-03-20"]),
    }


def figure(random: Random, most: int, places: int = 2) -> str:
    """Return an amount, often a round one that meets a threshold."""
    if random.random() < 0.4:
        return str(random.randrange(most // 500 + 1) * 500)
    whole, rest = divmod(random.randrange(most * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}"


def _day(random: Random, case: Row) -> date:
    """Return a day, most often of the period."""
    start, end = (date.fromisoformat(case["period"][name]) for name in ("start", "end"))
    if random.random() < 0.6:
        return start + timedelta(days=random.randrange((end - start).days))
    return FIRST + timedelta(days=random.randrange(DAYS))


def _purchase(
    random: Random, codes: Sequence[str], suppliers: Sequence[str], case: Row
) -> Row:
    own = case["currency"]
    currency = random.choice([own, own, own, "EUR", "BRL"])
    stated = currency != own and random.random() < 0.95
    day = _day(random, case)
    back = day - timedelta(days=random.choice([0, 3, 40, 100]))
    kind = random.choice(["invoice", "invoice", "debit_note", "credit_note"])
    paid = day + timedelta(days=random.choice([0, 10, 45]))
    return {
        "member": random.choice(codes),
        "supplier": random.choice(suppliers),
        "code": random.choice(["A", "B", "C", None]),
        "category": random.choice(["cctv", "access", None]),
        "date": day.isoformat(),
        "kind": kind,
        "currency": currency,
        "amount": figure(random, 20_000),
        "quantity": str(random.randrange(40)),
        "document": f"D-{random.randrange(1000)}",
        "original": {"document": "D-1", "date": back.isoformat()}
        if kind == "credit_note"
        else None,
        "paid": paid.isoformat() if random.random() < 0.8 else None,
        "rate": f"{random.randrange(15, 20)}.5" if stated else None,
    }


def _rates(random: Random, case: Row, purchases: Sequence[Row]) -> list[Row]:
    """Return official rates for nearly every day that one may be asked for."""
    end = date.fromisoformat(case["period"]["end"])
    days = {(end - timedelta(days=back)).isoformat() for back in (0, 1, 2, 20, 100)}
    days |= {row["date"] for row in purchases}
    days |= {row["original"]["date"] for row in purchases if row["original"]}
    return [
        {
            "from": other,
            "to": case["currency"],
            "date": day,
            "rate": f"{random.randrange(15, 20)}.{random.randrange(10**6):06d}",
        }
        for day in sorted(days)
        for other in ("EUR", "BRL")
        if random.random() < 0.99
    ]


def _settled(
    random: Random, programmes: Sequence[Row], codes: Sequence[str], end: str
) -> list[Row]:
    """Say what was settled before, for the last window of a few that have begun."""
    return [
        {
            "programme": one["code"],
            "member": random.choice(codes),
            "window": None,
            "amount": str(random.randrange(800)),
        }
        for one in programmes
        if random.random() < 0.4 and (one.get("in_force_from") or "") < end
    ]


def _baselines(
    random: Random, programmes: Sequence[Row], codes: Sequence[str]
) -> list[Row]:
    """Say what most members had before, of some programmes nothing."""
    return [
        {"programme": code, "member": member, "measure": figure(random, 12_000)}
        for code in dict.fromkeys(one["code"] for one in programmes)
        for member in codes
        if random.random() < 0.9
    ]

"""Snapshots: the explicit list of what a run reads, and those facts read again.

Owns the pin and the loading of what it names; computes nothing. Everything obeys this:
the pin is one SQL statement, hence of one moment; rows that never change are named by
their ids (PostgreSQL multiranges as text), what may change (members, suppliers, the
periods closed before) is copied into it. The same snapshot read again years later gives
the same facts.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.core.frames import (
    CATALOGUE,
    MEMBERS,
    RATES,
    SETTLED,
    SUPPLIERS,
    Shape,
)
from rappel.core.money import AMOUNT
from rappel.store import parts
from rappel.store.baselines import BASELINE_ROWS, STATED
from rappel.store.claims import CLAIMED, CLAIMED_ROWS, TOLD, TOLD_ROWS
from rappel.store.newer import touched
from rappel.store.originals import ORIGINAL_ROWS, ORIGINALS
from rappel.store.payments import PAID, PAID_ROWS
from rappel.store.pins import PIN

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer

ADDED: Final[dict[str, str | None]] = {
    "payments": "{}",
    "baselines": "{}",
    "pools": None,
}
"""Sets that snapshots did not name from the first day on, and what is none of each.

A run that knew no ``pools`` kept none of the closed windows that it adjusted.
"""
SETS: Final = (
    "invoices",
    "events",
    "revisions",
    "rates",
    "catalogue",
    "posted",
    *ADDED,
)
EVERYTHING: Final = "{(,)}"
BALANCES: Final = Shape(
    "balances",
    {"programme": SETTLED.columns["programme"], "member": MEMBERS.columns["member"]}
    | {"amount": AMOUNT},
    key=("programme", "member"),
)
STOPPED: Final = """
select invoice_id, event from (
  select distinct on (invoice_id) invoice_id, event from line_event
  where cast(:events as int8multirange) @> id and cast(:invoices as int8multirange)
    @> invoice_id
  order by invoice_id, id desc
) as newest where event <> 'released' order by invoice_id
"""
RATE_ROWS: Final = """
select distinct on (from_currency, to_currency, rate_date)
  from_currency, to_currency, rate_date, rate from fx_rate
where cast(:rates as int8multirange) @> id
order by from_currency, to_currency, rate_date, id desc
"""
CATALOGUE_ROWS: Final = """
select distinct on (supplier_id, code) supplier_id, code, category, unit
from catalogue_item where cast(:catalogue as int8multirange) @> id
order by supplier_id, code, id desc
"""
SETTLED_ROWS: Final = """
select p.code, r.member_id, r.window_start, sum(r.due)
from rebate r join programme p on p.id = r.programme_id
where cast(:posted as int8multirange) @> r.id group by 1, 2, 3 order by 1, 2, 3
"""
BALANCE_ROWS: Final = """
select p.code, r.member_id, sum(r.due) - sum(r.payable_now)
from rebate r join programme p on p.id = r.programme_id
where cast(:posted as int8multirange) @> r.id group by 1, 2
having sum(r.due) <> sum(r.payable_now) order by 1, 2
"""
REVISION_ROWS: Final = """
select r.id, r.number, a.code, r.in_force_from, r.in_force_until, r.document
from revision r join agreement a on a.id = r.agreement_id
where cast(:revisions as int8multirange) @> r.id order by a.code, r.number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A period that was closed before; ``starts`` and ``ends`` are ISO days."""

    id: int
    code: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a run reads: sets of row ids, and copies of what may change.

    ``payments`` are those that hold: the newest of each invoice, paid before the end.

    ``posted`` and ``pools`` are the rebates and both legs of every other period that
    was closed by then; ``closed`` are those of these periods that facts newer than the
    last run touch.
    """

    invoices: str
    events: str
    payments: str
    revisions: str
    rates: str
    catalogue: str
    posted: str
    pools: str | None
    baselines: str
    members: tuple[dict[str, Any], ...]
    suppliers: tuple[dict[str, Any], ...]
    closed: tuple[Closed, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as the run keeps it, with the hash that it always had."""
        kept = asdict(self)
        none = [name for name, empty in ADDED.items() if kept[name] == empty]
        return {name: value for name, value in kept.items() if name not in none}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Snapshot:
        """Read what :meth:`as_json` wrote."""
        return cls(
            members=tuple(kept["members"]),
            suppliers=tuple(kept["suppliers"]),
            closed=tuple(Closed(**one) for one in kept["closed"]),
            **{name: (ADDED | kept)[name] for name in SETS},
        )

    @property
    def sha256(self) -> bytes:
        """The hash of its canonical JSON."""
        text = json.dumps(
            self.as_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A revision as it was signed; ``document`` is the TOML's own text."""

    id: int
    number: int
    agreement: str
    in_force_from: date | None
    in_force_until: date | None
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The facts of a snapshot, as frames.

    ``purchases`` are all its lines (:data:`rappel.store.parts.PURCHASES`); ``stopped``
    says of each document that no longer counts by which event; ``originals`` of each
    credit note the day of the invoice that it corrects, where all that it names were of
    one day; ``paid`` which documents count as paid; ``baselines`` say their source
    (:data:`rappel.store.baselines.STATED`). ``balances`` is what was due and not yet
    payable, by programme and member; ``claimed`` and ``told`` are what was kept before
    of each window (:mod:`rappel.store.claims`), ``told`` only where a closed period is
    computed again; ``keeps_claims`` is false of runs that
    kept both legs of their own windows alone.
    """

    purchases: pl.LazyFrame
    stopped: dict[int, str]
    originals: pl.DataFrame
    paid: pl.DataFrame
    members: pl.DataFrame
    suppliers: pl.DataFrame
    rates: pl.DataFrame
    baselines: pl.DataFrame
    catalogue: pl.DataFrame
    settled: pl.DataFrame
    balances: pl.DataFrame
    keeps_claims: bool
    claimed: pl.DataFrame
    told: pl.DataFrame
    revisions: tuple[Signed, ...]
    closed: tuple[Closed, ...]


def pin(session: Session, *, period: int, starts: date, ends: date) -> Snapshot:
    """Pin what a run of the period reads: all that is committed at this moment."""
    row = session.execute(
        sa.text(PIN), {"period": period, "starts": starts, "ends": ends}
    ).one()
    found = dict(row._mapping)  # noqa: SLF001  the row's public mapping
    before = found.pop("before")
    everything = Snapshot.of(found)
    if before is None:
        return replace(everything, closed=())
    first = touched(session, everything, Snapshot.of(before))
    return replace(
        everything,
        closed=tuple(one for one in everything.closed if first < one.ends),
    )


def load(session: Session, viewer: Viewer, cache: Path, snapshot: Snapshot) -> Books:
    """Read the facts that ``snapshot`` names; for the system and administrators."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        names = {
            name: getattr(snapshot, name) or "{}"
            for name in SETS
            if f":{name}" in query
        }
        return [tuple(row) for row in session.execute(sa.text(query), names)]

    return Books(
        purchases=parts.lines(session, viewer, cache, snapshot.invoices),
        stopped=dict(rows(STOPPED)),
        originals=ORIGINALS.of(rows(ORIGINAL_ROWS)),
        paid=PAID.of(rows(PAID_ROWS)),
        members=MEMBERS.of([_member(one) for one in snapshot.members]),
        suppliers=SUPPLIERS.of(snapshot.suppliers),
        rates=RATES.of(rows(RATE_ROWS)),
        baselines=STATED.of(rows(BASELINE_ROWS)),
        catalogue=CATALOGUE.of(rows(CATALOGUE_ROWS)),
        settled=SETTLED.of(rows(SETTLED_ROWS)),
        balances=BALANCES.of(rows(BALANCE_ROWS)),
        keeps_claims=snapshot.pools is not None,
        claimed=CLAIMED.of(rows(CLAIMED_ROWS)),
        told=TOLD.of(rows(TOLD_ROWS) if snapshot.closed else ()),
        revisions=signed(session, snapshot.revisions),
        closed=snapshot.closed,
    )


def signed(session: Session, revisions: str = EVERYTHING) -> tuple[Signed, ...]:
    """Read revisions as they were signed, all or those of a set of ids."""
    found = session.execute(sa.text(REVISION_ROWS), {"revisions": revisions})
    names = [one.name for one in fields(Signed)]
    return tuple(Signed(**dict(zip(names, row, strict=True))) for row in found)


def _member(kept: dict[str, Any]) -> dict[str, Any]:
    """Turn a member's ISO days into days."""
    days = {name: kept[name] and date.fromisoformat(kept[name]) for name in DAYS}
    return kept | days


DAYS: Final = ("joined", "left")

"""News: what a run knows that the run before it did not.

Owns the difference between the snapshots of two runs; judges nothing. Everything obeys
this: both snapshots never change, so the news of a kept run are the same for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl
import sqlalchemy as sa

from rappel.store.snapshots import SETS, Snapshot

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from rappel.core.period import Period
    from rappel.store.runs import KeptRun

BEFORE: Final = """
select r.snapshot from period p join run r on r.id = p.run_id
where p.ends <= :starts and p.id <> :period order by p.ends desc limit 1
"""
DOCUMENTS: Final = """
with heard as (
  select i.id, null as event, 0 as at, false as said
    from unnest(cast(:invoices as int8multirange)
      - cast(:old_invoices as int8multirange)) as r
    join invoice i on i.id >= lower(r) and i.id < upper(r)
  union all
  select e.invoice_id, e.event, e.id, false
    from unnest(cast(:events as int8multirange)
      - cast(:old_events as int8multirange)) as r
    join line_event e on e.id >= lower(r) and e.id < upper(r)
    where cast(:invoices as int8multirange) @> e.invoice_id
  union all
  select p.invoice_id, case when exists (
      select from payment n where n.invoice_id = p.invoice_id
        and cast(:payments as int8multirange) @> n.id)
      then 'paid' else 'unpaid' end, 0, true
    from unnest((cast(:payments as int8multirange) - cast(:old_payments as
      int8multirange)) + (cast(:old_payments as int8multirange) - cast(:payments as
      int8multirange))) as r join payment p on p.id >= lower(r) and p.id < upper(r)
    where cast(:invoices as int8multirange) @> p.invoice_id
)
select distinct on (h.id, h.said) h.id, i.member_id, s.code, h.event, case
    when i.originals <> '{}' or i.original_date is not null
    then original_day(i.id, cast(:invoices as int8multirange)) end, i.invoice_date
from heard h join invoice i on i.id = h.id join supplier s on s.id = i.supplier_id
order by h.id, h.said desc, h.at desc
"""
BASELINES: Final = """
select distinct on (p.code, b.member_id, b.window_start)
  p.code, b.member_id, b.window_start, b.source, b.source_date
from unnest(cast(:baselines as int8multirange)
  - cast(:old_baselines as int8multirange)) as n
join baseline b on b.id >= lower(n) and b.id < upper(n)
join programme p on p.id = b.programme_id
order by p.code, b.member_id, b.window_start, b.id desc
"""
REVISIONS: Final = """
select a.code, r.number, r.in_force_from
from unnest(cast(:revisions as int8multirange)
  - cast(:old_revisions as int8multirange)) as n
join revision r on r.id >= lower(n) and r.id < upper(n)
join agreement a on a.id = r.agreement_id order by a.code, r.number
"""
RATES: Final = """
select distinct f.rate_date
from unnest(cast(:rates as int8multirange) - cast(:old_rates as int8multirange)) as n
join fx_rate f on f.id >= lower(n) and f.id < upper(n)
"""
ITEMS: Final = """
select distinct c.supplier_id, c.code
from unnest(cast(:catalogue as int8multirange)
  - cast(:old_catalogue as int8multirange)) as n
join catalogue_item c on c.id >= lower(n) and c.id < upper(n)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A document that came, or whose standing changed by ``event``.

    Also ``paid`` and ``unpaid``, beside and before what else is known of it.
    ``days`` are those on which it may count: its own, and that of its invoice.
    """

    invoice: int
    member: int
    supplier: str
    event: str | None
    days: tuple[date, ...]


class Restated(NamedTuple):
    """A baseline that was stated or corrected: whose, of which window, and where."""

    programme: str
    member: int
    window: date
    source: str
    date: date


class Signature(NamedTuple):
    """A revision that was signed: its agreement, its number, its first day."""

    agreement: str
    number: int
    since: date | None


class Changed(NamedTuple):
    """What the two snapshots say of one member."""

    before: dict[str, Any]
    now: dict[str, Any]

    def in_(self, window: Period) -> bool:
        """Whether it is another within the window: its place, its groups, its days."""
        return _standing(self.before, window) != _standing(self.now, window)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What came between two runs.

    ``rates`` are the days of new exchange rates, ``items`` new words of catalogues:
    ``supplier, code``.
    """

    documents: tuple[Heard, ...]
    baselines: tuple[Restated, ...]
    revisions: tuple[Signature, ...]
    rates: frozenset[date]
    items: pl.DataFrame
    members: dict[int, Changed]


def of(session: Session, run: KeptRun) -> News | None:
    """Return what ``run`` knows that the one before did not; none if it is the first.

    The viewer of the session is the system.
    """
    kept = session.scalar(
        sa.text(BEFORE), {"starts": run.period.starts, "period": run.period.id}
    )
    if kept is None:
        return None
    now, before = Snapshot.of(run.snapshot), Snapshot.of(kept)

    def rows(query: str) -> list[tuple[Any, ...]]:
        names = [name for name in SETS if f":{name} " in query]
        ids = {name: getattr(now, name) for name in names}
        old = {f"old_{name}": getattr(before, name) for name in names}
        given = {
            name: text for name, text in (ids | old).items() if f":{name} " in query
        }
        return [tuple(row) for row in session.execute(sa.text(query), given)]

    return News(
        documents=tuple(_heard(row) for row in rows(DOCUMENTS)),
        baselines=tuple(Restated(*row) for row in rows(BASELINES)),
        revisions=tuple(Signature(*row) for row in rows(REVISIONS)),
        rates=frozenset(day for (day,) in rows(RATES)),
        items=pl.DataFrame(
            rows(ITEMS), schema={"supplier": pl.Int64, "code": pl.String}, orient="row"
        ),
        members=_changed(now, before),
    )


def _heard(row: tuple[Any, ...]) -> Heard:
    invoice, member, supplier, event, original, day = row
    return Heard(
        invoice=invoice,
        member=member,
        supplier=supplier,
        event=event,
        days=(day,) if original is None else (day, original),
    )


def _changed(now: Snapshot, before: Snapshot) -> dict[int, Changed]:
    known = {one["member"]: one for one in before.members}
    return {
        one["member"]: Changed(known[one["member"]], one)
        for one in now.members
        if known.get(one["member"], one) != one
    }


def _standing(member: dict[str, Any], window: Period) -> tuple[Any, ...]:
    """Return what a window sees of a member; days outside it are all alike."""
    first, last = window.start.isoformat(), window.end.isoformat()
    return (
        *(member[name] for name in ("family", "country", "segments")),
        max(member["joined"] or first, first),
        min(member["left"] or last, last),
    )

"""Newer: the first day that facts newer than the run before may touch.

Owns the comparison of two snapshots. Where no newer fact touches a closed period,
computing it again gives what was paid, and it is left out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.store.snapshots import Snapshot

FACTS: Final = ("invoices", "events", "payments", "rates", "baselines")
TOUCHED: Final = """
select least(
  (select min(least(i.invoice_date, case when i.originals <> '{}'
     or i.original_date is not null
     then original_day(i.id, cast(:invoices as int8multirange)) end))
     from unnest(cast(:invoices as int8multirange) - cast(:old_invoices as
       int8multirange)) as r join invoice i on i.id >= lower(r) and i.id < upper(r)),
  (select min(least(i.invoice_date, case when i.originals <> '{}'
     or i.original_date is not null
     then original_day(i.id, cast(:invoices as int8multirange)) end))
     from unnest(cast(:events as int8multirange) - cast(:old_events as
       int8multirange)) as r join line_event e on e.id >= lower(r) and e.id < upper(r)
     join invoice i on i.id = e.invoice_id),
  (select min(i.invoice_date)
     from unnest((cast(:payments as int8multirange) - cast(:old_payments as
       int8multirange)) + (cast(:old_payments as int8multirange) - cast(:payments as
       int8multirange))) as r join payment p on p.id >= lower(r) and p.id < upper(r)
     join invoice i on i.id = p.invoice_id),
  (select min(f.rate_date)
     from unnest(cast(:rates as int8multirange) - cast(:old_rates as
       int8multirange)) as r join fx_rate f on f.id >= lower(r) and f.id < upper(r)),
  (select min(b.window_start)
     from unnest(cast(:baselines as int8multirange) - cast(:old_baselines as
       int8multirange)) as r join baseline b on b.id >= lower(r) and b.id < upper(r)))
"""


def touched(session: Session, now: Snapshot, before: Snapshot) -> str:
    """Return the first day that facts newer than the run before may touch.

    A payment touches its invoice's day when it comes to hold and when it ceases to.
    That run paid what every period before it was then short of: where no newer fact
    touches a period, computing it again gives what was paid.
    """
    known = {one["member"] for one in before.members}
    same = (
        now.revisions == before.revisions
        and now.catalogue == before.catalogue
        and tuple(one for one in now.members if one["member"] in known)
        == before.members
    )
    if not same:
        return date.min.isoformat()
    sets = {name: getattr(now, name) for name in FACTS}
    sets |= {f"old_{name}": getattr(before, name) for name in sets}
    day = session.scalar(sa.text(TOUCHED), sets)
    return (day or date.max).isoformat()

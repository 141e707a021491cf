"""Claims: both legs of every window as earlier periods kept them.

Owns the queries over a snapshot's own sets (:mod:`rappel.store.snapshots` runs them).
Everything obeys this: what was kept of a window is the sum of all that was added to it,
and what a member was told of it is what its newest rebate says.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rappel.core.frames import Shape
from rappel.core.money import AMOUNT

CLAIMED: Final = Shape(
    "claimed",
    {
        "programme": pl.String(),
        "window": pl.Date(),
        "inbound_before": AMOUNT,
        "outbound_before": AMOUNT,
        "fee_before": AMOUNT,
    },
    key=("programme", "window"),
)
CLAIMED_ROWS: Final = """
select p.code, q.window_start, sum(q.inbound - q.inbound_before),
  sum(q.outbound - q.outbound_before), sum(q.fee - q.fee_before)
from pool q join programme p on p.id = q.programme_id
where cast(:pools as int8multirange) @> q.id group by 1, 2 order by 1, 2
"""
TOLD: Final = Shape(
    "told",
    {
        "programme": pl.String(),
        "member": pl.Int64(),
        "window": pl.Date(),
        "earned": AMOUNT,
        "fee": AMOUNT,
    },
    key=("programme", "member", "window"),
)
TOLD_ROWS: Final = """
select distinct on (p.code, r.member_id, r.window_start)
  p.code, r.member_id, r.window_start, r.earned, r.fee
from rebate r join programme p on p.id = r.programme_id
join period q on q.id = r.period_id
where cast(:posted as int8multirange) @> r.id
order by p.code, r.member_id, r.window_start, q.ends desc
"""

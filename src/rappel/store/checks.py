"""Checks: the queries that look for rows which break an invariant.

Owns one query for each invariant that the tables alone can prove; each answers the rows
that violate it, in a stable order, and nothing when it holds. The viewer is the system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from rappel.store.statements import StatementRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sqlalchemy.orm import Session

INVARIANTS: Final = {
    "lines of a statement sum to its total": """
        select s.number, s.currency, s.total,
            coalesce(sum(r.payable_now), 0) as lines
        from statement s
        left join rebate r on r.run_id = s.run_id and r.member_id = s.member_id
            and r.currency = s.currency
        group by s.number, s.currency, s.total
        having s.total <> coalesce(sum(r.payable_now), 0) order by s.number""",
    "every rebate of an issued period is on a statement": """
        select r.ref, r.currency from rebate r
        join period p on p.id = r.period_id and p.state in ('issued', 'settled')
        where not exists (select from statement s where s.period_id = r.period_id
            and s.member_id = r.member_id and s.currency = r.currency)
        order by r.ref""",
    "members' parts are the claim less what the group keeps": """
        select p.id as pool, p.inbound, p.difference,
            coalesce(sum(r.earned - r.fee), 0) as parts
        from pool p left join rebate r on r.run_id = p.run_id
            and r.programme_id = p.programme_id
            and r.window_start = p.window_start and r.adjusts_id is null
        where p.adjusts_id is null group by p.id, p.inbound, p.difference
        having coalesce(sum(r.earned - r.fee), 0) <> p.inbound - p.difference
        order by p.id""",
    "members' parts of an adjusted claim are what each was told last": """
        select p.id as pool, p.inbound, p.difference, coalesce(sum(l.part), 0) as parts
        from pool p join period c on c.id = p.period_id left join lateral (
            select distinct on (r.member_id) r.earned - r.fee as part
            from rebate r join period q on q.id = r.period_id
            where r.programme_id = p.programme_id and q.ends <= c.ends
            and r.window_start = p.window_start order by r.member_id, q.ends desc
        ) as l on true
        where p.adjusts_id is not null group by p.id, p.inbound, p.difference
        having coalesce(sum(l.part), 0) <> p.inbound - p.difference order by p.id""",
    "the consortium keeps what is between both legs": """
        select id as pool, inbound, outbound, difference from pool
        where difference <> inbound - outbound order by id""",
    "what a claim had before is all that was kept before": """
        select p.id as pool, p.inbound_before, coalesce(
            sum(b.inbound - b.inbound_before), 0) as kept
        from pool p join period c on c.id = p.period_id
        left join (pool b join period q on q.id = b.period_id)
            on b.programme_id = p.programme_id and b.window_start = p.window_start
            and q.ends <= c.starts
        group by p.id, p.inbound_before, p.outbound_before, p.fee_before
        having (p.inbound_before, p.outbound_before, p.fee_before) <> (
            coalesce(sum(b.inbound - b.inbound_before), 0),
            coalesce(sum(b.outbound - b.outbound_before), 0),
            coalesce(sum(b.fee - b.fee_before), 0)) order by p.id""",
    "what adjusts members adjusts the claim": """
        select r.ref from rebate r join run u on u.id = r.run_id
        join programme g on g.id = r.programme_id
        where r.adjusts_id is not null and u.snapshot ? 'pools' and not exists (
            select from pool p where p.run_id = r.run_id
            and p.programme_id = r.programme_id and p.window_start = r.window_start
            and p.adjusts_id = r.adjusts_id)
        and not exists (select from jsonb_array_elements(u.findings) as f
            where f -> 'params' ->> 'programme' = g.code)
        order by r.ref""",
    "what is due follows from what is earned": """
        select ref, earned, fee, holdback, settled_before, due from rebate
        where due <> earned - fee - holdback - settled_before order by ref""",
    "settled before is all that was posted before": """
        select r.ref, r.settled_before, coalesce(sum(b.due), 0) as posted
        from rebate r join period p on p.id = r.period_id
        left join (rebate b join period q on q.id = b.period_id)
            on b.programme_id = r.programme_id and b.member_id = r.member_id
            and b.window_start = r.window_start and q.ends <= p.starts
        group by r.ref, r.settled_before
        having r.settled_before <> coalesce(sum(b.due), 0) order by r.ref""",
    "nothing due is lost in a balance": """
        select p.code as programme, m.code as member, sum(r.due) as due,
            sum(r.payable_now) as payable
        from rebate r join programme p on p.id = r.programme_id
        join member m on m.id = r.member_id
        group by p.code, m.code
        having sum(r.due) - sum(r.payable_now) <> (
            select sum(l.carried) from rebate l
            where l.programme_id = min(r.programme_id)
            and l.member_id = min(r.member_id) and l.run_id = max(r.run_id))
        order by p.code, m.code""",
    "one fiscal key counts once": """
        select i.fiscal_key, count(*) as times from invoice i
        where i.fiscal_key is not null and not coalesce((
            select e.event <> 'released' from line_event e
            where e.invoice_id = i.id order by e.id desc limit 1), false)
        group by i.fiscal_key having count(*) > 1 order by i.fiscal_key""",
    "a number series has no gap": """
        select c.code, c.last, count(s.id) as statements, max(s.serial) as highest
        from statement_series c left join statement s on s.series = c.code
        group by c.code, c.last
        having c.last <> count(s.id) or c.last <> max(s.serial) order by c.code""",
    "a statement's number is its series and serial": """
        select number from statement
        where number <> series || '-' || case when serial < 10000
            then lpad(serial::text, 4, '0') else serial::text end
        order by number""",
    "a closed period has its run": """
        select code, state from period
        where (state = 'open') <> (run_id is null) or state = 'closing'
        order by code""",
    "a run belongs to one closed period": """
        select r.ref from run r left join period p on p.run_id = r.id
        where p.id is null or p.id <> r.period_id order by r.ref""",
    "only issued periods have statements": """
        select s.number, p.state from statement s join period p on p.id = s.period_id
        where p.state not in ('issued', 'settled') or s.run_id <> p.run_id
        order by s.number""",
    "a line is its invoice's": """
        select l.id as line from line l join invoice i on i.id = l.invoice_id
        where (l.member_id, l.supplier_id) <> (i.member_id, i.supplier_id)
        order by l.id""",
    "every closing and issue has its audit entry": """
        select p.code, p.state from period p where p.state <> 'open' and not exists (
            select from audit_entry a where a.verb = 'close_period'
            and a.subject = 'period ' || p.code)
        or p.state in ('issued', 'settled') and not exists (
            select from audit_entry a where a.verb = 'issue'
            and a.subject = 'period ' || p.code)
        order by p.code""",
}


def broken(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each invariant that does not hold, with the first row that breaks it."""
    for invariant, query in INVARIANTS.items():
        row = session.execute(sa.text(query)).mappings().first()
        if row is not None:
            yield invariant, dict(row)


class KeptStatement(NamedTuple):
    """A statement's row, as far as it is checked."""

    number: str
    total: Decimal
    body: dict[str, Any]
    pdf: bytes
    sha256: bytes


def each_statement(session: Session) -> Iterator[KeptStatement]:
    """Yield every statement, some at a time, in the order of series and serial."""
    query = sa.select(
        StatementRow.number,
        StatementRow.total,
        StatementRow.body,
        StatementRow.pdf,
        StatementRow.sha256,
    ).order_by(StatementRow.series, StatementRow.serial)
    for row in session.execute(query).yield_per(50):
        yield KeptStatement(*row)

"""The SQL of a pin: the rows that a run reads.

Owns the statement (:mod:`rappel.store.snapshots` runs it). Everything obeys this: it is
one statement, hence of one moment.
"""

from __future__ import annotations

from typing import Final

PIN: Final = """
select
  (select (known +
     (select coalesce(range_agg(int8range(i.id, i.id, '[]')), '{}')
        from unnest('{(,)}'::int8multirange - known) as gap
        join invoice i on i.id >= coalesce(lower(gap), 0)
          and i.id < coalesce(upper(gap), 9223372036854775807)) -
     (select coalesce(range_agg(int8range(id, id, '[]')), '{}')
        from invoice where invoice_date >= :ends))::text
     from (select coalesce(range_agg(invoices), '{}') as known
             from part) as parts) as invoices,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from line_event) as events,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from (select distinct on (invoice_id) id, paid_on from payment
       order by invoice_id, id desc) as newest where paid_on < :ends) as payments,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from revision) as revisions,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from fx_rate) as rates,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from catalogue_item) as catalogue,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from baseline) as baselines,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from rebate where period_id <> :period) as posted,
  (select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text
     from pool where period_id <> :period) as pools,
  (select coalesce(json_agg(json_build_object(
     'member', id, 'code', code, 'family', family, 'country', country,
     'segments', segments, 'joined', joined, 'left', left_on) order by id), '[]')
     from member) as members,
  (select coalesce(json_agg(json_build_object('supplier', id, 'code', code)
     order by id), '[]') from supplier) as suppliers,
  (select coalesce(json_agg(json_build_object(
     'id', id, 'code', code, 'starts', starts, 'ends', ends) order by ends desc), '[]')
     from period where ends <= :starts and state <> 'open' and id <> :period) as closed,
  (select r.snapshot from period p join run r on r.id = p.run_id
     where p.ends <= :starts and p.id <> :period order by p.ends desc limit 1) as before
"""

"""Payments: what is said of when an invoice was paid, and what that makes count.

Owns the table and the query of what counts as paid. Does not own the rule of what an
agreement makes of it (:mod:`rappel.core.eligibility`). Convention: rows are added,
never changed; of an invoice the newest one holds, and one without a day says that the
invoice is not paid.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from rappel.core.frames import LINES, Shape
from rappel.store.base import Base

if TYPE_CHECKING:
    from collections.abc import Mapping

PAID: Final = Shape("paid", {"document": LINES.columns["document"]}, key=("document",))
PAID_ROWS: Final = """
with paid as materialized (
  select invoice_id from payment where cast(:payments as int8multirange) @> id)
select invoice_id from paid where cast(:invoices as int8multirange) @> invoice_id
union
select i.id from invoice i
where (i.originals <> '{}' or i.original_date is not null)
  and cast(:invoices as int8multirange) @> i.id
  and not exists (
    select from (
      select distinct on (o.fiscal_key) o.id from invoice o
      where o.fiscal_key = any(i.originals) and o.member_id = i.member_id
        and o.supplier_id = i.supplier_id
        and cast(:invoices as int8multirange) @> o.id
      order by o.fiscal_key, o.id desc
    ) as o where o.id not in (select invoice_id from paid))
order by 1
"""
"""The paid invoices, and the credit notes that name no invoice here that is unpaid."""


class PaymentRow(Base):
    """What was said of the payment of an invoice; ``paid_on`` null: it is not paid."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    paid_on: Mapped[date | None]
    because: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


def add(session: Session, row: PaymentRow) -> None:
    """Add what is said of a payment."""
    session.add(row)
    session.flush()


TELL: Final = """
insert into payment (invoice_id, member_id, paid_on, because, person_id, at)
select i.id, i.member_id, said.paid_on, :because, :person, :now
from unnest(cast(:invoices as bigint[]), cast(:days as date[]))
  as said (invoice, paid_on) join invoice i on i.id = said.invoice
where not exists (select from payment p where p.invoice_id = i.id)
order by i.id
"""
HAND_ON: Final = """
insert into payment (invoice_id, member_id, paid_on, because, person_id, at)
select i.id, i.member_id, held.paid_on, :because, :person, :now
from unnest(cast(:before as bigint[]), cast(:after as bigint[])) as pair (before, after)
  join invoice i on i.id = pair.after and i.kind <> 'credit_note'
  cross join lateral (select p.paid_on from payment p
    where p.invoice_id = pair.before order by p.id desc limit 1) as held
where held.paid_on is not null
  and not exists (select from payment p where p.invoice_id = i.id)
order by i.id
"""


def tell(
    session: Session,
    said: Mapping[int, date],
    because: str,
    *,
    person: int | None,
    now: datetime,
) -> None:
    """Add on which day invoices were paid, where nothing was said of it before."""
    if said:
        given = {"invoices": [*said], "days": [*said.values()]}
        told = {"because": because, "person": person, "now": now}
        session.execute(sa.text(TELL), given | told)


def hand_on(
    session: Session,
    handed: Mapping[int, int],
    because: str,
    *,
    person: int | None,
    now: datetime,
) -> None:
    """Let what is said of the payment of an invoice be said of the one after it."""
    if handed:
        given = {"before": [*handed], "after": [*handed.values()]}
        told = {"because": because, "person": person, "now": now}
        session.execute(sa.text(HAND_ON), given | told)


def newest(invoice: InstrumentedAttribute[int]) -> sa.ScalarSelect[date | None]:
    """Return the day on which an invoice was paid, as it is said now."""
    return (
        sa.select(PaymentRow.paid_on)
        .where(PaymentRow.invoice_id == invoice)
        .order_by(PaymentRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def with_payments(lines: pl.LazyFrame, paid: pl.DataFrame) -> pl.LazyFrame:
    """Return lines with ``paid``: a day before any period, or null.

    Rule: what a run knows to be paid before its period's end counts on its own date, in
    the periods closed before it too, which it then adjusts.
    """
    known = paid.lazy().with_columns(paid=pl.lit(date.min))
    return lines.join(known, on="document", how="left")

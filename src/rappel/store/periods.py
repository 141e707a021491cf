"""Periods, the parts of the Parquet cache, and what a run computed.

open → closing → closed → issued → settled, no way back. A run's snapshot is an explicit
list of what it read. ``volume`` rows are what a supplier may see of its own programmes;
``rebate`` rows are what a member may see of its own; ``pool`` rows hold the group's
figures and the supplier's claim, and are the administrator's alone.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


class PeriodRow(Base):
    """A half-open range of days that is closed and issued as one."""

    __tablename__ = "period"
    __table_args__ = (
        sa.CheckConstraint("starts < ends", name="order"),
        sa.CheckConstraint(
            "state in ('open', 'closing', 'closed', 'issued', 'settled')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    starts: Mapped[date]
    ends: Mapped[date]
    state: Mapped[str] = mapped_column(server_default="open")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    issued_at: Mapped[datetime | None]
    run_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("run.id", use_alter=True, name="fk_period_run_id")
    )


class PartRow(Base):
    """A Parquet file of the cache that may be trusted, by the hash of its bytes.

    ``invoices`` are the ids whose lines it holds, each in one part only: ids and not
    uploads, because a document that is released later joins an upload already read.
    """

    __tablename__ = "part"
    __table_args__ = (ExcludeConstraint(("invoices", "&&"), name="part_invoices"),)

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    invoices: Mapped[str] = mapped_column(INT8MULTIRANGE)
    rows: Mapped[int]
    content_hash: Mapped[bytes]


class RunRow(Base):
    """One computation of a period: its snapshot, and the hashes of both ends."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    as_of: Mapped[datetime]
    snapshot: Mapped[dict[str, Any]]
    snapshot_hash: Mapped[bytes]
    result_hash: Mapped[bytes]
    findings: Mapped[list[Any]]


class VolumeRow(Base):
    """What a member bought that counted for a programme, by month."""

    __tablename__ = "volume"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id"), index=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    month: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    quantity: Mapped[Decimal]
    lines: Mapped[int]


class RebateRow(Base):
    """What a member earned under a programme in a window, with its whole working.

    ``detail`` holds the slices, tiers, steps and the next tier, as the statement
    prints them. ``measure`` is null where the disclosure gate withholds the group's.
    ``adjusts_id`` is the closed period whose window this row corrects.
    """

    __tablename__ = "rebate"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id"), index=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    adjusts_id: Mapped[int | None] = mapped_column(sa.ForeignKey("period.id"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    window_start: Mapped[date]
    window_end: Mapped[date]
    currency: Mapped[str]
    volume: Mapped[Decimal]
    measure: Mapped[Decimal | None]
    threshold: Mapped[Decimal | None]
    earned: Mapped[Decimal]
    fee: Mapped[Decimal]
    holdback: Mapped[Decimal]
    settled_before: Mapped[Decimal]
    due: Mapped[Decimal]
    payable_now: Mapped[Decimal]
    carried: Mapped[Decimal]
    detail: Mapped[dict[str, Any]]


class PoolRow(Base):
    """A programme's window as a whole: measure, both legs and what stays between.

    Figures are the window's until the end of the period; those ``before`` are what
    earlier periods kept of it. ``adjusts_id`` is the closed period that it corrects.
    """

    __tablename__ = "pool"
    __table_args__ = (sa.Index(None, "programme_id", "window_start"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id"), index=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    window_start: Mapped[date]
    currency: Mapped[str]
    measure: Mapped[Decimal]
    contributors: Mapped[int]
    inbound: Mapped[Decimal]
    outbound: Mapped[Decimal]
    fee: Mapped[Decimal]
    difference: Mapped[Decimal]
    adjusts_id: Mapped[int | None] = mapped_column(sa.ForeignKey("period.id"))
    inbound_before: Mapped[Decimal]
    outbound_before: Mapped[Decimal]
    fee_before: Mapped[Decimal]

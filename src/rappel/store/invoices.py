"""Uploads, originals, documents as read, and the invoices and lines that count.

An upload is what somebody sent. A document is what was read in it, with its verdict;
a held one waits for a person. An accepted document becomes an invoice with lines, and
these never change: withdrawal, replacement, cancellation and release are rows of
``line_event``. A fiscal key is claimed once in the whole consortium, through the
function ``claim_fiscal_key``, which says ``new``, ``yours`` or ``held``, never whose.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base

LINE = sa.Numeric(38, 6)
CORRECTS = sa.text("originals <> '{}' or original_date is not null")


class OriginalRow(Base):
    """The bytes as they came, kept for ever under their SHA-256."""

    __tablename__ = "original"

    sha256: Mapped[bytes] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes]
    received_at: Mapped[datetime]


class UploadRow(Base):
    """One sending: one or more files by one person for one member.

    ``member_id`` is null when an administrator sends for several members: each
    document then finds its own by the receiver's tax id.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member.id"), index=True
    )
    received_at: Mapped[datetime]


class UploadFileRow(Base):
    """A file of an upload; the same bytes for the same sender are known at once."""

    __tablename__ = "upload_file"

    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(sa.ForeignKey("original.sha256"), index=True)


class DocumentRow(Base):
    """What was read, and what became of it.

    ``state`` is one of ``accepted``, ``held``, ``refused``, ``known`` (the same
    document already counts for this member). ``reading`` is the JSON of
    ``rappel read``; ``findings`` are those of the judgement here (member, supplier,
    key) added to the reader's. ``ends`` are the keys of documents that stop counting
    by it, whether they are here already or still to come.
    """

    __tablename__ = "document"
    __table_args__ = (
        sa.CheckConstraint(
            "state in ('accepted', 'held', 'refused', 'known')", name="state"
        ),
        sa.Index(
            None,
            "ends",
            postgresql_using="gin",
            postgresql_where=sa.text("ends <> '{}'"),
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"), index=True)
    file: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(sa.ForeignKey("original.sha256"))
    member_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("member.id"), index=True
    )
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supplier.id"))
    state: Mapped[str] = mapped_column(index=True)
    fiscal_key: Mapped[str | None]
    number: Mapped[str | None]
    reading: Mapped[dict[str, Any]]
    findings: Mapped[list[Any]]
    received_at: Mapped[datetime]
    judged_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(server_default="")
    ends: Mapped[list[str]] = mapped_column(
        sa.ARRAY(sa.Text), server_default=sa.text("'{}'")
    )


class FiscalKeyRow(Base):
    """The claim on a key, by a document; read only through the functions."""

    __tablename__ = "fiscal_key"

    fiscal_key: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), unique=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))


class InvoiceRow(Base):
    """An accepted document of purchase; figures positive, also on a credit note.

    ``late_for`` is the period already closed to which its date belongs, if any.
    ``rate_currency`` is what ``rate`` converts to: the currency of its country.
    ``weak_key`` (supplier, number, date, total) finds the same purchase in a table.
    ``originals`` are the keys of the invoices that a credit note corrects, and
    ``original_date`` is their day where the credit note itself says it.
    """

    __tablename__ = "invoice"
    __table_args__ = (sa.Index("ix_invoice_corrects", "id", postgresql_where=CORRECTS),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), unique=True)
    upload_id: Mapped[int] = mapped_column(sa.ForeignKey("upload.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"), index=True)
    scheme: Mapped[str]
    fiscal_key: Mapped[str | None] = mapped_column(index=True)
    weak_key: Mapped[str | None] = mapped_column(index=True)
    number: Mapped[str]
    kind: Mapped[str]
    invoice_date: Mapped[date] = mapped_column(index=True)
    issued_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=False))
    currency: Mapped[str]
    rate: Mapped[Decimal | None] = mapped_column(LINE)
    rate_currency: Mapped[str | None]
    total: Mapped[Decimal] = mapped_column(LINE)
    base: Mapped[Decimal] = mapped_column(LINE)
    evidence: Mapped[str]
    late_for: Mapped[int | None] = mapped_column(sa.ForeignKey("period.id"))
    received_at: Mapped[datetime]
    originals: Mapped[list[str]] = mapped_column(
        sa.ARRAY(sa.Text), server_default=sa.text("'{}'")
    )
    original_date: Mapped[date | None]


class LineRow(Base):
    """One row of an invoice. ``reason`` says why it does not qualify by its scheme."""

    __tablename__ = "line"
    __table_args__ = (sa.UniqueConstraint("invoice_id", "position"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"))
    position: Mapped[int]
    code: Mapped[str | None]
    class_code: Mapped[str | None]
    description: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(LINE)
    unit: Mapped[str | None]
    gross: Mapped[Decimal] = mapped_column(LINE)
    discount: Mapped[Decimal] = mapped_column(LINE)
    net: Mapped[Decimal] = mapped_column(LINE)
    free: Mapped[bool]
    qualifies: Mapped[bool]
    reason: Mapped[str | None]


class LineEventRow(Base):
    """Something that happened to an invoice afterwards; the newest one holds.

    ``event`` is ``replaced``, ``cancelled``, ``withdrawn`` (it stops counting) or
    ``released`` (it counts again).
    """

    __tablename__ = "line_event"
    __table_args__ = (
        sa.CheckConstraint(
            "event in ('replaced', 'cancelled', 'withdrawn', 'released')", name="event"
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(sa.ForeignKey("invoice.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    event: Mapped[str]
    because: Mapped[str]
    cause_document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]

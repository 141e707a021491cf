"""Uploads, originals, documents, invoices and their lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_invoices"
down_revision = "0003_periods"


def upgrade() -> None:
    """Make the tables."""
    _original()
    _upload()
    _upload_file()
    _document()
    _fiscal_key()
    _invoice()
    _line()
    _line_event()


def _original() -> None:
    op.create_table(
        "original",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_original")),
    )


def _upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_upload_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_upload_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("ref", name=op.f("uq_upload_ref")),
    )
    op.create_index(op.f("ix_upload_member_id"), "upload", ["member_id"])


def _upload_file() -> None:
    op.create_table(
        "upload_file",
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["original.sha256"], name=op.f("fk_upload_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_file_upload_id")
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_upload_file")),
    )
    op.create_index(op.f("ix_upload_file_sha256"), "upload_file", ["sha256"])


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fiscal_key", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("reading", postgresql.JSONB(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "ends", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint(
            "state in ('accepted', 'held', 'refused', 'known')",
            name=op.f("ck_document_state"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_document_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["original.sha256"], name=op.f("fk_document_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_document_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_document_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("ref", name=op.f("uq_document_ref")),
    )
    op.create_index(
        op.f("ix_document_ends"),
        "document",
        ["ends"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("ends <> '{}'"),
    )
    op.create_index(op.f("ix_document_member_id"), "document", ["member_id"])
    op.create_index(op.f("ix_document_state"), "document", ["state"])
    op.create_index(op.f("ix_document_upload_id"), "document", ["upload_id"])


def _fiscal_key() -> None:
    op.create_table(
        "fiscal_key",
        sa.Column("fiscal_key", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_fiscal_key_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_fiscal_key_member_id")
        ),
        sa.PrimaryKeyConstraint("fiscal_key", name=op.f("pk_fiscal_key")),
        sa.UniqueConstraint("document_id", name=op.f("uq_fiscal_key_document_id")),
    )


def _invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("upload_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("fiscal_key", sa.Text(), nullable=True),
        sa.Column("weak_key", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=38, scale=6), nullable=True),
        sa.Column("rate_currency", sa.Text(), nullable=True),
        sa.Column("total", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("base", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("late_for", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_invoice_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["late_for"], ["period.id"], name=op.f("fk_invoice_late_for")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_invoice_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_invoice_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_invoice_upload_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("document_id", name=op.f("uq_invoice_document_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_invoice_ref")),
    )
    op.create_index(op.f("ix_invoice_invoice_date"), "invoice", ["invoice_date"])
    op.create_index(op.f("ix_invoice_member_id"), "invoice", ["member_id"])
    op.create_index(op.f("ix_invoice_supplier_id"), "invoice", ["supplier_id"])
    op.create_index(op.f("ix_invoice_upload_id"), "invoice", ["upload_id"])
    op.create_index(op.f("ix_invoice_fiscal_key"), "invoice", ["fiscal_key"])
    op.create_index(op.f("ix_invoice_weak_key"), "invoice", ["weak_key"])


def _line() -> None:
    op.create_table(
        "line",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("class_code", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("gross", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("discount", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("net", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("qualifies", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_line_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_line_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_line_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_line_invoice_id_position")
        ),
    )


def _line_event() -> None:
    op.create_table(
        "line_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("cause_document_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event in ('replaced', 'cancelled', 'withdrawn', 'released')",
            name=op.f("ck_line_event_event"),
        ),
        sa.ForeignKeyConstraint(
            ["cause_document_id"],
            ["document.id"],
            name=op.f("fk_line_event_cause_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_line_event_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_line_event_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_line_event_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_event")),
    )
    op.create_index(op.f("ix_line_event_invoice_id"), "line_event", ["invoice_id"])

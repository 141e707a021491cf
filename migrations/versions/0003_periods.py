"""Periods, what runs compute in them, and the statements."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_periods"
down_revision = "0002_agreements"


def upgrade() -> None:
    """Make the tables."""
    _period()
    _run()
    _part()
    _volume()
    _pool()
    _rebate()
    _statement_series()
    _statement()


def _period() -> None:
    op.create_table(
        "period",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'closing', 'closed', 'issued', 'settled')",
            name=op.f("ck_period_state"),
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_period_order")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_period_closed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("code", name=op.f("uq_period_code")),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(), nullable=False),
        sa.Column("snapshot_hash", sa.LargeBinary(), nullable=False),
        sa.Column("result_hash", sa.LargeBinary(), nullable=False),
        sa.Column("findings", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_run_period_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("ref", name=op.f("uq_run_ref")),
    )
    op.create_index(op.f("ix_run_period_id"), "run", ["period_id"])
    op.create_foreign_key(op.f("fk_period_run_id"), "period", "run", ["run_id"], ["id"])


def _part() -> None:
    op.create_table(
        "part",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("invoices", postgresql.INT8MULTIRANGE(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("invoices"), "&&"), using="gist", name="part_invoices"
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_part")),
    )


def _volume() -> None:
    op.create_table(
        "volume",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("quantity", sa.Numeric(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_volume_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_volume_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_volume_programme_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_volume_run_id")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_volume_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume")),
    )
    op.create_index(op.f("ix_volume_member_id"), "volume", ["member_id"])
    op.create_index(op.f("ix_volume_run_id"), "volume", ["run_id"])
    op.create_index(op.f("ix_volume_supplier_id"), "volume", ["supplier_id"])


def _pool() -> None:
    op.create_table(
        "pool",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("measure", sa.Numeric(), nullable=False),
        sa.Column("contributors", sa.BigInteger(), nullable=False),
        sa.Column("inbound", sa.Numeric(), nullable=False),
        sa.Column("outbound", sa.Numeric(), nullable=False),
        sa.Column("fee", sa.Numeric(), nullable=False),
        sa.Column("difference", sa.Numeric(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_pool_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_pool_programme_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_pool_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
    )
    op.create_index(op.f("ix_pool_run_id"), "pool", ["run_id"])


def _rebate() -> None:
    op.create_table(
        "rebate",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("adjusts_id", sa.BigInteger(), nullable=True),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("volume", sa.Numeric(), nullable=False),
        sa.Column("measure", sa.Numeric(), nullable=True),
        sa.Column("threshold", sa.Numeric(), nullable=True),
        sa.Column("earned", sa.Numeric(), nullable=False),
        sa.Column("fee", sa.Numeric(), nullable=False),
        sa.Column("holdback", sa.Numeric(), nullable=False),
        sa.Column("settled_before", sa.Numeric(), nullable=False),
        sa.Column("due", sa.Numeric(), nullable=False),
        sa.Column("payable_now", sa.Numeric(), nullable=False),
        sa.Column("carried", sa.Numeric(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adjusts_id"], ["period.id"], name=op.f("fk_rebate_adjusts_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_rebate_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_rebate_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_rebate_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_rebate_revision_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_rebate_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebate")),
        sa.UniqueConstraint("ref", name=op.f("uq_rebate_ref")),
    )
    op.create_index(op.f("ix_rebate_member_id"), "rebate", ["member_id"])
    op.create_index(op.f("ix_rebate_run_id"), "rebate", ["run_id"])


def _statement_series() -> None:
    op.create_table(
        "statement_series",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_statement_series")),
    )


def _statement() -> None:
    op.create_table(
        "statement",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.BigInteger(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_statement_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_statement_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_statement_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_statement_run_id")
        ),
        sa.ForeignKeyConstraint(
            ["series"], ["statement_series.code"], name=op.f("fk_statement_series")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("number", name=op.f("uq_statement_number")),
        sa.UniqueConstraint(
            "period_id",
            "member_id",
            "currency",
            name=op.f("uq_statement_period_id_member_id_currency"),
        ),
        sa.UniqueConstraint(
            "series", "serial", name=op.f("uq_statement_series_serial")
        ),
    )
    op.create_index(op.f("ix_statement_member_id"), "statement", ["member_id"])
    op.create_index(op.f("ix_statement_period_id"), "statement", ["period_id"])

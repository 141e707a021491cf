"""Accruals as they were taken: administrators read them, a run of the system adds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_accruals"
down_revision = "0006_guards"

TABLES = ("accrual", "accrual_line")
ADMINISTERS = "(select viewer_administers())"
SYSTEM = "(select viewer_role()) = 'system'"


def upgrade() -> None:
    """Make the two tables, their walls and their guards."""
    _accrual()
    _accrual_line()
    for table in TABLES:
        op.execute(f"grant select, insert on {table} to rappel_app")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy inspect on {table} for select using ({ADMINISTERS})")
        op.execute(f"create policy compute on {table} for insert with check ({SYSTEM})")
        op.execute(
            "create trigger never_changed before update or delete or truncate"
            f" on {table} for each statement execute function refuse_change()"
        )


def _accrual() -> None:
    op.create_table(
        "accrual",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot_hash", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "policy in ('reached', 'projected')", name=op.f("ck_accrual_policy")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_accrual_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["person.id"], name=op.f("fk_accrual_taken_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accrual")),
        sa.UniqueConstraint("ref", name=op.f("uq_accrual_ref")),
    )
    op.create_index(op.f("ix_accrual_period_id"), "accrual", ["period_id"])


def _accrual_line() -> None:
    op.create_table(
        "accrual_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("accrual_id", sa.BigInteger(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("supplier_id", sa.BigInteger(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("earned", sa.Numeric(), nullable=False),
        sa.Column("expected", sa.Numeric(), nullable=False),
        sa.Column("accrued", sa.Numeric(), nullable=False),
        sa.Column("received", sa.Numeric(), nullable=False),
        sa.Column("outstanding", sa.Numeric(), nullable=False),
        sa.Column("earlier", sa.Numeric(), nullable=False),
        sa.Column("change", sa.Numeric(), nullable=False),
        sa.CheckConstraint(
            "outstanding = accrued - received",
            name=op.f("ck_accrual_line_outstanding"),
        ),
        sa.CheckConstraint(
            "change = outstanding - earlier", name=op.f("ck_accrual_line_change")
        ),
        sa.ForeignKeyConstraint(
            ["accrual_id"], ["accrual.id"], name=op.f("fk_accrual_line_accrual_id")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_accrual_line_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_accrual_line_supplier_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_accrual_line_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accrual_line")),
        sa.UniqueConstraint(
            "accrual_id",
            "programme_id",
            "member_id",
            "window_start",
            "currency",
            name=op.f("uq_accrual_line_once"),
        ),
    )
    op.create_index(
        op.f("ix_accrual_line_of"),
        "accrual_line",
        ["programme_id", "member_id", "window_start", "currency"],
    )

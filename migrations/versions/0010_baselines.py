"""Baselines as they were stated: administrators add them, a member sees its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_baselines"
down_revision = "0009_payments"

ADMINISTERS = "(select viewer_administers())"
OWN_MEMBER = "member_id = (select viewer_member())"


def upgrade() -> None:
    """Make the table, its walls and its guard."""
    op.create_table(
        "baseline",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("programme_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("measure", sa.Numeric(precision=38, scale=6), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_baseline_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_baseline_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
    )
    op.create_index(
        op.f("ix_baseline_programme_id_baseline_member_id_baseline_window_start"),
        "baseline",
        ["programme_id", "member_id", "window_start"],
    )
    op.execute("grant select, insert on baseline to rappel_app")
    op.execute("alter table baseline enable row level security")
    op.execute("alter table baseline force row level security")
    op.execute(
        f"create policy administer on baseline"
        f" using ({ADMINISTERS}) with check ({ADMINISTERS})"
    )
    op.execute(f"create policy read on baseline for select using ({OWN_MEMBER})")
    op.execute(
        "create trigger never_changed before update or delete or truncate"
        " on baseline for each statement execute function refuse_change()"
    )

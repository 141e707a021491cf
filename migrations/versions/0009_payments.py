"""Payments: what is said of when an invoice was paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009_payments"
down_revision = "0008_originals"


def upgrade() -> None:
    """Add the table, with its walls and its guard."""
    op.create_table(
        "payment",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_payment_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_payment_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_payment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(op.f("ix_payment_invoice_id"), "payment", ["invoice_id"])
    op.execute("grant select, insert on payment to rappel_app")
    op.execute("alter table payment enable row level security")
    op.execute("alter table payment force row level security")
    op.execute(
        "create policy administer on payment"
        " using ((select viewer_administers()))"
        " with check ((select viewer_administers()))"
    )
    op.execute(
        "create policy read on payment for select"
        " using (member_id = (select viewer_member()))"
    )
    op.execute(
        "create trigger never_changed before update or delete or truncate"
        " on payment for each statement execute function refuse_change()"
    )

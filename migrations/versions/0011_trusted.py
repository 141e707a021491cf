"""Certificates that administrators say are believed: only they and the system see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_trusted"
down_revision = "0010_baselines"


def upgrade() -> None:
    """Add the table, with its wall and its guard."""
    op.create_table(
        "trusted_certificate",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("believed", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_trusted_certificate_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_certificate")),
    )
    op.execute("grant select, insert on trusted_certificate to rappel_app")
    op.execute("alter table trusted_certificate enable row level security")
    op.execute("alter table trusted_certificate force row level security")
    op.execute(
        "create policy administer on trusted_certificate"
        " using ((select viewer_administers()))"
        " with check ((select viewer_administers()))"
    )
    op.execute(
        "create trigger never_changed before update or delete or truncate"
        " on trusted_certificate for each statement execute function refuse_change()"
    )

"""Both legs of a window that a later run corrects, and what was kept of it before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_claims"
down_revision = "0011_trusted"

BEFORE = ("inbound_before", "outbound_before", "fee_before")
FILL = """
update pool p set inbound_before = b.inbound, outbound_before = b.outbound,
    fee_before = b.fee
from (
    select p.id, lag(p.inbound) over earlier as inbound,
        lag(p.outbound) over earlier as outbound, lag(p.fee) over earlier as fee
    from pool p join period q on q.id = p.period_id
    window earlier as (partition by p.programme_id, p.window_start order by q.ends)
) as b where b.id = p.id and b.inbound is not null
"""


def upgrade() -> None:
    """Add the closed period that a row corrects, and what was kept before.

    Figures are those of the whole window: of what is here already, the period before
    said what was kept. The walls stand aside for the owner while that is filled.
    """
    op.add_column("pool", sa.Column("adjusts_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_pool_adjusts_id"), "pool", "period", ["adjusts_id"], ["id"]
    )
    for name in BEFORE:
        op.add_column(
            "pool", sa.Column(name, sa.Numeric(), server_default="0", nullable=False)
        )
        op.alter_column("pool", name, server_default=None)
    op.execute("set local rappel.role = 'system'")
    op.execute("alter table pool disable trigger never_changed")
    op.execute("alter table pool no force row level security")
    op.execute(FILL)
    op.execute("alter table pool force row level security")
    op.execute("alter table pool enable trigger never_changed")
    op.create_index(
        op.f("ix_pool_programme_id_pool_window_start"),
        "pool",
        ["programme_id", "window_start"],
    )

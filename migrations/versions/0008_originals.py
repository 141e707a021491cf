"""What a credit note says of the invoice that it corrects: its key, or its day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_originals"
down_revision = "0007_accruals"

FILL = """
update invoice i set originals = said.keys from (
    select d.id, array_agg(distinct r.said ->> 'fiscal_key') as keys
    from document d, jsonb_array_elements(d.reading::jsonb -> 'related') as r(said)
    where r.said ->> 'relation' in ('credits', 'returns') group by d.id
) as said where said.id = i.document_id and i.kind = 'credit_note'
"""

ORIGINAL_DAY = """
create function original_day(credit_note bigint, known int8multirange) returns date
    language sql stable parallel safe as $$
    select coalesce(i.original_date, (
        select case when count(*) = cardinality(i.originals)
            and min(o.day) = max(o.day) then min(o.day) end
        from (
            select distinct on (o.fiscal_key) o.invoice_date as day
            from public.invoice o
            where o.fiscal_key = any(i.originals) and known @> o.id
                and o.member_id = i.member_id and o.supplier_id = i.supplier_id
            order by o.fiscal_key, o.id desc
        ) as o))
    from public.invoice i where i.id = credit_note
$$
"""
FUNCTION = "original_day(bigint, int8multirange)"


def upgrade() -> None:
    """Add the two columns, filled for the credit notes that are here already.

    ``original_day`` answers the day of the invoice that a credit note corrects: what it
    says itself, else that of all the invoices it names, where they are among the known
    ones, of its member and supplier, and of one day. Else it answers nothing.
    """
    op.add_column(
        "invoice",
        sa.Column(
            "originals",
            sa.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("invoice", sa.Column("original_date", sa.Date(), nullable=True))
    op.execute("set local rappel.role = 'system'")
    op.execute("alter table invoice disable trigger never_changed")
    op.execute(FILL)
    op.execute("alter table invoice enable trigger never_changed")
    op.create_index(
        "ix_invoice_corrects",
        "invoice",
        ["id"],
        postgresql_where=sa.text("originals <> '{}' or original_date is not null"),
    )
    op.execute(ORIGINAL_DAY)
    op.execute(f"revoke all on function {FUNCTION} from public")
    op.execute(f"grant execute on function {FUNCTION} to rappel_app")

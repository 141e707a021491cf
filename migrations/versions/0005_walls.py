"""The walls: who may do what to a table, and which of its rows a viewer reaches.

Two things stand behind the queries' own conditions. Grants: the application's role
owns nothing and may add, seldom change and almost never delete. Row security, forced
on every table: a row is reached only by the viewer of the transaction, and without a
viewer none is. A member or a supplier reads; what they bring is judged and entered by
the system. The viewer is in ``rappel.role``, ``.person``, ``.member`` and
``.supplier``. A later migration that moves data says ``set local rappel.role``
first, because the owner of the tables stands before the walls too.
"""

from __future__ import annotations

from alembic import op

revision = "0005_walls"
down_revision = "0004_invoices"

VIEWER = """
create function viewer_role() returns text language sql stable parallel safe
    as $$ select nullif(current_setting('rappel.role', true), '') $$;
create function viewer_person() returns bigint language sql stable parallel safe
    as $$ select nullif(current_setting('rappel.person', true), '')::bigint $$;
create function viewer_member() returns bigint language sql stable parallel safe
    as $$ select nullif(current_setting('rappel.member', true), '')::bigint
          where current_setting('rappel.role', true) = 'member' $$;
create function viewer_supplier() returns bigint language sql stable parallel safe
    as $$ select nullif(current_setting('rappel.supplier', true), '')::bigint
          where current_setting('rappel.role', true) = 'supplier' $$;
create function viewer_administers() returns boolean language sql stable parallel safe
    as $$ select coalesce(
        current_setting('rappel.role', true) in ('administrator', 'system'), false) $$;
"""

# In brackets, so that they are asked once a query and not once a row.
ANYBODY = "(select viewer_role()) is not null"
ADMINISTERS = "(select viewer_administers())"
SYSTEM = "(select viewer_role()) = 'system'"
A_MEMBER = "(select viewer_role()) = 'member'"
OWN_PERSON = "person_id = (select viewer_person())"
OWN_MEMBER = "member_id = (select viewer_member())"
OWN_SUPPLIER = "supplier_id = (select viewer_supplier())"
OWN_UPLOAD = "exists (select from upload u where u.id = upload_id)"

# What the application's role may do; where a row may change, only what is named.
ADDED_ONLY = [
    "page_key",
    "agreement",
    "revision",
    "programme",
    "programme_supplier",
    "catalogue_item",
    "fx_rate",
    "run",
    "volume",
    "pool",
    "rebate",
    "statement",
    "audit_entry",
    "original",
    "upload",
    "upload_file",
    "invoice",
    "line",
    "line_event",
    "member_tax_id",
    "supplier_tax_id",
]
CHANGED = {
    "consortium": "update",
    "chapter": "update",
    "supplier": "update",
    "member": "update",
    "person": "update",
    "period": "update",
    "api_key": "update (revoked_at)",
    "statement_series": "update (last)",
    "document": "update (member_id, supplier_id, state, findings, judged_at, because)",
    "idempotency": "update, delete",
    "part": "update, delete",
}

# Written by an administrator or the system; the rest have policies of their own.
ADMINISTERED = [
    "consortium",
    "chapter",
    "supplier",
    "supplier_tax_id",
    "member",
    "member_tax_id",
    "person",
    "api_key",
    "agreement",
    "revision",
    "programme",
    "programme_supplier",
    "catalogue_item",
    "fx_rate",
    "period",
    "part",
    "statement_series",
    "statement",
    "original",
    "upload",
    "upload_file",
    "document",
    "invoice",
    "line",
    "line_event",
]
COMPUTED = ["run", "volume", "pool", "rebate"]

# What somebody who does not administer may read.
READ = {
    "consortium": ANYBODY,
    "chapter": ANYBODY,
    "period": ANYBODY,
    "fx_rate": ANYBODY,
    "page_key": ANYBODY,
    "supplier": f"{A_MEMBER} or id = (select viewer_supplier())",
    "supplier_tax_id": OWN_SUPPLIER,
    "member": "id = (select viewer_member()) or exists (select from volume v"
    " where v.supplier_id = (select viewer_supplier()) and v.member_id = member.id)",
    "member_tax_id": OWN_MEMBER,
    "person": "id = (select viewer_person())",
    "programme_supplier": f"{A_MEMBER} or {OWN_SUPPLIER}",
    "programme": f"{A_MEMBER} or exists (select from programme_supplier s"
    " where s.programme_id = programme.id)",
    "agreement": f"{A_MEMBER} or exists (select from programme p"
    " where p.agreement_id = agreement.id)",
    "catalogue_item": OWN_SUPPLIER,
    "volume": f"{OWN_MEMBER} or {OWN_SUPPLIER}",
    "rebate": OWN_MEMBER,
    "statement": OWN_MEMBER,
    "upload": OWN_MEMBER,
    "upload_file": OWN_UPLOAD,
    "original": "exists (select from upload_file f where f.sha256 = original.sha256)",
    "document": f"{OWN_MEMBER} or {OWN_UPLOAD}",
    "invoice": OWN_MEMBER,
    "line": OWN_MEMBER,
    "line_event": OWN_MEMBER,
}

SPECIAL = f"""
create policy own on idempotency using ({OWN_PERSON}) with check ({OWN_PERSON});
create policy inspect on audit_entry for select using ({ADMINISTERS});
create policy note on audit_entry for insert with check ({SYSTEM}
    or (role = (select viewer_role())
        and person_id is not distinct from (select viewer_person())));
create policy owner on audit_entry for select to rappel_owner using (true);
create policy owner on fiscal_key to rappel_owner using (true) with check (true);
create policy owner on alembic_version to rappel_owner using (true) with check (true);
create policy read on alembic_version for select using (true);
"""  # noqa: S608 - it holds no value from outside


def upgrade() -> None:
    """Put up the walls."""
    op.execute(VIEWER)
    for table in ADDED_ONLY:
        op.execute(f"grant select, insert on {table} to rappel_app")
    for table, change in CHANGED.items():
        op.execute(f"grant select, insert, {change} on {table} to rappel_app")
    op.execute("revoke insert on page_key from rappel_app")
    op.execute("grant select on alembic_version to rappel_app")
    for table in (*ADDED_ONLY, *CHANGED, "fiscal_key", "alembic_version"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
    _policies()


def _policies() -> None:
    for table in ADMINISTERED:
        op.execute(
            f"create policy administer on {table}"
            f" using ({ADMINISTERS}) with check ({ADMINISTERS})"
        )
    for table in COMPUTED:
        op.execute(f"create policy inspect on {table} for select using ({ADMINISTERS})")
        op.execute(f"create policy compute on {table} for insert with check ({SYSTEM})")
    for table, whose in READ.items():
        op.execute(f"create policy read on {table} for select using ({whose})")
    op.execute(SPECIAL)

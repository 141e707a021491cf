"""The guards: what the database refuses to anybody, and the few doors in the walls.

Rows of money are added, never updated or deleted, by their owner neither. A period
moves only forward, and what is closed stays as it is. The audit trail has no gap.
The doors are functions of the owner with a pinned search path; each answers one
question about a row that the viewer may not see, and no more.
"""

from __future__ import annotations

from alembic import op

revision = "0006_guards"
down_revision = "0005_walls"

NEVER_CHANGED = [
    "line",
    "invoice",
    "line_event",
    "rebate",
    "pool",
    "volume",
    "run",
    "statement",
    "audit_entry",
    "fx_rate",
    "catalogue_item",
    "original",
    "revision",
    "upload",
    "upload_file",
]

REFUSE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are added, never changed', tg_table_name
        using errcode = 'restrict_violation';
end $$;
"""

PERIOD = """
create function guard_period() returns trigger language plpgsql as $$
declare
    states constant text[] := array['open', 'closing', 'closed', 'issued', 'settled'];
    before constant int := array_position(states, old.state);
begin
    if array_position(states, new.state) < before then
        raise exception 'period % does not go back from % to %',
            old.code, old.state, new.state using errcode = 'restrict_violation';
    end if;
    if before > 1 and (new.code, new.starts, new.ends)
        is distinct from (old.code, old.starts, old.ends)
    or before > 2 and (new.run_id, new.closed_at, new.closed_by)
        is distinct from (old.run_id, old.closed_at, old.closed_by)
    or before > 3 and new.issued_at is distinct from old.issued_at then
        raise exception 'period % is %: it does not change', old.code, old.state
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before update on period
    for each row execute function guard_period();
create trigger never_deleted before delete or truncate on period
    for each statement execute function refuse_change();
"""

AUDIT = """
create function audit_tail(out id bigint, out hash bytea)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(7237128888997146476);
    select e.id, e.hash into audit_tail.id, audit_tail.hash
        from public.audit_entry e order by e.id desc limit 1;
end $$;
create function guard_audit() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    tail record;
begin
    select * into tail from public.audit_tail();
    if new.id <> coalesce(tail.id, 0) + 1
        or new.previous <> coalesce(tail.hash, ''::bytea) then
        raise exception 'audit entry % does not follow the last one', new.id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before insert on audit_entry
    for each row execute function guard_audit();
"""

DOORS = """
create function claim_fiscal_key(key text, document_id bigint, member_id bigint)
    returns text
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    holder record;
begin
    if not public.viewer_administers() then
        raise exception 'only an administrator or the system claims a key'
            using errcode = 'insufficient_privilege';
    end if;
    loop
        insert into public.fiscal_key as f
            values (key, claim_fiscal_key.document_id, claim_fiscal_key.member_id)
            on conflict on constraint pk_fiscal_key do nothing;
        if found then
            return 'new';
        end if;
        select f.document_id, f.member_id into holder
            from public.fiscal_key f where f.fiscal_key = key;
        if found then
            return case
                when holder.document_id = claim_fiscal_key.document_id then 'new'
                when holder.member_id = claim_fiscal_key.member_id then 'yours'
                else 'held' end;
        end if;
    end loop;
end $$;
create function release_fiscal_key(key text, document_id bigint) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not public.viewer_administers() then
        raise exception 'only an administrator releases a key'
            using errcode = 'insufficient_privilege';
    end if;
    delete from public.fiscal_key f
        where f.fiscal_key = key
        and f.document_id = release_fiscal_key.document_id;
    return found;
end $$;
"""

FOR_THE_APPLICATION = [
    "claim_fiscal_key(text, bigint, bigint)",
    "release_fiscal_key(text, bigint)",
    "audit_tail()",
]


def upgrade() -> None:
    """Set the guards and open the doors."""
    op.execute(REFUSE)
    for table in NEVER_CHANGED:
        op.execute(
            "create trigger never_changed before update or delete or truncate"
            f" on {table} for each statement execute function refuse_change()"
        )
    op.execute(PERIOD)
    op.execute(AUDIT)
    op.execute(DOORS)
    for function in FOR_THE_APPLICATION:
        op.execute(f"revoke all on function {function} from public")
        op.execute(f"grant execute on function {function} to rappel_app")

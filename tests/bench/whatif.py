"""What-ifs over stored lines: the first call of a process and those after it.

    python tests/bench/whatif.py [--lines N] [--members N] [--folder F]

Makes books in a PostgreSQL of its own (``--folder`` keeps and uses them again): a year
of purchases of 40 suppliers, ten of them with a signed agreement. Each question is then
asked by a fresh process, once and four times more; told are the first call, the median
of the others, both also in seconds of the process's own processor, and its peak memory.
It reports and asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from rappel.actions import agreements, outlook, setup, whatif
from rappel.core.access import SYSTEM
from rappel.store.base import Database, connect
from rappel.store.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Callable

NOW: Final = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)
DATABASE: Final = "bench"
SUPPLIERS: Final = 40
SIGNED: Final = 10
PER_INVOICE: Final = 5
ROUNDS: Final = 5
PARTIES: Final = """
insert into chapter (country, name, currency, locale)
  values ('MX', 'Compras', 'MXN', 'es-MX') on conflict do nothing;
insert into supplier (code, name, country, created_at)
  select 's' || n, 'Supplier ' || n, 'MX', now() from generate_series(1, :suppliers) n;
insert into member (code, name, country, joined, created_at)
  select 'm' || n, 'Member ' || n, 'MX', date '2024-01-01', now()
  from generate_series(1, :members) n;
insert into catalogue_item (supplier_id, code, category, unit, received_at)
  select s.id, 'C' || n, 'category ' || n % 5, 'piece', now()
  from supplier s, generate_series(0, 39) n;
insert into period (code, starts, ends) values ('2025', '2025-01-01', '2026-01-01');
"""
PURCHASES: Final = """
set local session_replication_role = replica;
insert into original (sha256, size, content, received_at)
  values ('\\x00', 0, '', now());
insert into upload (ref, received_at) values ('u', now());
insert into document (ref, upload_id, file, sha256, state, reading, findings,
                      received_at, judged_at)
  select 'd' || n, 1, '', '\\x00', 'accepted', '{}', '[]', now(), now()
  from generate_series(1, :invoices) n;
insert into invoice (ref, document_id, upload_id, member_id, supplier_id, scheme,
                     number, kind, invoice_date, issued_at, currency, rate,
                     rate_currency, total, base, evidence, received_at)
  select 'i' || n, n, 1, m, (m * 7 + n / 1009 % 8 * 5) % :suppliers + 1, 'cfdi',
         n::text, case when n % 25 = 7 then 'credit_note' else 'invoice' end, day, day,
         case when n % 6 = 1 then 'USD' else 'MXN' end,
         case when n % 6 = 1 then 18 + (day - date '2025-01-01') / 100.0 end,
         case when n % 6 = 1 then 'MXN' end, 0, 0, 'A', now()
  from (select n, n::bigint * 7919 % :members + 1 as m,
               date '2025-01-01' + (n::bigint * 104729 % 365)::int as day
        from generate_series(1, :invoices) n) drawn;
insert into line (invoice_id, member_id, supplier_id, position, code, description,
                  quantity, gross, discount, net, free, qualifies)
  select i.id, i.member_id, i.supplier_id, place, 'C' || (i.id * 31 + place * 17) % 40,
         '', 1 + (i.id + place) % 20, 0, 0,
         ((i.id * 6151 + place * 3571) % 500000 + 100) / 100.0, false, true
  from invoice i, generate_series(1, :lines) place;
analyze;
"""
AGREEMENT: Final = """
code = "a{n}"
supplier = "s{n}"
currency = "MXN"
in_force_from = 2025-01-01
"""
PROGRAMME: Final = """
[[programmes]]
code = "a{n}-{place}"
accumulate = "{window}"
reach = "{reach}"
{more}
tiers = [
    {{ from = "0", percent = "0" }},
    {{ from = "100000", percent = "2" }},
    {{ from = "400000", percent = "3.5" }},
]
"""
KINDS: Final = (
    ("year", "retroactive", ""),
    ("quarter", "marginal", 'scope = { categories = ["category 1", "category 2"] }'),
    ("year", "marginal", 'pool = "group"'),
    ("year", "retroactive", 'scope = { codes = ["C1", "C2", "C3"] }'),
)


def agreement(number: int, *, supplier: str = "") -> str:
    """Write an agreement of one programme of each kind."""
    said = AGREEMENT.format(n=number)
    if supplier:
        said = said.replace(f"s{number}", supplier)
    return said + "".join(
        PROGRAMME.format(n=number, place=place, window=window, reach=reach, more=more)
        for place, (window, reach, more) in enumerate(KINDS)
    )


def make(db: Database, owner: str, *, lines: int, members: int) -> None:
    """Make the books: parties, agreements, a year of purchases."""
    setup.initialise(
        db,
        name="Compras",
        tax_id="CUN010203GHA",
        country="MX",
        address="",
        currency="MXN",
        locale="es-MX",
        administrator="Alma",
        email=None,
        now=NOW,
    )
    sizes = {"suppliers": SUPPLIERS, "members": members}
    sizes |= {"invoices": lines // PER_INVOICE, "lines": PER_INVOICE}
    with connect(owner, cache=db.cache, role=None).engine.begin() as connection:
        connection.execute(sa.text("set local statement_timeout = 0"))
        for script in (PARTIES, PURCHASES):
            for statement in script.split(";")[:-1]:
                names = {name for name in sizes if f":{name}" in statement}
                given = {name: sizes[name] for name in names}
                connection.execute(sa.text(statement), given)
    for number in range(1, SIGNED + 1):
        agreements.sign(db, SYSTEM, agreement(number).encode(), now=NOW)


def questions(db: Database) -> dict[str, Callable[[], object]]:
    """Return what is asked."""
    year = {"start": date(2025, 1, 1), "end": date(2026, 1, 1)}

    def terms(document: str) -> object:
        return whatif.terms_last_year(db, SYSTEM, document.encode(), now=NOW, **year)

    def more() -> object:
        return whatif.buy_more(
            db,
            SYSTEM,
            "m7",
            "s3",
            amount=Decimal(20000),
            currency="MXN",
            period="2025",
            now=NOW,
        )

    return {
        "terms of one supplier": lambda: terms(agreement(3)),
        "terms of every supplier": lambda: terms(agreement(3, supplier="*")),
        "one more purchase, ten agreements": more,
        "outlook, ten agreements": lambda: outlook.outlook(
            db, SYSTEM, "2025", today=NOW.date(), now=NOW
        ),
    }


def ask(db: Database, name: str) -> None:
    """Ask one question as a fresh process does, and say how long it took."""
    question, took, spent = questions(db)[name], [], []
    for _ in range(ROUNDS):
        begun, before = perf_counter(), process_time()
        question()
        took.append(perf_counter() - begun)
        spent.append(process_time() - before)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    told = {
        "first": round(took[0], 3),
        "repeated": round(statistics.median(took[1:]), 3),
        "first_processor": round(spent[0], 3),
        "repeated_processor": round(statistics.median(spent[1:]), 3),
        "peak_mb": int(found[1]) // 1024,
    }
    sys.stdout.write(json.dumps(told))


def main() -> None:
    """Make or find the books, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="books to keep, or to use again")
    parser.add_argument("--ask", help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        ask(connect(given.url, cache=given.folder / "cache"), given.ask)
        return
    kept = given.folder or Path(tempfile.mkdtemp(prefix="rappel-bench-"))
    try:
        with Server(kept / "pg", durable=False) as server:
            owner = server.url(database=DATABASE)
            db = connect(owner, cache=kept / "cache")
            is_new = not server.has_database(DATABASE)
            if is_new:
                server.create_database(DATABASE)
            setup.migrate(owner)
            if is_new:
                make(db, owner, lines=given.lines, members=given.members)
            told = {name: asked(owner, kept, name) for name in questions(db)}
    finally:
        if given.folder is None:
            shutil.rmtree(kept)
    sizes = {"lines": given.lines, "members": given.members}
    sys.stdout.write(json.dumps({**sizes, **told}, indent=1) + "\n")


def asked(url: str, folder: Path, name: str) -> object:
    """Return what a process of its own says that asks one question."""
    command = [sys.executable, __file__, "--ask", name, "--url", url]
    command += ["--folder", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


if __name__ == "__main__":
    main()

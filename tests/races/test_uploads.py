"""Uploads at the same moment, on real connections: exactly one of them counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

import pytest
import sqlalchemy as sa

from purchases import (
    ANDES,
    NORTE,
    NOW,
    SUR,
    Founded,
    cfdi,
    counting,
    found,
    rows,
    table,
)
from rappel.actions.documents import judge_again
from rappel.actions.invoices import Incoming, Received, receive
from rappel.core.access import SYSTEM
from rappel.store import purchases
from rappel.store.invoices import InvoiceRow
from rappel.store.parties import SupplierTaxIdRow
from rappel.store.periods import PeriodRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.access import Viewer
    from rappel.store.base import Database

T = TypeVar("T")
ROUNDS = [
    pytest.param(6, id="6 rounds"),
    pytest.param(200, id="200 rounds", marks=pytest.mark.full),
]


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Let all calls begin together, each in its thread; answer them in order."""
    start = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sending(db: Database, viewer: Viewer, *files: Incoming) -> Callable[[], Received]:
    return lambda: receive(db, viewer, files, now=NOW)


def states(received: Sequence[Received]) -> list[str]:
    return sorted(outcome.state for one in received for outcome in one.outcomes)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_same_file_by_eight_at_once_is_taken_in_once(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        file = cfdi(f"F{number}", issuer=ANDES, receiver=NORTE)
        received = at_once([sending(db, here.at_norte, file)] * 8)
        assert len({one.upload for one in received}) == 1
        assert len({one.outcomes[0].document for one in received}) == 1
        assert sorted(one.outcomes[0].known for one in received) == [False] + [True] * 7
    assert len(counting(db)) == rounds
    kept = rows(db)
    assert {kept[name] for name in ("upload", "document", "invoice", "line")} == {
        rounds
    }


@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_same_fiscal_key_by_two_members_at_once_is_one_members(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        mine = cfdi(f"F{number}", issuer=ANDES, receiver=NORTE)
        theirs = cfdi(f"F{number}", issuer=ANDES, receiver=SUR)
        received = at_once(
            [sending(db, here.at_norte, mine), sending(db, here.at_sur, theirs)]
        )
        assert states(received) == ["accepted", "held"]
    assert len(counting(db)) == rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_many_keys_in_opposite_orders_never_lock_each_other_out(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(0, rounds, 4):
        names = [f"F{number}-{place}" for place in range(4)]
        mine = [cfdi(name, issuer=ANDES, receiver=NORTE) for name in names]
        theirs = [cfdi(name, issuer=ANDES, receiver=SUR) for name in reversed(names)]
        received = at_once(
            [sending(db, here.at_norte, *mine), sending(db, here.at_sur, *theirs)]
        )
        assert states(received) == ["accepted"] * 4 + ["held"] * 4


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_table_and_an_e_invoice_of_one_purchase_at_once_count_once(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        name = f"F{number}"
        row = [name, "2026-02-11", ANDES, NORTE, "CAM-1", "1", "1000.00", "1160.00"]
        at_once(
            [
                sending(db, SYSTEM, table([[*row, "MXN"]])),
                sending(db, here.at_norte, cfdi(name, issuer=ANDES, receiver=NORTE)),
            ]
        )
    assert [scheme for _, _, scheme in counting(db)] == ["cfdi"] * rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_replacement_and_what_it_replaces_at_once_leave_the_replacement(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        old, new = f"F{number}", f"G{number}"
        older = cfdi(old, issuer=ANDES, receiver=NORTE)
        newer = cfdi(new, issuer=ANDES, receiver=NORTE, replaces=old)
        at_once([sending(db, SYSTEM, older), sending(db, here.at_norte, newer)])
    assert {number[0] for _, number, _ in counting(db)} == {"G"}
    assert len(counting(db)) == rounds


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_upload_beside_a_close_is_in_time_or_late_and_never_between(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        code, year = f"P{number}", 2100 + number
        period = opened(db, code, year)
        file = cfdi(f"F{number}", issuer=ANDES, receiver=NORTE, on=f"{year}-05-05")
        seen = close_beside(db, period, sending(db, here.at_norte, file))
        with db.reading(SYSTEM) as session:
            (invoice,) = purchases.list_invoices(session, SYSTEM, period=code).items
        assert (invoice.late_for is None) == seen, invoice


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_tax_id_added_beside_the_upload_that_needs_it_leaves_nothing_held(
    db: Database, here: Founded, rounds: int
) -> None:
    for number in range(rounds):
        issuer = f"AAA{number:06}AA{number % 10}"
        file = cfdi(f"F{number}", issuer=issuer, receiver=NORTE)
        calls: list[Callable[[], object]] = [
            sending(db, here.at_norte, file),
            partial(add_tax_id, db, here.andes, issuer),
        ]
        at_once(calls)
        assert len(counting(db)) == number + 1


def add_tax_id(db: Database, supplier: int, tax_id: str) -> None:
    """Give a supplier a tax id, as the register does."""
    with db.writing(SYSTEM) as session:
        row = SupplierTaxIdRow(tax_id=tax_id, country="MX", supplier_id=supplier)
        session.add(row)
        session.flush()
        judge_again(session, SYSTEM, tax_id=tax_id, now=NOW)


def opened(db: Database, code: str, year: int) -> int:
    """Open the period of a year."""
    with db.writing(SYSTEM) as session:
        row = PeriodRow(code=code, starts=date(year, 1, 1), ends=date(year + 1, 1, 1))
        session.add(row)
        session.flush()
        return row.id


def close_beside(db: Database, period: int, upload: Callable[[], Received]) -> bool:
    """Close the period while the upload runs; answer whether the close saw it."""
    start = Barrier(2)

    def closing() -> bool:
        start.wait()
        with db.writing(SYSTEM) as session:
            held = sa.select(PeriodRow.id).where(PeriodRow.id == period)
            session.execute(held.with_for_update())
            inside = sa.select(InvoiceRow.id).join(
                PeriodRow,
                (PeriodRow.starts <= InvoiceRow.invoice_date)
                & (InvoiceRow.invoice_date < PeriodRow.ends),
            )
            seen = session.execute(inside.where(PeriodRow.id == period)).all()
            session.execute(
                sa.update(PeriodRow)
                .where(PeriodRow.id == period)
                .values(state="closing")
            )
            return bool(seen)

    with ThreadPoolExecutor(1) as pool:
        closed = pool.submit(closing)
        start.wait()
        upload()
        return closed.result()

"""An upload that fails anywhere leaves nothing; sent again, it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from purchases import ANDES, BRISA, NORTE, NOW, cfdi, counting, found, rows, table
from rappel.actions.documents import reassign
from rappel.actions.invoices import receive, withdraw
from rappel.core.access import SYSTEM
from rappel.store import documents, purchases
from rappel.store.audit import first_broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.store.base import Database

MOST = 60  # statements of one verb; one that runs away fails the test


class Crashed(Exception):
    """The power went."""


def crashing_at(db: Database, place: int, verb: Callable[[], object]) -> bool:
    """Run a verb that fails at its n-th statement; answer whether it got so far."""
    count = 0

    def fail(*_: object) -> None:
        nonlocal count
        count += 1
        if count == place:
            raise Crashed

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    try:
        verb()
    except Crashed:
        return True
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", fail)
    return False


def until_whole(db: Database, verb: Callable[[], object]) -> int:
    """Fail a verb at its 1st, 2nd, … statement until it completes untouched."""
    before = (rows(db), counting(db), states(db))
    for place in range(1, MOST):
        if not crashing_at(db, place, verb):
            return place - 1
        assert (rows(db), counting(db), states(db)) == before, place
    pytest.fail("it never completed")


def states(db: Database) -> list[str]:
    with db.reading(SYSTEM) as session:
        listed = documents.list_documents(session, SYSTEM, limit=500).items
    return [document.state for document in listed]


ROW = ["A1", "2026-02-11", ANDES, NORTE, "CAM-1", "1", "1000.00", "1160.00", "MXN"]


def test_an_upload_that_crashes_anywhere_leaves_every_table_as_it_was(
    db: Database,
) -> None:
    here = found(db)
    receive(db, here.at_norte, [table([ROW])], now=NOW)
    files = [
        cfdi("A1", issuer=ANDES, receiver=NORTE),
        cfdi("A2", issuer=ANDES, receiver=NORTE, replaces="A3"),
        cfdi("A3", issuer=ANDES, receiver=NORTE, currency="USD", rate="18.5"),
        cfdi("A4", issuer=BRISA, receiver=NORTE),
    ]
    tried = until_whole(db, lambda: receive(db, here.at_norte, files, now=NOW))
    assert tried > 15
    assert counting(db) == [("norte", "A1", "cfdi"), ("norte", "A2", "cfdi")]
    whole = rows(db)
    receive(db, here.at_norte, files, now=NOW)
    assert rows(db) == whole
    with db.reading(SYSTEM) as session:
        assert first_broken(session) is None


def test_a_decision_that_crashes_anywhere_leaves_the_document_held(
    db: Database,
) -> None:
    here = found(db)
    foreign = cfdi("A1", issuer=ANDES, receiver="CACX7605101P8")
    (held,) = receive(db, here.at_norte, [foreign], now=NOW).outcomes

    def decide() -> object:
        viewer, why = here.administrator, "bought as a person"
        return reassign(db, viewer, held.document, member="norte", because=why, now=NOW)

    assert until_whole(db, decide) > 10
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_withdrawal_that_crashes_anywhere_leaves_the_invoice_counting(
    db: Database,
) -> None:
    here = found(db)
    receive(db, here.at_norte, [cfdi("A1", issuer=ANDES, receiver=NORTE)], now=NOW)
    with db.reading(SYSTEM) as session:
        (invoice,) = purchases.list_invoices(session, SYSTEM).items
    until_whole(
        db,
        lambda: withdraw(db, here.at_norte, invoice.ref, because="mistake", now=NOW),
    )
    assert counting(db) == []

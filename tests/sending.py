"""Sending purchases in a test, and what was said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from purchases import ANDES, NORTE, NOW, cfdi
from rappel.actions.invoices import Incoming, Received, receive
from rappel.store import purchases

if TYPE_CHECKING:
    from rappel.core.access import Viewer
    from rappel.store.base import Database


def a1(**changes: Any) -> Incoming:
    return cfdi("A1", **{"issuer": ANDES, "receiver": NORTE, **changes})


ROW = ["A1", "2026-02-11", ANDES, NORTE, "CAM-1", "1", "1000.00", "1160.00", "MXN"]


def send(db: Database, viewer: Viewer, *files: Incoming, **more: Any) -> Received:
    return receive(db, viewer, files, now=NOW, **more)


def told(received: Received) -> list[tuple[str, list[str]]]:
    return [(o.state, [f.code for f in o.findings]) for o in received.outcomes]


def invoice_of(db: Database, viewer: Viewer, number: str) -> purchases.Invoice:
    with db.reading(viewer) as session:
        listed = purchases.list_invoices(session, viewer).items
        ref = next(each.ref for each in listed if each.number == number)
        return purchases.invoice(session, viewer, ref)

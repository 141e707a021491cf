"""What stops counting: replaced, cancelled, withdrawn; and what comes late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from purchases import (
    ANDES,
    BRISA,
    NORTE,
    NOW,
    SUR,
    Founded,
    cfdi,
    close,
    counting,
    found,
    rows,
    table,
    uuid,
)
from rappel.actions.invoices import withdraw
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store.parties import SupplierRow, SupplierTaxIdRow
from sending import ROW, a1, invoice_of, send, told

if TYPE_CHECKING:
    from rappel.store.base import Database


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


# what replaces, what cancels


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("older_first", [True, False])
def test_a_replaced_invoice_stops_counting_whichever_comes_first(
    db: Database, here: Founded, *, together: bool, older_first: bool
) -> None:
    newer = cfdi("A2", issuer=ANDES, receiver=NORTE, net="900.00", replaces="A1")
    files = [a1(), newer] if older_first else [newer, a1()]
    for upload in [files] if together else [[file] for file in files]:
        received = send(db, here.at_norte, *upload)
    assert counting(db) == [("norte", "A2", "cfdi")]
    assert invoice_of(db, here.at_norte, "A1").stopped == "replaced"
    if not older_first:
        assert told(received)[-1] == ("accepted", ["replaced_already"])
    assert rows(db)["line_event"] == 1


@pytest.mark.parametrize("older_first", [True, False])
def test_nobody_replaces_another_members_invoice(
    db: Database, here: Founded, *, older_first: bool
) -> None:
    strange = cfdi("B1", issuer=ANDES, receiver=SUR, replaces="A1")
    if older_first:
        send(db, here.at_norte, a1())
        received = send(db, here.at_sur, strange)
        assert told(received) == [("held", ["replaces_not_yours"])]
    else:
        send(db, here.at_sur, strange)
        assert told(send(db, here.at_norte, a1())) == [("accepted", [])]
    assert ("norte", "A1", "cfdi") in counting(db)


def test_a_replaced_invoice_stays_so_however_often_it_is_sent_or_replaced(
    db: Database, here: Founded
) -> None:
    newer = [
        cfdi(name, issuer=ANDES, receiver=NORTE, replaces="A1") for name in ("A2", "A3")
    ]
    for file in (a1(), *newer):
        send(db, here.at_norte, file)
    assert told(send(db, here.at_norte, a1(note="\n"))) == [
        ("known", ["known_already"])
    ]
    assert [number for _, number, _ in counting(db)] == ["A2", "A3"]
    assert rows(db)["line_event"] == 1


def test_an_invoice_replaces_none_of_another_supplier(
    db: Database, here: Founded
) -> None:
    with db.writing(SYSTEM) as session:
        brisa = SupplierRow(code="brisa", name="Brisa", country="MX", created_at=NOW)
        session.add(brisa)
        session.flush()
        tax_id = SupplierTaxIdRow(tax_id=BRISA, country="MX", supplier_id=brisa.id)
        session.add(tax_id)
    send(db, here.at_norte, cfdi("A2", issuer=BRISA, receiver=NORTE, replaces="A1"))
    assert told(send(db, here.at_norte, a1())) == [("accepted", [])]
    assert [number for _, number, _ in counting(db)] == ["A1", "A2"]
    late = cfdi("A3", issuer=BRISA, receiver=NORTE, replaces="A1")
    assert told(send(db, here.at_norte, late)) == [("held", ["replaces_not_yours"])]


def test_in_one_upload_for_all_nobody_replaces_another_members_invoice(
    db: Database, here: Founded
) -> None:
    strange = cfdi("B1", issuer=ANDES, receiver=SUR, replaces="A1")
    assert told(send(db, here.administrator, a1(), strange)) == [("accepted", [])] * 2
    assert [number for _, number, _ in counting(db)] == ["A1", "B1"]


CANCELLED_HEAD = (
    "uuid,invoice,date,supplier tax id,receiver tax id,net,total,currency,status"
)


@pytest.mark.parametrize("with_key", [True, False])
@pytest.mark.parametrize("invoice_first", [True, False])
def test_a_cancelled_row_of_a_table_cancels_the_invoice(
    db: Database, here: Founded, *, with_key: bool, invoice_first: bool
) -> None:
    row = [uuid("A1") if with_key else "", "A1", "2026-02-11", ANDES, NORTE]
    row += ["1000.00", "1160.00", "MXN", "cancelado"]
    files = [a1(), table([row], head=CANCELLED_HEAD)]
    for file in files if invoice_first else reversed(files):
        assert told(send(db, here.at_norte, file))[0][0] == "accepted"
    assert counting(db) == []
    assert invoice_of(db, here.at_norte, "A1").stopped == "cancelled"


# periods


def test_in_an_open_period_an_invoice_is_in_time(db: Database, here: Founded) -> None:
    for day, name in (("2026-01-01", "first"), ("2026-03-31", "last")):
        received = send(
            db, here.at_norte, cfdi(name, issuer=ANDES, receiver=NORTE, on=day)
        )
        assert told(received) == [("accepted", [])]


@pytest.mark.parametrize(
    ("day", "late"),
    [
        ("2025-12-31", None),
        ("2026-01-01", "2026-Q1"),
        ("2026-03-31", "2026-Q1"),
        ("2026-04-01", None),
    ],
)
def test_for_a_closed_period_an_invoice_is_late_and_says_so(
    db: Database, here: Founded, day: str, late: str | None
) -> None:
    close(db, here.period)
    received = send(db, here.at_norte, a1(on=day))
    assert told(received) == [("accepted", ["late_invoice"] if late else [])]
    assert invoice_of(db, here.at_norte, "A1").late_for == late


# taken back


def test_a_withdrawn_invoice_stops_counting_and_its_key_is_free(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    invoice = invoice_of(db, here.at_norte, "A1")
    withdraw(db, here.at_norte, invoice.ref, because="sent by mistake", now=NOW)
    assert counting(db) == []
    assert told(send(db, here.at_norte, a1(note="\n"))) == [("accepted", [])]
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_withdrawn_row_of_a_table_may_be_sent_again(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, table([ROW]))
    invoice = invoice_of(db, here.at_norte, "A1")
    withdraw(db, here.at_norte, invoice.ref, because="wrong file", now=NOW)
    again = table([ROW], head=table([]).content.decode().strip() + ",")
    assert told(send(db, here.at_norte, again))[0][0] == "accepted"


def test_only_what_counts_can_be_withdrawn_and_only_with_a_reason(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    ref = invoice_of(db, here.at_norte, "A1").ref
    with pytest.raises(Malformed):
        withdraw(db, here.at_norte, ref, because="  ", now=NOW)
    with pytest.raises(NotAllowed):
        withdraw(db, here.at_andes, ref, because="why not", now=NOW)
    for viewer, unknown in ((here.at_sur, ref), (here.at_norte, "inv_0")):
        with pytest.raises(NotFound):
            withdraw(db, viewer, unknown, because="why not", now=NOW)
    withdraw(db, here.at_norte, ref, because="twice", now=NOW)
    with pytest.raises(Refused):
        withdraw(db, here.at_norte, ref, because="twice", now=NOW)


def test_from_a_closed_period_only_an_administrator_withdraws(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    close(db, here.period)
    ref = invoice_of(db, here.at_norte, "A1").ref
    with pytest.raises(Refused):
        withdraw(db, here.at_norte, ref, because="too late", now=NOW)
    withdraw(db, here.administrator, ref, because="never delivered", now=NOW)
    assert counting(db) == []

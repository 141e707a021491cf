"""A purchase counts once, however often and in whatever form it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from purchases import (
    ANDES,
    CSV_HEAD,
    NORTE,
    NOW,
    SUR,
    Founded,
    cfdi,
    counting,
    found,
    rows,
    table,
    uuid,
)
from rappel.actions.invoices import withdraw
from rappel.core.access import SYSTEM
from rappel.ingest import ColumnMap
from rappel.store import purchases
from sending import ROW, a1, invoice_of, send, told

if TYPE_CHECKING:
    from rappel.store.base import Database


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


# once


def test_the_same_file_again_changes_nothing_and_answers_the_first_result(
    db: Database, here: Founded
) -> None:
    first = send(db, here.at_norte, a1())
    before = rows(db)
    again = send(db, here.at_norte, a1())
    assert rows(db) == before
    assert again.upload == first.upload
    assert [o.document for o in again.outcomes] == [o.document for o in first.outcomes]
    assert [o.known for o in first.outcomes + again.outcomes] == [False, True]


def test_the_same_file_twice_in_one_upload_is_kept_once(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(), a1())
    assert [o.known for o in received.outcomes] == [False, True]
    assert rows(db)["document"] == 1


def test_among_known_files_only_the_new_one_is_taken_in(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    received = send(db, here.at_norte, a1(), cfdi("A2", issuer=ANDES, receiver=NORTE))
    assert [(o.number, o.known) for o in received.outcomes] == [
        ("A1", True),
        ("A2", False),
    ]
    assert rows(db)["upload_file"] == 2


def test_the_same_document_in_another_file_is_known(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    received = send(db, here.at_norte, a1(note="\n"))
    assert told(received) == [("known", ["known_already"])]
    invoice = invoice_of(db, here.at_norte, "A1")
    assert received.outcomes[0].findings[0].params == {"invoice": invoice.ref}
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_key_that_another_member_claimed_holds_and_tells_nothing_of_it(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1())
    received = send(db, here.at_sur, a1(receiver=SUR))
    assert told(received) == [("held", ["already_claimed"])]
    assert "norte" not in str(received).lower()
    assert received.outcomes[0].findings[0].params == {}
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_table_that_nothing_could_be_used_of_is_read_again_with_a_column_map(
    db: Database, here: Founded
) -> None:
    odd = table([ROW], head="a,b,c,d,e,f,g,h,i")
    assert told(send(db, here.at_norte, odd))[0][0] == "refused"
    assert send(db, here.at_norte, odd).outcomes[0].known
    names: tuple[str, ...] = (
        "number",
        "issued_at",
        "supplier_tax_id",
        "receiver_tax_id",
        "code",
    )
    names += ("quantity", "net", "total", "currency")
    mapped = ColumnMap(columns=dict(zip(names, "abcdefghi", strict=True)))
    received = send(db, here.at_norte, odd, columns=mapped)
    assert told(received) == [("accepted", [])]
    assert send(db, here.at_norte, odd, columns=mapped).outcomes[0].known


# tables and e-invoices of the same purchase


def test_a_row_of_a_table_counts_once_by_its_weak_key(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, table([ROW]))
    twice = table([ROW, ["A2", *ROW[1:]]])
    assert told(send(db, here.at_norte, twice)) == [
        ("known", ["known_already"]),
        ("accepted", []),
    ]
    assert counting(db) == [("norte", "A1", "table"), ("norte", "A2", "table")]


@pytest.mark.parametrize("place", [0, 1, 7])
def test_a_row_with_another_number_date_or_total_is_another_purchase(
    db: Database, here: Founded, place: int
) -> None:
    other = list(ROW)
    other[place] = {0: "A-2", 1: "2026-02-12", 7: "1160.01"}[place]
    send(db, here.at_norte, table([ROW]))
    states = told(send(db, here.at_norte, table([other])))
    assert states[0][0] in {"accepted", "held"}
    assert "known_already" not in states[0][1]


def test_an_e_invoice_replaces_the_tables_row_and_is_not_added_to_it(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, table([ROW]))
    assert told(send(db, here.at_norte, a1())) == [("accepted", [])]
    assert counting(db) == [("norte", "A1", "cfdi")]
    assert rows(db)["line_event"] == 1


def test_a_tables_row_after_its_e_invoice_is_known(db: Database, here: Founded) -> None:
    send(db, here.at_norte, a1())
    assert told(send(db, here.at_norte, table([ROW]))) == [("known", ["known_already"])]
    assert counting(db) == [("norte", "A1", "cfdi")]


@pytest.mark.parametrize("first", ["row", "xml"])
def test_both_in_one_upload_count_once_whichever_comes_first(
    db: Database, here: Founded, first: str
) -> None:
    files = [table([ROW]), a1()]
    send(db, here.at_norte, *(files if first == "row" else reversed(files)))
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_table_that_has_the_fiscal_key_gives_way_to_the_e_invoice(
    db: Database, here: Founded
) -> None:
    head = "uuid,invoice,date,supplier tax id,receiver tax id,net,total,currency"
    row = [uuid("A1"), "A1", "2026-02-11", ANDES, NORTE, "999.00", "1158.84", "MXN"]
    send(db, here.at_norte, table([row], head=head))
    assert told(send(db, here.at_norte, a1())) == [("accepted", [])]
    assert counting(db) == [("norte", "A1", "cfdi")]
    again = send(db, here.at_norte, table([row], head=head + ","))
    assert told(again)[0][0] == "known"


@pytest.mark.parametrize("table_first", [True, False])
def test_a_purchase_of_another_members_table_is_held(
    db: Database, here: Founded, *, table_first: bool
) -> None:
    row = [*ROW[:3], SUR, *ROW[4:]]
    sendings = [(here.at_sur, table([row])), (here.at_norte, a1())]
    (one, first), (other, second) = sendings if table_first else reversed(sendings)
    assert told(send(db, one, first)) == [("accepted", [])]
    assert told(send(db, other, second)) == [("held", ["already_claimed"])]
    again = cfdi("A1x", issuer=ANDES, receiver=SUR, number="Z9")
    assert told(send(db, here.at_sur, again)) == [("accepted", [])]


def test_in_one_upload_for_all_the_second_member_of_a_purchase_is_held(
    db: Database, here: Founded
) -> None:
    row = [*ROW[:3], SUR, *ROW[4:]]
    received = send(db, SYSTEM, table([row]), a1())
    assert told(received) == [("accepted", []), ("held", ["already_claimed"])]
    assert told(send(db, here.at_norte, a1(note="\n")))[0][0] == "held"
    with db.reading(SYSTEM) as session:
        listed = purchases.list_invoices(session, SYSTEM).items
    withdraw(db, SYSTEM, listed[0].ref, because="not theirs", now=NOW)
    assert told(send(db, here.at_norte, a1(note="\n\n"))) == [("accepted", [])]


def test_a_credit_note_with_its_invoices_number_day_and_total_is_not_that_invoice(
    db: Database, here: Founded
) -> None:
    head = "type," + CSV_HEAD
    send(db, here.at_norte, table([["invoice", *ROW]], head=head))
    note = table([["credit note", *ROW]], head=head)
    assert told(send(db, here.at_norte, note)) == [("accepted", [])]
    assert counting(db) == [("norte", "A1", "table")] * 2

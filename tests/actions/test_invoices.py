"""What people send: kept, judged by whose it is, and counted."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from purchases import (
    ANDES,
    BRISA,
    LEJANO,
    NORTE,
    SUR,
    Founded,
    cfdi,
    counting,
    found,
    rows,
    table,
    uuid,
)
from rappel.actions.invoices import Incoming
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound
from rappel.ingest import read_invoices
from rappel.store import documents, uploads
from rappel.store.audit import AuditRow
from sending import ROW, a1, invoice_of, send, told

if TYPE_CHECKING:
    from rappel.store.base import Database


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


# what counts


def test_an_invoice_counts_with_its_lines_as_they_were_read(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(lines=2, net="500.10"))
    assert told(received) == [("accepted", [])]
    invoice = invoice_of(db, here.at_norte, "A1")
    assert (invoice.member, invoice.supplier, invoice.kind) == (
        "norte",
        "andes",
        "invoice",
    )
    assert invoice.invoice_date == date(2026, 2, 11)
    assert invoice.fiscal_key == uuid("A1")
    assert [line.net for line in invoice.lines] == [Decimal("500.10")] * 2
    assert invoice.base == Decimal("1000.20")
    assert invoice.evidence == "C"
    assert invoice.late_for is None


def test_the_original_is_kept_and_given_back_to_its_member_alone(
    db: Database, here: Founded
) -> None:
    sent = a1()
    document = send(db, here.at_norte, sent).outcomes[0].document
    with db.reading(here.at_norte) as session:
        kept = uploads.original(session, here.at_norte, document)
    assert kept == ("A1.xml", sent.content)
    with db.reading(here.at_sur) as session, pytest.raises(NotFound):
        uploads.original(session, here.at_sur, document)


def test_a_credit_note_is_kept_with_positive_figures(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, cfdi("N1", issuer=ANDES, receiver=NORTE, kind="E"))
    note = invoice_of(db, here.at_norte, "N1")
    assert (note.kind, note.base) == ("credit_note", Decimal(1000))


def test_a_payment_complement_is_accepted_and_counts_nothing(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(kind="P"))
    assert received.outcomes[0].state in {"accepted", "held"}
    assert counting(db) == []


def test_each_rate_converts_to_the_currency_of_the_documents_country(
    db: Database, here: Founded
) -> None:
    send(db, here.at_norte, a1(currency="USD", rate="18.5000"))
    send(db, here.at_norte, cfdi("A2", issuer=ANDES, receiver=NORTE))
    dollars, pesos = (invoice_of(db, here.at_norte, n) for n in ("A1", "A2"))
    assert (dollars.rate, dollars.rate_currency) == (Decimal("18.5"), "MXN")
    assert pesos.rate_currency is None


# whose it is


def test_a_receiver_that_is_no_member_holds_the_document(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(receiver=LEJANO))
    assert told(received) == [("held", ["receiver_not_member"])]
    assert counting(db) == []


def test_a_purchase_of_another_member_is_held_and_nobody_is_named(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(receiver=SUR))
    assert told(received) == [("held", ["receiver_not_yours"])]
    assert "sur" not in str(received).lower().replace(SUR.lower(), "")


def test_an_unknown_issuer_holds_the_document(db: Database, here: Founded) -> None:
    received = send(db, here.at_norte, a1(issuer=BRISA))
    assert told(received) == [("held", ["supplier_unknown"])]


def test_an_administrator_sends_for_all_and_the_receiver_decides(
    db: Database, here: Founded
) -> None:
    files = [a1(), cfdi("B1", issuer=ANDES, receiver=SUR)]
    received = send(db, here.administrator, *files)
    assert told(received) == [("accepted", [])] * 2
    assert counting(db) == [("norte", "A1", "cfdi"), ("sur", "B1", "cfdi")]


def test_for_a_named_member_another_ones_purchase_is_held(
    db: Database, here: Founded
) -> None:
    files = [a1(), cfdi("B1", issuer=ANDES, receiver=SUR)]
    received = send(db, here.administrator, *files, member="norte")
    assert told(received) == [("accepted", []), ("held", ["receiver_not_yours"])]


def test_a_table_without_receivers_is_its_senders_own(
    db: Database, here: Founded
) -> None:
    blank = [*ROW[:3], "", *ROW[4:]]
    assert told(send(db, here.at_norte, table([blank]))) == [("accepted", [])]
    assert told(send(db, SYSTEM, table([["A2", *blank[1:]]]))) == [
        ("held", ["receiver_not_stated"])
    ]


def test_suppliers_send_nothing(db: Database, here: Founded) -> None:
    with pytest.raises(NotAllowed):
        send(db, here.at_andes, a1())


def test_a_member_sends_for_itself_alone(db: Database, here: Founded) -> None:
    assert told(send(db, here.at_norte, a1(), member="norte")) == [("accepted", [])]
    for foreign in ("sur", "nobody"):
        with pytest.raises(NotFound):
            send(db, here.at_norte, a1(), member=foreign)


def test_an_upload_without_a_file_is_refused(db: Database, here: Founded) -> None:
    with pytest.raises(Malformed):
        send(db, here.at_norte)


def test_what_is_refused_or_held_never_stops_the_rest(
    db: Database, here: Founded
) -> None:
    junk = Incoming("junk.xml", b"<not")
    received = send(db, here.at_norte, junk, a1(issuer=BRISA), a1(note=" "))
    states = [state for state, _ in told(received)]
    assert states == ["refused", "held", "accepted"]
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_an_archive_gives_each_document_its_own_outcome(
    db: Database, here: Founded
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("A1", "A2"):
            one = cfdi(name, issuer=ANDES, receiver=NORTE)
            archive.writestr(one.name, one.content)
        archive.writestr("junk.xml", b"<not")
    received = send(db, here.at_norte, Incoming("marzo.zip", packed.getvalue()))
    assert [state for state, _ in told(received)] == ["accepted", "accepted", "refused"]
    assert rows(db)["original"] == 1


# around it


def test_progress_is_told_after_each_file(db: Database, here: Founded) -> None:
    heard: list[tuple[int, int]] = []
    files = [a1(), cfdi("A2", issuer=ANDES, receiver=NORTE)]
    send(db, here.at_norte, *files, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(1, 2), (2, 2)]


def test_each_upload_has_one_audit_entry_that_counts_what_became_of_it(
    db: Database, here: Founded
) -> None:
    received = send(db, here.at_norte, a1(), a1(issuer=BRISA))
    with db.reading(SYSTEM) as session:
        entry = session.execute(
            sa.select(
                AuditRow.verb, AuditRow.subject, AuditRow.person_id, AuditRow.detail
            )
        ).one()
    assert entry.verb == "invoices.receive"
    assert entry.subject == received.upload
    assert entry.person_id == here.at_norte.person
    assert (entry.detail["accepted"], entry.detail["held"]) == (1, 1)


def test_a_name_that_no_database_takes_is_made_printable(
    db: Database, here: Founded
) -> None:
    odd = Incoming("a\0b\ud800.xml", a1().content)
    assert send(db, here.at_norte, odd).outcomes[0].file == "ab.xml"
    blank = Incoming("\0", a1(note="\n").content)
    assert send(db, here.at_norte, blank).outcomes[0].file == "unnamed"


def test_what_was_stored_is_read_back_as_the_same_document(
    db: Database, here: Founded
) -> None:
    sent = a1(issuer=BRISA, currency="USD", rate="18.5", replaces="A0")
    ref = send(db, here.at_norte, sent).outcomes[0].document
    (read,) = read_invoices(sent.name, sent.content)
    with db.writing(SYSTEM) as session:
        assert documents.take(session, SYSTEM, ref).document == read

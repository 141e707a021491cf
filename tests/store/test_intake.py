"""Uploads, documents and invoices as each viewer sees them, and rows in their order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from purchases import ANDES, BRISA, NORTE, NOW, SUR, Founded, cfdi, close, found
from rappel.actions.invoices import Received, receive, withdraw
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotFound
from rappel.store import documents, intake, purchases, uploads

if TYPE_CHECKING:
    from rappel.core.access import Viewer
    from rappel.store.base import Database

BEFORE, FIRST = date(2025, 12, 31), date(2026, 1, 1)
LAST, AFTER = date(2026, 3, 31), date(2026, 4, 1)


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


@pytest.fixture
def sent(db: Database, here: Founded) -> list[Received]:
    """Two invoices and a held one of norte's own; one of each that the office sent."""
    own = [
        cfdi("A1", issuer=ANDES, receiver=NORTE),
        cfdi("A2", issuer=ANDES, receiver=NORTE, on="2026-03-31", kind="E"),
        cfdi("A3", issuer=BRISA, receiver=NORTE),
    ]
    office = [
        cfdi("B1", issuer=ANDES, receiver=SUR, on="2026-04-01"),
        cfdi("A4", issuer=ANDES, receiver=NORTE, on="2026-01-01"),
    ]
    return [
        receive(db, here.at_norte, own, now=NOW),
        receive(db, here.administrator, office, now=NOW),
    ]


def numbers(db: Database, viewer: Viewer, **filters: Any) -> list[str]:
    with db.reading(viewer) as session:
        page = purchases.list_invoices(session, viewer, **filters)
        return [invoice.number for invoice in page.items]


@pytest.mark.usefixtures("sent")
def test_a_member_sees_its_own_invoices_and_a_supplier_none(
    db: Database, here: Founded
) -> None:
    assert numbers(db, here.administrator) == ["A4", "A1", "A2", "B1"]
    assert numbers(db, here.at_norte) == ["A4", "A1", "A2"]
    assert numbers(db, here.at_sur) == ["B1"]
    assert numbers(db, here.at_andes) == []


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"period": "2026-Q1"}, ["A4", "A1", "A2"]),
        ({"period": "2031-Q1"}, []),
        ({"member": "sur"}, ["B1"]),
        ({"member": "nobody"}, []),
        ({"supplier": "andes"}, ["A4", "A1", "A2", "B1"]),
        ({"supplier": "brisa"}, []),
        ({"kind": "credit_note"}, ["A2"]),
        ({"kind": "invoice", "member": "norte"}, ["A4", "A1"]),
    ],
)
def test_invoices_are_filtered_by_period_member_supplier_and_kind(
    db: Database,
    here: Founded,
    filters: dict[str, str],
    expected: list[str],
) -> None:
    assert numbers(db, here.administrator, **filters) == expected


@pytest.mark.usefixtures("sent")
def test_a_filter_never_widens_what_is_seen(db: Database, here: Founded) -> None:
    assert numbers(db, here.at_norte, member="sur") == []


@pytest.mark.usefixtures("sent")
def test_a_foreign_invoice_is_not_found_as_one_that_is_not_there(
    db: Database, here: Founded
) -> None:
    with db.reading(here.at_norte) as session:
        own = purchases.list_invoices(session, here.at_norte).items[0]
        whole = purchases.invoice(session, here.at_norte, own.ref)
    assert (len(own.lines), len(whole.lines)) == (0, 1)
    for viewer, ref in (
        (here.at_sur, own.ref),
        (here.at_andes, own.ref),
        (here.at_norte, "inv_0"),
    ):
        with db.reading(viewer) as session, pytest.raises(NotFound):
            purchases.invoice(session, viewer, ref)


@pytest.mark.usefixtures("sent")
def test_what_happened_to_an_invoice_is_told_with_its_reason(
    db: Database, here: Founded
) -> None:
    with db.reading(here.at_norte) as session:
        ref = purchases.list_invoices(session, here.at_norte).items[0].ref
    withdraw(db, here.administrator, ref, because="never delivered", now=NOW)
    with db.reading(here.at_norte) as session:
        invoice = purchases.invoice(session, here.at_norte, ref)
    assert invoice.stopped == "withdrawn"
    assert [(e.event, e.because) for e in invoice.events] == [
        ("withdrawn", "never delivered")
    ]


@pytest.mark.usefixtures("sent")
def test_pages_of_invoices_follow_each_other_without_gap_or_repetition(
    db: Database,
) -> None:
    seen, cursor = [], None
    with db.reading(SYSTEM) as session:
        while True:
            page = purchases.list_invoices(session, SYSTEM, cursor=cursor, limit=1)
            seen += [invoice.number for invoice in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        with pytest.raises(Malformed):
            uploads.list_uploads(session, SYSTEM, cursor="made up")
    assert seen == ["A4", "A1", "A2", "B1"]


def test_documents_are_filtered_by_state_and_upload(
    db: Database, here: Founded, sent: list[Received]
) -> None:
    own, office = (received.upload for received in sent)
    with db.reading(here.administrator) as session:

        def listed(**filters: Any) -> list[str | None]:
            page = documents.list_documents(session, here.administrator, **filters)
            return [document.number for document in page.items]

        assert listed() == ["A1", "A2", "A3", "B1", "A4"]
        assert listed(state="held") == ["A3"]
        assert listed(upload=office) == ["B1", "A4"]
        assert listed(upload=own, state="accepted") == ["A1", "A2"]


def test_a_document_shows_what_was_read_and_what_counts_by_it(
    db: Database, here: Founded, sent: list[Received]
) -> None:
    accepted, _, held = (outcome.document for outcome in sent[0].outcomes)
    with db.reading(here.at_norte) as session:
        counted = documents.document(session, here.at_norte, accepted)
        waits = documents.document(session, here.at_norte, held)
    assert (counted.member, counted.supplier) == ("norte", "andes")
    assert counted.invoice is not None
    assert counted.reading["total"] == "1160.00"
    assert (waits.state, waits.invoice, waits.supplier) == ("held", None, None)
    assert [finding.code for finding in waits.findings] == ["supplier_unknown"]


def test_a_member_sees_its_document_in_the_offices_upload_but_not_the_upload(
    db: Database, here: Founded, sent: list[Received]
) -> None:
    office = sent[1]
    with db.reading(here.at_norte) as session:
        mine = documents.document(session, here.at_norte, office.outcomes[1].document)
        assert (mine.number, mine.upload) == ("A4", None)
        with pytest.raises(NotFound):
            uploads.upload(session, here.at_norte, office.upload)
        with pytest.raises(NotFound):
            documents.document(session, here.at_norte, office.outcomes[0].document)
        with pytest.raises(NotFound):
            uploads.original(session, here.at_norte, mine.ref)


def test_an_upload_shows_its_files_and_what_became_of_its_documents(
    db: Database, here: Founded, sent: list[Received]
) -> None:
    with db.reading(here.at_norte) as session:
        (listed,) = uploads.list_uploads(session, here.at_norte).items
        whole = uploads.upload(session, here.at_norte, listed.ref)
    assert listed.states == {"accepted": 2, "held": 1}
    assert (listed.member, listed.person) == ("norte", here.at_norte.person)
    assert [file.name for file in whole.files] == ["A1.xml", "A2.xml", "A3.xml"]
    assert all(len(file.sha256) == 64 and file.size > 1000 for file in whole.files)
    with db.reading(here.administrator) as session:
        newest = uploads.list_uploads(session, here.administrator).items
    assert [upload.ref for upload in newest] == [sent[1].upload, sent[0].upload]


@pytest.mark.usefixtures("sent")
def test_a_supplier_sees_no_upload_and_no_document(db: Database, here: Founded) -> None:
    with db.reading(here.at_andes) as session:
        assert uploads.list_uploads(session, here.at_andes).items == ()
        assert documents.list_documents(session, here.at_andes).items == ()


def test_adding_nothing_asks_the_database_nothing(db: Database) -> None:
    with db.writing(SYSTEM) as session:
        assert intake.add_documents(session, []) == []
        assert intake.add_invoices(session, []) == []


def test_only_periods_that_are_not_open_are_shut_to_their_days(
    db: Database, here: Founded
) -> None:
    def shut(*days: date) -> list[str]:
        with db.writing(SYSTEM) as session:
            return [found.code for found in intake.lock_periods(session, days)]

    assert shut(FIRST, AFTER) == []
    close(db, here.period)
    assert shut(FIRST, LAST) == ["2026-Q1"]
    assert shut(BEFORE, AFTER) == []
    assert shut() == []

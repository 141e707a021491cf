"""A held document is no dead end: released, refused, reassigned, judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from purchases import (
    ANDES,
    BRISA,
    LEJANO,
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
)
from rappel.actions.documents import reassign, refuse, release
from rappel.actions.invoices import Incoming, receive, withdraw
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store import documents, purchases
from rappel.store.audit import AuditRow
from rappel.store.parties import SupplierTaxIdRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.core.access import Viewer
    from rappel.store.base import Database

WHY: dict[str, Any] = {"because": "looked at it", "now": NOW}


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


def a1(**changes: Any) -> Incoming:
    return cfdi("A1", **{"issuer": ANDES, "receiver": NORTE, **changes})


def sent(db: Database, viewer: Viewer, file: Incoming) -> str:
    outcome = receive(db, viewer, [file], now=NOW).outcomes[0]
    assert outcome.state == "held", outcome
    return outcome.document


def unstamped(**changes: Any) -> Incoming:
    file = a1(**changes)
    start = file.content.index(b"<cfdi:Complemento>")
    end = file.content.index(b"</cfdi:Complemento>") + len(b"</cfdi:Complemento>")
    return Incoming(file.name, file.content[:start] + file.content[end:])


def codes(document: documents.StoredDocument) -> list[str]:
    return [finding.code for finding in document.findings]


# release


def test_what_the_reader_held_counts_once_released(db: Database, here: Founded) -> None:
    held = sent(db, here.at_norte, unstamped())
    released = release(db, here.administrator, held, **WHY)
    assert (released.state, released.because) == ("accepted", "looked at it")
    assert codes(released) == ["not_stamped"]
    assert counting(db) == [("norte", "A1", "cfdi")]
    assert released.invoice is not None


def test_a_release_needs_a_supplier_that_can_be_found(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(issuer=BRISA))
    with pytest.raises(Refused) as refusal:
        release(db, here.administrator, held, **WHY)
    assert refusal.value.code == "no_supplier"


@pytest.mark.parametrize("receiver", [LEJANO, SUR])
def test_a_release_needs_the_receiver_to_be_the_member_it_was_sent_for(
    db: Database, here: Founded, receiver: str
) -> None:
    held = sent(db, here.at_norte, a1(receiver=receiver))
    before = rows(db)
    with pytest.raises(Refused) as refusal:
        release(db, here.administrator, held, **WHY)
    assert refusal.value.code == "no_member"
    assert rows(db) == before


def test_a_release_needs_a_key_that_nobody_else_has(
    db: Database, here: Founded
) -> None:
    receive(db, here.at_norte, [a1()], now=NOW)
    held = sent(db, here.at_sur, a1(receiver=SUR))
    with pytest.raises(Refused) as refusal:
        release(db, here.administrator, held, **WHY)
    assert refusal.value.code == "already_claimed"
    with db.reading(SYSTEM) as session:
        assert documents.document(session, SYSTEM, held).state == "held"


def test_after_the_other_is_withdrawn_the_key_may_be_released(
    db: Database, here: Founded
) -> None:
    receive(db, here.at_norte, [a1()], now=NOW)
    held = sent(db, here.at_sur, a1(receiver=SUR))
    with db.reading(SYSTEM) as session:
        (first,) = purchases.list_invoices(session, SYSTEM).items
    withdraw(db, here.administrator, first.ref, **WHY)
    assert release(db, here.administrator, held, **WHY).state == "accepted"
    assert counting(db) == [("sur", "A1", "cfdi")]


def test_a_release_needs_what_a_purchase_cannot_be_without(
    db: Database, here: Founded
) -> None:
    row = ["", "2026-02-11", ANDES, NORTE, "CAM-1", "1", "1000.00", "1160.00", "MXN"]
    held = sent(db, here.at_norte, table([row]))
    with pytest.raises(Refused) as refusal:
        release(db, here.administrator, held, **WHY)
    assert refusal.value.code == "document_incomplete"


def test_a_released_document_that_counts_already_is_known(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(issuer=BRISA))
    with db.writing(SYSTEM) as session:
        session.add(
            SupplierTaxIdRow(tax_id=BRISA, country="MX", supplier_id=here.andes)
        )
    receive(db, here.at_norte, [a1(issuer=BRISA, note="\n")], now=NOW)
    released = release(db, here.administrator, held, **WHY)
    assert (released.state, codes(released)) == ("known", ["known_already"])


def test_an_administrator_may_let_a_document_replace_another_members(
    db: Database, here: Founded
) -> None:
    receive(db, here.at_norte, [a1()], now=NOW)
    held = sent(db, here.at_sur, cfdi("B1", issuer=ANDES, receiver=SUR, replaces="A1"))
    assert release(db, here.administrator, held, **WHY).state == "accepted"
    assert counting(db) == [("sur", "B1", "cfdi")]


def test_a_document_released_after_its_period_closed_is_late(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, unstamped())
    close(db, here.period)
    released = release(db, here.administrator, held, **WHY)
    assert codes(released) == ["not_stamped", "late_invoice"]


def test_a_payment_that_was_held_counts_nothing_once_released(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, unstamped(kind="P"))
    released = release(db, here.administrator, held, **WHY)
    assert (released.state, released.invoice) == ("accepted", None)


# reassign and refuse


def test_what_was_bought_under_a_personal_tax_id_is_reassigned(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(receiver=LEJANO))
    assigned = reassign(db, here.administrator, held, member="norte", **WHY)
    assert (assigned.state, assigned.member) == ("accepted", "norte")
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_document_reassigned_to_another_member_leaves_the_senders_view(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(receiver=SUR))
    reassign(db, here.administrator, held, member="sur", **WHY)
    assert counting(db) == [("sur", "A1", "cfdi")]
    with db.reading(here.at_sur) as session:
        assert documents.document(session, here.at_sur, held).member == "sur"
    with db.reading(here.at_norte) as session, pytest.raises(NotFound):
        documents.document(session, here.at_norte, held)


def test_a_refused_document_stays_refused(db: Database, here: Founded) -> None:
    held = sent(db, here.at_norte, a1(receiver=LEJANO))
    refused = refuse(db, here.administrator, held, **WHY)
    assert (refused.state, refused.because) == ("refused", "looked at it")
    assert codes(refused) == ["receiver_not_member"]
    for decide in (release, refuse):
        with pytest.raises(Refused) as refusal:
            decide(db, here.administrator, held, **WHY)
        assert refusal.value.code == "not_held"


def test_nobody_is_reassigned_a_purchase_who_is_no_member(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(receiver=LEJANO))
    with pytest.raises(NotFound):
        reassign(db, here.administrator, held, member="nobody", **WHY)


DECISIONS: list[Callable[..., documents.StoredDocument]] = [release, refuse]


@pytest.mark.parametrize("decide", DECISIONS)
def test_each_decision_is_an_administrators_and_has_its_reason(
    db: Database,
    here: Founded,
    decide: Callable[..., documents.StoredDocument],
) -> None:
    held = sent(db, here.at_norte, unstamped())
    for viewer in (here.at_norte, here.at_sur, here.at_andes):
        with pytest.raises(NotAllowed):
            decide(db, viewer, held, **WHY)
    for blank in ("", " \n"):
        with pytest.raises(Malformed):
            decide(db, here.administrator, held, because=blank, now=NOW)
    with pytest.raises(NotFound):
        decide(db, here.administrator, "doc_0", **WHY)
    before = rows(db)["audit_entry"]
    decide(db, here.administrator, held, **WHY)
    with db.reading(SYSTEM) as session:
        newest = session.execute(
            sa.select(AuditRow.verb, AuditRow.subject, AuditRow.detail)
            .order_by(AuditRow.id.desc())
            .limit(1)
        ).one()
    assert rows(db)["audit_entry"] == before + 1
    assert newest.verb == f"documents.{decide.__name__}"
    assert newest.subject == held
    assert newest.detail["because"] == "looked at it"

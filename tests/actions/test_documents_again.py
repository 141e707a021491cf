"""A tax id that is added lets what was held for want of it be judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from purchases import (
    ANDES,
    BRISA,
    LEJANO,
    NORTE,
    NOW,
    SUR,
    Founded,
    cfdi,
    counting,
    found,
)
from rappel.actions.documents import judge_again
from rappel.actions.invoices import Incoming, receive
from rappel.core.access import SYSTEM
from rappel.store import documents
from rappel.store.parties import MemberTaxIdRow, SupplierTaxIdRow

if TYPE_CHECKING:
    from rappel.core.access import Viewer
    from rappel.store.base import Database


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


def judged_again(db: Database, row: object, tax_id: str) -> int:
    with db.writing(SYSTEM) as session:
        session.add(row)
        session.flush()
        return judge_again(session, SYSTEM, tax_id=tax_id, now=NOW)


def test_a_new_tax_id_of_the_member_lets_its_purchases_count(
    db: Database, here: Founded
) -> None:
    sent(db, here.at_norte, a1(receiver=LEJANO))
    row = MemberTaxIdRow(tax_id=LEJANO, country="MX", member_id=here.norte)
    assert judged_again(db, row, LEJANO) == 1
    assert counting(db) == [("norte", "A1", "cfdi")]


def test_a_new_tax_id_of_the_supplier_lets_its_invoices_count(
    db: Database, here: Founded
) -> None:
    sent(db, here.at_norte, a1(issuer=BRISA))
    sent(db, SYSTEM, cfdi("B1", issuer=BRISA, receiver=SUR))
    row = SupplierTaxIdRow(tax_id=BRISA, country="MX", supplier_id=here.andes)
    assert judged_again(db, row, BRISA) == 2
    assert counting(db) == [("norte", "A1", "cfdi"), ("sur", "B1", "cfdi")]


def test_what_is_still_wrong_stays_held_and_says_only_that(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, unstamped(receiver=LEJANO, issuer=BRISA))
    row = MemberTaxIdRow(tax_id=LEJANO, country="MX", member_id=here.norte)
    assert judged_again(db, row, LEJANO) == 0
    with db.reading(SYSTEM) as session:
        stays = documents.document(session, SYSTEM, held)
    assert (stays.state, codes(stays)) == ("held", ["not_stamped", "supplier_unknown"])


def test_a_tax_id_of_another_member_keeps_the_senders_document_held(
    db: Database, here: Founded
) -> None:
    held = sent(db, here.at_norte, a1(receiver=LEJANO))
    row = MemberTaxIdRow(tax_id=LEJANO, country="MX", member_id=here.sur)
    assert judged_again(db, row, LEJANO) == 0
    with db.reading(SYSTEM) as session:
        assert codes(documents.document(session, SYSTEM, held)) == [
            "receiver_not_yours"
        ]


def test_documents_of_other_tax_ids_are_left_alone(db: Database, here: Founded) -> None:
    held = sent(db, here.at_norte, a1(receiver=LEJANO))
    with db.writing(SYSTEM) as session:
        assert judge_again(session, SYSTEM, tax_id=BRISA, now=NOW) == 0
    with db.reading(SYSTEM) as session:
        assert documents.document(session, SYSTEM, held).state == "held"

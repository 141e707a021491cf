"""Whatever form an invoice comes in, it is one purchase, and no answer is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cii_documents import cii_xml, pdf_of, trade_party
from ingest.test_attached import answer_xml, attached, in_cdata
from ingest.test_beside import voided
from purchases import ANDES, NORTE, NOW, SUR, Founded, counting, found, rows, table
from rappel.actions.documents import release
from rappel.actions.invoices import Incoming
from sending import invoice_of, send, told
from ubl_documents import (
    BUYER_NIT,
    BUYER_RUC,
    NIT,
    RUC,
    Item,
    dian_xml,
    reference,
    sunat_xml,
    ubl_xml,
    vat_party,
)

if TYPE_CHECKING:
    from rappel.store.base import Database

GOODS = Item(net="1000.00")


@pytest.fixture
def here(db: Database) -> Founded:
    return found(db)


def in_ubl(name: str = "a.xml", *, member: str = NORTE, **said: str | None) -> Incoming:
    content = ubl_xml(
        GOODS, supplier=vat_party(ANDES), member=vat_party(member), **said
    )
    return Incoming(name, content)


def in_cii(name: str = "a.xml") -> Incoming:
    parties = {"supplier": trade_party(ANDES), "member": trade_party(NORTE)}
    return Incoming(name, cii_xml(GOODS, **parties))


def in_colombia(content: bytes) -> bytes:
    content = content.replace(NIT.encode(), ANDES.encode())
    return content.replace(BUYER_NIT.encode(), NORTE.encode())


def test_an_invoice_in_ubl_in_cii_and_in_a_pdf_is_one_purchase(
    db: Database, here: Founded
) -> None:
    files = (in_ubl(), in_cii("b.xml"), Incoming("c.pdf", pdf_of(in_cii().content)))
    received = send(db, here.at_norte, *files)
    assert [state for state, _ in told(received)] == ["accepted", "known", "known"]
    assert counting(db) == [("norte", "F-1042", "ubl")]


def test_an_invoice_and_its_wrapped_copy_are_one_purchase(
    db: Database, here: Founded
) -> None:
    inner = in_colombia(dian_xml(GOODS))
    files = (Incoming("a.xml", inner), Incoming("b.xml", attached(in_cdata(inner))))
    received = send(db, here.at_norte, *files)
    assert [state for state, _ in told(received)] == ["accepted", "known"]
    assert counting(db) == [("norte", "SETP990001042", "dian")]


def test_another_members_copy_is_held_in_any_form(db: Database, here: Founded) -> None:
    send(db, here.at_norte, in_ubl())
    ((state, codes),) = told(send(db, here.at_sur, in_cii()))
    assert state == "held"
    assert "receiver_not_yours" in codes
    ((state, codes),) = told(send(db, here.at_sur, in_ubl(member=SUR)))
    assert (state, codes[-1]) == ("held", "already_claimed")


def test_an_invoice_takes_the_place_of_its_row_in_a_table(
    db: Database, here: Founded
) -> None:
    row = ["F-1042", "2026-02-11", ANDES, NORTE, "CAM-1", "1", "1000.00", "1200.00"]
    send(db, here.at_norte, table([[*row, "EUR"]]))
    ((state, _),) = told(send(db, here.at_norte, in_ubl()))
    assert state == "accepted"
    assert counting(db) == [("norte", "F-1042", "ubl")]


def test_a_corrected_invoice_takes_the_place_of_the_one_it_names(
    db: Database, here: Founded
) -> None:
    old = in_ubl(number="F-1041")
    new = in_ubl(type_code="384", before=reference("F-1041", date="2026-02-11"))
    send(db, here.at_norte, old, new)
    assert counting(db) == [("norte", "F-1042", "ubl")]
    assert invoice_of(db, here.at_norte, "F-1041").stopped == "replaced"


def test_an_answer_is_taken_in_and_counts_nothing(db: Database, here: Founded) -> None:
    send(db, here.at_norte, Incoming("a.xml", in_colombia(dian_xml(GOODS))))
    answer = Incoming("r.xml", in_colombia(answer_xml()))
    assert told(send(db, here.at_norte, answer)) == [
        ("accepted", ["carries_no_volume"])
    ]
    assert rows(db)["invoice"] == 1


def test_a_pdf_with_two_invoices_waits_and_counts_nothing(
    db: Database, here: Founded
) -> None:
    twice = pdf_of(in_cii().content, in_ubl().content)
    received = send(db, here.at_norte, Incoming("a.pdf", twice))
    assert told(received) == [("held", ["ambiguous_attachment"])]
    assert counting(db) == []


def test_what_a_supplier_in_peru_voids_stops_counting_once_it_is_released(
    db: Database, here: Founded
) -> None:
    paid = sunat_xml(GOODS).replace(RUC.encode(), ANDES.encode())
    content = paid.replace(BUYER_RUC.encode(), NORTE.encode())
    received = send(db, here.at_norte, Incoming("a.xml", content))
    assert told(received) == [("accepted", [])]
    ended = voided("1042").replace(RUC.encode(), ANDES.encode())
    (outcome,) = send(db, here.at_norte, Incoming("b.xml", ended)).outcomes
    assert outcome.state == "held"
    assert len(counting(db)) == 1
    release(db, here.administrator, outcome.document, because="CDR seen", now=NOW)
    assert counting(db) == []
    assert invoice_of(db, here.at_norte, "F001-00001042").stopped == "cancelled"

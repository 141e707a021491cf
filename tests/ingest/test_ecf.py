"""e-CF of the Dominican Republic, made on purpose: what each field means."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caribbean import RNC, RNC_BUYER, Item, ecf_xml
from rappel.ingest import read

if TYPE_CHECKING:
    from rappel.core.invoices import Document

NUMBER = "E310000000042"


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_an_invoice_is_read() -> None:
    document = one(ecf_xml(Item("95.00", "5.00"), Item("50.00")))
    first, second = document.lines
    said = (document.scheme, document.kind, document.version)
    assert said == ("do", "invoice", "1.0")
    assert (document.fiscal_key, document.number) == (f"{RNC}-{NUMBER}", NUMBER)
    assert (document.issuer.tax_id, document.receiver.tax_id) == (RNC, RNC_BUYER)
    assert document.issued_at == datetime(2026, 3, 31)  # noqa: DTZ001
    assert (first.gross, first.discount, first.net) == (100, 5, 95)
    assert (first.code, first.quantity, second.net) == ("CAM-1", 2, 50)
    assert (document.base, document.total) == (145, Decimal("171.10"))
    assert (document.currency, document.verdict) == ("DOP", "accept")
    assert (document.evidence, codes(document)) == ("C", [])


def test_discounts_of_the_whole_are_shared_and_charges_stay_out() -> None:
    items = Item("100.00"), Item("50.00")
    document = one(ecf_xml(*items, moves=[("D", "15.00"), ("R", "6.00")]))
    assert [line.net for line in document.lines] == [90, 45]
    assert (document.base, document.charges, codes(document)) == (135, 6, [])


def test_prices_with_tax_share_the_net_that_is_stated() -> None:
    document = one(ecf_xml(Item("118.00"), Item("59.00"), with_tax=True))
    assert [line.net for line in document.lines] == [100, 50]
    assert (document.base, document.total, codes(document)) == (150, 177, [])


@pytest.mark.parametrize(
    ("kind", "why", "read_as", "relation", "base"),
    [
        ("34", "1", "credit_note", "credits", 100),
        ("34", "3", "credit_note", "credits", 100),
        ("34", "2", "other", "credits", 0),
        ("33", "3", "debit_note", "debits", 100),
        ("47", "3", "other", "related", 0),
    ],
)
def test_what_a_note_is_follows_from_its_type_and_its_reason(
    kind: str, why: str, read_as: str, relation: str, base: int
) -> None:
    document = one(ecf_xml(kind=kind, number="E34", reference=(NUMBER, why)))
    (related,) = document.related
    assert (document.kind, document.base) == (read_as, base)
    assert (related.fiscal_key, related.relation) == (f"{RNC}-{NUMBER}", relation)
    assert document.verdict == "accept"


@pytest.mark.parametrize("kind", ["41", "43"])
def test_purchases_that_the_buyer_bills_say_so(kind: str) -> None:
    document = one(ecf_xml(kind=kind, issuer=RNC_BUYER, receiver=RNC))
    assert (document.by_buyer, document.seller.tax_id) == (True, RNC)


def test_a_line_that_is_not_billed_is_free() -> None:
    document = one(ecf_xml(billed="0"))
    assert (document.base, codes(document)) == (0, ["free_goods"])


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (ecf_xml(kind="32"), "reject", "consumer_receipt"),
        (ecf_xml(kind="99"), "hold", "unknown_kind"),
        (ecf_xml(day="31/13/2026"), "reject", "bad_date"),
        (ecf_xml(total="999.00"), "hold", "arithmetic"),
        (ecf_xml().replace(b"Item>100", b"Item>+100"), "reject", "bad_number"),
        (ecf_xml().replace(b"DetallesItems", b"Otro"), "reject", "missing_field"),
        (
            ecf_xml().replace(b"<RNCEmisor>130862346", b"<RNCEmisor>"),
            "reject",
            "missing_field",
        ),
        (b"<RFCE/>", "reject", "not_supported"),
    ],
)
def test_what_is_wrong_is_refused_or_held(
    content: bytes, verdict: str, code: str
) -> None:
    document = one(content)
    assert (document.verdict, codes(document)[0]) == (verdict, code)


def test_an_invoice_and_its_whole_credit_note_are_nothing() -> None:
    items, moves = (Item("95.00", "5.00"), Item("33.33")), [("D", "1.01")]
    sold = one(ecf_xml(*items, moves=moves))
    back = one(
        ecf_xml(*items, moves=moves, kind="34", number="E34", reference=(NUMBER, "1"))
    )
    assert sold.base - back.base == 0
    assert back.corrects == (sold.fiscal_key,)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_document_is_a_document_and_no_exception(data: st.DataObject) -> None:
    content = bytearray(ecf_xml(moves=[("D", "1.00")], reference=(NUMBER, "3")))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(1, 255))
    for document in read("a.xml", bytes(content)):
        assert document.verdict in {"accept", "hold", "reject"}

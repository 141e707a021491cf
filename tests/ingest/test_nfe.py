"""NF-e, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brazilian import BUYER, NFE, SELLER, Item, access_key, event_xml, nfe_xml
from rappel.core.judgement import TaxIds
from rappel.core.judgement import judge as judged
from rappel.ingest import read

if TYPE_CHECKING:
    from rappel.core.invoices import Document

KEY = access_key()


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_an_authorised_note_is_an_invoice_of_its_own_local_day() -> None:
    document = one(nfe_xml(Item(discount="5.00"), Item(worth="50.00")))
    first, second = document.lines
    assert (document.scheme, document.version, document.kind) == (
        "nfe",
        "4.00",
        "invoice",
    )
    assert (document.fiscal_key, document.number) == (KEY, "1/1687")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (SELLER, BUYER)
    assert document.issued_at == datetime(2026, 6, 30, 23, 30)  # noqa: DTZ001
    assert (document.currency, document.rate) == ("BRL", None)
    assert (first.gross, first.discount, first.net) == (100, 5, 95)
    assert (first.code, first.class_code, first.unit) == ("CAM-1", "85258900", "UN")
    assert (first.quantity, second.net) == (2, 50)
    assert (document.subtotal, document.discount, document.total) == (150, 5, 145)
    assert (document.base, document.verdict, document.evidence) == (145, "accept", "C")
    assert document.findings == ()


def test_freight_insurance_and_taxes_on_top_are_no_base() -> None:
    on_top = {"vFrete": "10.00", "vSeg": "2.00", "vOutro": "1.00"}
    taxes = {"vIPI": "5.00", "vST": "7.00", "vFCPST": "0.50", "vII": "3.00"}
    document = one(nfe_xml(totals={**on_top, **taxes}))
    assert (document.charges, document.tax) == (13, Decimal("15.50"))
    assert (document.base, document.total) == (100, Decimal("128.50"))
    assert document.findings == ()


@pytest.mark.parametrize(("said", "taken"), [(None, True), ("1", True), ("0", False)])
def test_relieved_tax_is_taken_off_unless_the_lines_say_it_is_not(
    said: str | None, *, taken: bool
) -> None:
    whole = {"vICMSDeson": "8.00"} | ({} if taken else {"vNF": "100.00"})
    document = one(nfe_xml(totals=whole, relieved=said))
    assert (document.total, document.findings) == (92 if taken else 100, ())


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ("5102", None),
        ("6404", None),
        ("5910", "no_sale"),
        ("6911", "no_sale"),
        ("5912", "no_sale"),
        ("6917", "no_sale"),
        ("5918", None),
        ("5922", None),
        ("5116", "billed_before"),
        ("6117", "billed_before"),
        ("5118", None),
    ],
)
def test_what_is_no_sale_by_its_operation_does_not_earn(
    operation: str, reason: str | None
) -> None:
    document = one(nfe_xml(Item(), Item(worth="40.00", operation=operation)))
    assert document.lines[1].reason == reason
    assert document.base == (140 if reason is None else 100)
    assert codes(document) == ([] if reason is None else [reason])
    assert document.verdict == "accept"


def test_what_is_no_part_of_the_total_is_free() -> None:
    document = one(nfe_xml(Item(), Item(worth="40.00", is_counted=False)))
    assert (document.base, document.subtotal) == (100, 100)
    assert codes(document) == ["free_goods"]


@pytest.mark.parametrize(
    ("purpose", "kind", "relation"),
    [
        ("1", "invoice", "related"),
        ("2", "debit_note", "debits"),
        ("3", "other", "related"),
        ("4", "credit_note", "returns"),
        ("5", "credit_note", "credits"),
        ("6", "debit_note", "debits"),
    ],
)
def test_the_purpose_says_what_a_note_is(
    purpose: str, kind: str, relation: str
) -> None:
    other = access_key(1600)
    document = one(nfe_xml(purpose=purpose, refers_to=other))
    (related,) = document.related
    assert document.kind == kind
    assert (related.fiscal_key, related.relation) == (other, relation)
    assert document.base == (0 if kind == "other" else 100)


@pytest.mark.parametrize(("direction", "by_buyer"), [("1", True), ("0", False)])
def test_goods_sent_back_are_a_return_whoever_issues_the_note(
    direction: str, *, by_buyer: bool
) -> None:
    issuer, receiver = (BUYER, SELLER) if by_buyer else (SELLER, BUYER)
    document = one(
        nfe_xml(issuer=issuer, receiver=receiver, purpose="4", direction=direction)
    )
    assert (document.seller.tax_id, document.buyer.tax_id) == (SELLER, BUYER)
    assert (document.kind, document.by_buyer) == ("credit_note", by_buyer)
    owners = TaxIds(members={BUYER: 7}, suppliers={SELLER: 3})
    found = judged(document, owners, sender=7)
    assert (found.state, found.member, found.supplier) == ("accepted", 7, 3)


def test_a_sale_that_a_member_issues_is_none_of_its_purchases() -> None:
    document = one(nfe_xml(issuer=BUYER, receiver=SELLER))
    owners = TaxIds(members={BUYER: 7}, suppliers={SELLER: 3})
    found = judged(document, owners, sender=7)
    assert (document.by_buyer, found.state) == (False, "held")


def test_a_note_and_its_whole_return_are_nothing() -> None:
    items = (Item(discount="3.00"), Item(worth="12.34", operation="5102"))
    sold = one(nfe_xml(*items))
    back = one(
        nfe_xml(
            *items, number=2, issuer=BUYER, receiver=SELLER, purpose="4", refers_to=KEY
        )
    )
    assert sold.base - back.base == 0
    assert back.corrects == (sold.fiscal_key,)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (nfe_xml(environment="2"), "test_environment"),
        (nfe_xml(model="65"), "consumer_receipt"),
        (nfe_xml(protocol="101"), "not_authorised"),
        (nfe_xml(protocol="302"), "not_authorised"),
        (nfe_xml(version="2.00"), "not_supported"),
        (nfe_xml(key="3" * 43), "bad_fiscal_key"),
        (nfe_xml(refers_to="1"), "bad_fiscal_key"),
        (nfe_xml(issued="2026-06-31T00:00:00-03:00"), "bad_date"),
        (nfe_xml(Item(worth="1e3"), totals={"vProd": "1.00"}), "bad_number"),
        (nfe_xml().replace(b"<CFOP>6102</CFOP>", b""), "missing_field"),
        (
            nfe_xml().replace(b"<CNPJ>" + BUYER.encode() + b"</CNPJ>", b""),
            "missing_field",
        ),
        (nfe_xml().replace(b"</dest>", b"</dest><dest/>"), "ambiguous_id"),
        (b'<NFe xmlns="' + NFE.encode() + b'"/>', "ambiguous_id"),
    ],
)
def test_what_bills_nothing_or_cannot_be_read_is_refused(
    content: bytes, code: str
) -> None:
    document = one(content)
    assert document.verdict == "reject"
    assert codes(document)[0] == code


def test_a_protocol_of_another_note_is_refused() -> None:
    other = access_key(3).encode()
    content = nfe_xml().replace(b"<chNFe>" + KEY.encode(), b"<chNFe>" + other)
    assert codes(one(content)) == ["bad_fiscal_key"]


def test_a_note_hidden_beside_another_is_refused() -> None:
    inner = nfe_xml(protocol=None)
    content = nfe_xml().replace(b"</nfeProc>", inner + b"</nfeProc>")
    assert codes(one(content)) == ["ambiguous_id"]


def test_every_note_of_a_lot_is_read() -> None:
    notes = nfe_xml(protocol=None), nfe_xml(number=9, protocol=None)
    content = f'<enviNFe xmlns="{NFE}">'.encode() + b"".join(notes) + b"</enviNFe>"
    assert [one.number for one in read("a.xml", content)] == ["1/1687", "1/9"]


@pytest.mark.parametrize(
    ("what", "kind", "relation"),
    [
        ("110111", "cancellation", "cancels"),
        ("110112", "cancellation", "cancels"),
        ("110110", "other", "related"),
        ("210200", "other", "related"),
    ],
)
def test_an_event_says_what_becomes_of_its_note(
    what: str, kind: str, relation: str
) -> None:
    document = one(event_xml(KEY, what=what))
    (related,) = document.related
    assert (document.kind, document.base) == (kind, 0)
    assert (related.fiscal_key, related.relation) == (KEY, relation)
    assert (document.verdict, codes(document)) == ("accept", ["carries_no_volume"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (event_xml(KEY, said="573"), "not_authorised"),
        (event_xml("1" * 43), "bad_fiscal_key"),
        (event_xml(KEY).replace(b"infEvento", b"x"), "missing_field"),
        (event_xml(KEY).replace(b"</evento>", b"</evento><evento/>"), "ambiguous_id"),
    ],
)
def test_an_event_that_is_not_registered_or_not_sound_is_refused(
    content: bytes, code: str
) -> None:
    document = one(content)
    assert (document.verdict, codes(document)[0]) == ("reject", code)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    prefix=st.sampled_from(["", "n"]),
    blanks=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "iso-8859-1", "utf-16"]),
)
def test_another_way_of_writing_is_the_same_note(
    prefix: str, encoding: str, *, blanks: bool
) -> None:
    content = nfe_xml(Item(discount="5.00"), Item(operation="5910"))
    text = content.decode()
    if prefix:
        text = text.replace("<", "<n:").replace("<n:/", "</n:")
        text = text.replace("xmlns=", "xmlns:n=")
    if blanks:
        text = text.replace("><", "> \n\t<")
    declared = encoding.removesuffix("-sig")
    written = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
    assert one(written) == one(content)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_note_is_a_document_and_no_exception(data: st.DataObject) -> None:
    content = bytearray(nfe_xml(refers_to=KEY, totals={"vIPI": "1.00"}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(1, 255))
    for document in read("a.xml", bytes(content)):
        assert document.verdict in {"accept", "hold", "reject"}

"""Documents of Ecuador, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caribbean import RUC, RUC_BUYER, Item, authorised, sri_key, sri_xml
from rappel.ingest import read
from rappel.ingest.keys import is_sri_key

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_an_invoice_is_read_and_its_discount_is_off_the_price_already() -> None:
    document = one(sri_xml(Item("95.00", "5.00"), Item("50.00")))
    first, second = document.lines
    assert (document.scheme, document.kind, document.version) == (
        "sri",
        "invoice",
        "1.1.0",
    )
    assert (document.fiscal_key, document.number) == (sri_key(), "001-001-000000042")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (RUC, RUC_BUYER)
    assert document.issued_at == datetime(2026, 3, 31)  # noqa: DTZ001
    assert (first.gross, first.discount, first.net) == (100, 5, 95)
    assert (first.code, first.quantity, second.net) == ("CAM-1", 2, 50)
    assert (document.subtotal, document.discount, document.base) == (150, 5, 145)
    assert (document.currency, document.verdict) == ("USD", "accept")
    assert (document.evidence, codes(document)) == ("C", [])


def test_tips_freight_and_insurance_are_no_base() -> None:
    further = {
        "propina": "10.00",
        "fleteInternacional": "3.00",
        "seguroInternacional": "2.00",
    }
    document = one(sri_xml(further=further))
    assert (document.charges, document.base, document.total) == (15, 100, 130)
    assert codes(document) == []


@pytest.mark.parametrize(
    ("root", "kind"), [("notaCredito", "credit_note"), ("notaDebito", "debit_note")]
)
def test_notes_use_their_lines_since_their_value_has_tax(root: str, kind: str) -> None:
    document = one(sri_xml(Item("100.00"), Item("20.00"), root=root))
    assert (document.kind, document.base, document.total) == (kind, 120, 138)
    assert codes(document) == []
    told = date(2026, 2, 15) if kind == "credit_note" else None
    assert document.original_date == told


def test_a_purchase_that_the_buyer_bills_says_so() -> None:
    document = one(sri_xml(root="liquidacionCompra", issuer=RUC_BUYER, receiver=RUC))
    assert (document.kind, document.by_buyer) == ("invoice", True)
    assert document.seller.tax_id == RUC


def test_what_an_authorisation_wraps_is_read() -> None:
    assert one(authorised(sri_xml())) == one(sri_xml())


def test_what_the_authority_did_not_authorise_is_refused() -> None:
    document = one(authorised(sri_xml(), "NO AUTORIZADO"))
    assert (document.verdict, codes(document)) == ("reject", ["not_authorised"])


@pytest.mark.parametrize("place", range(0, 49, 7))
def test_a_key_with_another_digit_is_no_key(place: int) -> None:
    key = sri_key()
    digit = str((int(key[place]) + 1) % 10)
    changed = key[:place] + digit + key[place + 1 :]
    assert (is_sri_key(key), is_sri_key(changed)) == (True, False)
    assert codes(one(sri_xml(key=changed))) == ["bad_fiscal_key"]


@pytest.mark.parametrize("number", [f"{n:09}" for n in range(30)])
def test_every_rest_of_the_check_is_a_digit(number: str) -> None:
    assert is_sri_key(sri_key(number=number))


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (sri_xml(environment="1"), "reject", "test_environment"),
        (sri_xml(receiver="9999999999999"), "hold", "party_is_nobody"),
        (sri_xml(total="999.00"), "hold", "arithmetic"),
        (sri_xml(day="2026-03-31"), "reject", "bad_date"),
        (sri_xml(day="31/02/2026"), "reject", "bad_date"),
        (sri_xml(Item("1e3")).replace(b"1E+3", b"1000"), "reject", "bad_number"),
        (sri_xml().replace(b"detalle", b"otro"), "reject", "missing_field"),
        (
            sri_xml(root="notaDebito").replace(b"moti", b"x"),
            "reject",
            "missing_field",
        ),
        (b"<comprobanteRetencion/>", "reject", "not_supported"),
        (b"<guiaRemision/>", "reject", "not_supported"),
        (authorised(authorised(sri_xml())[2:]), "reject", "not_well_formed"),
        (
            b"<autorizacion><estado>AUTORIZADO</estado></autorizacion>",
            "reject",
            "nothing_inside",
        ),
    ],
)
def test_what_is_wrong_is_refused_or_held(
    content: bytes, verdict: str, code: str
) -> None:
    document = one(content)
    assert (document.verdict, codes(document)[0]) == (verdict, code)


def test_an_authorisation_in_an_authorisation_is_refused() -> None:
    inner = authorised(sri_xml().replace(b"<?xml", b"<!--").replace(b"?>", b"-->"))
    escaped = inner.decode().replace("<![CDATA[", "").replace("]]>", "")
    document = one(authorised(escaped.encode()))
    assert codes(document) == ["nesting"]


def test_an_invoice_and_its_whole_credit_note_are_nothing() -> None:
    items = Item("95.00", "5.00"), Item("33.33")
    sold, back = one(sri_xml(*items)), one(sri_xml(*items, root="notaCredito"))
    assert sold.base - back.base == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_document_is_a_document_and_no_exception(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([sri_xml(), authorised(sri_xml())]))
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(1, 255))
    for document in read("a.xml", bytes(content)):
        assert document.verdict in {"accept", "hold", "reject"}

"""FEL of Guatemala, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rappel.ingest import read
from southern import NIT, NIT_BUYER, UUID, fel_end, fel_xml

if TYPE_CHECKING:
    from rappel.core.invoices import Document

OTHER = "22222222-2222-4222-8222-222222222222"


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_what_a_line_is_worth_is_its_total_less_its_taxes() -> None:
    document = one(fel_xml("112.000000", "100.000000"))
    first, second = document.lines
    assert (document.scheme, document.kind, document.version) == (
        "fel",
        "invoice",
        "0.1",
    )
    assert (document.fiscal_key, document.number) == (UUID, "D412A347-2535474368")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (NIT, NIT_BUYER)
    assert document.issued_at == datetime(2026, 3, 31, 23, 30)  # noqa: DTZ001
    assert (first.net, first.quantity, first.unit) == (100, 2, "UND")
    assert second.net == Decimal("89.285714")
    assert document.base == document.subtotal == Decimal("189.285714")
    assert (document.total, document.tax) == (212, Decimal("22.714286"))
    assert (document.verdict, document.evidence, codes(document)) == ("accept", "C", [])


def test_without_vat_a_line_is_worth_its_total() -> None:
    document = one(fel_xml("112.00", kind="FPEQ", taxed=False))
    assert (document.base, document.tax, document.kind) == (112, 0, "invoice")


@pytest.mark.parametrize(
    ("kind", "read_as", "relation"),
    [
        ("NCRE", "credit_note", "credits"),
        ("NABN", "credit_note", "credits"),
        ("NDEB", "debit_note", "debits"),
        ("FCAM", "invoice", "related"),
        ("RECI", "other", "related"),
    ],
)
def test_the_type_says_what_it_is_and_the_complement_what_it_is_about(
    kind: str, read_as: str, relation: str
) -> None:
    document = one(fel_xml(kind=kind, about=OTHER.lower()))
    (related,) = document.related
    assert (document.kind, document.verdict) == (read_as, "accept")
    assert (related.fiscal_key, related.relation) == (OTHER, relation)


def test_a_special_invoice_is_issued_by_who_buys() -> None:
    document = one(fel_xml(kind="FESP", issuer=NIT_BUYER, receiver=NIT))
    assert (document.by_buyer, document.seller.tax_id) == (True, NIT)


def test_an_invoice_and_its_whole_credit_note_are_nothing() -> None:
    sold = one(fel_xml("100.00", "33.33"))
    back = one(fel_xml("100.00", "33.33", kind="NCRE", uuid=OTHER, about=UUID))
    assert sold.base - back.base == 0
    assert back.corrects == (sold.fiscal_key,)


def test_an_annulment_ends_its_document() -> None:
    document = one(fel_end())
    (related,) = document.related
    assert (document.kind, document.base) == ("cancellation", 0)
    assert (related.fiscal_key, related.relation) == (UUID, "cancels")
    assert (document.verdict, document.issuer.tax_id) == ("accept", NIT)


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (fel_xml(receiver="CF"), "hold", "party_is_nobody"),
        (fel_xml(kind="XXXX"), "hold", "unknown_kind"),
        (fel_xml(currency="USD"), "accept", "no_document_rate"),
        (fel_xml(uuid="1"), "reject", "bad_fiscal_key"),
        (fel_xml(kind="NCRE", about="1"), "reject", "bad_fiscal_key"),
        (fel_xml(issued="2026-13-01T00:00:00"), "reject", "bad_date"),
        (fel_xml().replace(b"<d:Total>112", b"<d:Total>NaN"), "reject", "bad_number"),
        (fel_xml().replace(b"GranTotal>112", b"GranTotal>115"), "hold", "arithmetic"),
        (fel_xml().replace(b"Item", b"Otro"), "reject", "missing_field"),
        (fel_xml().replace(b"DatosEmision", b"Otro"), "reject", "ambiguous_id"),
        (fel_xml().replace(b"d:Emisor", b"d:Otro"), "reject", "missing_field"),
        (fel_end("1"), "reject", "bad_fiscal_key"),
        (fel_end().replace(b"DatosGenerales", b"Otro"), "reject", "ambiguous_id"),
        (fel_end().replace(b"FechaHora", b"Otra"), "reject", "missing_field"),
    ],
)
def test_what_is_wrong_is_refused_or_held_or_told(
    content: bytes, verdict: str, code: str
) -> None:
    document = one(content)
    assert (document.verdict, codes(document)[0]) == (verdict, code)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_document_is_a_document_and_no_exception(data: st.DataObject) -> None:
    content = bytearray(fel_xml(kind="NCRE", about=OTHER))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(1, 255))
    for document in read("a.xml", bytes(content)):
        assert document.verdict in {"accept", "hold", "reject"}

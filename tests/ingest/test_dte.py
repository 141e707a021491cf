"""DTE of Chile, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rappel.ingest import read
from southern import DTE, RUT, RUT_BUYER, Row, dte_xml

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


@pytest.mark.parametrize("namespace", [DTE, ""])
def test_an_invoice_is_read_with_its_namespace_or_without(namespace: str) -> None:
    document = one(dte_xml(Row(discount=50), Row(worth=500), namespace=namespace))
    first, second = document.lines
    assert (document.scheme, document.kind) == ("dte", "invoice")
    assert (document.fiscal_key, document.number) == (f"{RUT}-33-170", "170")
    assert document.issuer.tax_id == RUT.replace("-", "")
    assert document.receiver.tax_id == RUT_BUYER.replace("-", "")
    assert document.issued_at == datetime(2026, 3, 31)  # noqa: DTZ001
    assert (first.gross, first.discount, first.net) == (1050, 50, 1000)
    assert (first.code, first.unit, first.quantity) == ("CAM-1", "UN", 2)
    assert (second.net, document.base) == (500, 1500)
    assert (document.subtotal, document.discount) == (1550, 50)
    assert (document.tax, document.total, document.currency) == (285, 1785, "CLP")
    assert (document.verdict, document.evidence, codes(document)) == ("accept", "C", [])


def test_a_key_has_neither_dots_nor_leading_zeros() -> None:
    document = one(dte_xml(issuer="076.086.428-5", folio="000170"))
    assert document.fiscal_key == f"{RUT}-33-170"


def test_exempt_lines_count_and_lines_billed_elsewhere_do_not() -> None:
    document = one(dte_xml(Row(), Row(worth=300, exempt="1"), Row(exempt="2")))
    assert [line.net for line in document.lines] == [1000, 300, 0]
    assert (document.base, document.total) == (1300, 1490)
    assert codes(document) == ["free_goods"]


@pytest.mark.parametrize(
    ("moves", "nets", "charges"),
    [
        ([("D", "%", "10")], [900, 450], 0),
        ([("D", "$", "100")], [933, 467], 0),
        ([("R", "$", "60")], [1000, 500], 60),
        ([("D", "%", "10"), ("R", "$", "60")], [900, 450], 60),
    ],
)
def test_global_discounts_are_shared_and_charges_stay_out(
    moves: list[tuple[str, str, str]], nets: list[int], charges: int
) -> None:
    document = one(dte_xml(Row(), Row(worth=500), moves=moves))
    nets_read = [round(line.net) for line in document.lines]
    assert (nets_read, document.charges) == (nets, charges)
    assert document.base == sum(nets)
    assert codes(document) == []


def test_prices_with_vat_share_the_net_that_is_stated() -> None:
    document = one(dte_xml(Row(worth=1190), Row(worth=595), with_tax=True))
    assert [line.net for line in document.lines] == [1000, 500]
    assert (document.base, document.total, codes(document)) == (1500, 1785, [])


@pytest.mark.parametrize(("code", "amount"), [("24", 30), ("15", -190)])
def test_further_taxes_are_added_and_withheld_ones_taken_off(
    code: str, amount: int
) -> None:
    document = one(dte_xml(taxes={code: amount}))
    assert (document.tax, document.total) == (190 + amount, 1190 + amount)
    assert (document.base, codes(document)) == (1000, [])


@pytest.mark.parametrize(
    ("code", "why", "kind", "relation", "base"),
    [
        ("61", "1", "credit_note", "credits", 1000),
        ("61", "3", "credit_note", "credits", 1000),
        ("61", "2", "other", "credits", 0),
        ("56", "1", "debit_note", "debits", 1000),
        ("56", "2", "other", "debits", 0),
        ("33", None, "invoice", "related", 1000),
        ("34", None, "invoice", "related", 1000),
        ("52", None, "other", "related", 0),
    ],
)
def test_what_a_document_is_follows_from_its_type_and_the_reason_it_refers(
    code: str, why: str | None, kind: str, relation: str, base: int
) -> None:
    document = one(
        dte_xml(code=code, references=[("33", "00100", why), ("801", "638370", None)])
    )
    (related,) = document.related
    assert (document.kind, document.base) == (kind, base)
    assert (related.fiscal_key, related.relation) == (f"{RUT}-33-100", relation)
    assert document.verdict == "accept"


def test_an_invoice_that_the_buyer_issues_says_so() -> None:
    document = one(dte_xml(code="46", issuer=RUT_BUYER, receiver=RUT))
    assert (document.by_buyer, document.kind) == (True, "invoice")
    assert document.seller.tax_id == RUT.replace("-", "")


@pytest.mark.parametrize(
    ("content", "verdict", "code"),
    [
        (dte_xml(code="39"), "reject", "consumer_receipt"),
        (dte_xml(code="41"), "reject", "consumer_receipt"),
        (dte_xml(code="99"), "hold", "unknown_kind"),
        (dte_xml(day="31-03-2026"), "reject", "bad_date"),
        (dte_xml(totals={"MntTotal": 9999}), "hold", "arithmetic"),
        (
            dte_xml().replace(b"<MontoItem>1000", b"<MontoItem>1e3"),
            "reject",
            "bad_number",
        ),
        (dte_xml().replace(b"Detalle", b"Otro"), "reject", "missing_field"),
        (f'<DTE xmlns="{DTE}"/>'.encode(), "reject", "ambiguous_id"),
    ],
)
def test_what_is_wrong_is_refused_or_held(
    content: bytes, verdict: str, code: str
) -> None:
    document = one(content)
    assert (document.verdict, codes(document)[0]) == (verdict, code)


def test_a_document_hidden_beside_another_is_refused() -> None:
    hidden = b"<Documento/></DTE>"
    assert codes(one(dte_xml().replace(b"</DTE>", hidden))) == ["ambiguous_id"]


def test_every_document_of_a_batch_is_read() -> None:
    inner = b"".join(
        dte_xml(folio=folio).split(b"?>", 1)[1] for folio in ("170", "171")
    )
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    head = f'{declared}<EnvioDTE xmlns="{DTE}"><SetDTE>'.encode()
    batch = head + inner + b"</SetDTE></EnvioDTE>"
    assert [one.number for one in read("a.xml", batch)] == ["170", "171"]


def test_an_invoice_and_its_whole_credit_note_are_nothing() -> None:
    rows, moves = (Row(discount=7), Row(worth=333)), [("D", "%", "3")]
    sold = one(dte_xml(*rows, moves=moves))
    back = one(
        dte_xml(
            *rows, moves=moves, code="61", folio="9", references=[("33", "170", "1")]
        )
    )
    assert sold.base - back.base == 0
    assert back.corrects == (sold.fiscal_key,)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_broken_document_is_a_document_and_no_exception(data: st.DataObject) -> None:
    content = bytearray(dte_xml(moves=[("D", "%", "10")], with_tax=True))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(1, 255))
    for document in read("a.xml", bytes(content)):
        assert document.verdict in {"accept", "hold", "reject"}

"""What of a CFDI may earn: lines, discounts, arithmetic, taxes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from documents import LOCAL, OTHER, Concept, cfdi_xml
from ingest.test_cfdi import codes, one

ADVANCE = "84111506"


# kind, relation, class key → why the line is out
@pytest.mark.parametrize(
    ("kind", "relation", "key", "reason"),
    [
        ("I", None, "46171610", None),
        ("I", None, "78101801", "freight"),
        ("I", None, "78102203", "freight"),
        ("I", None, "78121603", "freight"),
        ("I", None, "78111501", None),
        ("I", None, "84131501", "insurance"),
        ("I", None, "84121500", "financing"),
        ("I", None, ADVANCE, "advance"),
        ("E", "07", ADVANCE, "advance"),
        ("E", "01", ADVANCE, "price_rebate"),
        ("E", None, ADVANCE, "price_rebate"),
        ("E", "03", ADVANCE, None),
        ("E", "01", "46171610", None),
        ("E", "01", "78101801", "freight"),
    ],
)
def test_what_is_no_purchase_of_goods_is_out_by_its_class(
    kind: str, relation: str | None, key: str, reason: str | None
) -> None:
    related = [(relation, OTHER)] if relation else []
    lines = (Concept(class_code=key, price="50.00"), Concept())
    document = one(cfdi_xml(*lines, kind=kind, related=related))
    assert [line.reason for line in document.lines] == [reason, None]
    assert [line.qualifies for line in document.lines] == [reason is None, True]
    assert document.base == (100 if reason else 150)
    assert codes(document) == ([reason] if reason else [])
    assert document.verdict == "accept"


def test_a_code_that_is_the_word_for_freight_is_freight() -> None:
    document = one(cfdi_xml(Concept(code="flete", class_code="01010101"), Concept()))
    assert [line.reason for line in document.lines] == ["freight", None]


@pytest.mark.parametrize(
    "gift", [Concept(price="0.00"), Concept(price="70.00", discount="70.00")]
)
def test_a_gift_is_free_and_does_not_count(gift: Concept) -> None:
    document = one(cfdi_xml(Concept(), gift))
    assert [line.free for line in document.lines] == [False, True]
    assert [line.reason for line in document.lines] == [None, "free_goods"]
    assert (document.base, codes(document)) == (100, ["free_goods"])


def test_a_discount_of_the_document_is_shared_to_the_last_cent() -> None:
    lines = (Concept(), Concept(), Concept())
    document = one(cfdi_xml(*lines, discount="10.00"))
    shares = [100 - line.net for line in document.lines]
    assert shares == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
    assert document.base == 290
    assert [line.discount for line in document.lines] == [0, 0, 0]


def test_a_discount_of_the_document_comes_on_top_of_those_of_the_lines() -> None:
    lines = (Concept(discount="10.00"), Concept(price="10.00"))
    document = one(cfdi_xml(*lines, discount="20.00"))
    assert [line.net for line in document.lines] == [81, 9]
    assert document.verdict == "accept"


@pytest.mark.parametrize(("stated", "net"), [("10.01", "90.00"), ("10.02", "89.98")])
def test_a_cent_a_line_is_rounding_and_no_discount(stated: str, net: str) -> None:
    document = one(cfdi_xml(Concept(discount="10.00"), discount=stated))
    assert document.lines[0].net == Decimal(net)


def test_a_discount_larger_than_the_goods_is_held() -> None:
    document = one(cfdi_xml(discount="150.00"))
    assert document.lines[0].net == 100
    assert (document.verdict, codes(document)) == ("hold", ["negative_invoice"])


def test_lines_may_not_discount_more_than_the_document() -> None:
    document = one(cfdi_xml(Concept(discount="10.00"), discount="9.98"))
    assert codes(document) == ["arithmetic"]
    assert codes(one(cfdi_xml(Concept(discount="10.00"), discount="9.99"))) == []


# 1,000 in one line: tolerated is 0.1 % of what is stated, or a cent a line
@pytest.mark.parametrize(
    ("field", "value", "holds"),
    [
        ("subtotal", "1000.00", True),
        ("subtotal", "999.00", False),
        ("subtotal", "1001.00", True),
        ("subtotal", "1001.01", False),
        ("total", "1161.16", True),
        ("total", "1161.17", False),
        ("total", "1158.85", True),
        ("total", "1158.84", False),
    ],
)
def test_arithmetic_is_checked_on_both_sides_of_its_tolerance(
    field: str, value: str, *, holds: bool
) -> None:
    figures = {"subtotal": "1000.00", "total": "1160.00"} | {field: value}
    if field == "subtotal":
        figures["total"] = str(Decimal(value) + 160)
    document = one(cfdi_xml(Concept(price="1000.00"), **figures))
    assert ("arithmetic" in codes(document)) is not holds
    assert document.verdict == ("accept" if holds else "hold")
    assert document.evidence == ("C" if holds else "D")


def test_small_documents_may_round_a_cent_a_line() -> None:
    lines = (Concept(price="1.004"), Concept(price="1.004"))
    assert codes(one(cfdi_xml(*lines, subtotal="2.00", tax="0", total="2.00"))) == []
    assert codes(one(cfdi_xml(*lines, subtotal="2.03", tax="0", total="2.03"))) == [
        "arithmetic"
    ]


def test_local_taxes_belong_to_the_tax() -> None:
    document = one(cfdi_xml(local_tax="3.00"))
    assert (document.tax, document.total, codes(document)) == (19, 119, [])
    assert LOCAL.encode() in cfdi_xml(local_tax="3.00")


def test_taxes_withheld_are_taken_off() -> None:
    content = cfdi_xml(total="106.00").replace(
        b"<cfdi:Impuestos ", b'<cfdi:Impuestos TotalImpuestosRetenidos="10.00" '
    )
    document = one(content)
    assert (document.tax, codes(document)) == (6, [])


def test_a_document_without_taxes_needs_no_tax_node() -> None:
    content = cfdi_xml(tax="0.00")
    start = content.index(b"<cfdi:Impuestos")
    end = content.index(b"<cfdi:Complemento")
    assert one(content[:start] + content[end:]).tax == 0

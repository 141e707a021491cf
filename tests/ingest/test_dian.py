"""UBL of Colombia, made on purpose: what each field means to the volume."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from rappel.ingest import read
from ubl_documents import (
    BUYER_NIT,
    CUFE,
    NIT,
    OTHER_CUFE,
    Item,
    allowance,
    dian_xml,
    reference,
    response,
)

if TYPE_CHECKING:
    from rappel.core.invoices import Document


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_an_invoice_has_its_cufe_in_lower_case_as_its_key() -> None:
    document = one(dian_xml(key=CUFE.upper(), time="09:15:23-05:00"))
    assert (document.scheme, document.version) == ("dian", "UBL 2.1")
    assert (document.fiscal_key, document.number) == (CUFE, "SETP990001042")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (NIT, BUYER_NIT)
    assert document.issuer.name == "Óptica Andina SAS"
    assert (document.currency, document.rate) == ("COP", None)
    assert (document.base, document.verdict) == (100, "accept")
    assert (document.environment, document.findings) == ("production", ())


@pytest.mark.parametrize(
    ("key", "code"), [(None, "missing_field"), ("1234", "bad_fiscal_key")]
)
def test_without_a_key_it_is_refused(key: str | None, code: str) -> None:
    document = one(dian_xml(key=key))
    assert (document.verdict, codes(document)) == ("reject", [code])
    assert document.fiscal_key is None


def test_a_document_of_the_test_environment_is_refused() -> None:
    document = one(dian_xml(environment="2"))
    assert (document.verdict, document.environment) == ("reject", "test")
    assert codes(document) == ["test_environment"]


def test_either_mark_of_the_test_environment_is_enough() -> None:
    only = dian_xml(environment="2").replace(b'schemeID="2"', b'schemeID="1"')
    assert one(only).environment == "test"
    other = dian_xml().replace(b'UUID schemeID="1"', b'UUID schemeID="2"')
    assert one(other).environment == "test"


def test_it_is_told_by_its_key_where_the_profile_is_missing() -> None:
    content = dian_xml().replace(b">DIAN 2.1<", b">other<")
    assert one(content).scheme == "dian"
    assert one(content.replace(b"CUFE-SHA384", b"other")).scheme == "ubl"


@pytest.mark.parametrize(
    ("code", "kind", "verdict", "found"),
    [
        ("01", "invoice", "accept", []),
        ("02", "invoice", "accept", []),
        ("04", "invoice", "accept", []),
        ("05", "invoice", "hold", ["buyer_issued"]),
        ("20", "other", "hold", ["unknown_kind", "carries_no_volume"]),
        (None, "other", "hold", ["unknown_kind", "carries_no_volume"]),
    ],
)
def test_a_kind_is_that_of_the_type_code(
    code: str | None, kind: str, verdict: str, found: list[str]
) -> None:
    document = one(dian_xml(type_code=code))
    assert (document.kind, document.verdict) == (kind, verdict)
    assert codes(document) == found


def test_a_tax_that_the_seller_bears_lowers_the_sum_and_no_price() -> None:
    after = allowance("19.00", "07") + allowance("10.00", "03")
    document = one(dian_xml(Item(net="100.00"), after=after, added="-29.00"))
    assert (document.discount, document.base) == (29, 90)
    assert document.verdict == "accept"


def test_financing_and_freight_of_the_document_are_no_goods() -> None:
    document = one(dian_xml(after=allowance("30.00", "03", charge=True), added="30.00"))
    assert (document.charges, document.base, document.verdict) == (30, 100, "accept")


def test_the_total_is_what_is_to_pay_and_what_was_paid() -> None:
    document = one(dian_xml(Item(net="100.00"), prepaid="40.00", tax="19.00"))
    assert (document.total, document.base, codes(document)) == (119, 100, [])


def test_goods_given_away_do_not_count() -> None:
    free = "<cbc:FreeOfChargeIndicator>true</cbc:FreeOfChargeIndicator>"
    document = one(dian_xml(Item(), Item(code=None, net="0.00", inside=free)))
    assert [line.reason for line in document.lines] == [None, "free_goods"]
    assert document.base == 100


EXCHANGE = (
    "<cac:PaymentExchangeRate><cbc:SourceCurrencyCode>{0}</cbc:SourceCurrencyCode>"
    "<cbc:SourceCurrencyBaseRate>{2}</cbc:SourceCurrencyBaseRate>"
    "<cbc:TargetCurrencyCode>{1}</cbc:TargetCurrencyCode>"
    "<cbc:CalculationRate>{3}</cbc:CalculationRate></cac:PaymentExchangeRate>"
)


def test_the_rate_is_pesos_for_one_of_the_documents_currency() -> None:
    after = EXCHANGE.format("USD", "COP", "1.00", "3100.55")
    document = one(dian_xml(currency="USD", after=after))
    assert (document.currency, document.rate) == ("USD", Decimal("3100.55"))
    assert document.findings == ()


@pytest.mark.parametrize(
    "after",
    [
        "",
        EXCHANGE.format("COP", "USD", "1.00", "3100.55"),
        EXCHANGE.format("EUR", "COP", "1.00", "3100.55"),
        EXCHANGE.format("USD", "COP", "100", "3100.55"),
    ],
)
def test_a_rate_that_leads_elsewhere_is_none_and_said_so(after: str) -> None:
    document = one(dian_xml(currency="USD", after=after))
    assert (document.rate, document.verdict) == (None, "accept")
    assert codes(document) == ["no_document_rate"]


def test_a_rate_of_nothing_is_refused_and_one_in_pesos_is_not_needed() -> None:
    after = EXCHANGE.format("USD", "COP", "1.00", "0")
    assert codes(one(dian_xml(currency="USD", after=after)))[0] == "bad_number"
    after = EXCHANGE.format("USD", "COP", "1.00", "3100")
    assert one(dian_xml(after=after)).rate is None


@pytest.mark.parametrize(
    ("concept", "relation"),
    [("1", "returns"), ("2", "credits"), ("3", "credits"), ("4", "credits")],
)
def test_a_credit_note_points_to_its_invoice_by_cufe(
    concept: str, relation: str
) -> None:
    before = response(concept) + reference("SETP1", key=OTHER_CUFE.upper())
    document = one(dian_xml(name="CreditNote", type_code="91", before=before))
    (related,) = document.related
    assert (document.kind, document.base) == ("credit_note", 100)
    assert (related.relation, related.code) == (relation, concept)
    assert document.corrects == (OTHER_CUFE,)


def test_an_invoice_without_cufe_is_pointed_to_by_its_number() -> None:
    document = one(
        dian_xml(name="CreditNote", type_code="91", before=reference("SETP1"))
    )
    assert document.corrects == ("SETP1",)


@pytest.mark.parametrize(
    ("concept", "reason"),
    [("1", "financing"), ("2", "charge"), ("3", None), ("4", None)],
)
def test_a_debit_note_counts_if_it_changes_a_price(
    concept: str, reason: str | None
) -> None:
    document = one(dian_xml(name="DebitNote", type_code=None, before=response(concept)))
    assert [line.reason for line in document.lines] == [reason]
    assert document.base == (0 if reason else 100)


def test_a_class_stands_among_the_standard_codes() -> None:
    about = '<cac:StandardItemIdentification><cbc:ID schemeID="{}">78101801</cbc:ID>'
    about += "</cac:StandardItemIdentification>"
    (line,) = one(dian_xml(Item(about=about.format("001")))).lines
    assert (line.class_code, line.reason) == ("78101801", "freight")
    (line,) = one(dian_xml(Item(code=None, about=about.format("999")))).lines
    assert (line.code, line.class_code, line.reason) == ("78101801", None, None)


def test_the_final_consumer_is_nobody() -> None:
    content = dian_xml().replace(BUYER_NIT.encode(), b"222222222222")
    document = one(content)
    assert (document.verdict, codes(document)) == ("hold", ["party_is_nobody"])


def test_no_line_takes_goods_back() -> None:
    document = one(dian_xml(Item(net="300.00"), Item(quantity="-1")))
    assert (document.verdict, codes(document)) == ("hold", ["negative_invoice"])

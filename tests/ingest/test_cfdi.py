"""CFDI 4.0, made on purpose: what each field means to the volume."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from documents import MEMBER, OTHER, STAMP, SUPPLIER, UUID, Concept, cfdi_xml
from rappel.ingest import read

if TYPE_CHECKING:
    from rappel.core.invoices import Document

ADVANCE = "84111506"


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def test_a_stamped_invoice_whose_arithmetic_holds_is_accepted_as_evidence_c() -> None:
    document = one(cfdi_xml(Concept(quantity="2", price="100.00", discount="5.00")))
    (line,) = document.lines
    assert (document.scheme, document.version, document.kind) == (
        "cfdi",
        "4.0",
        "invoice",
    )
    assert (document.fiscal_key, document.number) == (UUID, "A1042")
    assert (document.issuer.tax_id, document.receiver.tax_id) == (SUPPLIER, MEMBER)
    assert document.issued_at == datetime(2026, 2, 11, 10, 20, 30)  # noqa: DTZ001
    assert (line.gross, line.discount, line.net) == (200, 5, 195)
    assert (line.code, line.class_code, line.unit) == ("CAM-1", "46171610", "PZA")
    assert (document.subtotal, document.tax) == (200, Decimal("31.20"))
    assert (document.total, document.base) == (Decimal("226.20"), 195)
    assert (document.verdict, document.evidence) == ("accept", "C")
    assert document.findings == ()


def test_a_key_is_kept_in_upper_case() -> None:
    assert one(cfdi_xml(uuid=OTHER.lower())).fiscal_key == OTHER


def test_without_a_stamp_it_has_no_key_and_waits_for_a_person() -> None:
    document = one(cfdi_xml(uuid=None))
    assert document.fiscal_key is None
    assert (document.verdict, document.evidence) == ("hold", "D")
    assert codes(document) == ["not_stamped"]


def test_without_a_complement_it_is_not_stamped_either() -> None:
    content = cfdi_xml(uuid=None)
    content = content.replace(b"<cfdi:Complemento></cfdi:Complemento>", b"")
    assert codes(one(content)) == ["not_stamped"]


def test_a_stamp_that_is_no_uuid_is_refused() -> None:
    document = one(cfdi_xml(uuid="not-a-uuid"))
    assert codes(document) == ["bad_fiscal_key"]
    assert document.verdict == "reject"


def test_a_stamp_without_its_uuid_is_refused() -> None:
    document = one(cfdi_xml(uuid=""))
    assert codes(document) == ["missing_field"]
    assert document.findings[0].column == "TimbreFiscalDigital@UUID"


def test_two_stamps_are_refused_wherever_the_second_stands() -> None:
    stamp = f'<t:TimbreFiscalDigital xmlns:t="{STAMP}" UUID="{OTHER}"/>'
    wrapped = f"<cfdi:Addenda>{stamp}</cfdi:Addenda>"
    twice = cfdi_xml().replace(
        b"</cfdi:Complemento>", stamp.encode() + b"</cfdi:Complemento>"
    )
    for content in (
        cfdi_xml(addenda=wrapped),
        twice,
        cfdi_xml(uuid=None, addenda=wrapped),
    ):
        document = one(content)
        assert (document.verdict, codes(document)) == ("reject", ["ambiguous_id"])
        assert document.scheme == "cfdi"


@pytest.mark.parametrize("name", ["Emisor", "Receptor", "Conceptos", "Impuestos"])
def test_two_of_what_there_is_one_of_are_refused(name: str) -> None:
    content = cfdi_xml().replace(
        b"</cfdi:Comprobante>", f"<cfdi:{name}/></cfdi:Comprobante>".encode()
    )
    assert codes(one(content)) == ["ambiguous_id"]


@pytest.mark.parametrize("version", ["3.3", "3.2", "5.0", None])
def test_another_version_is_named_and_refused(version: str | None) -> None:
    document = one(cfdi_xml(changes={"Version": version}))
    assert (document.verdict, document.version) == ("reject", version)
    assert codes(document) == ["not_supported"]
    assert document.findings[0].params["name"] == f"CFDI {version or '?'}"


@pytest.mark.parametrize(
    ("kind", "read_as"), [("P", "payment"), ("T", "other"), ("N", "other")]
)
def test_a_kind_without_volume_has_base_zero_and_says_so(
    kind: str, read_as: str
) -> None:
    document = one(cfdi_xml(kind=kind))
    assert (document.kind, document.base) == (read_as, 0)
    assert codes(document) == ["carries_no_volume"]
    assert [line.qualifies for line in document.lines] == [False]
    assert document.verdict == "accept"


def test_an_unknown_kind_waits_for_a_person() -> None:
    document = one(cfdi_xml(kind="Z"))
    assert (document.kind, document.verdict) == ("other", "hold")
    assert codes(document) == ["unknown_kind", "carries_no_volume"]


def test_a_credit_note_has_positive_figures_and_names_its_invoice() -> None:
    document = one(cfdi_xml(Concept(price="40.00"), kind="E", related=[("01", OTHER)]))
    assert (document.kind, document.base) == ("credit_note", 40)
    assert document.related[0].fiscal_key == OTHER
    assert (document.related[0].relation, document.related[0].code) == ("credits", "01")


@pytest.mark.parametrize(
    ("code", "relation"),
    [
        ("01", "credits"),
        ("02", "debits"),
        ("03", "returns"),
        ("04", "replaces"),
        ("05", "delivers"),
        ("06", "bills_delivery"),
        ("07", "advance"),
        ("08", "instalment"),
        ("09", "deferred_payment"),
        ("77", "related"),
    ],
)
def test_a_relation_has_a_word(code: str, relation: str) -> None:
    document = one(cfdi_xml(related=[(code, OTHER.lower())]))
    assert [one.relation for one in document.related] == [relation]
    assert document.related[0].fiscal_key == OTHER


@pytest.mark.parametrize(
    ("uuid", "code"), [("nothing", "bad_fiscal_key"), ("", "missing_field")]
)
def test_a_relation_to_what_is_no_key_is_refused(uuid: str, code: str) -> None:
    document = one(cfdi_xml(related=[("04", uuid)]))
    assert (document.verdict, codes(document)) == ("reject", [code])


def test_a_foreign_currency_keeps_its_rate() -> None:
    document = one(cfdi_xml(currency="USD", rate="17.4600"))
    assert (document.currency, str(document.rate)) == ("USD", "17.4600")
    assert codes(document) == []


def test_a_foreign_currency_without_rate_is_warned_of() -> None:
    document = one(cfdi_xml(currency="USD"))
    assert (document.verdict, codes(document)) == ("accept", ["no_document_rate"])


def test_an_invoice_in_no_currency_is_held_and_a_payment_is_not() -> None:
    document = one(cfdi_xml(currency="XXX"))
    assert (document.verdict, codes(document)) == ("hold", ["no_currency"])
    assert one(cfdi_xml(kind="P", currency="XXX")).verdict == "accept"


@pytest.mark.parametrize("rate", ["0", "-1"])
def test_a_rate_is_above_zero(rate: str) -> None:
    document = one(cfdi_xml(currency="USD", rate=rate))
    assert (document.rate, codes(document)) == (None, ["bad_number"])


@pytest.mark.parametrize("currency", ["mxn", "PESO", "MX€"])
def test_a_currency_has_three_capital_letters(currency: str) -> None:
    document = one(cfdi_xml(currency=currency))
    assert (document.currency, document.verdict) == (None, "hold")
    assert codes(document) == ["unknown_currency"]


@pytest.mark.parametrize("nobody", ["XAXX010101000", "XEXX010101000"])
def test_the_general_public_is_no_member(nobody: str) -> None:
    document = one(cfdi_xml(member=nobody))
    assert (document.verdict, codes(document)) == ("hold", ["party_is_nobody"])
    assert document.findings[0].column == "receiver"


def test_a_tax_id_is_read_without_blanks_and_in_capitals() -> None:
    assert one(cfdi_xml(supplier=" eku 9003173-c9 ")).issuer.tax_id == SUPPLIER


def test_a_check_digit_that_does_not_hold_is_only_warned_of() -> None:
    document = one(cfdi_xml(supplier="AAA010101AAA"))
    assert (document.verdict, codes(document)) == ("accept", ["tax_id_check_digit"])


def test_a_mexican_tax_id_may_have_an_enye() -> None:
    document = one(cfdi_xml(supplier="PEÑ010101AB1"))
    assert "bad_tax_id" not in codes(document)


def test_a_cyrillic_letter_is_no_letter_of_a_tax_id() -> None:
    document = one(cfdi_xml(supplier="\u0410AA010101AAA"))
    assert (document.verdict, codes(document)) == ("reject", ["bad_tax_id"])


def test_everything_that_is_missing_is_told_at_once() -> None:
    content = (
        b'<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0"/>'
    )
    document = one(content)
    assert document.verdict == "reject"
    assert {finding.column for finding in document.findings if finding.column} == {
        f"Comprobante@{name}"
        for name in ("TipoDeComprobante", "Moneda", "Fecha", "SubTotal", "Total")
    } | {f"Comprobante@{name}" for name in ("Emisor", "Receptor", "Conceptos")}


@pytest.mark.parametrize(
    "date", ["2026-02-30T10:00:00", "2026-02-11", "11/02/2026", "2026-02-11T10:00:00Z"]
)
def test_a_date_has_one_form_only(date: str) -> None:
    document = one(cfdi_xml(date=date))
    assert (document.issued_at, codes(document)) == (None, ["bad_date"])


def test_the_last_minute_of_june_is_in_june() -> None:
    document = one(cfdi_xml(date="2026-06-30T23:59:59"))
    assert document.issued_at is not None
    assert document.issued_at.isoformat() == "2026-06-30T23:59:59"


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ("99999999999999", None),
        ("100000000000000", "bad_number"),
        ("1.123456", None),
        ("1.1234567", "too_many_places"),
    ],
)
def test_a_figure_has_at_most_14_digits_and_6_decimals(
    price: str, code: str | None
) -> None:
    document = one(cfdi_xml(Concept(price=price), tax="0.00"))
    assert set(codes(document)) == ({code} if code else set())


def test_negative_figures_are_held() -> None:
    document = one(cfdi_xml(Concept(), Concept(price="-10.00")))
    assert (document.verdict, codes(document)) == ("hold", ["negative_invoice"])


def test_20000_lines_are_read_and_one_more_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rappel.ingest.cfdi.LINES_LIMIT", 3)
    assert len(one(cfdi_xml(*[Concept()] * 3)).lines) == 3
    assert codes(one(cfdi_xml(*[Concept()] * 4))) == ["rows_limit"]


def test_a_number_may_be_missing_in_part_or_in_whole() -> None:
    assert one(cfdi_xml(series=None)).number == "1042"
    assert one(cfdi_xml(folio=None)).number == "A"
    assert one(cfdi_xml(series=None, folio=None)).number is None

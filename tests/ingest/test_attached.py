"""What Colombia wraps its documents in, and answers to documents: no purchases."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from ingest.test_wrapped import envelope
from rappel.ingest import read
from ubl_documents import BUYER_NIT, CUFE, NIT, RUC, UBL, dian_xml

if TYPE_CHECKING:
    from rappel.core.invoices import Document

NAMES = (
    f'xmlns:cac="{UBL}:CommonAggregateComponents-2" '
    f'xmlns:cbc="{UBL}:CommonBasicComponents-2"'
)


def one(content: bytes) -> Document:
    (document,) = read("a.xml", content)
    return document


def codes(document: Document) -> list[str]:
    return [finding.code for finding in document.findings]


def in_cdata(content: bytes) -> str:
    return f"<![CDATA[{content.decode()}]]>"


def escaped(content: bytes) -> str:
    return escape(content.decode())


def attached(inner: str, *, answer: str = "", encoding: str = "UTF-8") -> bytes:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><AttachedDocument '
        f'xmlns="{UBL}:AttachedDocument-2" {NAMES}><cbc:ID>1</cbc:ID>'
        "<cac:Attachment><cac:ExternalReference><cbc:MimeCode>text/xml</cbc:MimeCode>"
        f"<cbc:Description>{inner}</cbc:Description></cac:ExternalReference>"
        f"</cac:Attachment>{answer}</AttachedDocument>"
    ).encode(encoding)


@pytest.mark.parametrize("written", [in_cdata, escaped])
def test_the_document_is_read_from_within(written: object) -> None:
    assert callable(written)
    assert one(attached(written(dian_xml()))) == one(dian_xml())


def test_the_encoding_that_the_inner_text_declares_does_not_hold_any_more() -> None:
    inner = dian_xml().replace(b'"UTF-8"', b'"ISO-8859-1"')
    document = one(attached(in_cdata(inner)))
    assert (document.issuer.name, document.verdict) == ("Óptica Andina SAS", "accept")
    document = one(attached(in_cdata(b"\xef\xbb\xbf" + inner), encoding="UTF-16"))
    assert (document.issuer.name, document.verdict) == ("Óptica Andina SAS", "accept")


def test_the_authoritys_answer_beside_it_is_no_second_document() -> None:
    answer = "<cac:ParentDocumentLineReference><cac:DocumentReference><cac:Attachment>"
    answer += "<cac:ExternalReference><cbc:Description>"
    answer += escaped(answer_xml())
    answer += "</cbc:Description></cac:ExternalReference></cac:Attachment>"
    answer += "</cac:DocumentReference></cac:ParentDocumentLineReference>"
    assert one(attached(in_cdata(dian_xml()), answer=answer)).fiscal_key == CUFE


def test_it_may_come_in_the_answer_of_a_web_service() -> None:
    assert one(envelope(attached(in_cdata(dian_xml())))).fiscal_key == CUFE


def test_one_in_another_is_refused() -> None:
    document = one(attached(escaped(attached(in_cdata(dian_xml())))))
    assert (document.verdict, codes(document)) == ("reject", ["nesting"])


@pytest.mark.parametrize("inner", ["", "  ", "<cbc:ID>1</cbc:ID>"])
def test_one_without_a_document_says_so(inner: str) -> None:
    document = one(attached(inner))
    assert (document.verdict, codes(document)) == ("reject", ["nothing_inside"])


def test_what_is_within_is_scanned_like_any_other_file() -> None:
    inner = "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&amp;x;</a>"
    assert codes(one(attached(escape(inner)))) == ["dtd_forbidden"]
    assert codes(one(attached(escape("<a>")))) == ["not_well_formed"]


def test_two_attachments_are_refused() -> None:
    content = attached(in_cdata(dian_xml())).replace(
        b"<cbc:ID>1</cbc:ID><cac:Attachment>",
        b"<cac:Attachment/><cbc:ID>1</cbc:ID><cac:Attachment>",
    )
    assert codes(one(content)) == ["ambiguous_id"]


def party(role: str, tax_id: str) -> str:
    return (
        f"<cac:{role}Party><cac:PartyTaxScheme><cbc:RegistrationName>{role}"
        f"</cbc:RegistrationName><cbc:CompanyID>{tax_id}</cbc:CompanyID>"
        f"</cac:PartyTaxScheme></cac:{role}Party>"
    )


def answer_xml(
    head: str = "<cbc:ProfileID>DIAN 2.1: ApplicationResponse</cbc:ProfileID>",
    reference: str = f"<cbc:ID>SETP1</cbc:ID><cbc:UUID>{CUFE.upper()}</cbc:UUID>",
    answer: str = "<cbc:ResponseCode>02</cbc:ResponseCode>",
    beside: str = "",
    parties: str = party("Sender", "800197268") + party("Receiver", NIT),
) -> bytes:
    named = ""
    if reference:
        named = f"<cac:DocumentReference>{reference}</cac:DocumentReference>"
    return (
        f'<ar:ApplicationResponse xmlns:ar="{UBL}:ApplicationResponse-2" {NAMES}>{head}'
        "<cbc:ID>77</cbc:ID><cbc:IssueDate>2026-02-12</cbc:IssueDate>"
        f"<cbc:IssueTime>08:00:00-05:00</cbc:IssueTime>{parties}<cac:DocumentResponse>"
        f"<cac:Response>{answer}</cac:Response>{named}{beside}</cac:DocumentResponse>"
        "</ar:ApplicationResponse>"
    ).encode()


def test_an_answer_carries_no_volume_and_points_to_its_invoice() -> None:
    document = one(answer_xml())
    (related,) = document.related
    assert (document.scheme, document.kind, document.base) == ("dian", "other", 0)
    assert (document.verdict, codes(document)) == ("accept", ["carries_no_volume"])
    assert (related.fiscal_key, related.relation, related.code) == (
        CUFE,
        "answers",
        "02",
    )
    assert (document.issuer.name, document.receiver.tax_id) == ("Sender", NIT)
    assert document.issued_at == datetime(2026, 2, 12, 8)  # noqa: DTZ001


SUNAT = "<cbc:CustomizationID>1.0</cbc:CustomizationID>"
CDR = party("Sender", "20131312955") + party("Receiver", RUC)
TYPED = "<cbc:ID>F001-00000123</cbc:ID><cbc:DocumentTypeCode>07</cbc:DocumentTypeCode>"


@pytest.mark.parametrize(
    ("reference", "beside", "key"),
    [
        (TYPED, "", f"{RUC}-07-F001-123"),
        (TYPED, party("Issuer", BUYER_NIT), f"{BUYER_NIT}-07-F001-123"),
        ("<cbc:ID>F001-00000123</cbc:ID>", "", "F001-00000123"),
    ],
)
def test_peru_answers_to_who_issued_the_invoice(
    reference: str, beside: str, key: str
) -> None:
    document = one(answer_xml(SUNAT, reference, beside=beside, parties=CDR))
    (related,) = document.related
    assert (document.scheme, related.fiscal_key) == ("sunat", key)


def test_an_answer_of_no_country_points_by_what_it_answers_to() -> None:
    answer = "<cbc:ReferenceID>F-1042</cbc:ReferenceID>"
    document = one(answer_xml("", "", answer, parties=""))
    (related,) = document.related
    assert (document.scheme, related.fiscal_key, related.code) == (
        "ubl",
        "F-1042",
        None,
    )
    assert document.issuer.tax_id is None

"""What wraps documents: envelopes are opened, once, and each document judged."""

from __future__ import annotations

import pytest

from documents import OTHER, UUID, cfdi_xml
from rappel.ingest import read

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"


def envelope(*inner: bytes, namespace: str = SOAP) -> bytes:
    bodies = b"".join(one.split(b"?>", 1)[-1] for one in inner)
    return (
        f'<s:Envelope xmlns:s="{namespace}"><s:Header/><s:Body>'.encode()
        + bodies
        + b"</s:Body></s:Envelope>"
    )


@pytest.mark.parametrize("namespace", [SOAP, SOAP_12])
def test_what_a_web_service_answers_is_read_from_its_body(namespace: str) -> None:
    content = envelope(cfdi_xml(), cfdi_xml(uuid=OTHER), namespace=namespace)
    documents = read("answer.xml", content)
    assert [one.fiscal_key for one in documents] == [UUID, OTHER]
    assert {(one.file, one.verdict) for one in documents} == {("answer.xml", "accept")}


def test_one_bad_document_of_an_envelope_leaves_its_neighbour() -> None:
    first, second = read("a.xml", envelope(b"<foo/>", cfdi_xml()))
    assert [item.code for item in first.findings] == ["unknown_document"]
    assert second.verdict == "accept"


def test_an_envelope_in_its_own_kind_is_refused() -> None:
    (document,) = read("a.xml", envelope(envelope(cfdi_xml())))
    (finding,) = document.findings
    assert (document.verdict, finding.code) == ("reject", "nesting")


def test_an_envelope_in_two_others_is_refused() -> None:
    twice = envelope(envelope(cfdi_xml()), namespace=SOAP_12)
    (document,) = read("a.xml", twice)
    assert document.verdict == "accept"
    (document,) = read("a.xml", envelope(twice))
    assert [item.code for item in document.findings] == ["nesting"]


def test_an_empty_envelope_says_so() -> None:
    (document,) = read("a.xml", envelope())
    (finding,) = document.findings
    assert (document.verdict, finding.code) == ("reject", "nothing_inside")
    assert dict(finding.params) == {"name": "Envelope"}

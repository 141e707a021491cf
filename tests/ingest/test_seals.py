"""A CFDI proves by its seal, its chain and its stamp that it is as it was issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from documents import CFDI, MEMBER, SUPPLIER, UUID, Concept, cfdi_xml
from rappel.ingest import read
from rappel.ingest.evidence import Trust, seals
from sealing import AUTHORITY, ISSUER, KNOWN, PAC, ROOT, TRUST, Holder, sealed

if TYPE_CHECKING:
    from rappel.core.invoices import Document

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def one(content: bytes, trust: Trust = TRUST) -> Document:
    (document,) = read("a.xml", content, trust=trust)
    return document


def told(document: Document) -> tuple[str, str, list[str]]:
    codes = [finding.code for finding in document.findings]
    return document.verdict.value, document.evidence.value, codes


def test_seal_chain_and_stamp_together_are_evidence_a() -> None:
    assert told(one(sealed())) == ("accept", "A", [])


def test_without_the_certifiers_certificate_it_is_b_and_says_whose_is_missing() -> None:
    document = one(sealed(), KNOWN)
    assert told(document) == ("accept", "B", ["stamp_unchecked"])
    assert document.findings[0].params["number"] == PAC.number
    assert document.findings[0].params["certifier"] == PAC.tax_id


def test_of_an_authority_that_is_not_here_it_is_b_and_names_it() -> None:
    document = one(sealed(), Trust())
    assert told(document) == ("accept", "B", ["chain_unknown", "stamp_unchecked"])
    assert document.findings[0].params["authority"] == "AC DE PRUEBA"


def test_an_authority_is_believed_by_itself_without_its_root() -> None:
    assert told(one(sealed(), Trust((AUTHORITY.anchor(), PAC.anchor()))))[1] == "A"


def test_the_root_alone_knows_no_authority_below_it() -> None:
    assert "chain_unknown" in told(one(sealed(), Trust((ROOT.anchor(),))))[2]


def test_an_authority_of_another_country_vouches_for_no_cfdi() -> None:
    trust = Trust((AUTHORITY.anchor("BR"), PAC.anchor()))
    assert told(one(sealed(), trust))[1:] == ("B", ["chain_unknown", "chain_unknown"])


def test_the_certificate_of_a_certifier_vouches_for_nobody() -> None:
    below = Holder(name="DEBAJO", tax_id=ISSUER.tax_id, by=PAC)
    assert told(one(sealed(by=below)))[::2] == ("hold", ["chain_broken"])


def test_a_certificate_that_its_holder_made_itself_is_refused() -> None:
    own = Holder(name="EMISOR", tax_id=ISSUER.tax_id)
    assert told(one(sealed(by=own))) == ("reject", "D", ["chain_untrusted"])


def test_an_authority_that_only_has_the_name_of_a_known_one_is_held() -> None:
    same = Holder(name=AUTHORITY.name, authority=True, number="0009")
    trust = Trust((same.anchor(), PAC.anchor()))
    pretender = replace(AUTHORITY, name="OTRA")
    leaf = Holder(name="HOJA", tax_id=ISSUER.tax_id, by=pretender)
    real = Trust((pretender.anchor(),))
    assert told(one(sealed(by=leaf), real.plus(PAC.anchor())))[0] == "accept"
    assert told(one(sealed(), trust))[:2] == ("accept", "A")  # the same key


def test_a_seal_of_anybody_else_is_held() -> None:
    other = Holder(name="OTRA EMPRESA", tax_id="URE180429TM6", by=AUTHORITY)
    document = one(sealed(by=other))
    assert told(document) == ("hold", "C", ["certificate_of_another"])
    assert document.findings[0].params["holder"] == "OTRA EMPRESA"


def test_a_certificate_without_a_tax_id_is_nobodys() -> None:
    nameless = Holder(name="SIN RFC", by=AUTHORITY)
    assert told(one(sealed(by=nameless)))[2] == ["certificate_of_another"]


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2026-01-30T00:00:00", "hold"),
        ("2026-02-01T00:00:00", "accept"),  # a day of grace for local time
        ("2026-02-20T00:00:00", "accept"),
        ("2026-03-01T00:00:00", "accept"),
        ("2026-03-03T00:00:00", "hold"),
    ],
)
def test_the_certificate_has_to_be_valid_on_the_day(on: str, verdict: str) -> None:
    start = datetime(2026, 2, 1, 12, tzinfo=UTC)
    short = replace(ISSUER, start=start, end=datetime(2026, 3, 1, tzinfo=UTC))
    document = one(sealed(cfdi_xml(date=on), by=short))
    ended = ["certificate_ended"] if verdict == "hold" else []
    assert told(document) == (verdict, "C" if ended else "A", ended)


@pytest.mark.parametrize("above", [AUTHORITY, ROOT])
def test_who_vouches_has_to_be_valid_on_the_day_too(above: Holder) -> None:
    old = replace(above, end=datetime(2026, 1, 1, tzinfo=UTC))
    trust = Trust(
        tuple((old if one is above else one).anchor() for one in (AUTHORITY, ROOT))
    ).plus(PAC.anchor())
    assert "certificate_ended" in told(one(sealed(), trust))[2]


def test_what_a_test_authority_vouches_for_is_no_purchase() -> None:
    trust = Trust((ROOT.anchor(trial=True), AUTHORITY.anchor(trial=True)))
    document = one(sealed(), trust)
    assert told(document) == ("reject", "D", ["test_environment", "stamp_unchecked"])


def test_a_stamp_of_the_test_environment_is_no_purchase_either() -> None:
    trial = Holder(name="AC UAT", authority=True, number="0005")
    pac = replace(PAC, name="PAC UAT", by=trial, number="30001000000500003456")
    trust = KNOWN.plus(trial.anchor(trial=True), pac.anchor(trial=True))
    document = one(sealed(stamped_by=pac), trust)
    assert told(document) == ("reject", "D", ["test_environment"])


def test_a_stamp_of_an_authority_that_is_not_here_is_b() -> None:
    above = Holder(name="AC NUEVA", authority=True, number="0006")
    pac = replace(PAC, name="PAC NUEVO", by=above, number="00001000000700000009")
    document = one(sealed(stamped_by=pac), KNOWN.plus(pac.anchor()))
    assert told(document) == ("accept", "B", ["chain_unknown"])
    assert document.findings[0].params["authority"] == "AC NUEVA"


def test_a_stamp_from_another_document_is_refused() -> None:
    mine, other = sealed(), sealed(cfdi_xml(Concept(price="900.00")))
    stamp = other[other.index(b"<tfd:") : other.index(b"</cfdi:Complemento")]
    cut = mine[: mine.index(b"<tfd:")] + stamp
    moved = cut + mine[mine.index(b"</cfdi:Complemento") :]
    assert told(one(moved)) == ("reject", "D", ["stamp_invalid"])


def test_a_stamp_whose_key_was_changed_is_refused() -> None:
    changed = sealed().replace(UUID.encode(), UUID.replace("1", "3").encode())
    assert told(one(changed)) == ("reject", "D", ["stamp_invalid"])


def test_a_seal_that_was_taken_out_leaves_its_mark_in_the_stamp() -> None:
    content = sealed()
    start = content.index(b' Sello="') + len(b' Sello="')
    bare = content[:start] + content[content.index(b'"', start) :]
    assert told(one(bare)) == ("reject", "D", ["seal_invalid"])


@pytest.mark.parametrize("name", ["Certificado", "Sello"])
@pytest.mark.parametrize("value", ["", "AAAA", "%%%"])
def test_a_seal_or_a_certificate_that_is_none_is_refused(name: str, value: str) -> None:
    content = sealed()
    start = content.index(f' {name}="'.encode()) + len(name) + 3
    broken = content[:start] + value.encode() + content[content.index(b'"', start) :]
    verdict, _, codes = told(one(broken))
    assert (verdict, codes[0]) == ("reject", "seal_invalid")


def test_what_was_never_sealed_keeps_its_grade() -> None:
    assert told(one(cfdi_xml())) == ("accept", "C", [])


def test_what_is_sealed_and_not_stamped_has_no_key_and_proves_nothing_yet() -> None:
    assert told(one(sealed(cfdi_xml(uuid=None)))) == ("hold", "D", ["not_stamped"])


def test_a_bar_in_a_value_would_let_two_documents_have_one_string() -> None:
    content = sealed(cfdi_xml(Concept(description="Cámara|domo")))
    assert told(one(content)) == ("reject", "D", ["seal_invalid"])


def test_a_bar_in_the_addenda_is_nobodys_business() -> None:
    addenda = "<cfdi:Addenda><x:o xmlns:x='urn:x' a='1|2'/></cfdi:Addenda>"
    assert told(one(sealed(cfdi_xml(addenda=addenda))))[1] == "A"


def test_a_complement_that_is_not_known_here_waits_for_a_person() -> None:
    new = '<n:Nuevo xmlns:n="http://www.sat.gob.mx/nuevo" Valor="7"/>'
    content = cfdi_xml().replace(b"<tfd:", f"{new}<tfd:".encode())
    altered = sealed(content).replace(b'Folio="1042"', b'Folio="1043"')
    document = one(altered)
    assert told(document) == ("hold", "C", ["seal_unknown_complement"])
    assert document.findings[0].params["name"].startswith("Nuevo http")


def test_a_cfdi_in_the_envelope_of_a_web_service_keeps_its_seal() -> None:
    inner = sealed().partition(b"?>")[2]
    opened = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>'.encode()
    content = opened + inner + b"</s:Body></s:Envelope>"
    assert told(one(content)) == ("accept", "A", [])


def test_arithmetic_that_does_not_hold_is_held_whoever_sealed_it() -> None:
    content = sealed(cfdi_xml(total="999.00"))
    assert told(one(content)) == ("hold", "A", ["arithmetic"])


def test_what_is_refused_anyway_tells_its_own_reason_first() -> None:
    content = sealed(cfdi_xml(Concept(gross="1e3"), subtotal="1", total="1"))
    assert told(one(content))[::2] == ("reject", ["bad_number"])


def test_a_receiver_that_was_changed_breaks_the_seal() -> None:
    changed = sealed().replace(MEMBER.encode(), SUPPLIER.encode())
    assert told(one(changed)) == ("reject", "D", ["seal_invalid"])


def test_version_3_3_has_a_string_of_its_own() -> None:
    old = cfdi_xml().replace(CFDI.encode(), b"http://www.sat.gob.mx/cfd/3")
    old = old.replace(b'Version="4.0"', b'Version="3.3"')
    content = sealed(old)
    assert seals.sealed(etree.fromstring(content), TRUST).grade == "A"
    changed = content.replace(b'Folio="1042"', b'Folio="1043"')
    found = seals.sealed(etree.fromstring(changed), TRUST)
    assert (found.grade, [one.code for one in found.findings]) == (
        None,
        ["seal_invalid"],
    )

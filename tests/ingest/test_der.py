"""Certificates are read field by field, and bytes that are none are none."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rappel.ingest.evidence.certificates import certificate, decoded, verifies
from rappel.ingest.evidence.der import DerError, fields, values
from sealing import AUTHORITY, ISSUER, ROOT, START, Holder

DER = ISSUER.der


def test_a_certificate_says_whose_it_is_who_issued_it_and_for_how_long() -> None:
    held = ISSUER.certificate
    assert (held.holder, held.tax_id) == ("ESCUELA KEMPER URGATE", "EKU9003173C9")
    assert (held.authority, held.number) == ("AC DE PRUEBA", "00001000000500000001")
    assert held.fields.not_before == START
    assert not held.fields.is_authority
    assert len(held.fingerprint) == 64


def test_only_an_authority_with_the_right_key_has_issued_it() -> None:
    assert AUTHORITY.certificate.has_issued(ISSUER.certificate)
    assert not ROOT.certificate.has_issued(ISSUER.certificate)
    assert not ISSUER.certificate.has_issued(ISSUER.certificate)
    other = Holder(name="AC DE PRUEBA 2", authority=True)
    assert not other.certificate.has_issued(ISSUER.certificate)


def test_it_may_come_as_text_too() -> None:
    plain = base64.encodebytes(DER)
    armoured = b"-----BEGIN CERTIFICATE-----\n" + plain + b"-----END CERTIFICATE-----"
    assert certificate(plain) == certificate(armoured) == certificate(DER)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"0",
        b"hello",
        b"\x30\x82",
        b"\x30\x82\xff\xff00",
        b"\x30\x80\x00\x00",
        DER[:-1],
        DER + b"0",
        DER * 30,
    ],
)
def test_what_is_no_certificate_is_none(content: bytes) -> None:
    assert certificate(content) is None


@given(st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_a_changed_byte_never_ends_in_anything_but_an_answer(
    place: int, byte: int
) -> None:
    found = certificate(DER[:place] + bytes([byte]) + DER[place + 1 :])
    if found is not None:
        assert isinstance(found.holder, str)
        AUTHORITY.certificate.has_issued(found)


@given(st.binary(max_size=60))
def test_any_bytes_are_elements_or_one_error(content: bytes) -> None:
    try:
        found = values(content)
    except DerError:
        return
    assert b"".join(one.whole for one in found) == content


def test_times_of_both_forms_are_read_and_no_other() -> None:
    early = fields(DER)
    assert early.not_after.year == 2028
    with pytest.raises(DerError):
        fields(DER.replace(b"240101000000Z", b"24010100000 Z"))


def test_base64_may_have_blanks_and_nothing_else() -> None:
    assert decoded(" QU\nJD ") == b"ABC"
    assert decoded("QU*D") is None
    assert decoded("ñ") is None


def test_a_key_that_is_none_verifies_nothing() -> None:
    assert not verifies(b"no key", b"", b"", "sha256")
    assert not verifies(b"-----BEGIN PUBLIC KEY-----", b"", b"", "sha256")

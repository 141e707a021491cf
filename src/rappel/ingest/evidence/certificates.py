"""Certificates as values: whose they are, who issued them, what they have signed.

Owns the mathematics of signatures and what a certificate says of its holder. Whom to
believe is said by :mod:`rappel.ingest.evidence.trust`. No time is asked: a certificate
is compared with the day of the document that it sealed.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_public_key,
    load_pem_public_key,
)

from rappel.ingest.evidence.der import DerError, Fields, attributes, fields

if TYPE_CHECKING:
    from collections.abc import Callable

HASHES: Final[dict[str, Callable[[], hashes.HashAlgorithm]]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_RSA: Final = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01"  # 1.2.840.113549.1.1
_SIGNED_WITH: Final = {
    _RSA + b"\x05": "sha1",
    _RSA + b"\x0b": "sha256",
    _RSA + b"\x0c": "sha384",
    _RSA + b"\x0d": "sha512",
}
_COMMON_NAME: Final = b"\x55\x04\x03"
_ORGANISATION: Final = b"\x55\x04\x0a"
_UNIQUE_ID: Final = b"\x55\x04\x2d"  # x500UniqueIdentifier: where SAT writes the RFC
_LOCAL: Final = timedelta(days=1)  # documents tell local time, certificates UTC
_KEPT: Final = 1_024
_LARGEST: Final = 20_000


@dataclass(frozen=True)
class Certificate:
    """A certificate; two are the same when their bytes are."""

    der: bytes
    fields: Fields = field(compare=False, repr=False)

    @cached_property
    def number(self) -> str:
        """The serial number as Mexico writes it: the digits that its bytes spell."""
        return self.fields.serial.decode("ascii", "replace")

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of its bytes, in hexadecimal digits."""
        return sha256(self.der).hexdigest()

    @cached_property
    def holder(self) -> str:
        """By what name people know whom it was issued to."""
        return _name(self.fields.subject)

    @cached_property
    def authority(self) -> str:
        """By what name people know who issued it."""
        return _name(self.fields.issuer)

    @cached_property
    def tax_id(self) -> str | None:
        """The holder's tax id as Mexico writes it: RFC / that of its agent."""
        for kind, text in attributes(self.fields.subject):
            if kind == _UNIQUE_ID:
                return text.partition("/")[0].strip().upper() or None
        return None

    @property
    def is_self_made(self) -> bool:
        """Whether it names itself as who issued it."""
        return self.fields.issuer == self.fields.subject

    def held_on(self, moment: datetime) -> bool:
        """Whether it was valid at a local time, give or take a day."""
        at = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        fields = self.fields
        return fields.not_before - _LOCAL <= at <= fields.not_after + _LOCAL

    def has_signed(self, signed: bytes, signature: bytes, algorithm: str) -> bool:
        """Whether a signature is of its key: RSA with PKCS 1 and a named hash."""
        return verifies(self.fields.public_key, signed, signature, algorithm)

    def has_issued(self, other: Certificate) -> bool:
        """Whether its key has signed the other certificate, as an authority's."""
        return self.fields.is_authority and _issued(self.der, other.der)


@lru_cache(_KEPT)
def certificate(content: bytes) -> Certificate | None:
    """Return the certificate of DER, PEM or base64; ``None`` when it is none."""
    if len(content) > _LARGEST:
        return None
    if b"-----BEGIN CERTIFICATE-----" in content:
        content = content.partition(b"-----BEGIN CERTIFICATE-----")[2]
        content = content.partition(b"-----END")[0]
    if not content.startswith(b"\x30\x82"):
        content = decoded(content.decode("latin-1")) or b""
    try:
        found = fields(content)
        names = [*attributes(found.issuer), *attributes(found.subject)]
    except DerError:
        return None
    return Certificate(content, found) if names else None


def decoded(text: str) -> bytes | None:
    """Return the bytes of base64 with blanks anywhere; ``None`` when it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def verifies(key: bytes, signed: bytes, signature: bytes, algorithm: str) -> bool:
    """Whether an RSA key, in DER or PEM, has made a signature of ``signed``."""
    public = _key(key)
    if public is None:
        return False
    try:
        public.verify(signature, signed, PKCS1v15(), HASHES[algorithm]())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


@lru_cache(_KEPT)
def _key(content: bytes) -> RSAPublicKey | None:
    pem = content.startswith(b"-----")
    try:
        found = (load_pem_public_key if pem else load_der_public_key)(content)
    except (UnsupportedAlgorithm, ValueError):
        return None
    return found if isinstance(found, RSAPublicKey) else None


@lru_cache(_KEPT)
def _issued(authority: bytes, other: bytes) -> bool:
    above, below = certificate(authority), certificate(other)
    if above is None or below is None or below.fields.issuer != above.fields.subject:
        return False
    algorithm = _SIGNED_WITH.get(below.fields.algorithm)
    if algorithm is None:
        return False
    return above.has_signed(below.fields.signed, below.fields.signature, algorithm)


def _name(name: bytes) -> str:
    found = dict(attributes(name))
    text = found.get(_COMMON_NAME) or found.get(_ORGANISATION) or "?"
    return " ".join(text.split())[:120]

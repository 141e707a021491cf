"""Certificates taken apart: the few fields of X.509 that a seal needs, from raw DER.

Owns reading, not judging. Written by hand because authorities write names that strict
libraries refuse to decode, and whoever issued a certificate is found by the bytes of
its name and not by its text. Every length is checked against what is there; whatever is
not as it should be is one error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_INTEGER: Final = 0x02
_BITS: Final = 0x03
_OCTETS: Final = 0x04
_OID: Final = 0x06
_TRUE: Final = b"\x01\x01\xff"
_VERSION: Final = 0xA0
_EXTENSIONS: Final = 0xA3
_TIMES: Final = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}
_LONG: Final = 0x80
_LENGTHS: Final = 4  # bytes of the longest length that is taken
_WIDE: Final = 0x1E  # BMPString
_BASIC_CONSTRAINTS: Final = b"\x55\x1d\x13"


class DerError(ValueError):
    """Bytes that are no certificate."""


@dataclass(frozen=True, slots=True)
class Value:
    """One element: its tag, its content, and its bytes as they stand."""

    tag: int
    content: bytes
    whole: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What a certificate says; names and keys are raw DER, times are in UTC."""

    signed: bytes
    algorithm: bytes
    signature: bytes
    serial: bytes
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    public_key: bytes
    is_authority: bool


def fields(der: bytes) -> Fields:
    """Return the fields of one certificate.

    Raises:
        DerError: it is none.
    """
    (whole,) = _some(values(der), 1)
    signed, algorithm, signature = _some(values(_of(whole, _SEQUENCE)), 3)
    parts = values(_of(signed, _SEQUENCE))
    if parts and parts[0].tag == _VERSION:
        parts = parts[1:]
    serial, _, issuer, validity, subject, key, *rest = _some(parts, 6, more=True)
    start, end = _some(values(_of(validity, _SEQUENCE)), 2)
    return Fields(
        signed=signed.whole,
        algorithm=_oid(algorithm),
        signature=_of(signature, _BITS)[1:],
        serial=_of(serial, _INTEGER),
        issuer=issuer.whole,
        subject=subject.whole,
        not_before=_time(start),
        not_after=_time(end),
        public_key=key.whole,
        is_authority=_is_authority(rest),
    )


def attributes(name: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield object identifier and text of each attribute of a name."""
    (whole,) = _some(values(name), 1)
    for group in values(_of(whole, _SEQUENCE)):
        for pair in values(_of(group, _SET)):
            kind, value = _some(values(_of(pair, _SEQUENCE)), 2)
            yield _of(kind, _OID), _text(value)


def values(content: bytes) -> list[Value]:
    """Return the elements that follow one another in ``content``.

    Raises:
        DerError: a length that is not there, or in a form that DER does not have.
    """
    found, at = [], 0
    while at < len(content):
        start = at
        if len(content) < at + 2:
            raise DerError("cut off")
        tag, length = content[at], content[at + 1]
        at += 2
        if length & _LONG:
            count = length ^ _LONG
            if not 0 < count <= _LENGTHS or len(content) < at + count:
                raise DerError("length")
            length = int.from_bytes(content[at : at + count], "big")
            at += count
        if len(content) < at + length:
            raise DerError("cut off")
        end = at + length
        found.append(Value(tag, content[at:end], content[start:end]))
        at = end
    return found


def _some(found: list[Value], count: int, *, more: bool = False) -> list[Value]:
    if len(found) < count or (len(found) > count and not more):
        raise DerError("shape")
    return found


def _of(value: Value, tag: int) -> bytes:
    if value.tag != tag:
        raise DerError("shape")
    return value.content


def _oid(algorithm: Value) -> bytes:
    parts = _some(values(_of(algorithm, _SEQUENCE)), 1, more=True)
    return _of(parts[0], _OID)


def _time(value: Value) -> datetime:
    form = _TIMES.get(value.tag)
    if form is None:
        raise DerError("time")
    try:
        return datetime.strptime(value.content.decode("ascii"), form).replace(
            tzinfo=UTC
        )
    except ValueError:
        raise DerError("time") from None


def _text(value: Value) -> str:
    if value.tag == _WIDE:
        return value.content.decode("utf-16-be", "replace")
    raw = value.content[1:] if value.tag == _BITS else value.content
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_authority(rest: list[Value]) -> bool:
    """Whether the extensions say that it may sign certificates."""
    for block in rest:
        if block.tag != _EXTENSIONS:
            continue
        (listed,) = _some(values(block.content), 1)
        for extension in values(_of(listed, _SEQUENCE)):
            parts = _some(values(_of(extension, _SEQUENCE)), 2, more=True)
            if parts[0].content == _BASIC_CONSTRAINTS:
                (about,) = _some(values(_of(parts[-1], _OCTETS)), 1)
                return _of(about, _SEQUENCE).startswith(_TRUE)
    return False

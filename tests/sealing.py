"""Seals made on purpose: throw-away authorities, certificates, and CFDI sealed by them.

Keys are made once a run and never written anywhere. The original string is that of the
bundled stylesheets, which real documents prove right.
"""

from __future__ import annotations

import base64
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

from documents import STAMP, SUPPLIER, cfdi_xml
from rappel.ingest.evidence import Anchor, Trust, sat
from rappel.ingest.evidence.certificates import Certificate, certificate

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2028, 1, 1, tzinfo=UTC)
CERTIFIER = "PCF190318H70"


@cache
def key(name: str) -> rsa.RSAPrivateKey:  # noqa: ARG001  # one for each name
    """Return the key that a test calls ``name``; the same all the run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A certificate and its key; without ``by`` it is self-made."""

    name: str
    tax_id: str | None = None
    by: Holder | None = None
    number: str = "00001000000500000001"
    start: datetime = START
    end: datetime = END
    authority: bool = False

    @property
    def key(self) -> rsa.RSAPrivateKey:
        """The private key."""
        return key(self.name)

    @property
    def subject(self) -> x509.Name:
        """The name by which it is certified."""
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, self.name)]
        if self.tax_id:
            text = f"{self.tax_id} / XIQB891116QE4"
            parts.append(x509.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, text))
        return x509.Name(parts)

    @property
    def der(self) -> bytes:
        """The certificate."""
        return _der(self)

    @property
    def certificate(self) -> Certificate:
        """The certificate as the evidence reads it."""
        found = certificate(self.der)
        assert found is not None
        return found

    def anchor(self, country: str = "MX", *, trial: bool = False) -> Anchor:
        """Return it as one that is believed."""
        return Anchor(self.certificate, country, trial=trial)

    def sign(self, content: bytes) -> str:
        """Return the signature of ``content``, in base64."""
        made = self.key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(made).decode()


@cache
def _der(holder: Holder) -> bytes:
    above = holder.by or holder
    built = (
        x509.CertificateBuilder()
        .subject_name(holder.subject)
        .issuer_name(above.subject)
        .public_key(holder.key.public_key())
        .serial_number(int.from_bytes(holder.number.encode(), "big"))
        .not_valid_before(holder.start)
        .not_valid_after(holder.end)
        .add_extension(x509.BasicConstraints(holder.authority, None), critical=True)
        .sign(above.key, hashes.SHA256())
    )
    return built.public_bytes(Encoding.DER)


ROOT = Holder(name="RAIZ DE PRUEBA", authority=True, number="0001")
AUTHORITY = Holder(name="AC DE PRUEBA", by=ROOT, authority=True, number="0002")
ISSUER = Holder(name="ESCUELA KEMPER URGATE", tax_id=SUPPLIER, by=AUTHORITY)
PAC = Holder(
    name="CERTIFICADOR", tax_id=CERTIFIER, by=AUTHORITY, number="00001000000500000002"
)
TRUST = Trust((ROOT.anchor(), AUTHORITY.anchor(), PAC.anchor()))
KNOWN = Trust((ROOT.anchor(), AUTHORITY.anchor()))
"""Whom to believe with, and without, the certifier."""


def sealed(
    content: bytes | None = None,
    *,
    by: Holder = ISSUER,
    stamped_by: Holder = PAC,
    at: str = "2026-02-11T10:25:00",
) -> bytes:
    """Return a CFDI sealed by its issuer and stamped by a certifier."""
    root = etree.fromstring(cfdi_xml() if content is None else content)
    root.set("NoCertificado", by.number)
    root.set("Certificado", base64.b64encode(by.der).decode())
    root.set("Sello", by.sign(string_of(root)))
    for stamp in root.iter(f"{{{STAMP}}}TimbreFiscalDigital"):
        stamp.set("FechaTimbrado", at)
        stamp.set("RfcProvCertif", stamped_by.tax_id or "")
        stamp.set("SelloCFD", root.get("Sello") or "")
        stamp.set("NoCertificadoSAT", stamped_by.number)
        stamp.set("SelloSAT", stamped_by.sign(string_of(deepcopy(stamp))))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def string_of(root: Element) -> bytes:
    """Return the original string of a document or a stamp."""
    sheet = sat.sheet(etree.QName(root).namespace or "", root.get("Version") or "")
    assert sheet is not None
    string = sheet.string(root)
    assert string is not None
    return string

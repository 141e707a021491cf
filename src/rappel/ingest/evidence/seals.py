"""The seal of a CFDI and its stamp, verified with no network.

Owns what a true CFDI of version 3.3 or 4.0 is: the seal is the issuer's signature of
the original string, the certificate is the issuer's own and chains to the authority,
and the stamp is the certifier's signature of that seal. A seal depends neither on white
space nor on prefixes or the order of attributes; a false one is an altered document.
Source: SAT, Anexo 20.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.core.findings import Finding
from rappel.core.invoices import Evidence
from rappel.ingest.evidence import sat
from rappel.ingest.evidence.certificates import certificate, decoded
from rappel.ingest.evidence.proofs import Proof, of_unknown, unproven
from rappel.ingest.evidence.trust import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from rappel.ingest.evidence.certificates import Certificate
    from rappel.ingest.evidence.trust import Trust

STAMP: Final = "http://www.sat.gob.mx/TimbreFiscalDigital"
_HASH: Final = "sha256"


def is_sealable(root: Element) -> bool:
    """Whether a root is a CFDI of a version whose seal is verified here."""
    return _sheet(root) is not None


def sealed(root: Element, trust: Trust) -> Proof:
    """Return what the seal and the stamp of a ``Comprobante`` prove.

    Grade A: seal, chain and stamp hold. B: the seal holds, and the authority or the
    certifier is not here. Anything false is an error.
    """
    if not _plain(root.get("Sello")):
        return _without_seal(root)
    seal = decoded(root.get("Sello") or "")
    held = certificate((root.get("Certificado") or "").encode())
    if seal is None or held is None or not _holds(root, held, seal):
        unknown = _unknown_complement(root)
        if unknown is not None and seal is not None and held is not None:
            return unproven("seal_unknown_complement", name=unknown)
        return unproven("seal_invalid")
    findings = [*_vouched(root, held, trust)]
    stamp = _stamp(root)
    if stamp is not None:
        findings += _stamped(root, stamp, trust)
    if any(finding.severity == "error" for finding in findings):
        return Proof(None, tuple(findings))
    if stamp is None:
        return Proof(None, tuple(findings))
    return Proof(Evidence.B if findings else Evidence.A, tuple(findings))


def _without_seal(root: Element) -> Proof:
    """Rule: what has no seal proves nothing; a stamp that repeats one proves it had."""
    stamp = _stamp(root)
    if stamp is not None and _plain(stamp.get("SelloCFD")):
        return unproven("seal_invalid")
    return Proof()


def _holds(root: Element, held: Certificate, seal: bytes) -> bool:
    """Whether the issuer's key made the seal of what the document says.

    Rule: no value holds a bar, since bars part the values of the original string: with
    one inside, two documents would have the same string.
    """
    sheet = _sheet(root)
    if sheet is None or _has_bars(root):
        return False
    alone = root if root.getparent() is None else deepcopy(root)
    string = sheet.string(alone)
    return string is not None and held.has_signed(string, seal, _HASH)


def _sheet(root: Element) -> sat.Sheet | None:
    namespace = etree.QName(root).namespace or ""
    return sat.sheet(namespace, root.get("Version") or "")


def _sealed_elements(root: Element) -> Iterator[Element]:
    yield root
    for child in root:
        if etree.QName(child).localname != "Addenda":
            yield from child.iter(etree.Element)


def _has_bars(root: Element) -> bool:
    texts = (
        "".join((*element.attrib.values(), element.text or "", element.tail or ""))
        for element in _sealed_elements(root)
    )
    return any("|" in text for text in texts)


def _unknown_complement(root: Element) -> str | None:
    """Return a complement whose order of values the stylesheets do not tell."""
    sheet = _sheet(root)
    known = frozenset({STAMP}) | (sheet.namespaces if sheet else frozenset())
    for element in _sealed_elements(root):
        name = etree.QName(element)
        if name.namespace not in known:
            return f"{name.localname} {name.namespace or ''}".strip()[:120]
    return None


def _vouched(root: Element, held: Certificate, trust: Trust) -> Iterator[Finding]:
    """Yield what speaks against the certificate being the issuer's own."""
    day = _moment(root.get("Fecha"))
    link = Link.UNKNOWN if day is None else trust.link(held, sat.COUNTRY, day)
    who = {"authority": held.authority, "holder": held.holder}
    if link is Link.SELF_MADE:
        yield Finding(code="chain_untrusted", params=who)
        return
    if link is Link.TRIAL:
        yield Finding(code="test_environment")
    elif link is Link.FORGED:
        yield Finding(code="chain_broken", params=who)
    elif link is Link.ENDED:
        yield Finding(code="certificate_ended", params=who)
    elif link is Link.UNKNOWN:
        yield of_unknown(held)
    if held.tax_id != _issuer(root) or held.number != root.get("NoCertificado"):
        yield Finding(code="certificate_of_another", params=who)


def _issuer(root: Element) -> str | None:
    namespace = etree.QName(root).namespace
    issuer = root.find(f"{{{namespace}}}Emisor")
    return None if issuer is None else (issuer.get("Rfc") or "").strip().upper()


def _stamp(root: Element) -> Element | None:
    namespace = etree.QName(root).namespace
    return root.find(f"{{{namespace}}}Complemento/{{{STAMP}}}TimbreFiscalDigital")


def _stamped(root: Element, stamp: Element, trust: Trust) -> list[Finding]:
    """Return what speaks against the stamp: nothing, that it is false, or unknown."""
    number = (stamp.get("NoCertificadoSAT") or "").strip()
    who = {"number": number[:40], "certifier": (stamp.get("RfcProvCertif") or "")[:20]}
    if _plain(stamp.get("SelloCFD")) != _plain(root.get("Sello")):
        return [Finding(code="stamp_invalid", params=who)]
    version = stamp.get("Version") or ""
    sheet = sat.sheet(STAMP, version)
    if sheet is None:
        name = f"TimbreFiscalDigital {version}"[:40]
        return [Finding(code="seal_unknown_complement", params={"name": name})]
    held = trust.numbered(number, sat.COUNTRY)
    if held is None:
        return [Finding(code="stamp_unchecked", params=who)]
    string = sheet.string(deepcopy(stamp))
    seal = decoded(stamp.get("SelloSAT") or "")
    if _bars(stamp) or not (string and seal and held.has_signed(string, seal, _HASH)):
        return [Finding(code="stamp_invalid", params=who)]
    day = _moment(stamp.get("FechaTimbrado"))
    link = Link.UNKNOWN if day is None else trust.link(held, sat.COUNTRY, day)
    if link is Link.TRIAL:
        return [Finding(code="test_environment")]
    return [] if link is Link.CHAINED else [of_unknown(held)]


def _bars(stamp: Element) -> bool:
    return any("|" in value for value in stamp.attrib.values())


def _plain(text: str | None) -> str:
    return "".join((text or "").split())


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None

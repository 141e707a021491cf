"""What a signed document proves: by which signature, of whose, over which part of it.

Owns which part a signature has to cover to count, and the grade that follows. Rule:
amounts count as signed only from inside what is signed, so a signature over anything
else, however true, proves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.core.findings import Finding
from rappel.core.invoices import Evidence
from rappel.ingest.evidence.canonical import place
from rappel.ingest.evidence.proofs import Proof, of_unknown
from rappel.ingest.evidence.signatures import Signed, State, signatures
from rappel.ingest.evidence.trust import Link

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rappel.core.invoices import Document
    from rappel.ingest.evidence.certificates import Certificate
    from rappel.ingest.evidence.proofs import Source
    from rappel.ingest.evidence.trust import Trust

COUNTRIES: Final = {
    "cr": "CR",
    "dian": "CO",
    "do": "DO",
    "dte": "CL",
    "fel": "GT",
    "nfe": "BR",
    "pa": "PA",
    "py": "PY",
    "sri": "EC",
    "sunat": "PE",
}
"""Whose authorities vouch for a scheme; those of no one country take any."""

_NFE: Final = "http://www.portalfiscal.inf.br/nfe"
_SII: Final = "http://www.sii.cl/SiiDte"
_EMISSION: Final = "{*}SAT/{*}DTE/{*}DatosEmision"
# (namespace, root) → where the part is that its reader reads; else it is the root
BODIES: Final = {
    (_NFE, "nfeProc"): f"{{{_NFE}}}NFe/{{{_NFE}}}infNFe",
    (_NFE, "NFe"): f"{{{_NFE}}}infNFe",
    (_NFE, "procEventoNFe"): f"{{{_NFE}}}evento/{{{_NFE}}}infEvento",
    (_SII, "DTE"): f"{{{_SII}}}*",
    ("", "DTE"): "*",
    ("http://www.sat.gob.gt/dte/fel/0.2.0", "GTDocumento"): _EMISSION,
    ("http://www.sat.gob.gt/dte/fel/0.1.0", "GTDocumento"): _EMISSION,
    ("http://ekuatia.set.gov.py/sifen/xsd", "rDE"): "{*}DE",
}
_AUTHORISED: Final = frozenset({"100", "150"})
_MARK: Final = b"SignatureValue"
_ROOT_OF_CNPJ: Final = 8


def signed(document: Document, source: Source, trust: Trust) -> Proof:
    """Return what the signatures in a document's bytes prove.

    Grade A: the signature covers what was read, chains, is the issuer's, and the
    authority's own protocol repeats its digest. B: it covers it and holds. A broken
    one, or one over something else, proves nothing and says so.
    """
    if _MARK not in source.content:
        return Proof()
    within = place(source.root)
    found = signatures(source.content, within)
    twice = next((one for one in found if one.state is State.AMBIGUOUS), None)
    if twice is not None:
        params = {"name": f"Id {twice.name}"}
        return Proof(None, (Finding(code="ambiguous_id", params=params),))
    body = _body(source.root)
    holding = [one for one in found if one.state is State.HOLDS]
    for one in holding:
        if one.certificate and body is not None and _covers(one, body):
            return _graded(document, source.root, one, one.certificate, trust)
    if holding:
        return _nothing("signature_elsewhere")
    if any(one.state is State.BROKEN for one in found):
        return _nothing("signature_broken")
    return _nothing("signature_unsupported", name=found[0].name) if found else Proof()


def _nothing(code: str, **params: str) -> Proof:
    return Proof(None, (Finding(code=code, params=params),))


def _body(root: Element) -> Element | None:
    """Return the part that is read; two of them are no part."""
    name = etree.QName(root)
    path = BODIES.get((name.namespace or "", name.localname))
    if path is None:
        return root
    found = [
        one for one in root.findall(path) if etree.QName(one).localname != "Signature"
    ]
    return found[0] if len(found) == 1 else None


def _covers(one: Signed, body: Element) -> bool:
    """Whether what is signed is the part that is read, or holds it."""
    there = place(body)
    return any(there[: len(part)] == part for part in one.covers)


def _graded(
    document: Document,
    root: Element,
    one: Signed,
    held: Certificate,
    trust: Trust,
) -> Proof:
    country = COUNTRIES.get(document.scheme)
    day = document.issued_at
    link = Link.UNKNOWN if day is None else trust.link(held, country, day)
    who = {"holder": held.holder, "authority": held.authority}
    if link is Link.TRIAL:
        return _nothing("test_environment")
    if link in _WORTHLESS:
        return _nothing(_WORTHLESS[link], **who)
    if link is Link.UNKNOWN:
        return Proof(Evidence.B, (of_unknown(held),))
    if not _is_issuers(document, held):
        return Proof(Evidence.B, (Finding(code="signed_by_another", params=who),))
    return Proof(Evidence.A if _authorised(root, one) else Evidence.B)


_WORTHLESS: Final = {
    Link.SELF_MADE: "signature_of_nobody",
    Link.FORGED: "signature_of_nobody",
    Link.ENDED: "signature_ended",
}


def _is_issuers(document: Document, held: Certificate) -> bool:
    """Whether a certificate names the issuer's tax id, or the root of its CNPJ."""
    tax_id = document.issuer.tax_id or ""
    if document.scheme == "nfe":
        tax_id = tax_id[:_ROOT_OF_CNPJ]
    return bool(tax_id) and tax_id.encode() in held.der


def _authorised(root: Element, one: Signed) -> bool:
    """Whether Brazil's authority answered this very note: its digest, authorised."""
    protocol = root.find(f"{{{_NFE}}}protNFe/{{{_NFE}}}infProt")
    if protocol is None:
        return False
    state = (protocol.findtext(f"{{{_NFE}}}cStat") or "").strip()
    digest = (protocol.findtext(f"{{{_NFE}}}digVal") or "").strip()
    return state in _AUTHORISED and digest in one.digests and bool(digest)

"""Signatures in XML, verified with no network: XML-DSig, and what XAdES needs of it.

Owns what a signature covers and whether it holds: canonical XML, SHA-1 and SHA-2, RSA,
references to the whole document or to one id. A signature that is broken proves
nothing and refuses nothing, since portals and mailers write documents anew; one whose
reference could mean two elements ends reading. Source: W3C, XML Signature 1.1.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from enum import StrEnum
from hashlib import new
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from rappel.ingest.evidence.canonical import (
    SIGNATURE,
    Form,
    at,
    canonical,
    faithful,
    form_of,
    place,
    without,
)
from rappel.ingest.evidence.certificates import certificate, decoded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rappel.ingest.evidence.certificates import Certificate

DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_W3: Final = "http://www.w3.org"
_DIGESTS: Final = {
    f"{_W3}/2000/09/xmldsig#sha1": "sha1",
    f"{_W3}/2001/04/xmlenc#sha256": "sha256",
    f"{_W3}/2001/04/xmldsig-more#sha384": "sha384",
    f"{_W3}/2001/04/xmlenc#sha512": "sha512",
}
_METHODS: Final = {
    f"{_W3}/2000/09/xmldsig#rsa-sha1": "sha1",
    f"{_W3}/2001/04/xmldsig-more#rsa-sha256": "sha256",
    f"{_W3}/2001/04/xmldsig-more#rsa-sha384": "sha384",
    f"{_W3}/2001/04/xmldsig-more#rsa-sha512": "sha512",
}
_ENVELOPED: Final = f"{_W3}/2000/09/xmldsig#enveloped-signature"
_XPATH: Final = f"{_W3}/TR/1999/REC-xpath-19991116"
_NO_SIGNATURE: Final = "not(ancestor-or-self::ds:Signature)"
_INCLUSIVE_NAMESPACES: Final = f"{{{_W3}/2001/10/xml-exc-c14n#}}InclusiveNamespaces"
_IDENTIFIED: Final = etree.XPath(
    "//*[@Id = $id or @ID = $id or @id = $id or @xml:id = $id]"
)
MOST: Final = 4  # signatures of a document that are looked at
_REFERENCES: Final = 8
_WORK: Final = 40_000_000  # bytes digested for one document at most


class State(StrEnum):
    """What became of a signature."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNSUPPORTED = "unsupported"  # by an algorithm, or without a certificate
    AMBIGUOUS = "ambiguous"  # two elements have the id that it refers to


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature: its state, whose it is, and the places of what it covers.

    ``name`` is the algorithm that is not known here, or the id that is there twice.
    """

    state: State
    certificate: Certificate | None = None
    covers: tuple[tuple[int, ...], ...] = ()
    digests: tuple[str, ...] = ()
    name: str = ""


class _Stop(Exception):
    """The signature cannot hold; ``signed`` says what it is instead."""

    def __init__(self, state: State, name: str = "") -> None:
        super().__init__(state)
        self.signed = Signed(state, name=name)


def signatures(content: bytes, within: tuple[int, ...]) -> list[Signed]:
    """Return the signatures in an element of a document that was parsed before.

    A signature within another's objects is part of that one.
    """
    root = faithful(content)
    inside = [
        one
        for one in at(root, within).iter(SIGNATURE)
        if next(one.iterancestors(SIGNATURE), None) is None
    ]
    return [_signed(content, root, within, one) for one in inside[:MOST]]


def _signed(
    content: bytes, root: Element, within: tuple[int, ...], signature: Element
) -> Signed:
    try:
        info = signature.find(f"{DS}SignedInfo")
        if info is None:
            return Signed(State.BROKEN)
        references = info.findall(f"{DS}Reference")
        many = not 0 < len(references) <= _REFERENCES
        if many or len(references) * len(content) > _WORK:
            return Signed(State.UNSUPPORTED, name="Reference")
        held = _holder(signature, info)
        covers = [
            _reference(content, root, within, signature, one) for one in references
        ]
    except _Stop as stop:
        return stop.signed
    except etree.LxmlError:  # such as a namespace that is a relative address
        return Signed(State.UNSUPPORTED, name="C14N")
    digests = tuple(_text(one, "DigestValue") for one in references)
    return Signed(State.HOLDS, held, tuple(covers), digests)


def _holder(signature: Element, info: Element) -> Certificate:
    """Return the certificate in the signature whose key made its value."""
    method = _algorithm(info.find(f"{DS}SignatureMethod"))
    algorithm = _METHODS.get(method)
    if algorithm is None:
        raise _Stop(State.UNSUPPORTED, method)
    text = canonical(info, _form(info.find(f"{DS}CanonicalizationMethod")))
    value = decoded(_text(signature, "SignatureValue"))
    texts = signature.findall(f"{DS}KeyInfo/{DS}X509Data/{DS}X509Certificate")
    found = [certificate((one.text or "").encode()) for one in texts]
    held = [one for one in found if one is not None]
    if not held:
        raise _Stop(State.UNSUPPORTED, "KeyInfo")
    for one in held:
        if value and one.has_signed(text, value, algorithm):
            return one
    raise _Stop(State.BROKEN)


def _reference(
    content: bytes,
    root: Element,
    within: tuple[int, ...],
    signature: Element,
    reference: Element,
) -> tuple[int, ...]:
    """Return the place that a reference covers, once its digest holds."""
    target = _target(root, within, reference)
    method = _algorithm(reference.find(f"{DS}DigestMethod"))
    if method not in _DIGESTS:
        raise _Stop(State.UNSUPPORTED, method)
    form, cut = Form(), ""
    for transform in reference.iterfind(f"{DS}Transforms/{DS}Transform"):
        algorithm = _algorithm(transform)
        if algorithm == _ENVELOPED:
            cut = cut or "this"
        elif algorithm == _XPATH and _cuts_signatures(transform):
            cut = "all"
        else:
            form = _form(transform)
    if cut:
        own, mine = faithful(content), place(signature)
        here = at(own, target)  # before others' places change
        of_it = at(own, mine)
        without(own, lambda one: cut == "all" or one is of_it)
        text = canonical(here, form)
    else:
        text = canonical(at(root, target), form)
    digest = new(_DIGESTS[method], text).digest()
    stated = decoded(_text(reference, "DigestValue")) or b""
    if not hmac.compare_digest(digest, stated):
        raise _Stop(State.BROKEN)
    return target


def _target(
    root: Element, within: tuple[int, ...], reference: Element
) -> tuple[int, ...]:
    """Return the place of what a reference names: the document, or one id."""
    uri = reference.get("URI")
    if uri is None or (uri and not uri.startswith("#")):
        raise _Stop(State.UNSUPPORTED, (uri or "Reference")[:60])
    if not uri:
        return within
    found = cast("list[Element]", _IDENTIFIED(root, id=uri[1:]))
    if len(found) > 1:
        raise _Stop(State.AMBIGUOUS, uri[1:60])
    if not found:
        raise _Stop(State.BROKEN)
    return place(found[0])


def _cuts_signatures(transform: Element) -> bool:
    path = transform.find(f"{DS}XPath")
    if path is None or "".join((path.text or "").split()) != _NO_SIGNATURE:
        return False
    return path.nsmap.get("ds") == DS.strip("{}")


def _form(method: Element | None) -> Form:
    prefixes: tuple[str, ...] = ()
    if method is not None:
        listed = method.find(_INCLUSIVE_NAMESPACES)
        if listed is not None:
            prefixes = tuple((listed.get("PrefixList") or "").split())
    form = form_of(_algorithm(method), prefixes)
    if form is None:
        raise _Stop(State.UNSUPPORTED, _algorithm(method))
    return form


def _algorithm(method: Element | None) -> str:
    return "" if method is None else (method.get("Algorithm") or "")[:120]


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{DS}{name}") or "").strip()

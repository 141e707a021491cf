"""XML signed on purpose with throw-away keys, as members' suppliers sign it."""

from __future__ import annotations

import base64
from hashlib import new
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sealing import Holder

DS = "http://www.w3.org/2000/09/xmldsig#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
DIGESTS = {
    "sha1": f"{DS}sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
METHODS = {
    "sha1": f"{DS}rsa-sha1",
    "sha256": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "sha512": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
}
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}


def signed_xml(
    content: bytes,
    by: Holder,
    *,
    uri: str = "",
    into: str = ".",
    algorithm: str = "sha256",
    c14n: str = INCLUSIVE,
    transforms: tuple[str, ...] | None = None,
    digest: str | None = None,
    instead: tuple[str, str] = ("", ""),
) -> bytes:
    """Return a document with a signature as the last child of the element ``into``.

    Without ``uri`` the whole document is signed, else the element with that id.
    ``instead`` says what else stands in the signature before it is made.
    """
    root = etree.fromstring(content)
    target = root
    if uri:
        (target,) = root.xpath("//*[@Id=$wanted or @id=$wanted]", wanted=uri[1:])
    made = digest or _digest(_written(target, c14n), algorithm)
    steps = transforms or (ENVELOPED, c14n)
    listed = "".join(f'<Transform Algorithm="{step}"/>' for step in steps)
    chain = base64.b64encode(by.der).decode()
    held = f"<X509Data><X509Certificate>{chain}</X509Certificate></X509Data>"
    skeleton = (
        f'<Signature xmlns="{DS}"><SignedInfo>'
        f'<CanonicalizationMethod Algorithm="{c14n}"/>'
        f'<SignatureMethod Algorithm="{METHODS[algorithm]}"/>'
        f'<Reference URI="{uri}"><Transforms>{listed}</Transforms>'
        f'<DigestMethod Algorithm="{DIGESTS[algorithm]}"/>'
        f"<DigestValue>{made}</DigestValue></Reference></SignedInfo>"
        f"<SignatureValue/><KeyInfo>{held}</KeyInfo>"
        f"</Signature>"
    )
    above = root if into == "." else root.find(into)
    assert above is not None
    above.append(etree.ProcessingInstruction("put", "here"))
    # put in as text: a tree would take away prefixes that the signature only mentions
    put = skeleton.replace(*instead, 1).encode()
    root = etree.fromstring(
        etree.tostring(root, encoding="UTF-8").replace(b"<?put here?>", put)
    )
    *_, info = root.iter(f"{{{DS}}}SignedInfo")
    *_, value = root.iter(f"{{{DS}}}SignatureValue")
    text = _written(info, c14n)
    made_by = by.key.sign(text, padding.PKCS1v15(), HASHES[algorithm]())
    value.text = base64.b64encode(made_by).decode()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _written(element: Element, c14n: str) -> bytes:
    text = etree.tostring(element, with_tail=False, encoding="UTF-8")
    alone = etree.fromstring(text)
    return etree.tostring(
        alone.getroottree(),
        method="c14n",
        exclusive=c14n == EXCLUSIVE,
        with_comments=False,
    )


def _digest(content: bytes, algorithm: str) -> str:
    return base64.b64encode(new(algorithm, content).digest()).decode()

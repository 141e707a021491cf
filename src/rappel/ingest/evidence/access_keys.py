"""Access keys: what a document's own key says of it, and whether it says the same.

Owns check digits and the parts of keys that repeat the document, as pure functions:
Brazil's 44 characters, Ecuador's 49, Paraguay's 44 and Costa Rica's 50 digits, and
Chile's electronic stamp. A key proves nothing; one that contradicts its document was
edited by somebody. Parts whose form in a document is not that of the key are left out.
Sources: SEFAZ, Manual de Orientação; SRI, Ficha Técnica; SIFEN, Manual Técnico;
Hacienda, Resolución DGT-R-48-2016; SII, Formato DTE.
"""

from __future__ import annotations

import re
from itertools import cycle
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from rappel.ingest.evidence.certificates import decoded, verifies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

    from rappel.core.invoices import Document

_ZERO: Final = ord("0")
_ELEVEN: Final = 11


def disagreements(document: Document, root: Element) -> tuple[str, ...]:
    """Return what key and document say differently: ``digit``, ``issuer``, ….

    ``root`` is the document's element, for the stamp that Chile puts in it.
    """
    if document.scheme == "dte":
        return ("stamp",) if stamp_holds(root) is False else ()
    checks = _CHECKS.get(document.scheme)
    key = document.fiscal_key or ""
    if checks is None or not checks[0].fullmatch(key):
        return ()
    return tuple(dict.fromkeys(checks[1](key, document)))


def remainder(body: str, last: int) -> int:
    """Return the weighted sum of characters modulo 11.

    Weights are 2 to ``last`` from the right and again; letters weigh as Brazil counts
    them, from the digit 0 on.
    """
    weights = cycle(range(2, last + 1))
    return (
        sum(
            (ord(one) - _ZERO) * weight
            for one, weight in zip(reversed(body), weights, strict=False)
        )
        % _ELEVEN
    )


def check_digit(body: str, last: int, *, ten: int) -> str:
    """Return the digit of modulo 11; ``ten`` stands for a difference of ten."""
    digit = (_ELEVEN - remainder(body, last)) % _ELEVEN
    return str(ten if digit == _ELEVEN - 1 else digit)


def _brazil(key: str, document: Document) -> Iterator[str]:
    if check_digit(key[:-1], 9, ten=0) != key[-1]:
        yield "digit"
    if document.issuer.tax_id and document.issuer.tax_id.zfill(14) != key[6:20]:
        yield "issuer"
    if document.issued_at and f"{document.issued_at:%y%m}" != key[2:6]:
        yield "date"
    if _figures(document, 2) not in {None, (int(key[22:25]), int(key[25:34]))}:
        yield "number"


def _ecuador(key: str, document: Document) -> Iterator[str]:
    if check_digit(key[:-1], 7, ten=1) != key[-1]:
        yield "digit"
    if document.issuer.tax_id and document.issuer.tax_id != key[10:23]:
        yield "issuer"
    if document.issued_at and f"{document.issued_at:%d%m%Y}" != key[:8]:
        yield "date"
    parts = (int(key[24:27]), int(key[27:30]), int(key[30:39]))
    if _figures(document, 3) not in {None, parts}:
        yield "number"


def _paraguay(key: str, document: Document) -> Iterator[str]:
    if check_digit(key[:-1], 11, ten=0) != key[-1]:
        yield "digit"
    tax_id = (document.issuer.tax_id or "").partition("-")[0]
    if tax_id and tax_id.zfill(8) not in {key[2:10], key[2:11].lstrip("0").zfill(8)}:
        yield "issuer"
    if document.issued_at and f"{document.issued_at:%Y%m%d}" != key[25:33]:
        yield "date"
    parts = (int(key[11:14]), int(key[14:17]), int(key[17:24]))
    if _figures(document, 3) not in {None, parts}:
        yield "number"


def _costa_rica(key: str, document: Document) -> Iterator[str]:
    tax_id = document.issuer.tax_id
    if tax_id and tax_id.isdigit() and tax_id.zfill(12) != key[9:21]:
        yield "issuer"
    if document.issued_at and f"{document.issued_at:%d%m%y}" != key[3:9]:
        yield "date"
    if _figures(document, 1) not in {None, (int(key[21:41]),)}:
        yield "number"


def _figures(document: Document, count: int) -> tuple[int, ...] | None:
    """Return the figures of a document's number, ``None`` when it has others."""
    found = re.findall(r"[0-9]+", document.number or "")
    return tuple(map(int, found)) if len(found) == count else None


_CHECKS: Final[
    dict[str, tuple[re.Pattern[str], Callable[[str, Document], Iterator[str]]]]
] = {
    "nfe": (re.compile(r"[0-9]{6}[0-9A-Z]{12}[0-9]{26}"), _brazil),
    "sri": (re.compile(r"[0-9]{49}"), _ecuador),
    "py": (re.compile(r"[0-9]{44}"), _paraguay),
    "cr": (re.compile(r"506[0-9]{47}"), _costa_rica),
}


def stamp_holds(root: Element) -> bool | None:
    """Whether the electronic stamp of a DTE (TED) is of the key its folios came with.

    ``None`` when there is none. The key has 512 bits: it tells an edit, proves no
    issuer.
    """
    stamp = root.find(".//{*}TED")
    if stamp is None:
        return None
    value = decoded(stamp.findtext("{*}FRMT") or "")
    modulus = decoded(stamp.findtext("{*}DD/{*}CAF/{*}DA/{*}RSAPK/{*}M") or "")
    exponent = decoded(stamp.findtext("{*}DD/{*}CAF/{*}DA/{*}RSAPK/{*}E") or "")
    data = stamp.find("{*}DD")
    if not (value and modulus and exponent) or data is None:
        return False
    numbers = (int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
    try:
        public = RSAPublicNumbers(*numbers).public_key()
    except ValueError:
        return False
    key = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = "".join(_flat(data)).encode("latin-1", "xmlcharrefreplace")
    return verifies(key, text, value, "sha1")


def _flat(element: Element) -> Iterator[str]:
    """Yield an element without namespaces and without blanks between elements."""
    name = etree.QName(element).localname
    pairs = [(str(key), str(text)) for key, text in element.attrib.items()]
    said = "".join(f" {key}={quoteattr(text)}" for key, text in pairs)
    yield f"<{name}{said}>"
    if len(element):
        for child in element.iterchildren(etree.Element):
            yield from _flat(child)
    else:
        yield escape(element.text or "")
    yield f"</{name}>"

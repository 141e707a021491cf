"""What the bytes of a document prove: a grade, and what was found on the way.

Owns the value that every check answers, and its findings' common parts. A proof never
says that figures are right, only that they are still those of who sealed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.core.findings import Finding

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rappel.core.invoices import Evidence
    from rappel.ingest.evidence.certificates import Certificate


@dataclass(frozen=True, slots=True)
class Source:
    """A document's bytes as they came, and where in them its element is.

    ``root`` is the element that the reader was given; ``content`` is what holds it,
    perhaps in an envelope.
    """

    content: bytes
    root: Element


@dataclass(frozen=True, slots=True)
class Proof:
    """A grade, ``None`` where no more than a key and arithmetic is proven."""

    grade: Evidence | None = None
    findings: tuple[Finding, ...] = ()


def unproven(code: str, **params: str) -> Proof:
    """Return the proof that failed, with its one finding."""
    return Proof(None, (Finding(code=code, params=params),))


def of_unknown(certificate: Certificate) -> Finding:
    """Return the finding that nobody here vouches for who issued a certificate."""
    params = {"authority": certificate.authority, "holder": certificate.holder}
    return Finding(code="chain_unknown", params=params)

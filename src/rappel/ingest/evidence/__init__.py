"""Evidence: what the bytes of a document prove, offline, and the grade that follows.

Owns the one call :func:`proved`, which every reader's document goes through: by what
signature the bytes hold, so that readers need no code of their own. A false seal of a
CFDI refuses; a broken signature does only if key or arithmetic contradict the document
as well. Rule: a grade is of what is proven, never of what is claimed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rappel.core.findings import Finding
from rappel.core.invoices import Evidence, Verdict
from rappel.ingest.evidence import seals
from rappel.ingest.evidence.access_keys import disagreements
from rappel.ingest.evidence.certificates import Certificate, certificate
from rappel.ingest.evidence.proofs import Proof, Source
from rappel.ingest.evidence.sat import bundled
from rappel.ingest.evidence.signed import signed
from rappel.ingest.evidence.trust import Anchor, Link, Trust
from rappel.ingest.judge import verdict

if TYPE_CHECKING:
    from rappel.core.invoices import Document

__all__ = [
    "Anchor",
    "Certificate",
    "Link",
    "Source",
    "Trust",
    "bundled",
    "certificate",
    "proved",
]


def proved(document: Document, source: Source, trust: Trust) -> Document:
    """Return the document with the grade and the findings that its bytes give it.

    A refused document is D. One without a fiscal key keeps its grade whoever sealed it:
    there is nothing yet that could count once.
    """
    proof = _proof(document, source, trust)
    told = [
        Finding(code=f"key_{part}") for part in disagreements(document, source.root)
    ]
    wrong = bool(told) or any(one.code == "arithmetic" for one in document.findings)
    if wrong and any(one.code == "signature_broken" for one in proof.findings):
        told.insert(0, Finding(code="document_altered"))
    findings = (*told, *proof.findings, *document.findings)
    if document.verdict is Verdict.REJECT:  # what refused it first is told first
        findings = (*document.findings, *told, *proof.findings)
    found = verdict(findings)
    evidence = Evidence.D if told else document.evidence
    if found is Verdict.REJECT:
        evidence = Evidence.D
    elif proof.grade is not None and document.fiscal_key is not None:
        evidence = proof.grade
    return replace(document, evidence=evidence, findings=findings, verdict=found)


def _proof(document: Document, source: Source, trust: Trust) -> Proof:
    if seals.is_sealable(source.root):
        return seals.sealed(source.root, trust)
    return signed(document, source, trust)

"""Proposals: terms before they are signed, and beside those that were.

Owns what a person reads before signing: the warnings of the linter, the terms in words,
a worked example, two revisions side by side. Stores nothing and decides nothing; the
figures of an example are the engine's own (:mod:`rappel.actions.examples`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rappel.actions import inputs
from rappel.actions.agreements import export
from rappel.actions.examples import Examples, examples
from rappel.actions.permission import must_administer
from rappel.core import comparison
from rappel.core.linter import lint
from rappel.core.sentences import sentences
from rappel.ingest.terms import agreement_from_toml, agreement_to_fields
from rappel.paper.figures import format_of
from rappel.paper.sentences import said
from rappel.store import signing
from rappel.wording import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.access import Viewer
    from rappel.core.agreements import Agreement, Programme
    from rappel.core.clauses import Sentence
    from rappel.core.comparison import Comparison
    from rappel.core.findings import Finding
    from rappel.store.base import Database

CODES: Final = ("programme", "other", "promotion", "field", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one programme means: in words, and worked by the engine."""

    code: str
    sentences: tuple[Sentence, ...]
    examples: Examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """An agreement as it was understood, and what somebody should look at."""

    agreement: Agreement
    findings: tuple[Finding, ...]
    programmes: tuple[Meaning, ...]


def check(document: bytes, *, beside: Sequence[Programme] = ()) -> Check:
    """Say what an agreement document means, without a database.

    ``beside`` are the programmes of other agreements, to be warned of what they pay on
    too (:func:`others`).

    Raises:
        Malformed: the document cannot be read; with every fault and its path.
    """
    agreement = agreement_from_toml(inputs.decoded(document))
    return Check(
        agreement=agreement,
        findings=lint(agreement.programmes, beside),
        programmes=tuple(
            Meaning(
                code=one.code,
                sentences=sentences(one),
                examples=examples(one, agreement.programmes),
            )
            for one in agreement.programmes
        ),
    )


def propose(db: Database, viewer: Viewer, document: bytes) -> Check:
    """Say what an agreement document means among all that is signed; store nothing.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: the document cannot be read; with every fault and its path.
    """
    must_administer(viewer)
    agreement = agreement_from_toml(inputs.decoded(document))
    return check(document, beside=others(db, viewer, agreement.code))


def describe(
    db: Database, viewer: Viewer, agreement: str, revision: int | None = None
) -> Check:
    """Say what a signed agreement means; its last revision unless one is named.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such agreement or revision.
    """
    document = export(db, viewer, agreement, revision).encode()
    return check(document, beside=others(db, viewer, agreement))


def others(db: Database, viewer: Viewer, agreement: str) -> tuple[Programme, ...]:
    """Return the programmes of the other agreements, as they were signed last.

    Raises:
        NotAllowed: the viewer does not administer.
    """
    must_administer(viewer)
    with db.reading(viewer) as session:
        read = [agreement_from_toml(text) for text in signing.documents(session)]
    newest = {one.code: one for one in read if one.code != agreement}
    return tuple(programme for one in newest.values() for programme in one.programmes)


def warnings(db: Database, viewer: Viewer, document: bytes) -> tuple[Finding, ...]:
    """Return what the linter says of a document among all that is signed.

    Raises:
        NotAllowed: the viewer does not administer.
        Malformed: the document cannot be read.
    """
    must_administer(viewer)
    agreement = agreement_from_toml(inputs.decoded(document))
    return lint(agreement.programmes, others(db, viewer, agreement.code))


def compare(
    db: Database, viewer: Viewer, agreement: str, before: int, after: int
) -> Comparison:
    """Return two revisions of an agreement side by side, by their numbers.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such agreement or revision.
    """
    was, now = (
        agreement_from_toml(export(db, viewer, agreement, number))
        for number in (before, after)
    )
    return comparison.compare(was, now)


def told(finding: Finding, locale: str, country: str = "") -> dict[str, Any]:
    """Write a finding in the locale's language, its figures as the locale has them."""
    params = dict(finding.params)
    named = {name: params.pop(name) for name in CODES if name in params}
    filled = format_of(locale, country).filling(params) | named
    kind = finding.kind
    return {
        "code": finding.code,
        "severity": kind.severity.value,
        "field": finding.column,
        "message": say(kind.message, filled, locale),
        "repair": say(kind.repair, filled, locale),
    }


def check_json(checked: Check, locale: str, country: str = "") -> dict[str, Any]:
    """Write a check: the terms as fields, words in the locale's language."""
    return {
        "agreement": agreement_to_fields(checked.agreement),
        "findings": [told(one, locale, country) for one in checked.findings],
        "programmes": [
            {
                "code": meaning.code,
                "sentences": [said(one, locale, country) for one in meaning.sentences],
                "examples": list(meaning.examples.rows),
                "no_example": meaning.examples.refused,
            }
            for meaning in checked.programmes
        ],
    }

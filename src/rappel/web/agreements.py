"""Agreements: checked, signed as their documents, listed, given back and compared."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter, RawBody
from msgspec import Raw

from rappel.actions import agreements, proposals
from rappel.store import agreements as stored
from rappel.web.auth import ADMINISTRATOR
from rappel.web.given import Acting, Asking, Books, Locale, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.meanings import (
    CheckShown,
    ComparisonShown,
    WarningShown,
    check_shown,
    comparison_shown,
    spoken,
    warnings_shown,
)
from rappel.web.shapes import Cursor, Limit, Listing, Shown, listing

Revision: TypeAlias = Annotated[
    int | None, QueryParameter(description="Its number; else the newest.")
]
TOML: Final = "application/toml"
EXAMPLE: Final = """\
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-volumen"
tiers = [
    { from = "0", percent = "0" },
    { from = "100000", percent = "2" },
    { from = "250000", percent = "3.5" },
]
"""


class AgreementShown(Shown):
    """An agreement: its programmes, and how often its terms were signed."""

    agreement: str
    currency: str
    programmes: list[str]
    revisions: int


class SignedShown(Shown):
    """A revision that was signed, and what the linter says of it."""

    agreement: str
    revision: int
    programmes: list[str]
    findings: list[WarningShown]


def agreement_shown(one: stored.Agreement) -> AgreementShown:
    """Write an agreement."""
    return AgreementShown(
        agreement=one.code,
        currency=one.currency,
        programmes=list(one.programmes),
        revisions=one.revisions,
    )


class Agreements(Controller):
    """What consortium and suppliers signed."""

    path = "/v1/agreements"
    tags = ["Agreements"]

    @reads("/", ADMINISTRATOR)
    def list_agreements(
        self,
        db: Books,
        viewer: Asking,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[AgreementShown]:
        """List agreements."""
        with db.reading(viewer) as session:
            found = stored.list_agreements(session, viewer, cursor=cursor, limit=limit)
        return listing(found, agreement_shown)

    @acts("/", ADMINISTRATOR, takes=TOML, given=EXAMPLE)
    def sign_agreement(
        self,
        body: RawBody,
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
        locale: Locale,
        because: Annotated[
            str, QueryParameter(description="Why the terms change; kept for ever.")
        ] = "",
    ) -> Response[SignedShown | Raw]:
        """Sign the agreement document (TOML) of the body: the next revision of it.

        The same document again changes nothing and answers what it did at first. What
        the linter warns of refuses nothing.
        """

        def act() -> SignedShown:
            signed = agreements.sign(db, viewer, bytes(body), because=because, now=now)
            warned = proposals.warnings(db, viewer, bytes(body))
            return SignedShown(
                agreement=signed.agreement,
                revision=signed.revision,
                programmes=list(signed.programmes),
                findings=warnings_shown(warned, locale),
            )

        return once(act, bytes(body))

    @acts("/check", ADMINISTRATOR, status=DONE, takes=TOML, given=EXAMPLE)
    def check_agreement(
        self, body: RawBody, db: Books, viewer: Asking, locale: Locale
    ) -> CheckShown:
        """Say what the agreement document (TOML) of the body means; store nothing.

        Its terms as they were understood, in words, a worked example by the engine,
        and what the linter warns of, also beside the agreements that are signed. What
        is wrong with it is refused at once, each fault with its path.
        """
        return check_shown(proposals.propose(db, viewer, bytes(body)), locale)

    @reads("/{agreement:str}", ADMINISTRATOR)
    def show_agreement(
        self,
        agreement: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> AgreementShown:
        """Show an agreement."""
        with db.reading(viewer) as session:
            return agreement_shown(stored.agreement(session, viewer, agreement))

    @reads("/{agreement:str}/document", ADMINISTRATOR, answers=(TOML,), example=EXAMPLE)
    def export_agreement(
        self,
        agreement: FromPath[str],
        db: Books,
        viewer: Asking,
        revision: Revision = None,
    ) -> Response[str]:
        """Export the document as it was signed."""
        text = agreements.export(db, viewer, agreement, revision)
        return Response(text, media_type=f"{TOML}; charset=utf-8")

    @reads("/{agreement:str}/meaning", ADMINISTRATOR)
    def describe_agreement(
        self,
        agreement: FromPath[str],
        db: Books,
        viewer: Asking,
        locale: Locale,
        asked: Annotated[
            str | None,
            QueryParameter(
                name="locale", description="es, pt or en; else that of the caller."
            ),
        ] = None,
        revision: Revision = None,
    ) -> CheckShown:
        """Say what a signed agreement means: in words, in figures, and what is odd."""
        heard = spoken(asked or locale)
        checked = proposals.describe(db, viewer, agreement, revision)
        return check_shown(checked, heard)

    @reads("/{agreement:str}/compare", ADMINISTRATOR)
    def compare_revisions(
        self,
        agreement: FromPath[str],
        with_: Annotated[
            int,
            QueryParameter(name="with", description="The number of the earlier one."),
        ],
        db: Books,
        viewer: Asking,
        revision: Revision = None,
    ) -> ComparisonShown:
        """Show two revisions side by side: what the later one changes.

        It compares what they mean, so a default that is written out is no change.
        """
        if revision is None:
            with db.reading(viewer) as session:
                revision = stored.agreement(session, viewer, agreement).revisions
        found = proposals.compare(db, viewer, agreement, with_, revision)
        return comparison_shown(found, agreement, with_, revision)

"""Agreements: signed as their documents, listed, and given back as they were signed."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Controller, Response
from litestar.params import FromPath, QueryParameter, RawBody
from msgspec import Raw

from rappel.actions import agreements
from rappel.store import agreements as stored
from rappel.web.auth import ADMINISTRATOR
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import acts, reads
from rappel.web.shapes import Cursor, Limit, Listing, Shown, listing

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
    """A revision that was signed."""

    agreement: str
    revision: int
    programmes: list[str]


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
        because: Annotated[
            str, QueryParameter(description="Why the terms change; kept for ever.")
        ] = "",
    ) -> Response[SignedShown | Raw]:
        """Sign the agreement document (TOML) of the body: the next revision of it.

        The same document again changes nothing and answers what it did at first.
        """

        def act() -> SignedShown:
            signed = agreements.sign(db, viewer, bytes(body), because=because, now=now)
            return SignedShown(
                agreement=signed.agreement,
                revision=signed.revision,
                programmes=list(signed.programmes),
            )

        return once(act, bytes(body))

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
        revision: Annotated[
            int | None, QueryParameter(description="Its number; else the newest.")
        ] = None,
    ) -> Response[str]:
        """Export the document as it was signed."""
        text = agreements.export(db, viewer, agreement, revision)
        return Response(text, media_type=f"{TOML}; charset=utf-8")

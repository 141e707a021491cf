"""Statements: their figures as JSON, and the very bytes that were issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from litestar import Controller, Response
from litestar.params import FromPath, FromQuery

from rappel.actions import statements
from rappel.core.statement_json import statement_json
from rappel.store import issued as stored
from rappel.web.auth import MEMBER
from rappel.web.given import Asking, Books
from rappel.web.handlers import reads
from rappel.web.shapes import Cursor, Limit, Listing, Money, Shown, listing, money

PDF: Final = "application/pdf"


class IssuedShown(Shown):
    """A statement; ``sha256`` is that of its PDF."""

    number: str
    period: str
    member: str
    total: Money
    issued_at: datetime
    due_on: date
    sha256: str


def issued_shown(one: stored.Issued) -> IssuedShown:
    """Write a statement."""
    return IssuedShown(
        number=one.number,
        period=one.period,
        member=one.member,
        total=money(one.total, one.currency),
        issued_at=one.issued_at,
        due_on=one.due_on,
        sha256=one.sha256,
    )


class Statements(Controller):
    """What was issued."""

    path = "/v1/statements"
    tags = ["Statements"]

    @reads("/", MEMBER)
    def list_statements(
        self,
        db: Books,
        viewer: Asking,
        period: FromQuery[str | None] = None,
        member: FromQuery[str | None] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[IssuedShown]:
        """List statements by number."""
        with db.reading(viewer) as session:
            found = stored.list_statements(
                session,
                viewer,
                period=period,
                member=member,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, issued_shown)

    @reads("/{number:str}", MEMBER)
    def show_statement(
        self,
        number: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> Response[bytes]:
        """Show a statement with every line's working and documents.

        The same canonical JSON is embedded in the PDF.
        """
        _, statement = statements.statement_of(db, viewer, number)
        return Response(statement_json(statement), media_type="application/json")

    @reads("/{number:str}/pdf", MEMBER, answers=(PDF,))
    def download_statement(
        self,
        number: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> Response[bytes]:
        """Download the PDF as it was issued."""
        pdf = statements.pdf_of(db, viewer, number)
        disposition = f'attachment; filename="{number}.pdf"'
        return Response(
            pdf,
            media_type=PDF,
            headers={"Content-Disposition": disposition},
        )

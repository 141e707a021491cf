"""The JSON that crosses the API's border: what is common to all nouns.

Input structs refuse unknown fields; amounts, quantities and rates are strings; a list
is ``{data, next_cursor}``. The structs of one noun stand beside its controller.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final, Generic, TypeAlias, TypeVar

import msgspec
from litestar.params import QueryParameter

from rappel.core.money import places, plain
from rappel.wording import say_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rappel.core.findings import Finding
    from rappel.store.pages import Page

T = TypeVar("T")
S = TypeVar("S")
MOST: Final = 500

Cursor: TypeAlias = Annotated[
    str | None, QueryParameter(description="The `next_cursor` of the page before.")
]
Limit: TypeAlias = Annotated[
    int, QueryParameter(description="The most rows of a page.", ge=1, le=MOST)
]


class Given(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a caller sends."""


class Shown(msgspec.Struct, kw_only=True):
    """What a caller is answered."""


class Money(Shown):
    """An amount with its currency."""

    amount: str
    currency: str


class Listing(msgspec.Struct, Generic[T], kw_only=True):
    """A page of a list, and the cursor of the next one; null at the end."""

    data: list[T]
    next_cursor: str | None = None


class FindingShown(Shown):
    """Something wrong or odd in data: its place, and what to do about it."""

    code: str
    severity: str
    row: int | None
    column: str | None
    message: str
    repair: str


class Because(Given):
    """The reason for a decision, kept for ever."""

    because: str


def money(amount: Decimal, currency: str) -> Money:
    """Write an amount with its currency."""
    return Money(amount=plain(amount, places(currency)), currency=currency)


def listing(page: Page[S], make: Callable[[S], T]) -> Listing[T]:
    """Write a page of values."""
    return Listing(data=[make(one) for one in page.items], next_cursor=page.next_cursor)


def findings_shown(findings: Iterable[Finding], locale: str) -> list[FindingShown]:
    """Write findings in the caller's language."""
    shown = []
    for one in findings:
        said = say_finding(one, locale)
        shown.append(
            FindingShown(
                code=one.code,
                severity=one.severity,
                row=one.row,
                column=one.column,
                message=said.message,
                repair=said.repair,
            )
        )
    return shown


def optional(figure: Decimal | None) -> str | None:
    """Write a figure that may be missing or withheld."""
    return None if figure is None else plain(figure)

"""What every answer carries for the browsers and caches it passes through.

Owns the headers; they are put on each answer as it leaves, whatever made it: a handler,
a refusal, a file. The page of the description has a policy of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar.datastructures import MutableScopeHeaders

from rappel.web.page import PATH, POLICY

if TYPE_CHECKING:
    from litestar.types import Message, Scope

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


async def guard_answer(message: Message, scope: Scope) -> None:
    """Add the headers that an answer does not have yet."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    if scope["path"].rstrip("/") == PATH:
        headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)

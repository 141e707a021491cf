"""Foreign text made fit to print: names, numbers and keys as they came from outside.

Owns what may reach a page: characters of the shipped fonts, in reading order, of a
bounded length. Does not own escaping, which the template engine does to everything.

Convention: control characters, lone surrogates and those that turn the direction of
writing vanish; white space becomes one blank; what the fonts lack is printed as ``?``.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from fontTools.ttLib import (  # type: ignore[import-untyped]  # it ships no types
    TTFont,
)

from rappel.bundled import bundled

WEIGHTS: Final = (400, 500, 600)
NAME: Final = 120
NUMBER: Final = 48
SENTENCE: Final = 600
# control, surrogate, unassigned, format (bidi too), marks that compose with nothing
UNPRINTED: Final = frozenset(("Cc", "Cs", "Cn", "Cf", "Mn", "Me"))


@cache
def printable() -> frozenset[str]:
    """Characters that every shipped weight has."""
    fonts = bundled("templates") / "fonts"
    maps = [TTFont(fonts / f"inter-{weight}.ttf").getBestCmap() for weight in WEIGHTS]
    return frozenset(map(chr, set.intersection(*(set(found) for found in maps))))


def clean(text: str, limit: int = NAME) -> str:
    r"""Return ``text`` as it may be printed, at most ``limit`` characters.

    >>> clean("ACME \u202e00.001$\u0000  SA de CV")
    'ACME 00.001$ SA de CV'
    """
    composed = unicodedata.normalize("NFC", text[: limit * 4])
    kept = "".join(map(_printed, composed))
    whole = " ".join(kept.split())
    cut = len(whole) > limit or len(text) > limit * 4
    return f"{whole[: limit - 1]}…" if cut else whole


def _printed(char: str) -> str:
    if char in printable():
        return char
    if char.isspace():
        return " "
    if unicodedata.category(char) in UNPRINTED:
        return ""
    return "?"

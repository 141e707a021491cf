"""What a statement lacks: the programmes that were not computed, as printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rappel.paper.text import NUMBER, clean

if TYPE_CHECKING:
    from rappel.core.statements import StoppedRow
    from rappel.paper.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A programme that was not computed, and what it lacks."""

    programme: str
    supplier: str
    adjusts: str
    what: str


def lacking(words: Words, row: StoppedRow) -> Lacking:
    """Write out a row."""
    return Lacking(
        programme=clean(row.programme, NUMBER),
        supplier=clean(row.supplier),
        adjusts=clean(row.adjusts or "", NUMBER),
        what=words.lacking(row),
    )

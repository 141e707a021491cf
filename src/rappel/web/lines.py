"""A statement's line in the API: its figures, and its working in words.

Owns the line as programs are answered it: ``step`` and ``params`` are stable, ``text``
is said in the caller's language. A statement's own data is not touched
(:mod:`rappel.web.statements`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rappel.actions.explaining import has_figure, told
from rappel.core.statement_json import line_fields
from rappel.wording import translator

if TYPE_CHECKING:
    from rappel.core.statements import StatementLine


def line_shown(line: StatementLine, locale: str) -> dict[str, Any]:
    """Write a line; a step's figure that is withheld, or that there is not, is null."""
    shown: dict[str, Any] = line_fields(told(line, translator(locale)))
    for step, written in zip(line.working, shown["working"], strict=True):
        if not has_figure(step, line):
            written["amount"] = None
    return shown

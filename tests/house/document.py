"""Write the pages of ``docs/`` that are lists of what the code says of itself.

Run it after a finding or a setting has changed; a test compares.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from rappel.core.findings import CATALOGUE
from rappel.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

FINDINGS = """\
# Findings

What can be wrong or odd in data. A finding is a row, never an exception: its code is
stable, its place is named, and it says what to do. An **error** keeps what it concerns
from counting; a **warning** counts and asks somebody to look; an **info** is worth
knowing. The words below are said in Spanish and Portuguese too.

Written by `tests/house/document.py` from `src/rappel/core/findings.py`.
"""
SETTINGS = """\
# Settings

Everything is read from the environment, once, when a program starts; an empty variable
is one that is not set. None is needed to try Rappel. A value that cannot be read is
refused before anything else happens, with every fault at once.

In production set `DATABASE_URL` to a PostgreSQL of version 15 or later: then no server
of our own is started, and the extra `rappel[embedded]` need not be installed.

Written by `tests/house/document.py` from `src/rappel/settings.py`.
"""
DEFAULTS = {"state": "`$XDG_STATE_HOME/rappel`, else `~/.local/state/rappel`"}


def findings() -> str:
    """Return the page of findings, in the order of their codes."""
    parts = [FINDINGS]
    for code, kind in sorted(CATALOGUE.items()):
        parts.append(
            f"## `{code}`\n\n"
            f"**{kind.severity.value}** · {kind.message}\n\n"
            f"What to do: {kind.repair}\n"
        )
    return "\n".join(parts)


def settings() -> str:
    """Return the page of settings, in the order of the code."""
    said = dict(docstrings())
    parts = [SETTINGS]
    for field in fields(Settings):
        given = "none" if field.default in (MISSING, None) else f"`{field.default}`"
        parts.append(
            f"## `{variable(field.name)}`\n\n"
            f"{said[field.name]}\n\n"
            f"Default: {DEFAULTS.get(field.name, given)}\n"
        )
    return "\n".join(parts)


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield each field of the settings with the string that stands below it."""
    (defined,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(defined, ast.ClassDef)
    for above, below in zip(defined.body, defined.body[1:], strict=False):
        match above, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, text


PAGES = {"findings.md": findings, "settings.md": settings}

if __name__ == "__main__":
    from pathlib import Path

    for page, written in PAGES.items():
        Path(__file__).parents[2].joinpath("docs", page).write_text(written())

"""What a deployment may choose, read once from the environment.

Owns the names, defaults and readings of the settings; not what they do.

Convention: a field ``port`` is the variable ``RAPPEL_PORT``; only the two names that
the rest of the world already uses, ``DATABASE_URL`` and ``PG_BIN``, have no prefix.
An empty variable is one that is not set. ``docs/settings.md`` explains each.
"""

from __future__ import annotations

import os
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rappel.errors import Fault, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOCALES = ("en", "es", "pt")
LOG_LEVELS = ("debug", "info", "warning", "error")
LAST_PORT = 65_535


def state_home(environ: Mapping[str, str]) -> Path:
    """Return the folder in which this person's programs keep their state.

    Raises:
        Malformed: neither the environment nor the system knows a home.
    """
    chosen = Path(environ.get("XDG_STATE_HOME", ""))
    if chosen.is_absolute():
        return chosen / "rappel"
    try:
        home = Path(environ.get("HOME") or Path.home()).absolute()
    except RuntimeError as error:
        raise Malformed(
            "There is no home folder to keep state in.",
            code="bad_setting",
            repair="Set HOME, or RAPPEL_STATE to a folder that may be written.",
        ) from error
    return home / ".local" / "state" / "rappel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's choices; see the module for how a field is named outside."""

    state: Path
    """Folder of the embedded database, the kept originals and the demo's results."""

    database_url: str | None = None
    """Address of the PostgreSQL to use; none starts the embedded one."""

    migration_url: str | None = None
    """Address as the role that owns the tables; none uses `DATABASE_URL` for both."""

    pg_bin: Path | None = None
    """Folder of the PostgreSQL programs for the embedded server; none finds them."""

    host: str = "127.0.0.1"
    """Address on which `rappel serve` listens."""

    port: int = 8000
    """Port on which `rappel serve` listens; 0 takes a free one."""

    locale: str = "en"
    """Language of what is printed when nobody has said theirs: en, es or pt."""

    log_level: str = "info"
    """Least severity that is logged: debug, info, warning or error."""

    pool: int = 10
    """Connections to the database, and the most requests answered at one time."""

    pdf_workers: int = 2
    """Processes that render statements."""


def variable(field: str) -> str:
    """Return the name that ``field`` of :class:`Settings` has in the environment."""
    name = field.upper()
    return name if name in {"DATABASE_URL", "PG_BIN"} else f"RAPPEL_{name}"


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings that ``environ`` states.

    Raises:
        Malformed: with one fault for each variable that cannot be read.
    """
    stated: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in fields(Settings):
        name = variable(field.name)
        if text := environ.get(name, "").strip():
            try:
                stated[field.name] = READINGS.get(field.name, str)(text)
            except ValueError as error:
                faults.append(_fault(name, text, str(error)))
        elif field.default is MISSING:
            stated[field.name] = state_home(environ)
    if faults:
        names = ", ".join(str(fault.field) for fault in faults)
        raise Malformed(
            f"The environment cannot be read: {names}.",
            code="bad_setting",
            faults=tuple(faults),
        )
    return Settings(**stated)


@cache
def current() -> Settings:
    """Return the settings of this process, read at the first call and kept."""
    return read(os.environ)


def _fault(name: str, text: str, expected: str) -> Fault:
    return Fault(
        code="bad_setting",
        message=f"{name} is {text!r}, but should be {expected}.",
        repair=f"Correct or unset {name}; docs/settings.md explains it.",
        field=name,
    )


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _whole(least: int, most: int) -> Callable[[str], int]:
    def reading(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return reading


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def reading(text: str) -> str:
        if text.lower() not in words:
            raise ValueError("one of " + ", ".join(words))
        return text.lower()

    return reading


READINGS: Mapping[str, Callable[[str], object]] = {
    "state": _folder,
    "pg_bin": _folder,
    "port": _whole(0, LAST_PORT),
    "locale": _one_of(LOCALES),
    "log_level": _one_of(LOG_LEVELS),
    "pool": _whole(1, 100),
    "pdf_workers": _whole(1, 64),
}

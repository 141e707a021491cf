"""``rappel verify`` and ``rappel doctor``: the books, a statement, this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from rappel.actions import verify as checks
from rappel.cli import EXIT_FAILED, EXIT_UNAVAILABLE, output
from rappel.cli.opening import books
from rappel.cli.reading import FILE, content
from rappel.errors import RappelError
from rappel.paper.engine import repair
from rappel.settings import current
from rappel.store.embedded.programs import find_programs

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("statement", required=False, type=FILE)
@click.option("--json", "json_", is_flag=True)
def verify(statement: Path | None, *, json_: bool) -> None:
    """Check every invariant of the books, or recompute one STATEMENT.pdf.

    A statement is recomputed from the data inside it, with no database.
    """
    if statement is not None:
        pdf = content(statement)
        violations = checks.verify_statement(pdf)
        output.note(checks.about(pdf))
    else:
        with books() as db:
            violations = checks.verify(db)
    if json_:
        output.as_json(violations)
    else:
        for one in violations:
            output.say(f"{one.invariant}: {one.row}: {one.message}")
    if violations:
        raise click.exceptions.Exit(EXIT_FAILED)
    output.note("everything holds")


@click.command()
def doctor() -> None:
    """Look at what this machine has, and name the command for what it lacks."""
    found = [python(), database(), state(), printing()]
    output.table(["part", "state", "do"], found)
    if any(row[1] != "ok" for row in found):
        raise click.exceptions.Exit(EXIT_UNAVAILABLE)


def python() -> tuple[str, str, str]:
    """Look at the interpreter."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    return (f"Python {version}", "ok", "")


def database() -> tuple[str, str, str]:
    """Look for a PostgreSQL: an address, the wheel's programs, or the system's."""
    settings = current()
    if settings.database_url:
        return ("PostgreSQL of DATABASE_URL", "ok", "")
    try:
        programs = find_programs(settings.pg_bin)
    except RappelError as error:
        return ("PostgreSQL", "missing", error.repair or error.detail)
    return (f"PostgreSQL {programs.major}", "ok", "")


def state() -> tuple[str, str, str]:
    """Look whether the state folder can be written."""
    folder = current().state
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free // 1_000_000
    except OSError as error:
        return (f"state in {folder}", f"{error.strerror}", "set RAPPEL_STATE")
    return (f"state in {folder}, {free} MB free", "ok", "")


def printing() -> tuple[str, str, str]:
    """Print an empty page in a process of its own: a missing font kills it."""
    program = (
        "from weasyprint import HTML; HTML(string='<p>rappel').write_pdf('/dev/null')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return ("Pango", "ok", "")
    return ("Pango", "missing", repair())

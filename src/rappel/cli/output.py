"""What the terminal prints: tables, progress, JSON, and refusals with their repair.

Answers go to standard output, everything else to standard error. ``--json`` anywhere
in a command makes its answer and its refusals JSON.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
)
from rich.table import Table

from rappel.errors import RappelError, as_problem
from rappel.settings import current
from rappel.wording import resay, say_finding, translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rappel.core.findings import Finding


def console() -> Console:
    """Return the console of answers; no wider than it can be, no colour in a pipe."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def notes() -> Console:
    """Return the console of everything that is not the answer."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """Print one plain line of the answer."""
    console().print(text, markup=False)


def note(text: str) -> None:
    """Print one plain line beside the answer."""
    notes().print(text, markup=False)


def as_json(value: Any) -> None:
    """Print a value as JSON: decimals as strings, dates in ISO form, UTF-8."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.buffer.write(encoded + b"\n")
    sys.stdout.flush()


def fields(value: Any) -> dict[str, Any]:
    """Return the fields of a value as they are."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def with_words(value: Any) -> dict[str, Any]:
    """Return the fields of a value, its ``findings`` in words."""
    return fields(value) | {"findings": [in_words(one) for one in value.findings]}


def in_words(finding: Finding) -> dict[str, Any]:
    """Write a finding as JSON: what it is, and in words what to do about it."""
    message, repair = say_finding(finding, current().locale)
    return fields(finding) | {
        "severity": finding.severity.value,
        "message": message,
        "repair": repair,
    }


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings, said in the reader's language.

    A heading that starts with ``>`` aligns right.
    """
    heard = translator(_locale())
    shown = Table(box=None, pad_edge=False)
    for column in columns:
        if column.startswith(">"):
            shown.add_column(heard(column[1:]), justify="right", no_wrap=True)
        else:
            shown.add_column(heard(column), overflow="fold")
    for row in rows:
        shown.add_row(*[cell.replace("[", "\\[") for cell in row])
    if not sys.stdout.isatty():
        Console(highlight=False, width=160).print(shown)
        return
    console().print(shown)


@contextmanager
def progress(text: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Show progress on standard error while the block runs; call it for each step."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=notes(),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(text, total=total)

        def step(done: int | None = None, of: int | None = None) -> None:
            if of is not None:
                bar.update(task, total=of)
            if done is None:
                bar.advance(task)
            else:
                bar.update(task, completed=done)

        yield step


def refusal(error: RappelError) -> None:
    """Print a refusal: JSON when the command answers in JSON, else for a person."""
    if "--json" in sys.argv or sys.argv[1:2] == ["simulate"]:
        problem = as_problem(error, resay(_locale()))
        sys.stderr.buffer.write(msgspec.json.encode(problem) + b"\n")
        return
    heard = resay(_locale())
    note(f"error: {heard(error.detail)}")
    for fault in error.faults:
        place = ", ".join(
            str(part)
            for part in (
                fault.file,
                f"row {fault.row}" if fault.row is not None else None,
                f"column {fault.column}" if fault.column is not None else None,
                fault.field,
            )
            if part is not None
        )
        note(f"  {place or fault.code}: {heard(fault.message)}")
        note(f"    → {heard(fault.repair)}")
    if error.repair:
        note(f"  → {heard(error.repair)}")


def _locale() -> str:
    try:
        return current().locale
    except RappelError:
        return "en"

"""``rappel read``: what was understood of each document; stores nothing.

Needs no database and no network. Exit 3 when any document is rejected.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rappel import ingest
from rappel.cli import EXIT_REJECTED, output
from rappel.core.invoices import Verdict
from rappel.core.money import plain
from rappel.errors import Fault, Malformed
from rappel.settings import current
from rappel.wording import say_finding, translator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.core.invoices import Document
    from rappel.ingest.columns import ColumnMap

FILE = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--json", "json_", is_flag=True, help="Print every document as JSON.")
@click.option("--columns", type=FILE, help="A column map (TOML) for tables.")
def read(files: tuple[Path, ...], *, json_: bool, columns: Path | None) -> None:
    """Read FILES and print what was understood of each document in them."""
    mapped = column_map(columns)
    documents = [
        document
        for file in files
        for document in ingest.read(str(file), content(file), columns=mapped)
    ]
    if json_:
        heard = translator(current().locale)
        output.as_json([ingest.document_json(one, heard) for one in documents])
    else:
        for document in documents:
            show(document)
    if any(document.verdict is Verdict.REJECT for document in documents):
        raise click.exceptions.Exit(EXIT_REJECTED)


def content(file: Path) -> bytes:
    """Return the bytes of a file that a person named.

    Raises:
        Malformed: there is no such file, or it cannot be opened.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        fault = Fault(
            code="no_such_file",
            message=f"It cannot be opened: {error.strerror}.",
            repair="Check the name and that it may be read.",
            file=str(file),
        )
        raise Malformed(
            f"{file} cannot be opened.", code="no_such_file", faults=(fault,)
        ) from error


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Name the file in every fault that is found in what it holds."""
    try:
        yield
    except Malformed as error:
        found = error.faults
        error.faults = tuple(replace(one, file=one.file or str(file)) for one in found)
        raise


def column_map(file: Path | None) -> ColumnMap | None:
    """Read the column map of a table, if one was named."""
    return None if file is None else ingest.column_map(content(file))


def show(document: Document) -> None:
    """Print one document for a person."""
    date = document.issued_at.date().isoformat() if document.issued_at else "—"
    issuer, receiver = document.issuer, document.receiver
    output.say(
        f"{document.file}: {document.verdict} · {document.kind} · {document.scheme}"
        f" {document.version or ''} · evidence {document.evidence}"
    )
    output.say(f"  {document.number or '—'} · {date} · {document.fiscal_key or '—'}")
    output.say(f"  from {issuer.tax_id or '—'} {issuer.name or ''}")
    output.say(f"  to   {receiver.tax_id or '—'} {receiver.name or ''}")
    output.say(
        f"  {len(document.lines)} lines · total {plain(document.total)}"
        f" · base {plain(document.base)} {document.currency or ''}"
    )
    for finding in document.findings:
        message, repair = say_finding(finding, current().locale)
        place = f" (row {finding.row})" if finding.row is not None else ""
        output.say(f"  {finding.severity}{place}: {message}")
        output.say(f"    → {repair}")

"""CSV and XLSX to rows below a header.

Owns decoding, the delimiter, the limits, and which row is the header: the row in which
most headings are recognised decides about the delimiter, the sheet and itself at once.
What the cells mean belongs to :mod:`rappel.ingest.rows`. Rows are numbered from 1 as a
spreadsheet shows them, title rows and blank rows included.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding
from rappel.ingest.columns import DELIMITERS, ColumnMap, Layout, propose
from rappel.ingest.faults import UnreadableError
from rappel.ingest.xlsx import COLUMNS, ROWS, sheets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.ingest.xlsx import Cell

    NumberedRow = tuple[int, Sequence[Cell]]

LARGEST: Final = 25_000_000
FIELD: Final = 10_000
_HEAD: Final = 30
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the columns are, the rows above and below them, what was odd on the way."""

    layout: Layout
    titles: tuple[NumberedRow, ...]
    rows: tuple[NumberedRow, ...]
    findings: tuple[Finding, ...] = ()


def read_csv(content: bytes, given: ColumnMap) -> Table:
    """Return the table of a text file.

    Raises:
        UnreadableError: ``file_too_large``, ``encoding_not_allowed``, ``csv_nul``,
            ``csv_quotes``, ``csv_field_too_long``, ``rows_limit``, ``columns_limit``.
    """
    _limit(content)
    text, findings = _decoded(content)
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise UnreadableError("csv_nul", row=row)
    delimiter = given.delimiter or _delimiter(text, given)
    rows: list[NumberedRow] = []
    for number, cells in enumerate(_records(text, delimiter), start=1):
        if number > ROWS:
            raise UnreadableError("rows_limit", limit=str(ROWS))
        rows.append((number, cells))
    return _table(rows, given, findings)


def read_xlsx(content: bytes, given: ColumnMap) -> Table:
    """Return the table of the visible sheet whose header is recognised best.

    Raises:
        UnreadableError: what :func:`rappel.ingest.xlsx.sheets` raises, ``no_sheet``.
    """
    _limit(content)
    found = [
        (name, rows)
        for name, rows in sheets(content)
        if rows and given.sheet in {None, name}
    ]
    if not found:
        raise UnreadableError("no_sheet", name=given.sheet or "")
    name, rows = max(found, key=lambda pair: len(_header(pair[1], given).places))
    for number, cells in rows:
        _check_fields(number, cells)
    others = ", ".join(other for other, _ in found if other != name)
    note = Finding(code="sheets_ignored", params={"name": name, "others": others})
    return _table(rows, given, [note] if others else [])


def _limit(content: bytes) -> None:
    if len(content) > LARGEST:
        raise UnreadableError("file_too_large", limit="25 MB")


def _decoded(content: bytes) -> tuple[str, list[Finding]]:
    """Decode UTF-8, UTF-16 by its mark, else Windows-1252; say when the mark lies."""
    marked = content.startswith(_UTF8_MARK)
    encodings = ("utf-16",) if content[:2] in _WIDE else ("utf-8", "cp1252")
    body = content.removeprefix(_UTF8_MARK)
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        lies = marked and encoding == "cp1252"
        return text, [Finding(code="encoding_ambiguous")] if lies else []
    raise UnreadableError("encoding_not_allowed", encoding=encodings[-1])


def _records(text: str, delimiter: str) -> Sequence[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records = []
    try:
        for number, record in enumerate(islice(reader, ROWS + 1), start=1):
            _check_fields(number, record)
            records.append(record)
    except csv.Error as fault:
        code = "csv_field_too_long" if "limit" in str(fault) else "csv_quotes"
        raise UnreadableError(
            code, row=len(records) + 1, limit=str(FIELD), reason=str(fault)
        ) from None
    return records


def _check_fields(number: int, cells: Sequence[Cell]) -> None:
    if len(cells) > COLUMNS:
        raise UnreadableError("columns_limit", row=number, limit=str(COLUMNS))
    if any(isinstance(cell, str) and len(cell) > FIELD for cell in cells):
        raise UnreadableError("csv_field_too_long", row=number, limit=str(FIELD))


def _delimiter(text: str, given: ColumnMap) -> str:
    """Return the delimiter with which most headings are recognised."""
    head = "".join(islice(io.StringIO(text, newline=""), _HEAD))

    def worth(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        try:
            rows: list[NumberedRow] = list(enumerate(reader, start=1))
        except csv.Error:
            return (0, 0)
        layout = _header(rows, given)
        return len(layout.places), len(layout.headings)

    return max(DELIMITERS, key=worth)


def _header(rows: Sequence[NumberedRow], given: ColumnMap) -> Layout:
    """Return the row of the head with most recognised headings, then most cells."""
    wanted = given.header_row
    head = [
        propose(number, [str(cell) for cell in cells], given)
        for number, cells in rows[: _HEAD if wanted is None else wanted]
        if wanted in {None, number}
    ]
    empty = Layout(row=0, headings=(), places={})
    return max(
        [empty, *head],
        key=lambda layout: (len(layout.places), sum(map(bool, layout.headings))),
    )


def _table(
    rows: Sequence[NumberedRow], given: ColumnMap, findings: Sequence[Finding]
) -> Table:
    layout = _header(rows, given)
    filled = [row for row in rows if any(_filled(cell) for cell in row[1])]
    return Table(
        layout=layout,
        titles=tuple(row for row in filled if row[0] < layout.row),
        rows=tuple(row for row in filled if row[0] > layout.row),
        findings=tuple(findings),
    )


def _filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())

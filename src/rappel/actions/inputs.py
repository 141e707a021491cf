"""What an administrator types: codes, names, countries, currencies, languages, ids.

Owns the shape each must have, and the small CSV files of catalogues and rates. A check
answers a fault or ``None``; :func:`must_hold` refuses with all the faults at once.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

from babel import Locale

from rappel.core.money import CURRENCIES
from rappel.errors import Fault, Malformed
from rappel.ingest import texts
from rappel.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
NO_COUNTRY: Final = frozenset(
    [
        "AC",
        "CP",
        "CQ",
        "DG",
        "EA",
        "EU",
        "EZ",
        "IC",
        "QO",
        "TA",
        "UN",
        "XA",
        "XB",
        "XK",
        "ZZ",
    ]
)
"""Regions of CLDR that ISO 3166 does not know."""
LOCALE: Final = re.compile(r"[a-z]{2}(-[A-Z]{2}|-419)?", re.ASCII)
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")
FAULTS: Final = 20  # the most that are told at once
LONGEST_TEXT: Final = 500
LONGEST_FILE: Final = 20_000_000


def must_hold(*checks: Fault | None) -> None:
    """Refuse the input when a check has found a fault.

    Raises:
        Malformed: with every fault that was found.
    """
    faults = tuple(check for check in checks if check is not None)
    if faults:
        raise Malformed(" ".join(fault.message for fault in faults[:3]), faults=faults)


def fault(field: str, message: str, repair: str) -> Fault:
    """Return the fault of a field."""
    return Fault(code="bad_value", message=message, repair=repair, field=field)


def code(field: str, value: str) -> Fault | None:
    """Check a code of our own, such as ``norte``."""
    if CODE.fullmatch(value):
        return None
    return fault(
        field,
        f"{field} is {value[:70]!r}, which is no code.",
        "Use 1 to 64 letters without accents, digits, dots, dashes and underscores.",
    )


def text(field: str, value: str, *, empty: bool = False) -> Fault | None:
    """Check a line of text that people read."""
    if not empty and not value.strip():
        return fault(field, f"{field} is empty.", f"Give {field}.")
    if len(value) > LONGEST_TEXT or "\0" in value:
        return fault(
            field,
            f"{field} is longer than {LONGEST_TEXT} characters, or no text.",
            "Shorten it.",
        )
    return None


def country(field: str, value: str) -> Fault | None:
    """Check a country."""
    if value in countries():
        return None
    message = f"{field} is {value[:20]!r}, which is no country code."
    return fault(field, message, "Give the two capital letters of ISO 3166: MX.")


@cache
def countries() -> frozenset[str]:
    """Return the countries of ISO 3166, two letters each."""
    known = Locale("en").territories
    return frozenset(filter(COUNTRY.fullmatch, known)) - NO_COUNTRY


def currency(field: str, value: str) -> Fault | None:
    """Check a currency."""
    if value in CURRENCIES:
        return None
    message = f"{field} is {value[:20]!r}, which is no currency known here."
    return fault(field, message, "Give the three capital letters of ISO 4217: MXN.")


def locale(field: str, value: str) -> Fault | None:
    """Check the language of statements: one of ours, with or without a region."""
    if LOCALE.fullmatch(value) and value[:2] in LANGUAGES:
        return None
    message = f"{field} is {value[:20]!r}, which is no language spoken here."
    return fault(field, message, "Give en, es or pt, or one with its region: es-MX.")


def email(field: str, value: str | None) -> Fault | None:
    """Check an address for messages, if there is one."""
    if value is None or EMAIL.fullmatch(value):
        return None
    message = f"{field} is {value[:70]!r}, which is no e-mail address."
    return fault(field, message, "Give one like ana@norte.example, or none.")


def tax_ids(field: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return tax ids in their normal form, each once.

    Raises:
        Malformed: there is none, or one that nobody can have for themselves.
    """
    normal = tuple(dict.fromkeys(texts.tax_id(value) for value in values))
    if not normal:
        must_hold(fault(field, "There is no tax id.", "Give at least one."))
    must_hold(*(_tax_id(f"{field}[{place}]", one) for place, one in enumerate(normal)))
    return normal


def _tax_id(field: str, value: str) -> Fault | None:
    if texts.is_tax_id(value) and value not in texts.NOBODY:
        return None
    message = f"{field} is {value[:40]!r}, which is nobody's tax id."
    return fault(field, message, "Write it as it stands on an invoice.")


def decoded(content: bytes) -> str:
    """Return the text of a file, a byte order mark at its start included.

    Raises:
        Malformed: it is not UTF-8, or holds a NUL, which no text does.
    """
    try:
        found = content.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8: byte {error.start + 1}."
        raise _bad_file(message, "Save it as UTF-8.") from error
    if "\0" in found:
        raise _bad_file(
            "The file holds a NUL, which no text does.", "Save it as UTF-8."
        )
    return found


def table_of(
    content: bytes,
    columns: Sequence[str],
    read: Callable[[dict[str, str]], T],
    optional: Sequence[str] = (),
) -> tuple[T, ...]:
    """Read each row of a CSV by ``read``, which refuses one with faults by column.

    Raises:
        Malformed: it is no such file; or with a fault for each cell that cannot be, at
            most ``FAULTS``, naming row and column.
    """
    made: list[T] = []
    faults: list[Fault] = []
    for row, cells in rows_of(content, columns, faults, optional):
        try:
            made.append(read(cells))
        except Malformed as error:
            faults += [
                _bad(
                    f"Row {row}, column {one.field}: {one.message}",
                    one.repair,
                    row,
                    one.field,
                )
                for one in error.faults
            ]
    if faults:
        text = " ".join(one.message for one in faults[:3])
        raise Malformed(
            text,
            code="bad_table",
            repair=faults[0].repair,
            faults=tuple(faults[:FAULTS]),
        )
    return tuple(made)


def rows_of(
    content: bytes,
    columns: Sequence[str],
    faults: list[Fault],
    optional: Sequence[str] = (),
) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield each row of a CSV with its row number, from 2: the header is row 1.

    UTF-8, comma or semicolon; the columns in any order; empty rows are skipped; an
    optional column that is missing is empty. A row that is too long or short is not
    yielded and added to ``faults``, and so is where the file ceases to be CSV.

    Raises:
        Malformed: no such file, or a column is missing or unknown.
    """
    if len(content) > LONGEST_FILE:
        raise _bad_file("The file is larger than 20 MB.", "Load it in several parts.")
    content_text = decoded(content).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    header, _, _ = content_text.partition("\n")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = csv.reader(
        io.StringIO(content_text, newline=""), delimiter=delimiter, strict=True
    )
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        _must_name(names, columns, optional)
        for cells in lines:
            row = lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                message = f"Row {row} has {len(cells)} cells, not {len(names)}."
                faults.append(
                    _bad(message, "Quote cells that hold the delimiter.", row)
                )
                continue
            yield (
                row,
                dict.fromkeys(optional, "")
                | {name: cell.strip() for name, cell in zip(names, cells, strict=True)},
            )
    except csv.Error as error:
        row = lines.line_num
        message = f"Row {row} is no CSV: {error}."
        faults.append(_bad(message, "Close every quote.", row))


def _must_name(
    names: Sequence[str], columns: Sequence[str], optional: Sequence[str]
) -> None:
    for column in columns:
        if column not in names:
            message = f"There is no column {column}."
            repair = f"Name the columns in the first row: {', '.join(columns)}."
            raise _bad_file(message, repair, 1, column)
    for name in names:
        if name not in {*columns, *optional} or names.count(name) > 1:
            message = f"Column {name!r} is unknown or there twice."
            repair = f"Keep only: {', '.join((*columns, *optional))}."
            raise _bad_file(message, repair, 1, name)


def _bad_file(
    message: str, repair: str, row: int | None = None, column: str | None = None
) -> Malformed:
    one = _bad(message, repair, row, column)
    return Malformed(message, code="bad_table", repair=repair, faults=(one,))


def _bad(
    message: str, repair: str, row: int | None = None, column: str | None = None
) -> Fault:
    return Fault(
        code="bad_table", message=message, repair=repair, row=row, column=column
    )

"""XLSX sheets, cell by cell, with figures as the text that stands in the file.

Owns the few parts of the format a list of purchases needs: sheets that are not hidden,
shared and inline texts, figures, and the number formats that make a figure a day. A
figure becomes a ``Decimal`` from its text and is never a float. A spreadsheet computes
with 15 digits and writes up to 17: the digits beyond are its own noise and are rounded
away, as it does itself on screen. Formulas are not computed; the value that was saved
with them is read.

It reads row by row and holds only the cells that are there. A library that lays a
sheet out as a rectangle can be made to ask for 500 GB by a file of 5 kB with one cell
in each corner, and then ends the process.
"""

from __future__ import annotations

import io
import posixpath
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.ingest.archive import Budget, opened, unpack
from rappel.ingest.faults import UnreadableError
from rappel.ingest.xml import scan, tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    Cell = str | Decimal | datetime

ROWS: Final = 200_000
COLUMNS: Final = 1_000
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAYS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_QUOTED: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_FIGURE: Final = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[Ee][+-]?[0-9]{1,3})?")
_SHOWN: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_LAST_DAY: Final = 2_900_000  # in the year 9840, and no calendar ends before it


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of all sheets share."""

    texts: Sequence[str]
    days: frozenset[int]  # styles that show a figure as a day
    zero: date  # the day before day 1


def sheets(content: bytes) -> Iterator[tuple[str, list[tuple[int, list[Cell]]]]]:
    """Yield (name, rows) of each visible sheet, rows as (number from 1, cells).

    Raises:
        UnreadableError: ``spreadsheet_damaged``, ``rows_limit`` or a fault of archives.
    """
    budget = Budget()
    with opened(content) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}

        def part(name: str) -> Element | None:
            if name not in entries:
                return None
            return _parsed(unpack(archive, entries[name], budget))

        workbook = part("xl/workbook.xml")
        targets = _targets(part("xl/_rels/workbook.xml.rels"))
        book = Book(
            texts=_texts(part("xl/sharedStrings.xml")),
            days=_day_styles(part("xl/styles.xml")),
            zero=_zero(workbook),
        )
        for sheet in _all(workbook, "sheet"):
            entry = entries.get(targets.get(sheet.get(_LINK) or "", ""))
            if entry is not None and sheet.get("state", "visible") == "visible":
                rows = list(_rows(unpack(archive, entry, budget), book))
                yield sheet.get("name") or "", rows


def _parsed(content: bytes) -> Element:
    try:
        return tree(content)
    except etree.XMLSyntaxError:
        raise UnreadableError("spreadsheet_damaged") from None


def _all(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the descendants of this name in either of the two namespaces."""
    if element is not None:
        yield from element.iter(f"{_MAIN}{name}", f"{_STRICT}{name}")


def _targets(links: Element | None) -> dict[str, str]:
    if links is None:
        return {}
    return {
        link.get("Id") or "": posixpath.normpath(
            posixpath.join("/xl", link.get("Target") or "")
        ).lstrip("/")
        for link in links
    }


def _texts(table: Element | None) -> list[str]:
    return [_text(item) for item in _all(table, "si")]


def _text(item: Element) -> str:
    """Join the runs of a text, without the phonetic guides of Asian scripts."""
    return "".join(
        part.text or ""
        for part in _all(item, "t")
        if not str(getattr(part.getparent(), "tag", "")).endswith("}rPh")
    )


def _day_styles(styles: Element | None) -> frozenset[int]:
    days = set(_DAYS)
    for form in _all(styles, "numFmt"):
        code = _QUOTED.sub("", form.get("formatCode") or "").lower()
        if re.search(r"[dy]", code):
            days.add(_count(form.get("numFmtId")))
    formats = next(_all(styles, "cellXfs"), None)
    return frozenset(
        place
        for place, form in enumerate(_all(formats, "xf"))
        if _count(form.get("numFmtId")) in days
    )


def _count(text: str | None) -> int:
    """Return a small number of the file's own book-keeping, -1 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() else -1


def _zero(workbook: Element | None) -> date:
    properties = next(_all(workbook, "workbookPr"), None)
    late = properties is not None and properties.get("date1904") in {"1", "true"}
    return date(1904, 1, 1) if late else date(1899, 12, 30)


def _rows(content: bytes, book: Book) -> Iterator[tuple[int, list[Cell]]]:
    scan(content)
    walk = etree.iterparse(
        io.BytesIO(content),
        events=("end",),
        tag=(f"{_MAIN}row", f"{_STRICT}row"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    number = 0
    try:
        for _, row in walk:
            stated = _count(row.get("r"))
            number = stated if stated > number else number + 1
            if number > ROWS:
                raise UnreadableError("rows_limit", limit=str(ROWS))
            cells = _cells(row, book)
            if any(cell != "" for cell in cells):
                yield number, cells
            row.clear()
    except etree.XMLSyntaxError:
        raise UnreadableError("spreadsheet_damaged") from None


def _cells(row: Element, book: Book) -> list[Cell]:
    cells: list[Cell] = []
    for element in _all(row, "c"):
        named = _REFERENCE.fullmatch(element.get("r") or "")
        place = _column(named[1]) if named else len(cells)
        if place >= COLUMNS:
            raise UnreadableError("columns_limit", limit=str(COLUMNS))
        cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = _cell(element, book)
    return cells


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _cell(element: Element, book: Book) -> Cell:
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return _text(element)
    value = next(_all(element, "v"), None)
    text = "" if value is None else (value.text or "")
    if kind == "s":
        place = _count(text)
        return book.texts[place] if 0 <= place < len(book.texts) else ""
    if kind != "n" or not _FIGURE.fullmatch(text):
        return text
    shown = _SHOWN.create_decimal(text)
    is_day = _count(element.get("s")) in book.days
    return _day(shown, book.zero) if is_day else shown


def _day(value: Decimal, zero: date) -> Cell:
    """Return the local time a figure stands for; the figure when it stands for none."""
    if not 0 < value <= _LAST_DAY:
        return value
    seconds = int((value * 86_400).to_integral_value(ROUND_HALF_UP))
    start = datetime(zero.year, zero.month, zero.day)  # noqa: DTZ001 - local by rule
    return start + timedelta(seconds=seconds)

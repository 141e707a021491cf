"""Fields of XML, taken so that no fault of one hides another.

Owns :class:`Node`, whose values are attributes (CFDI), and :class:`Branch`, whose
values are the texts of elements (all others). What is missing or malformed becomes a
finding with the path of the field, and reading goes on; what is there twice and may be
there once ends it, since a reader that takes the first of two can be fooled.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self, TypeVar

from rappel.core.findings import Finding
from rappel.core.invoices import ZERO
from rappel.ingest.faults import UnreadableError
from rappel.ingest.figures import FigureError, figure, local_day, moment, written_day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from decimal import Decimal

    from lxml.etree import _Element as Element

T = TypeVar("T")
_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_UN: Final = "urn:un:unece:uncefact:data:standard"
NAMESPACES: Final = {
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
    "ext": f"{_UBL}:CommonExtensionComponents-2",
    "sac": "urn:sunat:names:specification:ubl:peru:schema:xsd:"
    "SunatAggregateComponents-1",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "ram": f"{_UN}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}:UnqualifiedDataType:100",
    "qdt": f"{_UN}:QualifiedDataType:100",
}
"""What a prefix in a reader's own text stands for, whatever a document calls it."""


@lru_cache(maxsize=4096)  # namespaces are a stranger's, and may be any
def _qualified(name: str, namespace: str) -> str:
    prefix, _, plain = name.rpartition(":")
    namespace = NAMESPACES[prefix] if prefix else namespace
    return f"{{{namespace}}}{plain}" if namespace else plain


def _text(element: Element) -> str | None:
    return None if len(element) else (element.text or "").strip() or None


@dataclass(frozen=True, slots=True)
class Node:
    """An element, the path by which people find it, and where its faults are noted.

    Names are of the element's own namespace, unless they say one: ``cbc:ID``.
    """

    element: Element
    path: str
    notes: list[Finding]

    def children(self, name: str) -> list[Self]:
        """Return the direct children of this name."""
        found = self.element.iterchildren(self._tag(name))
        plain = name.rpartition(":")[2]
        return [
            type(self)(one, self._below(f"{plain}[{place}]"), self.notes)
            for place, one in enumerate(found, start=1)
        ]

    def child(self, name: str) -> Self | None:
        """Return the one direct child of this name.

        Raises:
            UnreadableError: ``ambiguous_id`` when there are two.
        """
        found = self._only(self.element, name)
        if found is None:
            return None
        return type(self)(found, self._below(name.rpartition(":")[2]), self.notes)

    def attribute(self, name: str) -> str | None:
        """Return an attribute without outer blanks, ``None`` when empty or absent."""
        return (self.element.get(name) or "").strip() or None

    def text(self, name: str) -> str | None:
        """Return a value without outer blanks, ``None`` when empty or absent."""
        return self.attribute(name)

    def need(self, name: str) -> str:
        """Return a value that has to be there; else note ``missing_field``."""
        text = self.text(name)
        if text is None:
            self.note("missing_field", name)
        return text or ""

    def amount(self, name: str) -> Decimal | None:
        """Return a figure, ``None`` when absent; a wrong one is noted and ``None``."""
        text = self.text(name)
        return None if text is None else self._read(name, text, figure)

    def need_amount(self, name: str) -> Decimal:
        """Return a figure that has to be there; zero when noted otherwise."""
        text = self.need(name)
        return (self._read(name, text, figure) if text else None) or ZERO

    def need_moment(self, name: str) -> datetime | None:
        """Return a local time that has to be there; ``None`` when noted otherwise."""
        text = self.need(name)
        return self._read(name, text, moment) if text else None

    def note(self, code: str, name: str, /, **params: str) -> None:
        """Note a finding at one of this element's values."""
        column = self._column(name)
        params["field"] = column
        self.notes.append(Finding(code=code, column=column, params=params))

    def _only(self, element: Element, name: str) -> Element | None:
        found = list(element.iterchildren(self._tag(name)))
        if len(found) > 1:
            plain = name.rpartition(":")[2]
            raise UnreadableError("ambiguous_id", column=plain, name=plain)
        return found[0] if found else None

    def _tag(self, name: str) -> str:
        return _qualified(name, "" if ":" in name else self._namespace())

    def _namespace(self) -> str:
        tag = self.element.tag
        return tag[1 : tag.index("}")] if tag.startswith("{") else ""

    def _below(self, name: str) -> str:
        return name

    def _column(self, name: str) -> str:
        return f"{self.path}@{name}"

    def _read(self, name: str, text: str, how: Callable[[str], T]) -> T | None:
        try:
            return how(text)
        except FigureError as fault:
            self.note(fault.code, name, value=text[:40])
            return None


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """A node whose values are the texts of elements below it, reached by a path.

    ``cac:Price/cbc:PriceAmount`` is the text of one element in one element; each step
    may be there once.
    """

    def down(self, path: str) -> Self | None:
        """Return the one element at a path, ``None`` where a step is absent.

        Raises:
            UnreadableError: ``ambiguous_id`` when a step is there twice.
        """
        found: Self | None = self
        for name in path.split("/"):
            found = None if found is None else found.child(name)
        return found

    def each(self, path: str) -> list[Self]:
        """Return every element at a path whose steps may be there more than once."""
        found = [self]
        for name in path.split("/"):
            found = [below for one in found for below in one.children(name)]
        return found

    def text(self, name: str) -> str | None:
        """Return the text at a path without outer blanks, ``None`` when absent."""
        found: Element | None = self.element
        for step in name.split("/"):
            found = None if found is None else self._only(found, step)
        return None if found is None else _text(found)

    def texts(self, path: str) -> list[str]:
        """Return every text at a path whose steps may be there more than once."""
        found = [self.element]
        for name in path.split("/"):
            tag = self._tag(name)
            found = [below for one in found for below in one.iterchildren(tag)]
        return [text for text in map(_text, found) if text]

    def own(self) -> str | None:
        """Return this element's own text without outer blanks, ``None`` when empty.

        One that holds other elements has none, whatever stands between them.
        """
        return _text(self.element)

    def figure(self) -> Decimal | None:
        """Return the figure that this element is, ``None`` when empty or noted."""
        text = self.own()
        return None if text is None else self._read("", text, figure)

    def day(self, name: str) -> datetime | None:
        """Return a day, ``None`` when absent; a wrong one is noted and ``None``."""
        text = self.text(name)
        return None if text is None else self._read(name, text, local_day)

    def need_day(self, name: str, time: str | None = None) -> datetime | None:
        """Return a day, with its local time where it is said; a zone is left aside.

        ``time`` is the element of the time, where the day does not hold it.
        """
        text = self.need(name)
        found = self._read(name, text, local_day) if text else None
        hour = self.text(time) if time else None
        if found is None or time is None or hour is None:
            return found
        return self._read(time, f"{found.date().isoformat()}T{hour}", local_day)

    def need_written_day(self, name: str) -> datetime | None:
        """Return a day that is written day first; ``None`` when noted otherwise."""
        text = self.need(name)
        return self._read(name, text, written_day) if text else None

    def moment_of(self, name: str) -> datetime | None:
        """Return the day, with its local time, that an attribute has to say."""
        text = self.attribute(name)
        if text is None:
            self.note("missing_field", f"@{name}")
            return None
        return self._read(f"@{name}", text, local_day)

    def figure_of(self, name: str) -> Decimal:
        """Return the figure that an attribute has to say; zero when noted otherwise."""
        text = self.attribute(name)
        if text is None:
            self.note("missing_field", f"@{name}")
            return ZERO
        return self._read(f"@{name}", text, figure) or ZERO

    def _below(self, name: str) -> str:
        return f"{self.path}/{name}"

    def _column(self, name: str) -> str:
        plain = "/".join(step.rpartition(":")[2] for step in name.split("/"))
        if not plain or plain[0] == "@":
            return f"{self.path}{plain}"
        return f"{self.path}/{plain}"

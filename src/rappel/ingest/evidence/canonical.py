"""Canonical XML of a part of a document, as signatures digest it.

Owns the two traps of lxml that make true signatures look false. An element that is
canonicalised in its tree writes ``xmlns=""`` where a default namespace is in scope, so
it is serialised and parsed alone first. An element that is taken out of a tree and put
back has other prefixes, so a signature is taken out of a parse of its own. Nothing is
ever digested on a tree that was parsed without comments or blanks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element
    from lxml.etree import _ElementTree as Tree

SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_INCLUSIVE: Final = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
)
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_COMMENTS: Final = "WithComments"


@dataclass(frozen=True, slots=True)
class Form:
    """How an element is written out: ``prefixes`` are kept as if in use."""

    exclusive: bool = False
    comments: bool = False
    prefixes: tuple[str, ...] = ()


def form_of(algorithm: str, prefixes: tuple[str, ...] = ()) -> Form | None:
    """Return the form that an algorithm names, ``None`` when it is none of them."""
    plain = algorithm.removesuffix(_COMMENTS).rstrip("#")
    comments = algorithm.endswith(_COMMENTS)
    if plain == _EXCLUSIVE.rstrip("#"):
        return Form(exclusive=True, comments=comments, prefixes=prefixes)
    return Form(comments=comments) if plain in _INCLUSIVE else None


def faithful(content: bytes) -> Element:
    """Return the root of bytes that were parsed before, nothing left out."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root: Element = etree.fromstring(content.lstrip(b" \t\r\n"), parser)
    return root


def canonical(element: Element, form: Form) -> bytes:
    """Return an element, or the whole document when it is its root, in a form."""
    if element.getparent() is None:
        return _written(element.getroottree(), form)
    alone = etree.tostring(element, with_tail=False, encoding="UTF-8")
    return _written(faithful(alone).getroottree(), form)


def _written(tree: Tree, form: Form) -> bytes:
    return etree.tostring(
        tree,
        method="c14n",
        exclusive=form.exclusive,
        with_comments=form.comments,
        inclusive_ns_prefixes=list(form.prefixes) if form.prefixes else None,
    )


def place(element: Element) -> tuple[int, ...]:
    """Return where an element is: its number among the elements of each parent.

    It is the same in every parse of the same bytes, whatever else is left out of one.
    """
    steps: list[int] = []
    above = element.getparent()
    while above is not None:
        steps.append(list(above.iterchildren(etree.Element)).index(element))
        element, above = above, above.getparent()
    return tuple(reversed(steps))


def at(root: Element, steps: tuple[int, ...]) -> Element:
    """Return the element at a place."""
    for step in steps:
        root = list(root.iterchildren(etree.Element))[step]
    return root


def without(root: Element, out: Callable[[Element], bool]) -> None:
    """Take signatures out of a tree of one's own, and leave the text after them."""
    for signature in [one for one in root.iter(SIGNATURE) if out(one)]:
        above = signature.getparent()
        if above is None:
            continue
        tail, before = signature.tail or "", signature.getprevious()
        if before is None:
            above.text = (above.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        signature.tail = None
        above.remove(signature)

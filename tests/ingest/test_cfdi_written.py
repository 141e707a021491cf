"""The same CFDI written in another way: prefixes, order, blanks, encodings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from documents import OTHER, Concept, cfdi_xml
from ingest.test_cfdi import one


def rewritten(content: bytes, prefix: str, *, turned: bool, blanks: bool) -> bytes:
    """The same document written in another way."""
    root = etree.fromstring(content)
    for element in root.iter():
        pairs = list(element.attrib.items())
        element.attrib.clear()
        for name, value in reversed(pairs) if turned else pairs:
            element.set(name, f" {value} " if blanks and name != "Fecha" else value)
    text = etree.tostring(root, pretty_print=blanks, encoding="UTF-8")
    old, new = b"cfdi:", f"{prefix}:".encode() if prefix else b""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    text = text.replace(b"xmlns:cfdi", declared.encode())
    return text.replace(b"<" + old, b"<" + new).replace(b"</" + old, b"</" + new)


@settings(max_examples=30, deadline=None)
@given(
    prefix=st.sampled_from(["cfdi", "x", "ns1", ""]),
    turned=st.booleans(),
    blanks=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "iso-8859-1", "utf-16"]),
    comment=st.sampled_from(["", "<!-- a comment -->", "<?an instruction?>"]),
)
def test_another_way_of_writing_is_the_same_document(
    prefix: str, encoding: str, comment: str, *, turned: bool, blanks: bool
) -> None:
    lines = (Concept(discount="5.00"), Concept(description="Cámara «ñ»"))
    content = cfdi_xml(*lines, related=[("04", OTHER)], discount="25.00")
    other = rewritten(content, prefix, turned=turned, blanks=blanks)
    text = other.decode()
    start = text.index("Conceptos>") + len("Conceptos>")
    text = text[:start] + comment + text[start:]
    declared = encoding.removesuffix("-sig")
    written = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'.encode(encoding)
    assert one(written) == one(content)

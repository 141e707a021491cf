"""A printer for tests of what is issued, not of how it looks: real PDFs, quick.

The page prints the hash of its data and nothing else, the data are inside.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from rappel.core.statement_json import statement_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.statements import Statement


def printed(
    statements: Sequence[Statement],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[bytes]:
    """Print statements as :func:`rappel.paper.statement.render_many` does."""
    assert workers
    pdfs = [pdf_of(statement_json(one)) for one in statements]
    if progress is not None:
        progress(len(pdfs), len(pdfs))
    return pdfs


def pdf_of(data: bytes, *, stated: bytes | None = None) -> bytes:
    """Print a PDF that holds ``data`` and prints the hash of ``stated``."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    digest = hashlib.sha256(data if stated is None else stated).hexdigest()
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 8 Tf 40 800 Td ({digest}) Tj ET".encode())
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = content
    writer.add_attachment("statement.json", data)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()

"""The data inside a printed statement, taken out again.

Owns the reading of the attachment that :mod:`rappel.paper.engine` made. Trusts nothing:
a file that is no PDF, or carries no such attachment, is refused in words. Does not
judge the data (:mod:`rappel.core.statement_json`).
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from rappel.errors import Malformed
from rappel.paper.engine import ATTACHMENT

LARGEST: Final = 64 * 1024 * 1024


def embedded_data(pdf: bytes) -> bytes:
    """Return the ``statement.json`` attached to ``pdf``.

    Raises:
        Malformed: it is no PDF, or no statement of ours.
    """
    try:
        found = PdfReader(BytesIO(pdf)).attachments.get(ATTACHMENT, [])
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refusal("it cannot be read as a PDF") from error
    if len(found) != 1 or len(found[0]) > LARGEST:
        raise _refusal(f"it carries no {ATTACHMENT}")
    return bytes(found[0])


def printed_text(pdf: bytes) -> str:
    """Return the text on the pages of ``pdf``, without any white space.

    Raises:
        Malformed: it cannot be read as a PDF.
    """
    try:
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refusal("it cannot be read as a PDF") from error
    return "".join("".join(pages).split())


def _refusal(why: str) -> Malformed:
    return Malformed(
        f"This file is no statement of rappel: {why}.",
        code="bad_statement",
        repair="Use the PDF as it was issued, unchanged.",
    )

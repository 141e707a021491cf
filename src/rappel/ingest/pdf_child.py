"""The XML files within a PDF, taken in a process of their own.

Owns the one place that opens a PDF of strangers. It is run by its path and imports
nothing of Rappel: its memory and time are limited before anything of the file is looked
at. A PDF comes in on standard input, an answer in JSON goes out:
``{"state": "read", "files": [base64, …]}``, or ``locked``, ``damaged``, ``costly``.
"""

from __future__ import annotations

import base64
import io
import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

MEMORY = 512 * 1024 * 1024
SECONDS = 10
ENOUGH = 2  # XML files: two are one too many
LONGEST = 10_000_001  # of one: a byte more than is read of an XML
_MARKS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<", b"<\0", b"\0<")


def main() -> None:
    """Answer what is in the PDF on standard input."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


def answer(content: bytes) -> dict[str, object]:
    """Return the state of a PDF and its XML files, at most two."""
    from pypdf import PdfReader  # noqa: PLC0415 - under the limits, as all it does
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"state": "locked"}
        files = [base64.b64encode(one).decode() for one in xml_files(reader)]
    except (LimitReachedError, MemoryError):
        return {"state": "costly"}
    except Exception:  # noqa: BLE001 - a broken file makes the library raise anything
        return {"state": "damaged"}
    return {"state": "read", "files": files}


def xml_files(reader: PdfReader) -> Iterator[bytes]:
    """Yield the attachments that are XML, by their first bytes, until there are two."""
    left = ENOUGH
    for attachment in reader.attachment_list:
        body = attachment.content
        if body.lstrip(b" \t\r\n").startswith(_MARKS) and left:
            left -= 1
            yield body[:LONGEST]


if __name__ == "__main__":
    main()

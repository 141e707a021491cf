"""The e-invoice within a PDF, such as Factur-X: one XML file attached to it.

Owns the child process that opens the PDF (:mod:`rappel.ingest.pdf_child`) with little
memory, little time and nothing of Rappel in it. The pages are never read: what a person
sees there proves nothing.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from rappel.ingest import pdf_child
from rappel.ingest.faults import UnreadableError

LARGEST: Final = 25_000_000
SECONDS: Final = 3 * pdf_child.SECONDS  # on the clock; the child counts its work
CHILD: Final = Path(pdf_child.__file__)
_FAULTS: Final = {
    "locked": "pdf_locked",
    "damaged": "pdf_damaged",
    "costly": "pdf_too_costly",
}


def attached(content: bytes) -> bytes:
    """Return the one XML file that is attached to a PDF.

    Raises:
        UnreadableError: ``file_too_large``; ``pdf_damaged``, ``pdf_locked`` or
            ``pdf_too_costly``; ``pdf_without_xml``; ``ambiguous_attachment`` when
            there are two.
    """
    if len(content) > LARGEST:
        raise UnreadableError("file_too_large", limit="25 MB")
    state, files = _opened(content)
    if state != "read":
        raise UnreadableError(_FAULTS[state])
    if not files:
        raise UnreadableError("pdf_without_xml")
    if len(files) > 1:
        raise UnreadableError("ambiguous_attachment")
    return base64.b64decode(files[0])


def _opened(content: bytes) -> tuple[str, list[str]]:
    """Return what the child says; one that was stopped has cost too much."""
    try:
        done = subprocess.run(
            # isolated: neither the environment nor the folder gives it a module
            [sys.executable, "-I", str(CHILD)],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "costly", []
    if done.returncode != 0:
        return "costly", []
    said = json.loads(done.stdout)
    return said["state"], said.get("files", [])

"""How a reader gives up on a file: one exception, caught in one place.

Owns :class:`UnreadableError` and the rejected document it becomes. A figure or a date
that is wrong is never raised: readers note a finding and go on, so that all faults of
a file are told at once. Raised is only what leaves nothing to go on with.
"""

from __future__ import annotations

from typing import Final

from rappel.core.findings import Finding
from rappel.core.invoices import Document, DocumentKind
from rappel.ingest.judge import verdict

UNKNOWN: Final = "unknown"


class UnreadableError(Exception):
    """Nothing more can be read of a file; ``finding`` says why."""

    def __init__(
        self,
        code: str,
        *,
        version: str | None = None,
        row: int | None = None,
        column: str | None = None,
        **params: str,
    ) -> None:
        super().__init__(code)
        self.finding = Finding(code=code, row=row, column=column, params=params)
        self.version = version


def rejected(file: str, fault: UnreadableError, *, scheme: str = UNKNOWN) -> Document:
    """Return the document that stands for a file nothing could be read of.

    It waits where a person may say what to do, and is refused otherwise.
    """
    return Document(
        file=file,
        scheme=scheme,
        version=fault.version,
        kind=DocumentKind.OTHER,
        verdict=verdict((fault.finding,)),
        findings=(fault.finding,),
    )

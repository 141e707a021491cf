"""Purchases written as lines of text.

``norte andes 2026-02-11 CAM-1 10 48000.00``: member, supplier, day, code, quantity and
net; with ``credit_note``, ``USD@18.5``, ``out=freight`` or ``D`` after it where it
differs.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rappel.store.invoices import DocumentRow, InvoiceRow, LineRow, OriginalRow

NOW = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)


def purchase(
    session: Any, n: int, *, upload: int, text: str, ids: dict[str, dict[str, int]]
) -> int:
    """Write a purchase, with its original and its document; answer its invoice."""
    member, supplier, day, code, quantity, net, *rest = text.split()
    content = f"{n} {text}".encode()
    digest = hashlib.sha256(content).digest()
    add(
        session,
        OriginalRow(sha256=digest, size=len(content), content=content, received_at=NOW),
    )
    whose = {
        "member_id": ids["members"][member],
        "supplier_id": ids["suppliers"][supplier],
    }
    document = DocumentRow(
        ref=f"doc_{n}",
        upload_id=upload,
        file=f"{n}.xml",
        sha256=digest,
        state="accepted",
        reading={},
        findings=[],
        received_at=NOW,
        judged_at=NOW,
        **whose,
    )
    add(session, document)
    invoice = InvoiceRow(
        ref=f"inv_{n}",
        document_id=document.id,
        upload_id=upload,
        scheme="cfdi",
        fiscal_key=f"key-{n}",
        number=f"A-{n}",
        invoice_date=date.fromisoformat(day),
        issued_at=datetime.fromisoformat(f"{day}T10:00:00"),
        total=Decimal(net),
        base=Decimal(net),
        received_at=NOW,
        **whose,
        **how(rest),
    )
    add(session, invoice)
    line = {"quantity": quantity, "gross": net, "discount": "0", "net": net}
    figures = {name: Decimal(figure) for name, figure in line.items()}
    reason = next((word[4:] for word in rest if word.startswith("out=")), None)
    said = {"code": code, "description": code, "qualifies": reason is None}
    marks = {"reason": reason, "free": False, "position": 1}
    row = LineRow(invoice_id=invoice.id, **whose, **figures, **said, **marks)
    add(session, row)
    return invoice.id


def add(session: Any, row: Any) -> None:
    """Insert a row at once, so that it has its id."""
    session.add(row)
    session.flush()


def how(words: list[str]) -> dict[str, Any]:
    """Read what is said of a document after its figures."""
    foreign = next((word for word in words if "@" in word), "MXN@")
    currency, _, rate = foreign.partition("@")
    return {
        "currency": currency,
        "rate": Decimal(rate) if rate else None,
        "rate_currency": "MXN" if rate else None,
        "kind": "credit_note" if "credit_note" in words else "invoice",
        "evidence": next((word for word in words if word in "ABD"), "C"),
    }

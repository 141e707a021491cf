"""What a document says of the others that it points to."""

from __future__ import annotations

import pytest

from rappel.core.invoices import Document, DocumentKind, Related, Verdict

RELATED = (
    Related(fiscal_key="B", relation="returns"),
    Related(fiscal_key="A", relation="credits"),
    Related(fiscal_key="C", relation="replaces"),
    Related(fiscal_key="B", relation="credits"),
)


@pytest.mark.parametrize(
    ("kind", "corrected"),
    [(DocumentKind.CREDIT_NOTE, ("B", "A")), (DocumentKind.INVOICE, ())],
)
def test_a_credit_note_corrects_each_invoice_once_and_an_invoice_none(
    kind: DocumentKind, corrected: tuple[str, ...]
) -> None:
    document = Document(
        file="a.xml", scheme="cfdi", verdict=Verdict.ACCEPT, kind=kind, related=RELATED
    )
    assert document.corrects == corrected

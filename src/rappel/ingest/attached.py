"""What the DIAN's ``AttachedDocument`` holds: the document, as the text of an element.

Owns the way to it. Suppliers in Colombia send their invoices wrapped like this, with
the authority's answer beside them; only the document is taken, which is the purchase.
Source: DIAN, Anexo técnico de factura electrónica de venta, AttachedDocument.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rappel.ingest.nodes import Branch

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PATH: Final = "cac:Attachment/cac:ExternalReference/cbc:Description"
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]*\?>")


def unwrap(root: Element) -> list[Element | bytes]:
    """Return the document within, as XML in UTF-8 whatever it says of itself.

    It is text already, in CDATA or escaped, therefore the encoding that it declares
    does not hold any more.

    Raises:
        UnreadableError: ``ambiguous_id`` when there are two.
    """
    text = Branch(root, "AttachedDocument", []).text(_PATH)
    if text is None:
        return []
    return [_DECLARATION.sub("", text.lstrip("\ufeff")).encode()]

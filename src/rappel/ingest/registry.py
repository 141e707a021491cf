"""Which reader reads which XML: the place where the next scheme is added.

A reader is one module with ``read(root, file) -> Document`` and one line in
:data:`READERS`, under the exact namespace and name of the root element; nothing is
dispatched on file names or on a part of a name. What only wraps documents has a line
in :data:`WRAPPERS`: a function that returns them, as elements or as the bytes of a text
within. :data:`KNOWN` names what is recognised and not read, so that a person learns
what the file is and not only that it failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rappel.ingest import (
    attached,
    beside,
    cfdi,
    cii,
    dte,
    ecf,
    fel,
    nfe,
    responses,
    sri,
    ubl,
)
from rappel.ingest.cii_names import BEFORE as ZUGFERD_1
from rappel.ingest.faults import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from rappel.core.invoices import Document

    Unwrap = Callable[[Element], list[Element | bytes]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A scheme and the function that reads it."""

    scheme: str
    read: Callable[[Element, str], Document]


READERS: Final = {
    (cfdi.NAMESPACE, "Comprobante"): Reader(cfdi.SCHEME, cfdi.read),
    (cfdi.BEFORE, "Comprobante"): Reader(cfdi.SCHEME, cfdi.read),
    (nfe.NAMESPACE, "nfeProc"): Reader(nfe.SCHEME, nfe.read),
    (nfe.NAMESPACE, "NFe"): Reader(nfe.SCHEME, nfe.read),
    (dte.NAMESPACE, "DTE"): Reader(dte.SCHEME, dte.read),
    ("", "DTE"): Reader(dte.SCHEME, dte.read),
    (fel.NAMESPACE, "GTDocumento"): Reader(fel.SCHEME, fel.read),
    (fel.BEFORE, "GTDocumento"): Reader(fel.SCHEME, fel.read),
    (fel.BEFORE, "GTAnulacionDocumento"): Reader(fel.SCHEME, fel.read_end),
    ("", "ECF"): Reader(ecf.SCHEME, ecf.read),
    **{("", name): Reader(sri.SCHEME, sri.read) for name in sri.FORMS},
    (nfe.NAMESPACE, "procEventoNFe"): Reader(nfe.SCHEME, nfe.read_event),
    (f"{ubl.NAMESPACE}:Invoice-2", "Invoice"): Reader(ubl.SCHEME, ubl.read),
    (f"{ubl.NAMESPACE}:CreditNote-2", "CreditNote"): Reader(ubl.SCHEME, ubl.read),
    (f"{ubl.NAMESPACE}:DebitNote-2", "DebitNote"): Reader(ubl.SCHEME, ubl.read),
    (f"{ubl.NAMESPACE}:ApplicationResponse-2", "ApplicationResponse"): Reader(
        ubl.SCHEME, responses.read
    ),
    **dict.fromkeys(beside.NO_PURCHASES, Reader(ubl.SCHEME, beside.read)),
    beside.VOIDED: Reader(ubl.SCHEME, beside.read_voided),
    (cii.NAMESPACE, "CrossIndustryInvoice"): Reader(cii.SCHEME, cii.read),
    (ZUGFERD_1, "CrossIndustryDocument"): Reader(cii.SCHEME, cii.read),
}

_SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_12: Final = "http://www.w3.org/2003/05/soap-envelope"


def _enveloped(root: Element) -> list[Element | bytes]:
    """Return what a web service answers: the elements in the body of its envelope."""
    body = root.find("{*}Body")
    return [] if body is None else list(body)


def _sent(root: Element) -> list[Element | bytes]:
    """Return the notes of a lot as a Brazilian firm sends them to the authority."""
    return list(root.iterchildren(f"{{{nfe.NAMESPACE}}}NFe"))


# (namespace, root) → its documents
WRAPPERS: Final[Mapping[tuple[str, str], Unwrap]] = {
    (_SOAP, "Envelope"): _enveloped,
    (_SOAP_12, "Envelope"): _enveloped,
    (nfe.NAMESPACE, "enviNFe"): _sent,
    (dte.NAMESPACE, "EnvioDTE"): dte.sent,
    (f"{ubl.NAMESPACE}:AttachedDocument-2", "AttachedDocument"): attached.unwrap,
    ("", "autorizacion"): sri.authorised,
}


# (namespace, root) → (scheme, how people call it)
KNOWN: Final = {
    ("http://www.sat.gob.mx/cfd/2", "Comprobante"): ("cfdi", "CFD 2"),
    ("http://www.sat.gob.mx/esquemas/retencionpago/2", "Retenciones"): (
        UNKNOWN,
        "CFDI de retenciones 2.0",
    ),
    ("http://www.sat.gob.mx/esquemas/retencionpago/1", "Retenciones"): (
        UNKNOWN,
        "CFDI de retenciones 1.0",
    ),
    ("", "RFCE"): ("do", "e-CF"),
    ("", "comprobanteRetencion"): ("sri", "comprobante de retención"),
    ("", "guiaRemision"): ("sri", "guía de remisión"),
    ("http://dgi-fep.mef.gob.pa", "rFE"): ("pa", "FE Panamá"),
    ("http://ekuatia.set.gov.py/sifen/xsd", "rDE"): ("py", "SIFEN"),
}

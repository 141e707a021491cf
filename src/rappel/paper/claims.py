"""What a PDF says of itself: archival (PDF/A-3a) and accessible (PDF/UA-1) in one.

Owns the last touch on WeasyPrint's document: it can claim one standard at a time, so
the second claim, and the schema that PDF/A asks of it, are added to the metadata.
Validators outside the house are the judges of both.
"""

from __future__ import annotations

from typing import Any, Final

UA: Final = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END: Final = b"</rdf:RDF>"


def claim(_document: Any, pdf: Any) -> None:
    """Finish a PDF: both claims, metadata in the clear, each attachment listed once."""
    reference = pdf.catalog["Metadata"]
    metadata = next(item for item in pdf.objects if item.reference == reference)
    metadata.compress = False
    metadata.stream = [part.replace(END, UA + END) for part in metadata.stream]
    listed = pdf.catalog["AF"]
    listed[:] = list(dict.fromkeys(listed))

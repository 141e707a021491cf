"""What Mexico's SAT publishes: stylesheets of the original string, and authorities.

Owns the bundled data and their manifest of source, day and hash. A file whose bytes are
not those of the manifest is not used. Stylesheets are compiled once; they see no file
and no network, but what the manifest lists and they include. Source: SAT, Anexo 20.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

from rappel.errors import Unavailable
from rappel.ingest.evidence.certificates import certificate
from rappel.ingest.evidence.trust import Anchor, Trust

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

FOLDER: Final = Path(__file__).parent / "sat"
COUNTRY: Final = "MX"
SHEETS: Final = {
    ("http://www.sat.gob.mx/cfd/4", "4.0"): (
        "4/cadenaoriginal_4_0/cadenaoriginal_4_0.xslt"
    ),
    ("http://www.sat.gob.mx/cfd/3", "3.3"): (
        "3/cadenaoriginal_3_3/cadenaoriginal_3_3.xslt"
    ),
    ("http://www.sat.gob.mx/TimbreFiscalDigital", "1.1"): (
        "TimbreFiscalDigital/cadenaoriginal_TFD_1_1.xslt"
    ),
}
_XSL: Final = "{http://www.w3.org/1999/XSL/Transform}"
_SCHEME: Final = "sat:/"


def _damaged(path: str) -> Unavailable:
    return Unavailable(
        f"{path} of this installation is not the file that its manifest lists.",
        code="incomplete_installation",
        repair="Install rappel again: pip install --force-reinstall rappel",
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the manifest: where it comes from, since when, and its hash."""

    path: str
    use: str
    source: str
    taken_on: str
    sha256: str

    def content(self) -> bytes:
        """Return the bytes.

        Raises:
            Unavailable: they are not those that were taken.
        """
        content = (FOLDER / self.path).read_bytes()
        if sha256(content).hexdigest() != self.sha256:
            raise _damaged(self.path)
        return content


@dataclass(frozen=True, slots=True)
class Sheet:
    """A compiled stylesheet, and the namespaces whose elements it knows."""

    transform: etree.XSLT
    namespaces: frozenset[str]

    def string(self, root: Element) -> bytes | None:
        """Return the original string of a document's root, ``None`` when it fails."""
        try:
            return str(self.transform(root)).encode()
        except etree.XSLTApplyError:
            return None


@cache
def manifest() -> dict[str, Listed]:
    """Return what is bundled, by path."""
    listed = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return {
        one["path"]: Listed(**{name: one[name] for name in Listed.__dataclass_fields__})
        for one in listed["files"]
    }


@cache
def bundled() -> Trust:
    """Return the authorities that come with this release."""
    anchors = []
    for one in manifest().values():
        if one.use == "sheet":
            continue
        found = certificate(one.content())
        if found is None:
            raise _damaged(one.path)
        anchors.append(Anchor(found, COUNTRY, trial=one.use == "test authority"))
    return Trust(tuple(anchors))


@cache
def sheet(namespace: str, version: str) -> Sheet | None:
    """Return the stylesheet of a document's version, ``None`` when it has none."""
    path = SHEETS.get((namespace, version))
    if path is None:
        return None
    includes = Includes()
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    parser.resolvers.add(includes)
    root = etree.fromstring(includes.take(path), parser, base_url=_SCHEME + path)
    return Sheet(compiled(root), frozenset(includes.namespaces))


def compiled(root: Element) -> etree.XSLT:
    """Return a stylesheet that reads and writes nothing while it runs."""
    # the stubs know no arguments
    alone = etree.XSLTAccessControl(  # type: ignore[call-arg]
        read_file=False,
        write_file=False,
        create_dir=False,
        read_network=False,
        write_network=False,
    )
    return etree.XSLT(root, access_control=alone)


class Includes(etree.Resolver):
    """Gives a stylesheet what it includes, out of the manifest and nowhere else."""

    def __init__(self) -> None:
        super().__init__()
        self.namespaces: set[str] = set()

    def take(self, path: str) -> bytes:
        """Return a stylesheet's bytes and note whose elements it puts in order."""
        listed = manifest().get(f"sheets/{path}")
        if listed is None:
            raise _damaged(path)
        content = listed.content()
        for template in etree.fromstring(content).iter(f"{_XSL}template"):
            prefix = (template.get("match") or "").partition(":")[0]
            if prefix in template.nsmap:
                self.namespaces.add(template.nsmap[prefix])
        return content

    # the stubs know no context
    def resolve(self, url: str, _: str, context: object) -> object:  # type: ignore[override]
        """Answer an include with the manifest's bytes."""
        path = url.removeprefix(_SCHEME)
        return self.resolve_string(self.take(path), context, base_url=url)

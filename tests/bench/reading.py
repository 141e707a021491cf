"""Documents per second: read alone and with their evidence, beside a bare parse.

    PYTHONPATH=tests python tests/bench/reading.py [--documents N] [--rounds N]
        [--folder F] [--satcfdi PYTHON]

Documents are made and sealed here by throw-away keys: CFDI 4.0 with one line and with
twenty, NF-e 4.00; ``--folder`` adds the CFDI of a folder. Everything is run in turn,
``--rounds`` times (five); told are the medians by second of the clock and of the
processor, and the ratio of the processor's to a bare parse of the same bytes by lxml.
``--satcfdi`` names the Python of an environment with satcfdi, which reads the folder's
CFDI in the same turns, without their seals. It reports and asserts nothing.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from lxml import etree

from brazilian import NFE, Item, access_key, nfe_xml
from documents import Concept, cfdi_xml
from rappel.ingest import cfdi, nfe, read, xml
from rappel.ingest.evidence import Trust
from sealing import AUTHORITY, ROOT, TRUST, Holder, sealed
from signing import signed_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.invoices import Document

BRAZIL = Trust((ROOT.anchor("BR"), AUTHORITY.anchor("BR")))
FIRM = Holder(name="LOJA LTDA:11222333000181", by=AUTHORITY)
OTHER = """
import sys, time
from satcfdi.cfdi import CFDI
files = [open(name, "rb").read() for name in sys.argv[1:]]
for _ in "12":
    begun, spent = time.perf_counter(), time.process_time()
    for content in files:
        try:
            CFDI.from_string(content)
        except Exception:
            pass
print(time.perf_counter() - begun, time.process_time() - spent)
"""


def of_mexico(count: int, lines: int) -> list[bytes]:
    """Return sealed and stamped CFDI, each with a folio of its own."""
    items = [Concept(code=f"C-{place}", price="19.90") for place in range(lines)]
    return [sealed(cfdi_xml(*items, folio=str(number))) for number in range(count)]


def of_brazil(count: int, lines: int) -> list[bytes]:
    """Return signed notes in their authorised form, each with a number of its own."""
    made = []
    for number in range(1, count + 1):
        note = nfe_xml(*(Item() for _ in range(lines)), number=number)
        where = f"{{{NFE}}}NFe"
        uri = f"#NFe{access_key(number)}"
        made.append(signed_xml(note, FIRM, uri=uri, into=where, algorithm="sha1"))
    return made


def parse(contents: Sequence[bytes]) -> None:
    """Do what lxml does with nothing asked of it."""
    for content in contents:
        etree.fromstring(content)


def alone(reader: Callable[..., Document], contents: Sequence[bytes]) -> None:
    """Read without asking what the bytes prove."""
    for content in contents:
        reader(xml.parse(content), "a.xml")


def whole(trust: Trust, contents: Sequence[bytes]) -> None:
    """Read as an upload is read."""
    for content in contents:
        read("a.xml", content, trust=trust)


def satcfdi(python: str, contents: Sequence[bytes]) -> tuple[float, float]:
    """Let satcfdi read the same bytes, timed within its own process."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for place, content in enumerate(contents):
            path = Path(folder) / f"{place}.xml"
            path.write_bytes(content)
            names.append(str(path))
        command = [python, "-W", "ignore", "-c", OTHER, *names]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    clock, processor = map(float, said.stdout.split())
    return clock, processor


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a piece of work took, and those of the processor."""
    begun, spent = perf_counter(), process_time()
    answer = work()
    if isinstance(answer, tuple):
        return answer
    return perf_counter() - begun, process_time() - spent


def told(
    title: str, works: dict[str, partial[object]], count: int, rounds: int
) -> None:
    """Run the works in turn and print a row for each."""
    for work in works.values():
        work()  # sheets are compiled and certificates known
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            seen[name].append(timed(work))
    bare = statistics.median(spent for _, spent in seen["bare parse"])
    for name, times in seen.items():
        clock = statistics.median(taken for taken, _ in times)
        spent = statistics.median(spent for _, spent in times)
        sys.stdout.write(
            f"| {title} | {name} | {count / clock:,.0f} | {count / spent:,.0f} "
            f"| {spent / bare:.1f} |\n"
        )


def cfdis(given: argparse.Namespace) -> None:
    """Time CFDI: made here, and those of a folder."""
    sets = {
        f"CFDI 4.0, {lines} lines": of_mexico(given.documents, lines)
        for lines in (1, 20)
    }
    if given.folder:
        found = [path.read_bytes() for path in sorted(given.folder.glob("*.xml"))]
        sets[f"{given.folder.name}, {len(found)} files"] = found * 10
    for title, made in sets.items():
        works: dict[str, partial[object]] = {
            "bare parse": partial(parse, made),
            "read": partial(alone, cfdi.read, made),
            "read with evidence": partial(whole, TRUST, made),
        }
        if given.satcfdi and "files" in title:
            works["satcfdi, read"] = partial(satcfdi, given.satcfdi, made)
        told(sized(title, made), works, len(made), given.rounds)


def notes(given: argparse.Namespace) -> None:
    """Time NF-e made here."""
    for lines in (1, 20):
        made = of_brazil(given.documents, lines)
        works: dict[str, partial[object]] = {
            "bare parse": partial(parse, made),
            "read": partial(alone, nfe.read, made),
            "read with evidence": partial(whole, BRAZIL, made),
        }
        told(sized(f"NF-e 4.00, {lines} lines", made), works, len(made), given.rounds)


def sized(title: str, made: Sequence[bytes]) -> str:
    """Return a title with the mean size of its documents."""
    return f"{title}, {sum(map(len, made)) / len(made) / 1000:.1f} kB"


def main() -> None:
    """Make the documents and time what is done with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--satcfdi", metavar="PYTHON")
    given = parser.parse_args()
    sys.stdout.write("| documents | what | a second | by processor | ratio |\n")
    sys.stdout.write("|---|---|---:|---:|---:|\n")
    cfdis(given)
    notes(given)


if __name__ == "__main__":
    main()

"""A quarter from Parquet to rebates, beside the bare aggregation in the same run.

    python tests/bench/rebates.py [--lines N …] [--members N …] [--programmes N …]
        [--mixed] [--duckdb] [--postgresql] [--rounds N] [--folder F]

For each file (lines by members) everything is run in turn, ``--rounds`` times (five);
told are the medians, their ratio to the bare aggregation, the same of the seconds of
processor (the server's own are not known), and the peak memory of a process that does
nothing else. It reports and asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

import drawn

from rappel.core.rebates import Computation, compute
from rappel.store.embedded import Server

if TYPE_CHECKING:
    from collections.abc import Callable

Works = dict[str, partial[object]]


def engine(file: Path, members: int, count: int, *, mixed: bool) -> Computation:
    """Run the engine on a file."""
    given = drawn.programmes(count, mixed=mixed)
    return compute(drawn.facts(file, members), given, period=drawn.QUARTER)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a piece of work took, and those of our processor."""
    begun, spent = perf_counter(), process_time()
    work()
    return perf_counter() - begun, process_time() - spent


def peak(name: str, file: Path, members: int, *, mixed: bool) -> int:
    """Return the peak memory in MB of a process that does one thing once."""
    command = [sys.executable, __file__, "--only", name, "--file", str(file)]
    command += ["--members", str(members), *(["--mixed"] if mixed else [])]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(said.stdout)


def high_water() -> int:
    """Return this process's own peak in MB; ``ru_maxrss`` would be its parent's too."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024


def works(
    file: Path, members: int, given: argparse.Namespace
) -> dict[str, partial[object]]:
    """Return what is run in turn, by its name."""
    found: Works = {"bare": partial(drawn.bare, file)}
    for count in given.programmes:
        run = partial(engine, file, members, count, mixed=given.mixed)
        found[f"engine {count}"] = run
    if given.duckdb:
        from others import in_duckdb  # noqa: PLC0415  the memory of one alone is told

        found["duckdb"] = partial(in_duckdb, file)
    return found


def only(given: argparse.Namespace) -> None:
    """Do one thing once and say how much memory it took."""
    name, _, count = given.only.partition(" ")
    given.programmes, given.duckdb = [int(count or 0)], name == "duckdb"
    works(given.file, given.members[0], given)[given.only]()
    sys.stdout.write(f"{high_water()}\n")


def measured(file: Path, members: int, given: argparse.Namespace) -> dict[str, object]:
    """Run everything on one file in turn, and say what it took."""
    runs = works(file, members, given)
    names = list(runs)
    told: dict[str, object] = {}
    with ExitStack() as server:
        if given.postgresql:
            folder = file.parent / "pg"
            url = server.enter_context(Server(folder, durable=False)).url()
            from others import copy_in, in_postgresql  # noqa: PLC0415  as above

            told["copy_seconds"] = round(timed(partial(copy_in, url, file))[0], 1)
            runs["postgresql"] = partial(in_postgresql, url)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for _ in range(given.rounds):
            for name, run in runs.items():
                times[name].append(timed(run))
    bare = [statistics.median(column) for column in zip(*times["bare"], strict=True)]
    for name, taken in times.items():
        seconds, spent = list(zip(*taken, strict=True))
        row: dict[str, object] = {
            "seconds": round(statistics.median(seconds), 3),
            "from_to": [round(min(seconds), 3), round(max(seconds), 3)],
            "ratio": round(statistics.median(seconds) / bare[0], 2),
        }
        if name in names:
            row |= {
                "processor": round(statistics.median(spent), 3),
                "processor_ratio": round(statistics.median(spent) / bare[1], 2),
                "peak_mb": peak(name, file, members, mixed=given.mixed),
            }
        told[name] = row
    return told


def main() -> None:
    """Generate, measure in turn, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--members", type=int, nargs="+", default=[400])
    parser.add_argument("--programmes", type=int, nargs="+", default=[60])
    parser.add_argument("--mixed", action="store_true", help="of twelve kinds")
    parser.add_argument("--duckdb", action="store_true", help="beside DuckDB")
    parser.add_argument("--postgresql", action="store_true", help="beside PostgreSQL")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the files lie meanwhile")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        only(given)
        return
    for count in given.lines:
        for members in given.members:
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                file = Path(folder) / "lines.parquet"
                drawn.write(file, count, members)
                sizes = {"lines": count, "members": members, "mixed": given.mixed}
                told = sizes | measured(file, members, given)
                sys.stdout.write(json.dumps(told, indent=1) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A quarter from Parquet to rebates, beside the bare aggregation in the same run.

    python tests/bench/rebates.py [--lines N] [--members N] [--programmes N] [--file F]

The bare baseline scans the same file and streams a ``group_by`` of member, supplier,
category, code, month and currency that sums net and quantity. Both run in turn, five
times; medians are told, with their ratio, and the peak memory of a process that does
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
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import polars as pl

from rappel.core.agreements import Programme, Scope, Tier
from rappel.core.frames import LINES, MEMBERS, SUPPLIERS, Facts
from rappel.core.money import LINE, QUANTITY, RATE
from rappel.core.period import Period, Unit
from rappel.core.rebates import Computation, compute
from rappel.core.terms import Pool, Reach

if TYPE_CHECKING:
    from collections.abc import Callable

QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
SUPPLIER_COUNT = 40
CODES = 40
CHUNK = 1_000_000
ROUNDS = 5


def lines(start: int, count: int, members: int) -> pl.LazyFrame:
    """Draw purchases: a member buys from a few suppliers, a sixth of it in dollars."""
    number = pl.int_range(start, start + count, dtype=pl.Int64)
    drawn = pl.LazyFrame({"line": pl.select(number).to_series()}).with_columns(
        member=draw(members, 1) + 1,
        code=draw(CODES, 3),
        day=draw(90, 4),
        returned=draw(100, 5) < 4,
        abroad=draw(100, 6) < 16,
        cents=draw(500_000, 7) + 100,
        units=draw(20, 8) + 1,
    )
    supplier = (pl.col("member") * 7 + draw(8, 2) * 5) % SUPPLIER_COUNT + 1
    rate = pl.lit(18).cast(RATE) + pl.col("day").cast(RATE) / pl.lit(100).cast(RATE)
    abroad = pl.col("abroad")
    return LINES.check(
        drawn.with_columns(supplier=supplier).select(
            "line",
            "member",
            "supplier",
            document=pl.col("line") // 5,
            category=pl.format("category {}", pl.col("code") % 5),
            code=pl.format("S{}-{}", "supplier", "code"),
            date=pl.lit(QUARTER.start) + pl.duration(days="day"),
            kind=pl.when("returned")
            .then(pl.lit("credit_note"))
            .otherwise(pl.lit("invoice")),
            currency=pl.when(abroad).then(pl.lit("USD")).otherwise(pl.lit("MXN")),
            amount=pl.col("cents").cast(LINE) / pl.lit(100).cast(LINE),
            quantity=pl.col("units").cast(QUANTITY),
            rate=pl.when(abroad).then(rate),
            rate_currency=pl.when(abroad).then(pl.lit("MXN")),
            original_date=pl.lit(None, pl.Date),
        )
    )


def draw(kinds: int, seed: int) -> pl.Expr:
    """Draw a number below ``kinds`` for each line, the same in every run."""
    return (pl.col("line").hash(seed) % kinds).cast(pl.Int64)


def write(file: Path, count: int, members: int) -> None:
    """Write the purchases, a part after the other."""
    parts = [
        lines(start, min(CHUNK, count - start), members)
        for start in range(0, count, CHUNK)
    ]
    pl.concat(parts).sink_parquet(file)


def programmes(count: int) -> list[Programme]:
    """Return programmes of mixed kinds over the suppliers in turn."""
    steps = (("0", "0"), ("100000", "2"), ("250000", "3.5"), ("1000000", "5"))
    tiers = tuple(
        Tier(threshold=Decimal(start), percent=Decimal(percent))
        for start, percent in steps
    )
    categories = Scope(categories=("category 1", "category 2"))
    return [
        Programme(
            code=f"p{place}",
            suppliers=(f"s{place % SUPPLIER_COUNT + 1}",),
            currency="MXN",
            tiers=tiers,
            pool=Pool.GROUP if place % 3 == 0 else Pool.MEMBER,
            reach=Reach.MARGINAL if place % 2 else Reach.RETROACTIVE,
            scope=categories if place % 4 == 0 else Scope(),
            accumulate=Unit.MONTH if place % 10 == 0 else Unit.QUARTER,
            fee_percent=Decimal(10),
        )
        for place in range(count)
    ]


def bare(file: Path) -> pl.DataFrame:
    """Run the baseline."""
    month = pl.col("date").dt.truncate("1mo").alias("month")
    return (
        pl.scan_parquet(file)
        .group_by("member", "supplier", "category", "code", month, "currency")
        .agg(pl.col("amount").sum(), pl.col("quantity").sum())
        .collect(engine="streaming")
    )


def engine(file: Path, members: int, count: int) -> Computation:
    """Run the engine on the same file."""
    roster = [
        (number, f"m{number}", None, "MX", ["a"], None, None)
        for number in range(1, members + 1)
    ]
    facts = Facts(
        lines=pl.scan_parquet(file),
        members=MEMBERS.of(roster),
        suppliers=SUPPLIERS.of((n, f"s{n}") for n in range(1, SUPPLIER_COUNT + 1)),
    )
    return compute(facts, programmes(count), period=QUARTER)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work took."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def peak(which: str, given: argparse.Namespace, file: Path) -> int:
    """Return the peak memory in MB of a process that does one thing once."""
    command = [sys.executable, __file__, "--only", which, "--file", str(file)]
    command += ["--members", str(given.members), "--programmes", str(given.programmes)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(said.stdout)


def high_water() -> int:
    """Return this process's own peak in MB; ``ru_maxrss`` would be its parent's too."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) // 1024


def main() -> None:
    """Generate, measure in turn, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=400)
    parser.add_argument("--programmes", type=int, default=60)
    parser.add_argument("--file", type=Path, help="a file to keep, or to use again")
    parser.add_argument("--only", choices=["bare", "engine"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    runs: dict[str, Callable[[Path], object]] = {
        "bare": bare,
        "engine": lambda file: engine(file, given.members, given.programmes),
    }
    if given.only:
        runs[given.only](given.file)
        sys.stdout.write(f"{high_water()}\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = given.file or Path(folder) / "lines.parquet"
        if not file.exists():
            write(file, given.lines, given.members)
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(ROUNDS):
            for name, run in runs.items():
                times[name].append(timed(lambda run=run: run(file)))  # type: ignore[misc]  # mypy cannot infer a lambda's default
        medians = {name: statistics.median(taken) for name, taken in times.items()}
        told = {
            "lines": pl.scan_parquet(file).select(pl.len()).collect().item(),
            "members": given.members,
            "programmes": given.programmes,
            "bare_groups": bare(file).height,
            "rebates": engine(file, given.members, given.programmes).rebates.height,
            **{f"{name}_seconds": round(took, 3) for name, took in medians.items()},
            "ratio": round(medians["engine"] / medians["bare"], 2),
            **{f"{name}_peak_mb": peak(name, given, file) for name in runs},
        }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()

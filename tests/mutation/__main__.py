"""Mutation testing of the money: the faults that the core's own tests do not notice.

    ./run mutate [MODULE ...] [--jobs N] [--near] [--fresh] [--journal FILE]

Owns the running of mutants and the report. A copy of the checkout is worked in, and
nothing is written beside it but the journal. One process imports Polars and pytest and
computes nothing, so that it may be forked; each mutant is a child of it, which imports
the core with the fault in it and runs the tests until one fails: those that failed
last, then the nearest, then the others.
Limits are in seconds of the processor, so a busy machine makes no timeouts. What was
killed is kept in the journal by the module's whole text; what survived is tried again,
with its module's own tests alone where ``docs/mutation.md`` says that nothing changes.
Exit 1: a survivor that ``docs/mutation.md`` does not list, what it lists and does not
survive, or fewer than 90 % killed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import types
from collections import Counter
from pathlib import Path
from time import monotonic

os.environ["POLARS_MAX_THREADS"] = "1"
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

import hypothesis
import hypothesis.strategies
import polars as pl  # noqa: F401 - to be there after each fork, not to be used
import pytest

from mutation.mutants import Mutant, mutants
from mutation.records import KILLED, SURVIVED, TIMEOUT, Journal, Outcome, Reasons

ROOT = Path(__file__).parents[2]
MODULES = ("money", "tiers", "shares", "rebates")
NEAR = {
    "money": ("money", "money_divided"),
    "tiers": ("tier_caps", "tiers_ahead", "tiers", "slices", "reaches"),
    "shares": ("shares", "allocation", "parts", "rebates", "limits"),
    "rebates": ("computation", "parts", "parts_of_revisions", "rebates"),
}
THEN = ("naive_by_hand", "oracles", "measures", "growth", "limits", "volumes")
LAST = ("naive", "laws", "laws_measured")
EXAMPLES = 5
RECENT = 12
ENOUGH = 0.9
BROKEN = 70  # what a child ends with that could not try
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__")
PYTEST = (
    *("-x", "-q", "--tb=no", "--noconftest", "--assert=plain", "-c", os.devnull),
    *("-o", "markers=full", "-m", "not full", "--import-mode=importlib"),
    *("-p", "no:cacheprovider", "-p", "no:warnings", "--rootdir=."),
)


class Quick:
    """A pytest plugin: properties are tried few times; what fails is written down.

    Faults in one line mostly fail with the same test, so the last that failed are
    tried before all others.
    """

    def __init__(self) -> None:
        self.failed = Path("failed").absolute()

    def first(self) -> list[str]:
        """Return the tests that failed last."""
        lines = self.failed.read_text().splitlines() if self.failed.exists() else []
        return list(dict.fromkeys(reversed(lines)))[:RECENT]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            with self.failed.open("a") as file:
                file.write(f"{report.nodeid}\n")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        name = "_hypothesis_internal_use_settings"  # its decorator's own place
        for item in items:
            test = getattr(item, "obj", None)
            if given := getattr(test, name, None):
                few = hypothesis.settings(
                    given,
                    max_examples=min(given.max_examples, EXAMPLES),
                    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
                    database=None,
                    deadline=None,
                    derandomize=True,
                )
                setattr(test, name, few)


def say(line: str) -> None:
    """Write a line of the report at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def stages(module: str, *, near: bool) -> list[list[str]]:
    """Return the test files to run, one list after the other."""
    paths = Path("tests/core").glob("test_*.py")
    found = {path.stem.removeprefix("test_") for path in paths}
    first = [name for name in NEAR[module] if name in found]
    named = {*NEAR[module], *THEN, *LAST}
    then = [name for name in THEN if name not in first and name in found]
    last = [name for name in LAST if name in found]
    ordered = [first, then, sorted(found - named), last]
    return [
        [f"tests/core/test_{name}.py" for name in names]
        for names in (ordered[:1] if near else ordered)
        if names
    ]


def tried(mutant: Mutant, *, near: bool) -> int:
    """Run the tests with the fault in place, in this process: 0 where none fails."""
    if mutant.text:
        name = f"rappel.core.{mutant.module}"
        module = sys.modules[name] = types.ModuleType(name)
        setattr(importlib.import_module("rappel.core"), mutant.module, module)
        code = compile(mutant.text, f"src/rappel/core/{mutant.module}.py", "exec")
        try:
            exec(code, vars(module))
        except Exception:  # noqa: BLE001 - whatever it is, the fault was noticed
            return 1
    quick = Quick()
    every = [quick.first(), *stages(mutant.module, near=near)]
    for these in filter(None, every):
        ended = int(pytest.main([*PYTEST, *these], plugins=[quick]))
        if ended not in {0, 1, 2, 3}:  # no test of ours failed: no test was found
            return BROKEN
        if ended:
            return 1
    return 0


def forked(mutant: Mutant, *, near: bool, limit: int) -> int:
    """Start a child that tries the mutant; return its process's id."""
    if pid := os.fork():
        return pid
    code = BROKEN
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        signal.alarm(60 * limit)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = tried(mutant, near=near)
    finally:
        os._exit(code)


def verdict(status: int) -> str:
    """Return what a child's end says: a crash is noticed, too."""
    code = os.waitstatus_to_exitcode(status)
    if -code in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}:
        return TIMEOUT
    if code == BROKEN:
        sys.exit("the tests cannot be run")
    return KILLED if code else SURVIVED


def baseline(modules: list[str], *, near: bool) -> int:
    """Run the tests without a fault; return the seconds a mutant may take."""
    used = 0.0
    for module in modules if near else modules[:1]:
        pid = forked(Mutant(module, "", "", "", ""), near=near, limit=3600)
        _, status, usage = os.wait4(pid, 0)
        if verdict(status) != SURVIVED:
            sys.exit(f"the tests fail without a mutant ({module})")
        used = max(used, usage.ru_utime + usage.ru_stime)
    say(f"without a mutant: {used:.0f} s of the processor")
    return 20 + int(4 * used)


def run(
    waiting: list[Mutant],
    journal: Journal,
    reasons: Reasons,
    *,
    jobs: int,
    near: bool,
    limit: int,
) -> dict[Mutant, Outcome]:
    """Try all mutants, ``jobs`` at a time."""
    said = {
        mutant: journal.known[key]
        for mutant in waiting
        if (key := journal.key(mutant)) in journal.known
    }
    todo = [mutant for mutant in waiting if mutant not in said]
    say(f"{len(waiting)} mutants, {len(said)} known from before")
    running: dict[int, Mutant] = {}
    while todo or running:
        while todo and len(running) < jobs:
            mutant = todo.pop(0)
            own = near or reasons.has(mutant)
            running[forked(mutant, near=own, limit=limit)] = mutant
        pid, status, usage = os.wait3(0)
        mutant = running.pop(pid)
        seconds = usage.ru_utime + usage.ru_stime
        said[mutant] = Outcome(verdict(status), seconds)
        journal.add(mutant, said[mutant])
        if said[mutant].said != KILLED:
            say(f"{said[mutant].said}: {mutant.row}")
    return said


def report(said: dict[Mutant, Outcome], reasons: Reasons, seconds: float) -> int:
    """Print the figures and the survivors; return the exit code.

    The processor's seconds are of all mutants, those known from before too.
    """
    say(
        f"\n{'module':10}{'made':>7}{KILLED:>9}{TIMEOUT:>9}{SURVIVED:>10}{'share':>9}"
        f"{'processor':>12}"
    )
    for module in (*dict.fromkeys(mutant.module for mutant in said), "all"):
        these = [one for m, one in said.items() if module in {m.module, "all"}]
        of = Counter(one.said for one in these)
        made = len(these)
        share = 100 * (made - of[SURVIVED]) / made
        used = sum(one.seconds for one in these)
        say(
            f"{module:10}{made:7}{of[KILLED]:9}{of[TIMEOUT]:9}{of[SURVIVED]:10}"
            f"{share:7.1f} %{used:10.0f} s"
        )
    survivors = [mutant for mutant, one in said.items() if one.said == SURVIVED]
    unlisted = [mutant for mutant in survivors if not reasons.has(mutant)]
    untrue = reasons.of_none(survivors, {mutant.module for mutant in said})
    say(f"{seconds:.0f} s")
    say(f"survivors without a reason: {len(unlisted)}")
    for mutant in unlisted:
        say(mutant.row)
    say(f"reasons without a survivor: {len(untrue)}")
    for line in untrue:
        say(line)
    few = len(survivors) <= (1 - ENOUGH) * len(said)
    return int(not few or bool(unlisted) or bool(untrue))


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run mutate")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--near", action="store_true", help="the nearest tests only")
    parser.add_argument("--fresh", action="store_true", help="forget what was killed")
    parser.add_argument("--journal", type=Path, required=True)
    given = parser.parse_args()
    modules = given.modules or list(MODULES)
    if unknown := set(modules) - set(MODULES):
        parser.error(f"no module of the money: {', '.join(sorted(unknown))}")
    if given.fresh:
        given.journal.unlink(missing_ok=True)
    journal = Journal(given.journal)
    journal.read()
    start = monotonic()
    with tempfile.TemporaryDirectory(prefix="rappel-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        os.chdir(copy)
        sys.path[:] = [str(copy / "src"), str(copy / "tests"), *sys.path]
        reasons = Reasons(ROOT)
        made = [
            mutant
            for module in modules
            for mutant in mutants(
                module, (copy / f"src/rappel/core/{module}.py").read_text()
            )
        ]
        left = [one for one in made if journal.key(one) not in journal.known]
        near = given.near or all(map(reasons.has, left))
        limit = baseline(sorted({one.module for one in left}), near=near)
        said = run(made, journal, reasons, jobs=given.jobs, near=near, limit=limit)
    return report(said, reasons, monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())

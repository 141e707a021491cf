"""Owners of embedded servers as processes that a test may kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rappel.store.embedded import Server

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
SOURCE = Path(__file__).parents[1] / "src"
OWNER = """
import sys, time
from pathlib import Path
from rappel.store.embedded import Server
place, programs = sys.argv[1:]
with Server(Path(place), durable=False, programs=Path(programs)) as server:
    print(server.pid, flush=True)
    time.sleep(120)
"""


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """Give a short path that any account may reach, and leave no process in it."""
    made = Path(tempfile.mkdtemp(prefix="rappel-test-"))
    made.chmod(0o711)
    yield made / "pg"
    left = processes_about(made)
    shutil.rmtree(made)
    assert left == []


def processes_about(place: Path) -> list[str]:
    """List the command lines of all processes that name ``place``."""
    lines = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(place) in line:
            lines.append(line)
    return lines


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def owner(place: Path, binaries: Path, *prefix: str) -> subprocess.Popen[str]:
    command = [*prefix, sys.executable, "-c", OWNER, str(place), str(binaries)]
    search = {"PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | search, cwd="/"
    )


def pid_told_by(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def tell(server: Server, statement: str) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute(statement)

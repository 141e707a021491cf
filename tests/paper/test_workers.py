"""The processes that print: none outlives the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PRINTING = """
import sys
sys.path.insert(0, sys.argv[1])
from samples import statement, line
from rappel.paper.statement import render_many

if __name__ == "__main__":
    many = [statement(line(200)) for _ in range(40)]
    render_many(many, 2, lambda done, of: print(done, flush=True))
"""


def children(pid: int) -> set[int]:
    """Return the processes that ``pid`` started."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended meanwhile
            continue
        if parent == pid:
            found.add(int(status.parent.name))
    return found


def alive(pid: int) -> bool:
    """Say whether a process is there and no mere remainder."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_killed_printer_leaves_no_worker_behind(tmp_path: Path) -> None:
    program = tmp_path / "printing.py"
    program.write_text(PRINTING)
    words = [sys.executable, str(program), str(Path(__file__).parent)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as printer:
        assert printer.stdout is not None
        assert printer.stdout.readline().strip() == "1"
        workers = children(printer.pid)
        assert len(workers) >= 2
        os.kill(printer.pid, signal.SIGKILL)

    patience = time.monotonic() + 20
    while any(map(alive, workers)) and time.monotonic() < patience:
        time.sleep(0.05)
    assert [pid for pid in workers if alive(pid)] == []

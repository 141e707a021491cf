"""The server as a process: kept by one thread, ended with its owner.

Owns the tie between the two lives, and the end of what an owner that was killed left
behind; not what the process is told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

# The child asks the kernel for an interrupt at its parent's death (PR_SET_PDEATHSIG
# is 1), then makes sure that the parent did not die before it asked. A program of its
# own: code between fork and exec is not safe in a process with threads.
TIED = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGINT, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""

STOP_SECONDS = 60
ORPHAN_SECONDS = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))


class Kept:
    """A process whose parent thread lives until it is stopped.

    It is interrupted when its parent dies, and to Linux the thread that started it is
    the parent: so a thread does nothing but start it and stay.
    """

    def __init__(self, command: list[str], log: Path) -> None:
        self._command = command
        self._log = log
        self._started = threading.Event()
        self._stopped = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._stop()
        finally:
            self._stopped.set()
            self._thread.join()

    def _keep(self) -> None:
        try:
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    tied(self._command),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self._log.parent,
                    env=environment(),
                    start_new_session=True,  # Ctrl-C is for us; we stop it in order
                )
        except OSError as error:
            self._failure = error
        self._started.set()
        self._stopped.wait()

    def _stop(self) -> None:
        for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            with suppress(subprocess.TimeoutExpired):
                self.process.send_signal(ending)
                self.process.wait(STOP_SECONDS)
                return


def end_orphans(data: Path) -> None:
    """End what is left of a server whose owner died, then forget its pid file.

    The lock is ours, so nobody else may be using ``data``. A pid file without a process
    would stop the start as soon as its number belongs to anything.
    """
    for ending, seconds in ORPHAN_SECONDS:
        if pids := _processes_in(data):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, ending)
            end = time.monotonic() + seconds
            while _processes_in(data) and time.monotonic() < end:
                time.sleep(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _processes_in(data: Path) -> list[int]:
    """Return the processes at work in ``data`` (by /proc; elsewhere none are seen)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink() == data:
                found.append(int(entry.name))
    return found


def tied(command: list[str]) -> list[str]:
    """Return ``command`` so that it is interrupted when this process dies.

    On Linux the death of the *thread* that starts it counts as the parent's.
    """
    return [sys.executable, "-I", "-S", "-c", TIED, str(os.getpid()), *command]


def environment() -> dict[str, str]:
    """Return our environment without what would talk PostgreSQL into something."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "LC_"))
    }
    return kept | {"LANG": "C.UTF-8", "TZ": "UTC"}

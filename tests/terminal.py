"""Running the command line as a person does: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OUT = ("DATABASE_URL", "RAPPEL_")


def environment(state: Path) -> dict[str, str]:
    """Return an environment in which nothing but the state folder is chosen."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(LEFT_OUT)
    }
    return {**kept, "RAPPEL_STATE": str(state), "PYTHONDONTWRITEBYTECODE": "1"}


def start(state: Path, *words: str) -> subprocess.Popen[str]:
    """Start ``rappel`` with its state in ``state``."""
    return subprocess.Popen(
        [sys.executable, "-m", "rappel", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(state),
    )


def rappel(
    state: Path, *words: str, exits: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run ``rappel`` to its end and make sure of its exit code."""
    with start(state, *words) as process:
        out, err = process.communicate()
    done = subprocess.CompletedProcess(words, process.returncode, out, err)
    assert done.returncode == exits, f"{words}: {done.returncode}\n{out}\n{err}"
    return done

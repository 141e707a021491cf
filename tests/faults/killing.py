"""A process that closes and issues a period, and kills itself at a chosen step.

Forked from a server that has imported everything and opened nothing: no thread, no
connection is inherited.
"""

from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from books import NOW
from printing import printed
from rappel.actions import periods, statements
from rappel.core.access import SYSTEM
from rappel.errors import Refused
from rappel.store.base import connect

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

KILLED = -signal.SIGKILL


def forks() -> ForkServerContext:
    """Return the context whose children are warm."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def close_and_issue(url: str, cache: str, period: str, place: int) -> None:
    """Close and issue; die by ``kill -9`` at the n-th statement, commit or rename."""
    seen = 0

    def step(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == place:
            os.kill(os.getpid(), signal.SIGKILL)

    db = connect(url, cache=Path(cache), pool_size=2)
    rename = Path.rename
    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(db.engine, event, step)

    def counted(self: Path, target: Path) -> Path:
        step()
        return rename(self, target)

    Path.rename = counted  # type: ignore[method-assign]  the child is ours alone
    try:
        periods.close(db, SYSTEM, period, now=NOW)
    except Refused as refusal:
        if refusal.code != "already_closed":
            raise
    statements.issue(db, SYSTEM, period, now=NOW, render=printed)
    db.dispose()

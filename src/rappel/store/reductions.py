"""Reductions: the groups of a snapshot's lines, kept in memory for who asks again.

Owns which of them are kept and for how long. Derived, and never a source of truth: what
is asked for is named by ids of rows that never change, so that nothing here can be out
of date; what is not kept is reduced again. Closing and verifying do not ask here.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from rappel.core.reduction import reduced

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from rappel.core.reduction import Reduction

ROOM: Final = 256_000_000  # bytes that are kept at most
Name = tuple[str, ...]


class Reductions:
    """Frames by the lines they were made of and how; the longest unused go first."""

    def __init__(self, room: int = ROOM) -> None:
        """Keep nothing yet."""
        self._room = room
        self._held = 0
        self._frames: OrderedDict[tuple[Name, Reduction], pl.DataFrame] = OrderedDict()
        self._lock = Lock()

    def of(
        self, name: Name, lines: pl.LazyFrame, catalogue: pl.DataFrame | None
    ) -> Callable[[Reduction], pl.DataFrame]:
        """Return how lines are reduced, or found reduced; ``name`` says which lines.

        One name must always be of the same lines and the same catalogue.
        """

        def found(by: Reduction) -> pl.DataFrame:
            key = (name, by)
            with self._lock:
                if key in self._frames:
                    self._frames.move_to_end(key)
                    return self._frames[key]
            frame = reduced(lines, catalogue, by)
            self._keep(key, frame)
            return frame

        return found

    def _keep(self, key: tuple[Name, Reduction], frame: pl.DataFrame) -> None:
        with self._lock:
            before = self._frames.pop(key, None)
            self._held += _size(frame) - (0 if before is None else _size(before))
            self._frames[key] = frame
            while self._held > self._room:
                _, gone = self._frames.popitem(last=False)
                self._held -= _size(gone)


def _size(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size())


KEPT: Final = Reductions()
"""Those of this process."""

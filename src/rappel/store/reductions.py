"""Reductions: the groups of a snapshot's lines, kept in memory for who asks again.

Owns their names: the lines that they are of, and how these were reduced. Closing and
verifying do not ask here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from rappel.core.reduction import reduced
from rappel.store.remembered import Remembered

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
        self._frames = Remembered(room, _size)

    def of(
        self, name: Name, lines: pl.LazyFrame, catalogue: pl.DataFrame | None
    ) -> Callable[[Reduction], pl.DataFrame]:
        """Return how lines are reduced, or found reduced; ``name`` says which lines.

        One name must always be of the same lines and the same catalogue.
        """

        def found(by: Reduction) -> pl.DataFrame:
            return self._frames.of((name, by), partial(reduced, lines, catalogue, by))

        return found


def _size(frame: pl.DataFrame) -> int:
    return int(frame.estimated_size())


KEPT: Final = Reductions()
"""Those of this process."""

"""What is kept of mutants: the journal of what was killed, the reasons of the document.

Owns how both are read and written; runs nothing. Everything obeys this: a mutant is
known by its module's whole text in the journal, by its row in the document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mutation.mutants import Mutant

KILLED, SURVIVED, TIMEOUT = "killed", "survived", "timeout"


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, and the seconds of the processor that it took."""

    said: str
    seconds: float


@dataclass
class Journal:
    """What was killed before, a line each; half a line is no line."""

    path: Path
    known: dict[str, Outcome] = field(default_factory=dict)

    def read(self) -> None:
        for line in self.path.read_text().splitlines() if self.path.exists() else ():
            key, _, rest = line.partition(" ")
            seconds, _, said = rest.partition(" ")
            if said in {KILLED, TIMEOUT}:
                self.known[key] = Outcome(said, float(seconds))

    def add(self, mutant: Mutant, outcome: Outcome) -> None:
        with self.path.open("a") as file:
            file.write(f"{self.key(mutant)} {outcome.seconds:.1f} {outcome.said}\n")

    @staticmethod
    def key(mutant: Mutant) -> str:
        return hashlib.sha256(f"{mutant.module}\n{mutant.text}".encode()).hexdigest()


class Reasons:
    """The mutants that the document lists, each with the reason why it survives."""

    def __init__(self, root: Path) -> None:
        self.listed = (root / "docs" / "mutation.md").read_text().splitlines()

    def has(self, mutant: Mutant) -> bool:
        """Say whether the document lists it."""
        return any(line.startswith(mutant.row) for line in self.listed)

    def of_none(self, survivors: list[Mutant], modules: set[str]) -> list[str]:
        """Return the lines about modules that are of none of the survivors."""
        rows = tuple(mutant.row for mutant in survivors)
        of_modules = tuple(f"| `{module}." for module in modules)
        return [
            line
            for line in self.listed
            if line.startswith(of_modules) and not line.startswith(rows)
        ]

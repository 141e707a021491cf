"""A fixture story: where its files are, who is in it, what it expects.

Owns the loading of ``fixtures/<story>``; knows nothing of the product, so that what
checks a story by hand can rest on it.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FIXTURES: Final = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True)
class Story:
    """The folder of a story."""

    folder: Path

    @property
    def world(self) -> dict[str, Any]:
        """Who there is, and the events in order of time."""
        return tomllib.loads(self.text("world.toml"))

    @property
    def readme(self) -> str:
        """The story in words, with every figure."""
        return self.text("README.md")

    def text(self, name: str) -> str:
        """Return a file of the story as text."""
        return (self.folder / name).read_text("utf-8")

    def expected(self, name: str) -> Any:
        """Return ``expected/<name>.json``."""
        return json.loads(self.text(f"expected/{name}.json"))

    def agreements(self) -> list[dict[str, Any]]:
        """Return the documents that the story's events sign, in their order."""
        signed = [event for event in self.world["events"] if event["do"] == "sign"]
        return [tomllib.loads(self.text(event["file"])) for event in signed]

    def files(self, upload: str) -> list[Path]:
        """Return the files of an upload in the order of their names."""
        return sorted((self.folder / "uploads" / upload).iterdir())


def ceiba() -> Story:
    """Return the story of the consortium Ceiba, first quarter of 2026."""
    return Story(FIXTURES / "ceiba-2026-q1")

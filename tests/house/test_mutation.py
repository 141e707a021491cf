"""The faults that no test notices are listed, with reasons, of code that is there."""

from __future__ import annotations

import re

from house.source import CORE, document

ROW = re.compile(
    r"^\| `(\w+)\.[^`]+` \| `([^`]+)` \| `[^`]+` \| (.+) \|$", re.MULTILINE
)


def test_every_survivor_s_line_is_still_in_its_module_and_has_a_reason() -> None:
    rows = ROW.findall(document("mutation.md").replace(r"\|", "\0"))
    assert len(rows) == document("mutation.md").count("\n| `")
    gone = [
        (module, line)
        for module, line, _ in rows
        if line.replace("\0", "|") not in on_one_line(module)
    ]
    assert gone == []


def on_one_line(module: str) -> str:
    """Return a module's text as the document quotes it."""
    lines = (CORE / f"{module}.py").read_text().splitlines()
    return " ".join(line.strip() for line in lines)

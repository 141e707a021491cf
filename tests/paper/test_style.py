"""The style sheet: text that contrasts, and is large enough to read."""

from __future__ import annotations

import importlib
import re


def test_colours_that_carry_text_contrast_enough() -> None:
    css = importlib.import_module("rappel.bundled").bundled("templates")
    sheet = (css / "statement" / "v1" / "statement.css").read_text()
    colours = set(re.findall(r"[{; ]color: (#[0-9a-f]{6})", sheet))
    grounds = {"#ffffff", *re.findall(r"\.(?:z|current) { background: (#\w{6})", sheet)}
    assert len(colours) >= 3
    assert len(grounds) == 3
    for colour in colours:
        for ground in grounds:
            assert _contrast(colour, ground) >= 4.9, (colour, ground)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_text_is_smaller_than_the_eye_allows() -> None:
    css = importlib.import_module("rappel.bundled").bundled("templates")
    sheet = (css / "statement" / "v1" / "statement.css").read_text()
    sizes = re.findall(r"(?:font-size: |font: \d+ )([\d.]+)pt", sheet)
    assert len(sizes) > 10
    assert min(map(float, sizes)) >= 6.7

"""One renderer, and the two statements that many tests read."""

from __future__ import annotations

import pytest

from paper.samples import line, statement
from rappel.paper.statement import Renderer


@pytest.fixture(scope="package")
def renderer() -> Renderer:
    return Renderer()


@pytest.fixture(scope="package")
def long(renderer: Renderer) -> bytes:
    return renderer.pdf(statement(line(200), locale="en"))


@pytest.fixture(scope="package")
def usual(renderer: Renderer) -> bytes:
    return renderer.pdf(statement())

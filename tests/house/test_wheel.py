"""What is installed elsewhere is whole: the wheel carries what is no Python."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FINDS = """
from rappel.bundled import bundled
for name in ("templates", "migrations", "schemas"):
    for path in sorted(bundled(name).rglob("*")):
        print(name, path.relative_to(bundled(name)))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("built")
    build = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "wheel",
        "-d",
        str(built),
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    place = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


def test_the_wheel_finds_all_that_the_checkout_has(installed: Path) -> None:
    elsewhere = found(installed)
    assert elsewhere == found(ROOT / "src")
    for part in ("templates locale/es.po", "migrations env.py", "schemas "):
        assert any(line.startswith(part) for line in elsewhere), part


def found(place: Path) -> list[str]:
    answer = subprocess.run(
        [sys.executable, "-B", "-c", FINDS],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(place)},
        check=True,
        capture_output=True,
        text=True,
    )
    lines = answer.stdout.splitlines()
    return [line for line in lines if "__pycache__" not in line and ".git" not in line]


def test_the_wheel_carries_no_tests_and_no_bytecode(installed: Path) -> None:
    names = {path.relative_to(installed).as_posix() for path in installed.rglob("*")}
    assert not {name for name in names if name.endswith((".pyc", "conftest.py"))}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"rappel"}

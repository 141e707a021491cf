"""The script at the door: quiet on standard output, plain about what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from house.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MISSING = 5
RUN = ROOT / "run"


def run(*arguments: str, script: Path = RUN, **environ: str) -> list[str | int]:
    done = subprocess.run(
        [str(script), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], **environ},
    )
    return [done.returncode, done.stdout, done.stderr]


def test_it_is_a_posix_script_of_a_page_or_two() -> None:
    assert RUN.read_text().startswith("#!/bin/sh\n")
    assert os.access(RUN, os.X_OK)
    for shell in ("sh", "dash", "busybox"):
        if found := shutil.which(shell):
            applet = ["sh"] if shell == "busybox" else []
            subprocess.run([found, *applet, "-n", str(RUN)], check=True)


def test_without_a_home_it_says_so_and_stops() -> None:
    code, out, said = run("doctor")
    assert (code, out) == (MISSING, "")
    assert "HOME is not set" in str(said)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    code, out, said = run("doctor", HOME=str(file))
    assert (code, out) == (MISSING, "")
    assert f"{file}/.cache/rappel cannot be written" in str(said)


@pytest.mark.full
def test_a_fresh_copy_with_an_empty_home_sets_itself_up(tmp_path: Path) -> None:
    copy = tmp_path / "a copy"
    left_out = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, copy, ignore=left_out)
    home = tmp_path / "home"
    home.mkdir()
    code, out, said = run("--version", script=copy / "run", HOME=str(home))
    assert (code, out) == (0, "rappel 0.1.0\n"), said
    assert run("--version", script=copy / "run", HOME=str(home)) == [0, out, ""]

"""Certificates from a terminal: believed, listed, taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sealing import AUTHORITY, PAC
from terminal import rappel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.full  # a dozen programs, each with a server of its own
def test_an_authority_is_added_listed_and_taken_back(tmp_path: Path) -> None:
    state = tmp_path / "state"
    rappel(
        state,
        *[
            "init",
            "--name=Ceiba",
            "--tax-id=CCI170519R41",
            "--country=MX",
            "--currency=MXN",
        ],
        "--locale=es-MX",
        "--administrator=Marisol",
    )
    for holder in (AUTHORITY, PAC):
        (tmp_path / f"{holder.number}.cer").write_bytes(holder.der)
    authority, certifier = (
        str(tmp_path / f"{one.number}.cer") for one in (AUTHORITY, PAC)
    )
    because = "--because=sat.gob.mx"
    refused = rappel(state, "trust", "add", certifier, because, exits=4)
    assert "AC DE PRUEBA" in refused.stderr
    done = rappel(state, "trust", "add", authority, because)
    assert done.stdout == "AC DE PRUEBA (RAIZ DE PRUEBA), 2028-01-01\n"
    added = rappel(state, "trust", "add", certifier, because, "--json")
    assert json.loads(added.stdout)["number"] == PAC.number

    listed = json.loads(rappel(state, "trust", "list", "--json").stdout)
    assert [one["holder"] for one in listed[-2:]] == ["AC DE PRUEBA", "CERTIFICADOR"]
    assert "AUTORIDAD CERTIFICADORA" in rappel(state, "trust", "list").stdout

    fingerprint = listed[-1]["fingerprint"]
    rappel(state, "trust", "remove", fingerprint, "--because=revoked")
    rappel(state, "trust", "remove", fingerprint, "--because=revoked", exits=4)
    left = json.loads(rappel(state, "trust", "list", "--json").stdout)
    assert len(left) == len(listed) - 1
    other = tmp_path / "other.cer"
    other.write_text("none")
    rappel(state, "trust", "add", str(other), because, exits=2)

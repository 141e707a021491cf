"""What docs/api.md tells a developer: every route, and commands that work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from house.source import document
from purchases import cfdi
from rappel.actions.setup import initialise
from rappel.store.base import connect
from rappel.web.app import create_app
from rappel.web.auth import ADMINISTRATOR, EVERYBODY, MEMBER, PUBLIC
from web.consortium import NOW, TAX_IDS, A, S
from web.serving import served

if TYPE_CHECKING:
    from pathlib import Path

    from rappel.store.base import Database

ROLES = {
    PUBLIC: "everybody",
    ADMINISTRATOR: "a",
    MEMBER: "a m",
    EVERYBODY: "a m s",
}
ROW = re.compile(r"^\| `(\w+) (/\S*)` \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def test_every_route_has_its_row_with_its_roles(shared_db: Database) -> None:
    told = {(row[1], row[2]): row[3] for row in ROW.finditer(document("api.md"))}
    there = {
        (method, route.path_format): ROLES[handler.opt["roles"]]
        for route in create_app(shared_db).routes
        if hasattr(route, "route_handler_map")
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and not route.path.startswith("/assets")
    }
    assert told == there


def test_every_status_of_a_refusal_is_explained() -> None:
    told = set(re.findall(r"^\| (\d{3}) \|", document("api.md"), re.MULTILINE))
    assert told == {"401", "403", "404", "405", "409", "413", "422", "500", "503"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_commands_work_in_their_order(owner_url: str, tmp_path: Path) -> None:
    books = connect(owner_url, cache=tmp_path / "founding")
    first = initialise(
        books,
        name="Compras Unidas",
        tax_id="CUN010203GHA",
        country="MX",
        address="Reforma 1",
        currency="MXN",
        locale="es-MX",
        administrator="Alma Admin",
        email=None,
        now=NOW,
    )
    books.dispose()
    for name in ("A1", "A2"):
        file = cfdi(name, issuer=TAX_IDS[S], receiver=TAX_IDS[A], net="60000.00")
        (tmp_path / file.name).write_bytes(file.content)
    blocks = re.findall(
        r"^```sh\n(.*?)^```", document("api.md"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) >= 4
    with served(owner_url, tmp_path) as address:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
            env={"PATH": os.environ["PATH"], "RAPPEL": address, "ADMIN": first.key},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"amount":"2400.00"' in done.stdout
    assert len(PdfReader(tmp_path / "statement.pdf").pages) >= 1

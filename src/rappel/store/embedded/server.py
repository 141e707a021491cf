"""The embedded server itself: made, started, asked for databases, stopped.

Owns what PostgreSQL is told; not how its process is kept nor whose its folder is.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from rappel.errors import Refused, Unavailable
from rappel.store.embedded.folder import (
    locked,
    private,
    same_major,
    same_owner,
    socket_folder,
)
from rappel.store.embedded.process import Kept, end_orphans, environment, tied
from rappel.store.embedded.programs import find_programs, identity_for

if TYPE_CHECKING:
    from types import TracebackType

SUPERUSER = "postgres"
START_SECONDS = 300  # recovery after a crash may take long; a dead server ends it
LOG_BYTES = 5_000_000
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class Server:
    """The server of one folder, running while its ``with`` block runs.

    Args:
        folder: where everything of it lies; made when it is missing.
        durable: false only for tests: quick, and lost with the machine's power.
        programs: the PostgreSQL to use; none finds one.

    Raises:
        Refused: another process owns the folder, or another major version made it.
        Unavailable: there is no PostgreSQL, or it does not start.
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, programs: Path | None = None
    ) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.programs = find_programs(programs)
        self._data = self.folder / "data"
        self._open = ExitStack()
        self._owner = os.getpid()

    def __enter__(self) -> Self:
        """Make the folder if needed, start the server and wait until it answers."""
        with ExitStack() as undo:
            private(self.folder)
            undo.enter_context(locked(self.folder))
            self._identity = identity_for(self.programs, self.folder)
            same_owner(self.folder, self._identity)
            self._identity.own(self.folder)
            if not self._data.exists():
                self._initialise()
            same_owner(self._data, self._identity)
            same_major(self.folder, self.programs)
            end_orphans(self._data)
            self._socket = socket_folder(self.folder)
            private(self._socket)
            same_owner(self._socket, self._identity)
            self._socket.chmod(0o700)
            self._identity.own(self._socket)
            if self._socket.parent != self.folder:
                undo.callback(shutil.rmtree, self._socket, ignore_errors=True)
            self._start(undo)
            self._open = undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server; a forked child leaves its parent's alone."""
        if os.getpid() == self._owner:
            self._open.close()

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        return self._process.pid

    def url(
        self,
        *,
        database: str = "postgres",
        user: str = SUPERUSER,
        password: str | None = None,
    ) -> str:
        """Return the address of ``database``, for psycopg and for SQLAlchemy 2.1.

        Without ``password`` it is the superuser's.
        """
        return address(self.folder, database=database, user=user, password=password)

    def has_database(self, name: str) -> bool:
        """Return whether there is a database called ``name``."""
        with psycopg.connect(self.url()) as connection:
            asked = "select 1 from pg_database where datname = %s"
            return connection.execute(asked, [name]).fetchone() is not None

    def create_database(self, name: str, template: str | None = None) -> None:
        """Make the database ``name``, a copy of ``template`` when one is named.

        Nobody may be connected to the template.

        Raises:
            Refused: there is one of that name.
        """
        statement = sql.SQL("create database {}").format(sql.Identifier(name))
        if template is not None:
            copy = sql.SQL(" template {}").format(sql.Identifier(template))
            statement = sql.Composed([statement, copy])
        with psycopg.connect(self.url(), autocommit=True) as connection:
            try:
                connection.execute(statement)
            except psycopg.errors.DuplicateDatabase as error:
                raise Refused(
                    f"There is a database {name} already.", code="database_exists"
                ) from error

    def drop_database(self, name: str) -> None:
        """Drop the database ``name`` and end the connections to it."""
        statement = sql.SQL("drop database if exists {} with (force)")
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name)))

    def _initialise(self) -> None:
        """Make ``data`` whole or not at all: elsewhere first, then renamed."""
        self._sweep()
        fresh = Path(tempfile.mkdtemp(prefix="data.new-", dir=self.folder))
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        if not secret.read_text():  # a dump that is restored brings its own back
            secret.write_text(secrets.token_urlsafe(24))
        for path in (fresh, secret):
            self._identity.own(path)
        command = [self.programs.path("initdb"), f"--pgdata={fresh}"]
        command += [f"--username={SUPERUSER}", "--encoding=UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={secret}"]
        # A locale of PostgreSQL's own sorts alike on every system; 17 brought it.
        if self.programs.major >= 17:  # noqa: PLR2004 - a version, not a quantity
            command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        if not self.durable:
            command += ["--no-sync"]
        made = subprocess.run(
            tied([*self._identity.prefix, *command]),
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment(),
        )
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise _does_not_start(made.stderr.strip())
        fresh.rename(self._data)
        self._sweep()  # who was killed at it may have written a moment longer

    def _sweep(self) -> None:
        """Remove what owners left that were killed while they made the folder."""
        for left in self.folder.glob("data.new-*"):
            shutil.rmtree(left, ignore_errors=True)

    def _start(self, undo: ExitStack) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        chosen = [f"{name}={value}" for name, value in options.items()]
        chosen += [] if self.durable else FAST
        command = [*self._identity.prefix, self.programs.path("postgres")]
        command += ["-D", str(self._data)]
        command += [word for option in chosen for word in ("-c", option)]
        log = self.folder / "server.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(self.folder / "server.log.1")
        before = log.stat().st_size if log.exists() else 0
        self._process = undo.enter_context(Kept(command, log)).process
        self._wait_until_ready(log, before)

    def _wait_until_ready(self, log: Path, before: int) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            # The file of a server that died says "ready" too: its pid tells.
            lines = _pid_file(self._data)
            if lines[:1] == [str(self.pid)] and lines[7:8] == ["ready"]:
                return
            time.sleep(0.01)
        with log.open("rb") as written:
            written.seek(before)
            raise _does_not_start(written.read().decode(errors="replace").strip())


def running(folder: Path, *, database: str = "postgres") -> str | None:
    """Return the superuser's address of ``database`` if the server of ``folder`` runs.

    For a second process, which may use a server that it does not own.
    """
    place = folder.resolve()
    if not (socket_folder(place) / ".s.PGSQL.5432").exists():
        return None
    try:
        psycopg.connect(address(place, database=SUPERUSER)).close()
    except psycopg.OperationalError:
        return None
    return address(place, database=database)


def address(
    folder: Path,
    *,
    database: str,
    user: str = SUPERUSER,
    password: str | None = None,
) -> str:
    """Return the address of ``database`` in ``folder``, whether it runs or not."""
    secret = password or (folder / "password").read_text()
    place = quote(str(socket_folder(folder)), safe="")
    who = f"{quote(user, safe='')}:{quote(secret, safe='')}"
    return f"postgresql://{who}@/{quote(database, safe='')}?host={place}"


def _pid_file(data: Path) -> list[str]:
    with suppress(FileNotFoundError):
        text = (data / "postmaster.pid").read_text()
        return [line.strip() for line in text.splitlines()]
    return []


def _does_not_start(said: str) -> Unavailable:
    return Unavailable(
        f"The embedded PostgreSQL does not start. It said:\n{said or 'nothing'}",
        code="database_does_not_start",
        repair="Correct what it names, or set DATABASE_URL to a server.",
    )

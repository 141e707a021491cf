"""Run one of PostgreSQL's programs beside the embedded server of a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rappel.store.embedded import Server
from rappel.store.embedded.folder import socket_folder
from rappel.store.embedded.server import SUPERUSER


def main(arguments: list[str]) -> int:
    """Run a command beside the server of a folder: ``FOLDER COMMAND…``.

    PostgreSQL's own programs are found first, and connect without being told how.
    """
    folder, *command = arguments
    with Server(Path(folder)) as server:
        place = {
            "PATH": f"{server.programs.folder}:{os.environ['PATH']}",
            "PGHOST": str(socket_folder(server.folder)),
            "PGUSER": SUPERUSER,
            "PGPASSFILE": os.devnull,
            "PGPASSWORD": (server.folder / "password").read_text(),
            "PGDATABASE": "postgres",
        }
        return subprocess.run(command, check=False, env=os.environ | place).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

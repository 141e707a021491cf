"""The server itself, on a socket, as `rappel serve` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from rappel.cli.serving import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 60.0
SERVE = "from rappel.cli import main; main()"


@contextmanager
def served(url: str, folder: Path) -> Iterator[str]:
    """Serve the books at ``url`` for as long as the block runs; give the address."""
    port = free_port(HOST)
    kept = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH"}
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {
        "DATABASE_URL": url,
        "RAPPEL_STATE": str(folder / "state"),
        "RAPPEL_PDF_WORKERS": "1",
        "RAPPEL_LOG_LEVEL": "debug",
    }
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://{HOST}:{port}"
            _wait(address, server, folder)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def _wait(address: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, (folder / "server.log").read_text()
        try:
            if httpx.get(f"{address}/health/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError((folder / "server.log").read_text())

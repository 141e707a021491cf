"""``rappel serve`` with a database of its own: what the README says to type."""

from __future__ import annotations

import re
import signal
import time
from typing import TYPE_CHECKING

import httpx

from terminal import rappel, start

if TYPE_CHECKING:
    from pathlib import Path

INIT = (
    "init --name=Ceiba --tax-id=CCI170519R41 --country=MX --currency=MXN"
    " --administrator=Marisol"
)


def test_it_serves_and_other_commands_use_the_same_books(tmp_path: Path) -> None:
    key = rappel(tmp_path, *INIT.split()).stdout.strip()
    with start(tmp_path, "serve", "--port", "0") as server:
        assert server.stderr is not None
        found = re.search(r"http://[0-9.:]+", server.stderr.readline())
        assert found is not None
        with httpx.Client(base_url=found[0]) as api:
            assert ready(api)
            mine = {"Authorization": f"Bearer {key}"}
            assert api.get("/v1/periods", headers=mine).json()["data"] == []

            rappel(
                tmp_path, *["periods", "open", "2026-Q1", "2026-01-01", "2026-04-01"]
            )

            (period,) = api.get("/v1/periods", headers=mine).json()["data"]
            assert period["period"] == "2026-Q1"
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    assert server.returncode in {0, 130}


def ready(api: httpx.Client) -> bool:
    """Wait until the server answers, at most half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if api.get("/health/ready").status_code == 200:
                return True
        except httpx.TransportError:
            time.sleep(0.1)
    return False

"""What the environment says is read once, and refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from rappel import bundled, settings
from rappel.errors import Malformed, Unavailable

HOME = {"HOME": "/home/ana"}


def test_nothing_needs_to_be_said() -> None:
    assert settings.read(HOME) == settings.Settings(
        state=Path("/home/ana/.local/state/rappel")
    )


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    empty = {"RAPPEL_PORT": "", "DATABASE_URL": " ", "RAPPEL_STATE": ""}
    assert settings.read(HOME | empty) == settings.read(HOME)


def test_the_state_lies_where_the_person_keeps_state() -> None:
    assert settings.read(HOME | {"XDG_STATE_HOME": "/var/ana"}).state == Path(
        "/var/ana/rappel"
    )
    relative = settings.read(HOME | {"XDG_STATE_HOME": "state"})
    assert relative.state == settings.read(HOME).state
    assert settings.read({"RAPPEL_STATE": "/srv/rappel"}).state == Path("/srv/rappel")


def test_two_names_are_those_that_the_world_uses() -> None:
    said = {"DATABASE_URL": "postgresql://x/y", "PG_BIN": "/opt/pg/bin"}
    read = settings.read(HOME | said)
    assert (read.database_url, read.pg_bin) == ("postgresql://x/y", Path("/opt/pg/bin"))


@pytest.mark.parametrize("text", ["0", "65535"])
def test_a_port_is_read_up_to_its_bounds(text: str) -> None:
    assert settings.read(HOME | {"RAPPEL_PORT": text}).port == int(text)


@pytest.mark.parametrize("text", ["-1", "65536", "80.0", "http", "٨٠"])
def test_a_port_beyond_its_bounds_is_refused_and_named(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        settings.read(HOME | {"RAPPEL_PORT": text})
    (fault,) = refused.value.faults
    assert fault.field == "RAPPEL_PORT"
    assert "0 to 65535" in fault.message
    assert "docs/settings.md" in fault.repair


def test_all_faults_are_named_at_once() -> None:
    wrong = {"RAPPEL_LOCALE": "fr", "RAPPEL_LOG_LEVEL": "loud", "RAPPEL_POOL": "0"}
    with pytest.raises(Malformed) as refused:
        settings.read(HOME | wrong)
    assert [fault.field for fault in refused.value.faults] == list(wrong)


def test_each_word_is_read_in_any_case() -> None:
    said = {"RAPPEL_LOCALE": "ES", "RAPPEL_LOG_LEVEL": "Warning"}
    read = settings.read(HOME | said)
    assert (read.locale, read.log_level) == ("es", "warning")


def test_what_an_installation_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bundled.IN_CHECKOUT, "maps", "docs/maps")
    with pytest.raises(Unavailable, match="maps") as unavailable:
        bundled.bundled("maps")
    assert unavailable.value.repair.startswith("Install rappel again")

"""`serve` with the whole platform, as an operator starts and ends it."""

import os
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import TestDatabase
from tests.site.processes import (
    Started,
    clean_environ,
    flask_command,
    free_port,
    get,
    start,
    wait_until_gone,
)

pytestmark = pytest.mark.processes

GOOD_SECRET = "pJ4v9Xw2qLr7Tz0mKc5nBy8hGd3sFa6e"
Command = Callable[..., Started]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def command(data: Path, port: int, tmp_path: Path) -> Iterator[Command]:
    """Run a command in demo mode (or with other settings), from a folder that is not ours."""
    started: list[Started] = []

    def _command(*words: str, **settings: str) -> Started:
        chosen = {"NETAPP_DEMO": "yes", "INSTANCE": str(data), "PORT": str(port)} | settings
        environ = clean_environ(**{name: value for name, value in chosen.items() if value})
        started.append(start(flask_command(*words), environ, folder=tmp_path))
        return started[-1]

    yield _command
    for each in started:
        each.end()


def public(port: int) -> dict[str, str]:
    """Settings for a start outside demo mode on this machine."""
    return {
        "NETAPP_DEMO": "",
        "NETAPP_BASE_URL": f"http://localhost:{port}",
        "NETAPP_SECRET_KEY": GOOD_SECRET,
        "NETAPP_UID_DOMAIN": "charity.org.uk",
    }


def test_it_makes_the_database_starts_both_and_ends_both(
    command: Command, port: int, data: Path
) -> None:
    running = command("serve")
    running.wait_for_line(f"^Ready: http://127.0.0.1:{port}$")
    assert "Making the database ..." in running.lines
    assert get(port, "/")[0] == 200
    assert get(port, "/", host="elsewhere.example")[0] == 400
    pids = list(running.children())
    assert len(pids) == 2
    running.process.send_signal(signal.SIGTERM)
    assert running.wait_for_end() == 0
    assert running.lines[-1] == "Stopped."
    for pid in pids:
        wait_until_gone(pid)
    with sqlite3.connect(data / "netapp.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_a_second_start_keeps_the_data(command: Command, port: int, data: Path) -> None:
    first = command("serve")
    first.wait_for_line("^Ready")
    first.process.send_signal(signal.SIGINT)
    assert first.wait_for_end() == 0
    secret = (data / "secret-key").read_bytes()
    archive = get_archive(data)

    second = command("serve")
    second.wait_for_line("^Ready")
    assert "Making the database ..." not in second.lines
    assert (data / "secret-key").read_bytes() == secret
    assert get_archive(data) == archive != []


def get_archive(data: Path) -> list[str]:
    database = sqlite3.connect(data / "netapp.db")
    try:
        return [slug for (slug,) in database.execute("SELECT slug FROM events ORDER BY slug")]
    finally:
        database.close()


@pytest.mark.postgresql
def test_postgresql_by_one_setting(command: Command, port: int, database: TestDatabase) -> None:
    database.empty()
    running = command("serve", NETAPP_DATABASE_URL=database.url)
    running.wait_for_line(f"^Ready: http://127.0.0.1:{port}$")
    assert get(port, "/")[0] == 200
    running.end()  # Before another test empties this database.


def test_when_the_worker_is_killed_the_web_server_ends_too(command: Command) -> None:
    running = command("serve")
    running.wait_for_line("^Ready")
    web = running.child("wsgi.py")
    os.kill(running.child(" worker"), signal.SIGKILL)
    assert running.wait_for_end() == 1
    assert running.lines[-1] == (
        "The worker ended by itself (by signal SIGKILL); the web server is stopped too."
    )
    wait_until_gone(web)


def test_a_port_that_is_taken_is_said_at_once(command: Command, port: int, data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        running = command("serve")
        assert running.wait_for_end() == 1
    assert running.lines == [
        f"Error: Another program already listens on 127.0.0.1:{port}. Stop it, or choose another"
        f" port, for example: make run PORT={port + 1}"
    ]
    assert not (data / "netapp.db").exists()


def test_unsafe_settings_stop_the_start_with_one_sentence(command: Command, port: int) -> None:
    running = command("serve", **public(port) | {"NETAPP_SECRET_KEY": "secret"})
    assert running.wait_for_end() == 1
    assert len(running.lines) == 1
    assert running.lines[0].startswith(
        "The platform does not start: NETAPP_SECRET_KEY can be guessed"
    )


def test_the_demos_people_are_not_let_out(command: Command, port: int) -> None:
    loading = command("serve")
    loading.wait_for_line("^Ready")
    loading.end()
    for words in ("serve", "web"):
        running = command(words, **public(port))
        assert running.wait_for_end() == 1
        assert running.lines[-1].startswith("Error: The database holds the demo's sign-ins")


def test_outside_demo_mode_nothing_is_loaded(command: Command, port: int, data: Path) -> None:
    running = command("serve", **public(port))
    running.wait_for_line(f"^Ready: http://127.0.0.1:{port}")
    assert f"No mail server is set: mail is kept in {data / 'mail'}." in running.lines
    assert get(port, "/", host="localhost")[0] == 200
    assert get(port, "/", host="127.0.0.1")[0] == 400
    assert get_archive(data) == []


def test_a_database_that_is_away_is_named_without_its_password(command: Command) -> None:
    away = f"postgresql://netapp:hunter2@127.0.0.1:{free_port()}/netapp"
    running = command("serve", NETAPP_DATABASE_URL=away)
    assert running.wait_for_end() == 1
    assert running.lines[-1].startswith("Error: The database cannot be reached: ")
    assert "hunter2" not in "".join(running.lines)


def test_a_database_of_a_newer_version_is_left_alone(command: Command, data: Path) -> None:
    data.mkdir()
    with sqlite3.connect(data / "netapp.db") as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('209901010000')")
    database.close()
    running = command("serve")
    assert running.wait_for_end() == 1
    assert running.lines[-1].startswith(
        "Error: The database does not fit this version of the platform"
    )


@pytest.mark.parametrize("words", [("--help",), ("serve", "--help"), ("settings",)])
def test_help_needs_no_settings(command: Command, words: tuple[str, ...]) -> None:
    running = command(*words, NETAPP_DEMO="", INSTANCE="", PORT="")
    assert running.wait_for_end() == 0
    assert len(running.lines) > 8

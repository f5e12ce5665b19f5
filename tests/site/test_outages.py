"""What people lose when a machine fails: nothing. With the real processes, on a real database."""

import os
import signal
import sqlite3
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.site.processes import Started, clean_environ, flask_command, free_port, start
from tests.visitor import PageForm, read_forms

pytestmark = pytest.mark.processes

LOCK_ANSWER_WITHIN = 35.0  # Seconds; a visitor waits no longer.


class HttpVisitor:
    """Somebody at a browser of their own, over the network."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        self.address = self.text = ""

    def open(self, path: str, data: bytes | None = None) -> int:
        request = urllib.request.Request(urllib.parse.urljoin(self.base, path), data)
        try:
            with self.opener.open(request, timeout=LOCK_ANSWER_WITHIN) as answer:
                self.address, self.text, status = answer.url, answer.read().decode(), answer.status
        except HTTPError as refused:
            with refused:
                self.address, self.text, status = refused.url, refused.read().decode(), refused.code
        return int(status)

    def form(self, action: str) -> PageForm:
        path = urllib.parse.urlsplit(self.address).path
        return next(f for f in read_forms(path, self.text) if f.action.endswith(action))

    def send(self, form: PageForm, **more: str) -> int:
        data = [(name, value) for name, value in form.fields if name not in more]
        return self.open(form.action, urllib.parse.urlencode([*data, *more.items()]).encode())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Iterator[Callable[[int], Started]]:
    started: list[Started] = []

    def _run(port: int) -> Started:
        environ = clean_environ(NETAPP_DEMO="yes", INSTANCE=str(data), PORT=str(port))
        started.append(start(flask_command("serve"), environ))
        started[-1].wait_for_line("^Ready")
        return started[-1]

    yield _run
    for each in started:
        each.end()


def ask(data: Path, question: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(data / "netapp.db")
    try:
        return list(database.execute(question))
    finally:
        database.close()


def open_event(port: int, data: Path) -> tuple[HttpVisitor, PageForm]:
    """A guest with the booking form of a sample event in front of them."""
    slugs = ask(data, "SELECT slug FROM events WHERE is_sample AND booked_as = 'by_session'")
    visitor = HttpVisitor(port)
    assert visitor.open(f"/events/{slugs[0][0]}") == 200
    return visitor, visitor.form("/bookings")


def stop_between_writes(worker: int, data: Path) -> None:
    """Stopped in the middle of a write it would hold the database as long as it is stopped."""
    for _ in range(100):
        os.kill(worker, signal.SIGSTOP)
        lock = sqlite3.connect(data / "netapp.db", timeout=0.1, isolation_level=None)
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            os.kill(worker, signal.SIGCONT)
        else:
            return
        finally:
            lock.close()
    raise AssertionError("the worker wrote all the time")


GUEST = {"name": "Sam Reed", "email": "sam@example.org"}
MINE = "FROM outbox_messages WHERE to_email = 'sam@example.org'"


@pytest.mark.slow
def test_killed_after_the_commit_the_mail_still_goes_out_under_its_one_name(run, data):
    running = run(port := free_port())
    visitor, form = open_event(port, data)
    stop_between_writes(running.child(" worker"), data)  # So that nothing is sent before the end.
    assert visitor.send(form, **GUEST) == 200
    for pid in running.children():
        os.kill(pid, signal.SIGKILL)
    running.wait_for_end()
    queued = ask(data, f"SELECT message_id {MINE} ORDER BY id")
    assert len(queued) == 1
    assert kept(data) == []

    environ = clean_environ(NETAPP_DEMO="yes", INSTANCE=str(data), PORT=str(port))
    delivery = start(flask_command("mail", "deliver"), environ)
    assert delivery.wait_for_end() == 0
    delivery.end()
    assert [(f"<{name}>",) for (name,) in queued] == [(mail["Message-ID"],) for mail in kept(data)]
    assert ask(data, f"SELECT state {MINE}") == [("sent",)]

    run(port)
    assert visitor.send(form, **GUEST) == 200  # The same form again: led to the first result.
    mine = "SELECT count(*) FROM bookings JOIN people ON people.id = person_id"
    assert ask(data, f"{mine} WHERE email = 'sam@example.org'") == [(1,)]
    assert ask(data, f"SELECT count(*) {MINE}") == [(1,)]


def kept(data: Path) -> list[EmailMessage]:
    """The mails to our guest in the folder that stands for a mail server."""
    parser = BytesParser(policy=policy.default)
    mails = [parser.parsebytes(path.read_bytes()) for path in sorted((data / "mail").glob("*.eml"))]
    return [mail for mail in mails if GUEST["email"] in mail["To"]]


@pytest.mark.slow
def test_a_locked_database_is_an_answer_in_words_and_reading_goes_on(run, data):
    run(port := free_port())
    visitor, form = open_event(port, data)
    lock = sqlite3.connect(data / "netapp.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")

    assert visitor.send(form, **GUEST) == 503
    assert "Nothing you sent was half done." in visitor.text
    reader = HttpVisitor(port)
    assert [reader.open(path) for path in ("/", "/events", "/calendar/events.ics")] == [200] * 3

    lock.execute("ROLLBACK")
    lock.close()
    assert visitor.send(form, **GUEST) == 200
    assert ask(data, f"SELECT count(*) {MINE}") == [(1,)]

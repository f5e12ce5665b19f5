"""A real calendar program subscribes to the real platform: vdirsyncer fetches, khal shows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from netapp import create_app
from netapp.audit.operations import Actor
from netapp.events.models import Event, EventSession, Mode
from netapp.events.operations.cancelling import cancel_date
from netapp.events.operations.dates import change_date
from netapp.events.plans import DatePlan
from netapp.extensions import db
from netapp.people.models import Person
from tests.databases import demo_settings
from tests.events.scenes import book
from tests.factories import NOW, make_coordinator, make_event, make_person
from tests.feeds.reading import changed, token_of
from tests.site.processes import clean_environ, flask_command, free_port, start

pytestmark = pytest.mark.processes

PROGRAMS = Path(sys.executable).parent


@dataclass
class Subscriber:
    """vdirsyncer and khal with one subscribed calendar."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, address: str) -> "Subscriber":
        calendar = folder / "calendar"
        calendar.mkdir(parents=True)
        (folder / "vdirsyncer.ini").write_text(
            f"""
[general]
status_path = "{folder / "status"}"
[pair network]
a = "here"
b = "there"
collections = null
[storage here]
type = "filesystem"
path = "{calendar}"
fileext = ".ics"
[storage there]
type = "http"
url = "{address}"
"""
        )
        (folder / "khal.ini").write_text(
            f"""
[calendars]
[[network]]
path = {calendar}
readonly = True
[locale]
local_timezone = Europe/London
default_timezone = Europe/London
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder / "khal.db"}
"""
        )
        made = cls(folder)
        made._run("vdirsyncer", "-c", "vdirsyncer.ini", "discover", answers="y\n" * 5)
        return made

    def sync(self) -> None:
        self._run("vdirsyncer", "-c", "vdirsyncer.ini", "sync")

    def shown(self) -> list[str]:
        """Start, end, title, place and status of each entry as khal prints them."""
        form = "{start-date} {start-time} {end-time} {title} @ {location} ({status})"
        said = self._run(
            "khal", "-c", "khal.ini", "list", "--day-format", "", "--format", form,
            "2027-01-01", "365d",
        )  # fmt: skip
        return [line.replace(" )", ")") for line in said.splitlines() if line.strip()]

    def files(self) -> dict[str, int]:
        """Each file that is kept, and when it was written."""
        kept = (self.folder / "calendar").glob("*.ics")
        return {path.name: path.stat().st_mtime_ns for path in kept}

    def _run(self, *command: str, answers: str = "") -> str:
        done = subprocess.run(
            [str(PROGRAMS / command[0]), *command[1:]],
            cwd=self.folder,
            input=answers,
            env={**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def platform(tmp_path: Path, port: int) -> Iterator[Flask]:
    """The platform as it is started, at the time of the tests; and its database, to act in."""
    if not (PROGRAMS / "khal").exists():
        pytest.skip("without vdirsyncer and khal: they are not installed")
    clock, data = tmp_path / "clock", tmp_path / "data"
    clock.write_text(NOW.isoformat())
    settings = {
        "NETAPP_DEMO": "yes",
        "INSTANCE": str(data),
        "PORT": str(port),
        "NETAPP_CLOCK_FILE": str(clock),
    }
    server = start(flask_command("serve"), clean_environ(**settings))
    try:
        server.wait_for_line(r"Ready: http")
        app = create_app(demo_settings(data, PORT=str(port)), {"TESTING": True})
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    finally:
        server.end()


@pytest.fixture
def session(platform: Flask) -> Session:
    own = db.session()
    own.expire_on_commit = False
    return own


@pytest.fixture
def coordinator(session: Session) -> Person:
    return make_coordinator(session)


@pytest.fixture
def choir(session: Session) -> Event:
    made = make_event(
        session, sessions=2, title="Choir, with a comma; and more", mode=Mode.IN_PERSON
    )
    changed(session)
    return made


def test_a_subscriber_sees_a_move_and_a_cancellation(
    session: Session, choir: Event, coordinator: Person, port: int, tmp_path: Path
) -> None:
    me = make_person(session)
    book(session, choir, 0, 1, person=me)
    here = f"http://127.0.0.1:{port}"
    network = Subscriber.of(tmp_path / "network", f"{here}/calendar/events.ics")
    mine = Subscriber.of(tmp_path / "mine", f"{here}/calendar/my/{token_of(session, me)}.ics")
    first, second = choir.sessions
    title, place = "Choir, with a comma; and more", "Room 1, Example House, London"

    for subscriber in (network, mine):
        subscriber.sync()
    shown = mine.shown()
    assert shown == [
        f"2027-02-10 14:00 17:30 {title} @ {place} (CONFIRMED)",
        f"2027-02-17 14:00 17:30 {title} @ {place} (CONFIRMED)",
    ]
    assert set(shown) <= set(network.shown())

    before = mine.files()
    mine.sync()
    assert mine.files() == before  # Nothing changed, so nothing was written.

    move(session, choir, first, coordinator)
    for subscriber in (network, mine):
        subscriber.sync()
        shown = subscriber.shown()
        assert f"2027-02-11 15:00 18:30 {title} @ Hall (CONFIRMED)" in shown
        assert f"2027-02-10 14:00 17:30 {title} @ {place} (CONFIRMED)" not in shown
        assert f"2027-02-17 14:00 17:30 {title} @ {place} (CONFIRMED)" in shown
    assert len(mine.files()) == 2  # Named by their content, so one of them is new.

    cancel(session, choir, second, coordinator)
    for subscriber in (network, mine):
        subscriber.sync()
        cancelled = f"2027-02-17 14:00 17:30 Cancelled: {title} @ {place} (CANCELLED)"
        shown = subscriber.shown()
        assert cancelled in shown
        assert len([line for line in shown if title in line]) == 2


def move(session: Session, event: Event, date: EventSession, who: Person) -> None:
    plan = DatePlan(
        starts_at=date.starts_at + timedelta(days=1, hours=1),
        ends_at=date.ends_at + timedelta(days=1, hours=1),
        place="Hall",
    )
    change_date(
        session,
        event_id=event.id,
        session_key=date.key,
        plan=plan,
        seen_version=date.version,
        actor=Actor(who.id, who.name),
        now=NOW,
    )
    session.commit()


def cancel(session: Session, event: Event, date: EventSession, who: Person) -> None:
    session.refresh(date)
    cancel_date(
        session,
        event_id=event.id,
        session_key=date.key,
        reason="The hall is flooded.",
        seen_version=date.version,
        actor=Actor(who.id, who.name),
        now=NOW,
    )
    session.commit()

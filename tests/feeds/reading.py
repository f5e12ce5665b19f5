"""Short words for what feed tests do again and again."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from netapp.feeds.operations import make_token
from netapp.kernel.revisions import raise_revision
from netapp.people.models import Person
from tests.factories import NOW
from tests.kernel.ical.samples import unfolded


def changed(session: Session, *scopes: str, now: datetime = NOW) -> None:
    """What every operation does that calendars show, and commit."""
    for scope in scopes or ("events",):
        raise_revision(session, scope, now)
    session.commit()


def token_of(session: Session, person: Person, name: str = "My phone") -> str:
    _, token = make_token(session, person_id=person.id, name=name, now=NOW)
    session.commit()
    return token


def entries(answer: TestResponse) -> list[dict[str, str]]:
    """The entries of a calendar: name (without parameters) to value."""
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = []
    inside = False
    for line in unfolded(answer.data):
        if line == "BEGIN:VEVENT":
            found.append({})
        inside = line == "BEGIN:VEVENT" or (inside and line != "END:VEVENT")
        name, _, value = line.partition(":")
        if inside:
            found[-1][name.partition(";")[0]] = value
    return found


def summaries(answer: TestResponse) -> list[str]:
    return [entry["SUMMARY"] for entry in entries(answer)]


def header_lines(answer: TestResponse) -> dict[str, Any]:
    """The lines before the first component."""
    before = answer.data.decode().split("BEGIN:VTIMEZONE")[0].split("BEGIN:VEVENT")[0]
    lines = before.replace("\r\n ", "").split("\r\n")
    return dict(line.split(":", 1) for line in lines if line)

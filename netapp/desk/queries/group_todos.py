"""What needs a coordinator about groups: who asks to join, which terms end soon."""

from datetime import datetime

from netapp.desk.queries.todos import Act, Todo
from netapp.groups.queries.desk import requests_waiting, terms_ending
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words


def group_todos(session: DbSession, now: datetime) -> list[Todo]:
    """Two queries."""
    return [*_requests(session), *_terms(session, now)]


def _requests(session: DbSession) -> list[Todo]:
    found = []
    for one in requests_waiting(session):
        asks = "asks" if one.number == 1 else "ask"
        title = f"{count_words(one.number, 'person', 'people')} {asks} to join {one.name}"
        words = "Whoever leads the group can answer, too."
        act = Act(f"/desk/groups/{one.key}/people", "Read and answer", main=True)
        found.append(Todo("people", "teal", title, words, (act,)))
    return found


def _terms(session: DbSession, now: datetime) -> list[Todo]:
    return [
        Todo(
            "hourglass",
            "sand",
            f"A term ends on {one.until_words}",
            f"{one.person_name}, {one.role_words} of {one.group_name}.",
            (Act(f"/desk/groups/{one.key}/people", "Give it again, or to somebody else"),),
        )
        for one in terms_ending(session, now)
    ]

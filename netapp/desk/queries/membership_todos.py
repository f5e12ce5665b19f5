"""What needs a coordinator about membership: who waits for an answer, which invoices are late."""

from datetime import datetime

from netapp.desk.queries.todos import Act, Todo
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, date_words
from netapp.membership.queries.applications import waiting_applications
from netapp.membership.queries.invoices import overdue_count

QUEUE = "/desk/membership/applications"


def membership_todos(session: DbSession, now: datetime) -> list[Todo]:
    return [*_applications(session), *_overdue(session, now)]


def _applications(session: DbSession) -> list[Todo]:
    waiting = waiting_applications(session)
    if waiting is None:
        return []
    since = date_words(waiting.since, site_of(session).zone, year=False)
    if waiting.number == 1:
        title = f"{waiting.name} wants to join"
        act = Act(f"{QUEUE}/{waiting.key}", "Read and answer", main=True)
        return [Todo("person-add", "magenta", title, f"Since {since}.", (act,))]
    title = f"{count_words(waiting.number, 'person', 'people')} want to join"
    act = Act(f"{QUEUE}?show=waiting", "Read and answer", main=True)
    return [Todo("person-add", "magenta", title, f"The first has waited since {since}.", (act,))]


def _overdue(session: DbSession, now: datetime) -> list[Todo]:
    number = overdue_count(session, at=now)
    if not number:
        return []
    title = f"{count_words(number, 'invoice')} {'is' if number == 1 else 'are'} overdue"
    words = "We remind of them by email. Mark what has been paid."
    act = Act("/desk/membership/invoices?show=overdue", "Look")
    return [Todo("pound", "sand", title, words, (act,))]

"""The page of one's own: what is due, from small queries that each domain offers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from netapp.directory.queries.messages import unanswered
from netapp.directory.queries.own import was_asked
from netapp.events.queries.my_parties import my_parties
from netapp.events.queries.my_questions import wanted_answers
from netapp.events.queries.team import HelpedEvent, helped_events
from netapp.groups.models import Group
from netapp.groups.queries.listing import GroupCard, my_groups, open_requests
from netapp.groups.queries.people import led_groups
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, day_words
from netapp.kernel.zones import to_local
from netapp.meetings.queries.decisions import decisions_of_person
from netapp.membership.invoice_models import InvoiceState
from netapp.membership.queries.belonging import Right, has_right
from netapp.membership.queries.invoices import invoices_of
from netapp.membership.queries.mine import Way, my_membership
from netapp.membership.queries.still_true import is_due
from netapp.people.second_factors import awaits_second_step

MESSAGES_WAIT: Final = timedelta(days=14)
"""How long a message of a member that was not answered stands among what is due."""

Colour = Literal["coral", "marigold", "indigo", "sky", "magenta", "teal", "sand"]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, and the link that leads to where it is done."""

    icon: str
    colour: Colour
    title: str
    words: str
    href: str
    act: str


@dataclass(frozen=True, slots=True)
class MyPage:
    due: tuple[Due, ...]  # The most pressing first.
    groups: tuple[GroupCard, ...]
    leads: tuple[Group, ...]
    helps: tuple[HelpedEvent, ...]
    sees_directory: bool
    asks_about_directory: bool


def my_page(session: DbSession, person_id: int, *, now: datetime) -> MyPage:
    leads = led_groups(session, person_id, at=now)
    sees = has_right(session, person_id, Right.SEES_DIRECTORY, at=now)
    return MyPage(
        due=(
            *_second_step(session, person_id),
            *_questions(session, person_id, now),
            *_names(session, person_id, now),
            *_memberships(session, person_id, now),
            *_invoices(session, person_id, now),
            *_decisions(session, person_id, now),
            *_requests(session, leads),
            *_messages(session, person_id, now),
            *_still_true(session, person_id, now),
        ),
        groups=tuple(group for group in my_groups(session, person_id) if not group.is_closed),
        leads=tuple(leads),
        helps=tuple(helped_events(session, person_id)),
        sees_directory=sees,
        asks_about_directory=sees and not was_asked(session, person_id),
    )


def _second_step(session: DbSession, person_id: int) -> Iterator[Due]:
    """Who may see what the desk holds sees nothing of it without a second step."""
    if awaits_second_step(session, person_id):
        words = "You need it before you can open what you were given to see."
        path = "/account/security"
        yield Due("lock", "coral", "Set up your second step", words, path, "Set it up")


def _questions(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    for one in wanted_answers(session, person_id, now):
        title = f"{one.title} asks {count_words(one.number, 'question')}"
        words = f"Please answer by {one.by}." if one.by else ""
        yield Due("list-checks", "coral", title, words, one.path, "Answer")


def _names(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    for party in my_parties(session, person_id, now):
        if party.unnamed:
            title = f"{count_words(party.unnamed, 'name')} to give for {party.title}"
            words = f"By {party.wanted_by}." if party.wanted_by else f"{party.when_words}."
            path = f"/bookings/{party.reference}/names"
            yield Due("people", "coral", title, words, path, "Give names")


def _memberships(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    for way in my_membership(session, person_id, at=now).ways:
        if way.can_renew and way.ends_on and way.state in {"ending", "grace", "lapsed"}:
            through = f" of {way.organisation}" if way.organisation else ""
            title = f"Renew: {way.kind}{through}"
            words = _membership_words(way)
            yield Due("refresh", "marigold", title, words, "/account/membership", "Renew")


def _membership_words(way: Way) -> str:
    assert way.ends_on is not None  # What has no end is not renewed.
    if way.state == "ending":
        return f"It runs to {day_words(way.ends_on)}."
    if way.state == "grace" and way.rights_until:
        held = day_words(way.rights_until)
        return f"It ended on {day_words(way.ends_on)}. What it allows you holds until {held}."
    return f"It ended on {day_words(way.ends_on)}."


def _invoices(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    today = to_local(now, site_of(session).zone).date()
    for invoice in invoices_of(session, person_id):
        if invoice.state is InvoiceState.OPEN:
            late = invoice.due_on < today
            words = f"It {'was' if late else 'is'} due on {day_words(invoice.due_on)}."
            title = f"Pay invoice {invoice.number}"
            yield Due("pound", "marigold", title, words, "/account/membership", "Look")


def _decisions(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    for row in decisions_of_person(session, person_id, now=now):
        by = f", by {row.due_words}" if row.due_words else ""
        words = f"{row.group_name}{by}{': it is late' if row.is_late else ''}."
        path = f"/groups/{row.group_slug}/decisions"
        yield Due("check", "indigo", row.words, words, path, "Say what came of it")


def _requests(session: DbSession, leads: Sequence[Group]) -> Iterator[Due]:
    waiting = open_requests(session) if leads else {}
    for group in leads:
        if number := waiting.get(group.id, 0):
            asks = "asks" if number == 1 else "ask"
            title = f"{count_words(number, 'person', 'people')} {asks} to join {group.name}"
            path = f"/groups/{group.slug}/people"
            yield Due("person-add", "teal", title, "", path, "Read and answer")


def _messages(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    for letter in unanswered(session, person_id, since=now - MESSAGES_WAIT):
        path = f"/account/messages/{letter.key}"
        yield Due("envelope", "sky", f"{letter.other} has written to you", "", path, "Read")


def _still_true(session: DbSession, person_id: int, now: datetime) -> Iterator[Due]:
    if is_due(session, person_id, now=now):
        words = "Once a year we ask you to look at your details and consents."
        yield Due("refresh", "sand", "Is it still true?", words, "/still-true", "Look")

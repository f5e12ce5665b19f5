"""The whole history of one person, the newest first, by kind and in pages.

One view for coordinators: what somebody looks at who may not see it is not among the lines, nor
counted, nor a choice of the filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from netapp.desk.queries.person_history import account, belonging, taking_part
from netapp.desk.queries.person_history.lines import WORDS, HistoryLine, Kind, Source, Whose
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.people.models import Person
from netapp.privacy.queries.consents import consents_of

MOST: Final = 500
"""Lines of each source: for what is older there are the activity log and the pages of each."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that there is, for the filter. Empty ``value``: all of them."""

    value: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class History:
    page: Page[HistoryLine]
    choices: Sequence[Choice]
    chosen: str


def history(
    session: DbSession,
    person: Person,
    *,
    kind: str,
    number: int,
    sees_checks: bool,
    now: datetime,
) -> History:
    """``kind`` is the value of a ``Kind``; anything else means all. ``sees_checks``: whoever looks
    is one of those who look after checks."""
    merged = session.execute(
        select(Person.key, Person.email).where(Person.merged_into_id == person.id)
    ).all()
    whose = Whose(
        person.id,
        [person.key, *(row.key for row in merged)],
        [person.email, *(row.email for row in merged)],
        now,
        MOST,
    )
    sources = _sources(sees_checks=sees_checks, is_gone=person.is_gone)
    lines = [line for source in sources for line in source(session, whose)]
    lines = [line for line in lines if line.at <= _until(line, now)]
    lines.sort(key=lambda line: line.at, reverse=True)
    numbers = {each: sum(line.kind is each for line in lines) for each in Kind}
    choices = [Choice("", "Everything", len(lines))]
    choices += [Choice(each.value, WORDS[each], count) for each, count in numbers.items() if count]
    chosen = kind if kind in {choice.value for choice in choices} else ""
    shown = [line for line in lines if not chosen or line.kind.value == chosen]
    first = (number - 1) * PER_PAGE
    return History(Page(shown[first : first + PER_PAGE], number, len(shown)), choices, chosen)


def _until(line: HistoryLine, now: datetime) -> datetime:
    """What is to come is no history; of today, known by its day alone, all is."""
    return now + timedelta(hours=12) if line.day_only else now


def _sources(*, sees_checks: bool, is_gone: bool) -> list[Source]:
    found: list[Source] = [
        belonging.terms,
        belonging.applications,
        belonging.invoices,
        belonging.said_still_true,
        belonging.seats,
        belonging.affiliations,
        belonging.groups,
        belonging.group_roles,
        belonging.group_requests,
        taking_part.bookings,
        taking_part.places_by_others,
        taking_part.dates_held,
        taking_part.meetings,
        taking_part.interests,
        taking_part.helping,
        account.account,
        account.sign_ins,
        account.asks,
        consents,
        partial(account.mails, with_checks=sees_checks),
        partial(account.log_lines, with_checks=sees_checks, is_gone=is_gone),
    ]
    return [*found, account.checks] if sees_checks else found


def consents(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """Each consent when it was given, and when it ended. That there was one; not what was told."""
    lines = []
    for each in consents_of(session, whose.id):
        more = f"Text of version {each.version}"
        said_yes = each.holds or each.ended_at is not None
        words = f"{'Agreed' if said_yes else 'Does not agree'}: {each.to}"
        lines.append(HistoryLine(each.at, Kind.CONSENTS, words, more=more))
        if each.ended_at is not None:
            words = f"{each.end_words.rstrip(',')}: {each.to}"
            lines.append(HistoryLine(each.ended_at, Kind.CONSENTS, words, more=more))
    return lines

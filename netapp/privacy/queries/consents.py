"""Everything that one person agreed to: what holds, and what held once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from netapp.events.queries.agreed_answers import agreed_answers_of
from netapp.kernel.db import DbSession
from netapp.people.consent_models import ConsentEnd, PastConsent
from netapp.privacy.queries.held import consents_given, one_person

ENDS: Final = {
    ConsentEnd.TAKEN_BACK: "Taken back",
    ConsentEnd.DELETED: "Ended, as what it was for was over,",
    ConsentEnd.REPLACED: "Other words were agreed to",
}


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """``holds``: they said yes, and nothing has ended it. Without ``ended_at`` and not holding:
    they were asked, and said no."""

    to: str
    text: str
    version: str
    at: datetime
    holds: bool = True
    ended_at: datetime | None = None
    end_words: str = ""
    where: str = ""  # The event that it is for, while it holds.


def consents_of(session: DbSession, person_id: int) -> list[ConsentLine]:
    """Every consent that there is a record of, the newest first. That there is or was one, and
    never what was told on the strength of it."""
    ids = one_person(session, person_id)
    given = [
        ConsentLine(each.to, each.text, each.version, each.at, where=each.where)
        for each in consents_given(session, person_id)
    ]
    answered = [
        ConsentLine(each.to, each.text, each.version, each.at, holds=each.holds)
        for each in agreed_answers_of(session, person_id)
    ]
    past = session.scalars(select(PastConsent).where(PastConsent.person_id.in_(ids)))
    ended = [
        ConsentLine(
            each.what,
            each.text,
            each.version,
            each.given_at,
            holds=False,
            ended_at=each.ended_at,
            end_words=ENDS[each.how],
        )
        for each in past
    ]
    return sorted([*given, *answered, *ended], key=lambda line: line.at, reverse=True)

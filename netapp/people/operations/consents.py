"""A consent ends: what was kept by it goes, and a line stays that says until when it held."""

from collections.abc import Iterable
from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import Agreed
from netapp.people.consent_models import ConsentEnd, PastConsent


def note_ended(
    session: DbSession, person_id: int, agreed: Iterable[Agreed], *, how: ConsentEnd, now: datetime
) -> None:
    """Of one person; to be called before what was kept by these consents is deleted."""
    session.add_all(
        PastConsent(
            person_id=person_id,
            what=each.to[:200],
            text=each.text,
            version=each.version,
            given_at=each.at,
            ended_at=now,
            how=how,
        )
        for each in agreed
    )

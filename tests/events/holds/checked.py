"""One act in one transaction, and all that must hold right after it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from netapp.kernel import submissions
from netapp.kernel.site import site_of
from tests.events.holds.calendars import calendars_wrongly
from tests.events.holds.crowd import Deed
from tests.events.holds.invariants import broken
from tests.events.holds.lines import overtaken_wrongly
from tests.events.holds.state import State, read_state
from tests.events.holds.told import told_wrongly
from tests.events.holds.watching import mails_of, watching


def press(session: Session, deed: Deed, key: str, now: datetime) -> bool:
    """What a form does that carries a one-time key; whether it was the first press."""
    if submissions.begin(session, key=key, owner="person:1", purpose=deed.name, now=now):
        return False
    deed.do(session)
    submissions.finish(session, key=key, result="/done")
    return True


def wrong_after(
    session: Session, event_id: int, deed: Deed, key: str | None, now: datetime
) -> list[str]:
    """Does it, and says what does not hold; raises what the operation refuses with.

    To be called within a transaction of its own. It is looked at under the lock of the event, so
    nobody else has changed anything meanwhile.
    """
    with watching(session, event_id) as seen:
        if key is None:
            deed.do(session)
        else:
            press(session, deed, key, now)
        session.flush()
    after = read_state(session, event_id)
    before = seen.before or after
    mails = mails_of(session, seen.keys)
    return [
        *(f"written without the lock: {row}" for row in seen.unguarded),
        *told_wrongly(before, after, mails, deed, now),
        *calendars_wrongly(before, after, mails, site_of(session).uid_domain, now),
        *overtaken_wrongly(session, before, after, deed, now),
        *(broken(session, after, now) if seen.before else []),
    ]


def differences(one: State, other: State) -> Sequence[str]:
    """The names of what is not alike."""
    return [n for n in State.__dataclass_fields__ if getattr(one, n) != getattr(other, n)]

"""The mails about seats: which template, with which words."""

from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import join_words
from netapp.mail.operations import Address, enqueue
from netapp.membership.queries.belonging import belongings
from netapp.organisations.models import Organisation
from netapp.people.models import Person
from netapp.people.operations.links import INVITATION, LIVES, make_link


def seat_given(
    session: DbSession,
    *,
    person: Person,
    called: str,
    organisation: Organisation,
    by: str,
    now: datetime,
) -> None:
    """To somebody who did not take the seat by themselves; who has no account gets a link that
    opens one, once. ``called``: as whoever gave the seat named them."""
    path, days = "/account/organisations", 0
    if person.registered_at is None:
        token = make_link(session, person=person, purpose=INVITATION, now=now)
        path, days = f"/welcome/{token}", LIVES[INVITATION].days
    enqueue(
        session,
        to=Address(called or person.name, person.email),
        message="membership/seat_given",
        about=f"person:{person.key}",
        context={
            "name": called or person.name,
            "organisation": organisation.name,
            "by": by,
            "days": days,
            "url": site_of(session).url(path),
        },
        now=now,
    )


def seat_ended(
    session: DbSession, *, person: Person, organisation: Organisation, by: str, now: datetime
) -> None:
    """To somebody whose seat another person has ended: also says in which ways they still
    belong. Call it when the seat has ended."""
    ways = belongings(session, person.id, at=now)
    words = ["by yourself"] if any(not way.organisation for way in ways) else []
    words += [f"through {name}" for name in dict.fromkeys(w.organisation for w in ways) if name]
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="membership/seat_ended",
        about=f"person:{person.key}",
        context={
            "name": person.name,
            "organisation": organisation.name,
            "by": by,
            "ways": join_words(words) if words else "",
            "url": site_of(session).url("/account/organisations"),
        },
        now=now,
    )

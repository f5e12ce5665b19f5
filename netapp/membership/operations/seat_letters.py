"""The mails about seats: which template, with which words."""

from collections.abc import Sequence
from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import join_words
from netapp.mail.operations import Address, Letter, enqueue, enqueue_all
from netapp.membership.models import Membership
from netapp.membership.queries.belonging import Belonging, belongings
from netapp.membership.queries.terms import Recipient, holder_of, seated
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
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="membership/seat_ended",
        about=f"person:{person.key}",
        context={
            "name": person.name,
            "organisation": organisation.name,
            "by": by,
            "ways": _words(belongings(session, person.id, at=now)),
            "url": site_of(session).url("/account/organisations"),
        },
        now=now,
    )


def no_longer_through(
    session: DbSession, held: Membership, *, told: Sequence[Recipient], now: datetime
) -> None:
    """To everybody with a seat of an organisation that was a member until now: also says in which
    ways they still belong. ``told``: who had a mail about it already. Call it when it has ended."""
    _to_seats(session, held, "through_ended", told, now)


def again_through(
    session: DbSession, held: Membership, *, told: Sequence[Recipient], now: datetime
) -> None:
    """The same people, when it is a member again."""
    _to_seats(session, held, "through_again", told, now)


def _to_seats(
    session: DbSession, held: Membership, message: str, told: Sequence[Recipient], now: datetime
) -> None:
    """Nobody for whom another term of it makes no difference of this one."""
    if held.organisation_id is None:
        return
    besides, letters = {one.person_id for one in told}, []
    for one in seated(session, held.organisation_id):
        ways = belongings(session, one.person_id, at=now)
        belongs = any(way.organisation_id == held.organisation_id for way in ways)
        if one.person_id not in besides and belongs is (message == "through_again"):
            context = {
                "name": one.name,
                "organisation": holder_of(session, held),
                "ways": _words(ways),
                "url": site_of(session).url("/account/organisations"),
            }
            to, about = Address(one.name, one.email), f"membership:{held.key}"
            letters.append(Letter(to, f"membership/{message}", about, context))
    enqueue_all(session, letters, now=now)


def _words(ways: Sequence[Belonging]) -> str:
    """How somebody belongs: by yourself and through Merton Music. Empty: not at all."""
    words = ["by yourself"] if any(not way.organisation for way in ways) else []
    words += [f"through {name}" for name in dict.fromkeys(w.organisation for w in ways) if name]
    return join_words(words) if words else ""

"""Somebody says that what the register holds of an organisation is still true."""

from datetime import date, datetime

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.organisations.errors import NotYet
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import hold_organisation, hold_register


def confirm(
    session: DbSession, *, key: str, on: date, source: str, actor: Actor, now: datetime
) -> None:
    """``on``: the day on which they were asked or looked, in the network's zone. ``source``: who
    or what says so; empty leaves the source as it is.

    An older day than the one that is kept changes nothing. Raises ``NotYet``, ``NotFound``.
    """
    if on > to_local(now, site_of(session).zone).date():
        raise NotYet
    hold_register(session, now)
    organisation = hold_organisation(session, key)
    if organisation.confirmed_on and on < organisation.confirmed_on:
        return
    organisation.confirmed_on = on
    organisation.confirmed_by_id = actor.id
    if source:
        organisation.source = source
    organisation.version += 1
    session.flush()
    summary = f"Confirmed what the register says of {organisation.name}, as of {day_words(on)}."
    record(session, organisation, "confirm", summary, actor, now, source)

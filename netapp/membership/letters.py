"""The mails about joining: which template, with which words. Their ``person`` is loaded."""

from datetime import datetime
from typing import Any

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, day_words
from netapp.kernel.zones import to_local
from netapp.mail.operations import Address, enqueue
from netapp.membership.application_models import Application, Referee
from netapp.membership.links import application_url
from netapp.membership.models import Membership, TermRule
from netapp.membership.money import pounds
from netapp.organisations.models import Organisation


def received(session: DbSession, *, application: Application, now: datetime) -> None:
    kind = application.kind
    _to_applicant(
        session,
        application,
        "received",
        now,
        referee=kind.needs_referee,
        fee=pounds(kind.fee_pence) if kind.fee_pence else None,
        has_term=kind.term is not TermRule.ENDLESS,
    )


def approved(
    session: DbSession,
    *,
    application: Application,
    held: Membership,
    words: str,
    has_invoice: bool,
    organisation: Organisation | None,
    has_seat: bool = False,
    seats_left: int = 0,
    now: datetime,
) -> None:
    """``words`` of the coordinator, beside what every new member of this kind is told. Of an
    ``organisation``, whose contact the applicant is: whether they have a seat of it, and how many
    there are to give."""
    place = f"/account/organisations/{organisation.slug}" if organisation else "/account/membership"
    _to_applicant(
        session,
        application,
        "approved",
        now,
        url=site_of(session).url(place),
        organisation=organisation.name if organisation else None,
        has_seat=has_seat,
        seats_left=count_words(seats_left, "more seat") if seats_left else None,
        until=day_words(held.ends_on) if held.ends_on else None,
        welcome=application.kind.welcome_words,
        reason=words or None,
        has_invoice=has_invoice,
    )


def declined(session: DbSession, *, application: Application, words: str, now: datetime) -> None:
    _to_applicant(session, application, "declined", now, words=words)


def asked_back(session: DbSession, *, application: Application, words: str, now: datetime) -> None:
    _to_applicant(session, application, "asked_back", now, words=words)


def withdrawn(session: DbSession, *, application: Application, now: datetime) -> None:
    _to_applicant(session, application, "withdrawn", now)


def referee_asked(
    session: DbSession, *, application: Application, referee: Referee, token: str, now: datetime
) -> None:
    """To somebody who may never have heard of us: by whom they were named, and for what."""
    enqueue(
        session,
        to=Address(referee.name, referee.email),
        message="membership/referee_asked",
        about=f"application:{application.key}",
        context={
            "name": referee.name,
            "applicant": application.person.name,
            "kind": application.kind.name,
            "url": site_of(session).url(f"/join/reference/{token}"),
            "until": day_words(to_local(referee.ends_at, site_of(session).zone).date()),
        },
        now=now,
    )


def _to_applicant(
    session: DbSession, application: Application, message: str, now: datetime, **more: Any
) -> None:
    person = application.person
    enqueue(
        session,
        to=Address(person.name, person.email),
        message=f"membership/{message}",
        about=f"application:{application.key}",
        context={
            "name": person.name,
            "kind": application.kind.name,
            "organisation": application.organisation_name or None,
            "url": application_url(site_of(session), application),
            **more,
        },
        now=now,
    )

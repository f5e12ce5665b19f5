"""Made-up people who want to join, and two whose membership ends: for the demo."""

from datetime import datetime, timedelta

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.demo.people import HOST
from netapp.demo.queries import has_person
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.membership.application_models import Referee, RefereeView, StepKind
from netapp.membership.models import AgeBand
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.operations.granting import HeldBy, grant
from netapp.membership.operations.steps import note_step
from netapp.people.models import Person

SAMPLES = Actor(None, "Sample data")
WANTS = f"mina.sample@{HOST}"
YOUNG = f"leo.sample@{HOST}"
ENDS = f"tariq.sample@{HOST}"
IN_GRACE = f"nell.sample@{HOST}"


def load_sample_belonging(session: DbSession, *, now: datetime) -> int:
    """One who waits with a word of somebody who knows their work, a young one, one whose
    membership ends in a month, and one whose rights still hold after it. Returns how many people
    were missing and are there now."""
    if has_person(session, WANTS):
        return 0
    _wants_to_join(session, now)
    young = _person(session, YOUNG, "Leo Sample", now)
    answers = Answers(age_band=AgeBand.FROM_16)
    apply(session, kind="young-member", person_id=young.id, answers=answers, now=now)
    for email, name, days in ((ENDS, "Tariq Sample", 30), (IN_GRACE, "Nell Sample", -9)):
        person = _person(session, email, name, now)
        last = to_local(now, site_of(session).zone).date() + timedelta(days=days)
        grant(
            session,
            holder=HeldBy(person_id=person.id),
            kind="associate",
            starts_on=last - timedelta(days=364),
            ends_on=last,
            note="Sample",
            actor=SAMPLES,
            now=now,
        )
    return 4


def _wants_to_join(session: DbSession, now: datetime) -> None:
    person = _person(session, WANTS, "Mina Sample", now)
    application = apply(
        session,
        kind="core-member",
        person_id=person.id,
        answers=Answers(role="Singing leader, sample"),
        now=now,
    )
    said = "We have sung together for years. Sample."
    session.add(
        Referee(
            key=new_key(),
            application_id=application.id,
            name="Rosa Sample",
            email=f"rosa.sample@{HOST}",
            token_hash=new_key(64),
            asked_at=now,
            ends_at=now,
            replied_at=now,
            view=RefereeView.YES,
            words=said,
        )
    )
    rosa = "Rosa Sample"
    note_step(
        session, application, StepKind.REFEREE_REPLIED, actor=None, name=rosa, words=said, now=now
    )


def _person(session: DbSession, email: str, name: str, now: datetime) -> Person:
    session.add(
        Person(
            key=new_key(),
            email=email,
            name=name,
            created_at=now,
            email_confirmed_at=now,
            registered_at=now,
            is_demo=True,
        )
    )
    session.flush()
    return session.scalars(select(Person).where(Person.email == email)).one()

"""A group in which much goes on, with words as long as they may be."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from netapp.audit.operations import Actor
from netapp.events.models import EventMode
from netapp.groups.models import Group, RoleKind
from netapp.groups.operations import inviting, joining, partners
from netapp.meetings.models import Presence
from netapp.meetings.operations import calling, deciding, papers
from netapp.meetings.plans import DecisionPlan, MeetingPlan
from netapp.people.models import Person
from tests.browser.scenes import LONG_NAME, LONG_TITLE, LONG_WORD
from tests.factories import NOW, make_member, make_organisation
from tests.groups.scenes import make_group, make_group_event, put_in


@dataclass
class Busy:
    """``key`` is that of a meeting with notes and decisions."""

    group: Group
    key: str


def make_busy_group(session: Session, chair: Person, *, slug: str = "busy") -> Busy:
    """Led by ``chair``: people, requests, invitations, meetings, decisions late and done."""
    actor = Actor(chair.id, chair.name)
    group = make_group(
        session,
        lead=chair,
        slug=slug,
        name=LONG_TITLE[:160],
        purpose=LONG_TITLE,
        description=f"# {LONG_WORD}\n\n{LONG_WORD * 2}\n\n- {LONG_WORD}",
        size_limit=20,
    )
    member = make_member(session, name=LONG_NAME, organisation=LONG_TITLE[:120])
    put_in(session, group, member, role=RoleKind.SECRETARY, ends_on=date(2027, 2, 1))
    joining.ask(
        session,
        group_id=group.id,
        person=make_member(session, name=LONG_NAME),
        words=f"{LONG_WORD}\n\n{LONG_TITLE}",
        now=NOW,
    )
    inviting.invite(
        session, group_id=group.id, email="a@example.org", name=LONG_NAME, actor=actor, now=NOW
    )
    organisation = make_organisation(session, name=LONG_TITLE[:160])
    partners.add_organisation(
        session, group_id=group.id, slug=organisation.slug, part=LONG_WORD, actor=actor, now=NOW
    )
    partners.add_site(session, group_id=group.id, name=LONG_TITLE[:160], actor=actor, now=NOW)
    papers.save_standing(
        session, group_id=group.id, titles=[LONG_TITLE, "Short"], actor=actor, now=NOW
    )
    soon = NOW + timedelta(hours=1)
    plan = MeetingPlan(
        title=LONG_TITLE,
        starts_at=soon,
        ends_at=soon + timedelta(hours=2),
        mode=EventMode.IN_PERSON,
        place=LONG_TITLE,
        words=LONG_TITLE,
    )
    called = calling.call_meeting(session, group_id=group.id, plan=plan, actor=actor, now=NOW)
    papers.save_notes(
        session,
        group_id=group.id,
        session_key=called.key,
        notes=f"## {LONG_WORD}\n\n{LONG_TITLE}\n\n- {LONG_WORD * 2}",
        presences={chair.id: Presence.PRESENT, member.id: Presence.APOLOGIES},
        seen_version=1,
        actor=actor,
        now=NOW,
    )
    for day in (date(2027, 1, 1), None):
        deciding.decide(
            session,
            group_id=group.id,
            session_key=called.key,
            plan=DecisionPlan(LONG_TITLE, chair.key, day),
            actor=actor,
            now=NOW,
        )
    session.commit()
    make_group_event(session, group, starts_at=NOW - timedelta(days=20))
    return Busy(group, called.key)

"""Memberships, seats, invoices, organisations and groups of one person, as lines in time."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from netapp.desk.queries.person_history.lines import HistoryLine, Kind, Whose, on_day
from netapp.groups.models import EndOfMembership, Group, GroupMember, GroupRequest, GroupRole
from netapp.groups.models import RequestState as Request
from netapp.kernel.db import DbSession
from netapp.kernel.words import day_words
from netapp.membership.application_models import Application, ApplicationStep, StepKind
from netapp.membership.invoice_models import Invoice, InvoiceKind
from netapp.membership.models import Membership, MembershipKind, Seat
from netapp.membership.term_models import StillTrue
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person

STEPS: Final = {
    StepKind.SENT: "Asked to become a member",
    StepKind.NOTE: "A note on the application",
    StepKind.ASKED: "Was asked something about the application",
    StepKind.ANSWERED: "Answered about the application",
    StepKind.REFEREE_ASKED: "A referee was asked",
    StepKind.REFEREE_REPLIED: "A referee replied",
    StepKind.APPROVED: "The application was approved",
    StepKind.DECLINED: "The application was declined",
    StepKind.WITHDRAWN: "Took the application back",
}
LEFT: Final = {
    EndOfMembership.LEFT: "Left",
    EndOfMembership.REMOVED: "Was taken out of",
    EndOfMembership.CLOSED: "Left, with the account, ",
}
ANSWERED: Final = {
    Request.ACCEPTED: "Request accepted",
    Request.DECLINED: "Request declined",
    Request.TAKEN_BACK: "Took the request back",
}


def terms(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """Each term when it was given, unless an application tells that, and when its last day is
    over."""
    approved = set(
        session.scalars(select(Application.membership_id).where(Application.person_id == whose.id))
    )
    rows = session.execute(
        select(Membership, MembershipKind.name, Person.name)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .outerjoin(Person, Person.id == Membership.granted_by_id)
        .where(Membership.person_id == whose.id)
        .order_by(Membership.id.desc())
        .limit(whose.most)
    )
    found = []
    for held, kind, by in rows:
        if held.id not in approved:
            words = f"{kind}: given a term {_term(held)}"
            found.append(_line(held.granted_at, words, more=held.note, by=by or ""))
        if held.ends_on and on_day(held.ends_on) < whose.now:
            how = "was ended" if held.ended_early else "ran out"
            found.append(
                HistoryLine(
                    on_day(held.ends_on), Kind.MEMBERSHIP, f"{kind}: the term {how}", day_only=True
                )
            )
    return found


def _term(held: Membership) -> str:
    end = f"to {day_words(held.ends_on)}" if held.ends_on else "and on"
    return f"from {day_words(held.starts_on)} {end}"


def applications(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(ApplicationStep, MembershipKind.name, Application.key, Membership)
        .join(Application, Application.id == ApplicationStep.application_id)
        .outerjoin(Membership, Membership.id == Application.membership_id)
        .join(MembershipKind, MembershipKind.id == Application.kind_id)
        .where(Application.person_id == whose.id)
        .order_by(ApplicationStep.at.desc())
        .limit(whose.most)
    )
    return [
        _line(
            step.at,
            f"{STEPS[step.kind]}: {kind}"
            + (f", {_term(held)}" if held and step.kind is StepKind.APPROVED else ""),
            more=step.words[:300],
            by="" if step.actor_id == whose.id else step.actor_name,
            href=f"/desk/membership/applications/{key}",
        )
        for step, kind, key, held in rows
    ]


def told_moments(session: DbSession, whose: Whose) -> set[datetime]:
    """When something happened that the lines of terms and applications tell."""
    terms = select(Membership.granted_at).where(Membership.person_id == whose.id)
    steps = (
        select(ApplicationStep.at)
        .join(Application, Application.id == ApplicationStep.application_id)
        .where(Application.person_id == whose.id)
    )
    return {*session.scalars(terms), *session.scalars(steps)}


def invoices(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.scalars(
        select(Invoice)
        .where(Invoice.person_id == whose.id)
        .order_by(Invoice.id.desc())
        .limit(whose.most)
    )
    found = []
    for each in rows:
        what = "Credit note" if each.kind is InvoiceKind.CREDIT_NOTE else "Invoice"
        href = f"/desk/membership/invoices/{each.key}"
        money = f"£{each.pence / 100:.2f}"
        words = f"{what} of {money}: {each.words}"
        found.append(
            HistoryLine(on_day(each.issued_on), Kind.MEMBERSHIP, words, href=href, day_only=True)
        )
        if each.paid_on:
            paid = f"Paid an invoice of {money}"
            found.append(
                HistoryLine(on_day(each.paid_on), Kind.MEMBERSHIP, paid, href=href, day_only=True)
            )
    return found


def said_still_true(session: DbSession, whose: Whose) -> list[HistoryLine]:
    at = session.scalar(select(StillTrue.confirmed_at).where(StillTrue.person_id == whose.id))
    words = "Said that what we know is still true"
    return [HistoryLine(at, Kind.CONSENTS, words)] if at else []


def seats(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(Seat.given_at, Seat.ended_at, Organisation.name, Organisation.key)
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(Seat.person_id == whose.id)
        .order_by(Seat.id.desc())
        .limit(whose.most)
    )
    found = []
    for given_at, ended_at, name, key in rows:
        href = f"/desk/organisations/{key}/membership"
        found.append(_organisation(given_at, f"Given a seat in the membership of {name}", href))
        if ended_at:
            found.append(
                _organisation(ended_at, f"The seat in the membership of {name} ended", href)
            )
    return found


def affiliations(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """Where they work, from when it was written down, and until when."""
    rows = session.execute(
        select(Affiliation, Organisation.name, Organisation.key)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.person_id == whose.id)
        .order_by(Affiliation.id.desc())
        .limit(whose.most)
    )
    found = []
    for each, name, key in rows:
        href = f"/desk/organisations/{key}"
        begins = f"Works for {name}" + (f", {each.role}" if each.role else "")
        at, day_only = each.created_at, False
        if each.starts_on:
            at, day_only = on_day(each.starts_on), True
        found.append(HistoryLine(at, Kind.ORGANISATIONS, begins, href=href, day_only=day_only))
        if each.ends_on:
            found.append(
                HistoryLine(
                    on_day(each.ends_on),
                    Kind.ORGANISATIONS,
                    f"Last day at {name}",
                    href=href,
                    day_only=True,
                )
            )
    return found


def groups(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(GroupMember, Group.name, Group.key)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id == whose.id)
        .order_by(GroupMember.id.desc())
        .limit(whose.most)
    )
    found = []
    for each, name, key in rows:
        found.append(_group(each.joined_at, f"Joined {name}", key))
        if each.left_at and each.left_by:
            found.append(_group(each.left_at, f"{LEFT[each.left_by]} {name}", key))
    return found


def group_roles(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(GroupRole, Group.name, Group.key)
        .join(GroupMember, GroupMember.id == GroupRole.member_id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id == whose.id)
        .order_by(GroupRole.id.desc())
        .limit(whose.most)
    )
    found = []
    for role, name, key in rows:
        called = role.title or role.role.value
        words = [(role.starts_on, f"{name}: {called} from this day")]
        if role.ends_on:
            words.append((role.ends_on, f"{name}: last day as {called}"))
        found += [
            HistoryLine(on_day(day), Kind.GROUPS, text, href=f"/desk/groups/{key}", day_only=True)
            for day, text in words
        ]
    return found


def group_requests(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(GroupRequest, Group.name, Group.key)
        .join(Group, Group.id == GroupRequest.group_id)
        .where(GroupRequest.person_id == whose.id)
        .order_by(GroupRequest.id.desc())
        .limit(whose.most)
    )
    found = []
    for each, name, key in rows:
        found.append(_group(each.asked_at, f"Asked to join {name}", key))
        if each.answered_at and each.state in ANSWERED:
            found.append(_group(each.answered_at, f"{ANSWERED[each.state]}: {name}", key))
    return found


def _line(at: datetime, words: str, *, more: str = "", by: str = "", href: str = "") -> HistoryLine:
    return HistoryLine(at, Kind.MEMBERSHIP, words, more, by, href)


def _organisation(at: datetime, words: str, href: str) -> HistoryLine:
    return HistoryLine(at, Kind.ORGANISATIONS, words, href=href)


def _group(at: datetime, words: str, key: str) -> HistoryLine:
    return HistoryLine(at, Kind.GROUPS, words, href=f"/desk/groups/{key}")

"""The page of one person, which many acts lead back to."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for

from netapp.desk.people_forms import DetailsForm, TermForm, WorkForm
from netapp.desk.queries.person_bookings import person_bookings
from netapp.desk.queries.person_changes import undoable
from netapp.desk.queries.person_gets import gets
from netapp.desk.queries.person_history.page import History, history
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.pages import page_number
from netapp.membership.models import Holder, MembershipKind
from netapp.membership.queries.applications import applications_of
from netapp.membership.queries.belonging import belongings
from netapp.membership.queries.kinds import kinds_for
from netapp.membership.queries.people_list import memberships_of
from netapp.organisations.queries.people import workplaces
from netapp.people.addresses import shown
from netapp.people.models import Person
from netapp.people.operations.desk import subject_of
from netapp.people.queries import find_person
from netapp.people.second_factors import has_second_factor
from netapp.people.session import require_person
from netapp.privacy.queries.closings import closing_of
from netapp.privacy.queries.consents import consents_of


def person_or_404(key: str) -> Person:
    """Who was merged leads on to who they are."""
    found = find_person(db.session(), key) or abort(404)
    if found.merged_into_id is not None:
        kept = db.session.get_one(Person, found.merged_into_id)
        abort(redirect(url_for("desk_people.person", key=kept.key), code=303))
    return found


def changeable_or_404(key: str) -> Person:
    """Whoever has gone for good has a page, and nothing on it to change."""
    found = person_or_404(key)
    return abort(404) if found.is_gone else found


def kinds_of_people() -> Sequence[MembershipKind]:
    return kinds_for(db.session(), Holder.PERSON)


def person_page(
    found: Person,
    *,
    details: DetailsForm | None = None,
    terms: Mapping[str, TermForm] | None = None,
    work: Mapping[str, WorkForm] | None = None,
) -> str:
    """With the forms as they were sent, where one was refused; ``terms`` and ``work`` by key."""
    if found.is_gone:
        return _gone_page(found)
    session, now, kinds = db.session(), utcnow(), kinds_of_people()
    held = memberships_of(session, found.id, at=now)
    places = workplaces(session, found.id, at=now)
    return render_template(
        "desk/people/show.html",
        person=found,
        address=shown(found.email),
        form=details or DetailsForm.of(found),
        memberships=held,
        applications=applications_of(session, found.id),
        through=[way for way in belongings(session, found.id, at=now) if way.organisation],
        term_forms={line.key: TermForm.of(line, kinds) for line in held} | dict(terms or {}),
        workplaces=places,
        work_forms={place.key: WorkForm.of(place) for place in places} | dict(work or {}),
        bookings=person_bookings(session, found.id),
        agreed=consents_of(session, found.id),
        gets=gets(session, found, now=now),
        changes=undoable(session, found, now=now),
        history=_history(found, now),
        subject=subject_of(found),
        second_step=has_second_factor(session, found.id),
    )


def _gone_page(found: Person) -> str:
    """What is left of somebody who has gone for good; nothing of it can be changed."""
    return render_template(
        "desk/people/gone.html",
        person=found,
        closing=closing_of(db.session(), found.key),
        bookings=person_bookings(db.session(), found.id),
        history=_history(found, utcnow()),
        subject=subject_of(found),
    )


def _history(found: Person, now: datetime) -> History:
    return history(
        db.session(),
        found,
        kind=request.args.get("show", ""),
        number=page_number(request.args.get("page")),
        sees_checks=require_person().is_safeguarding_lead,
        now=now,
    )

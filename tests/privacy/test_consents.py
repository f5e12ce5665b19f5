"""What somebody agreed to stays to be seen when it has ended; what they told by it does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.operations import sharing
from netapp.events.operations.needs import keep_need
from netapp.events.operations.needs_deleting import delete_old_needs
from netapp.people import access
from netapp.people.access import Told
from netapp.people.consent_models import PastConsent
from netapp.people.models import AccessProfile, ProfileKind
from netapp.people.operations.access import keep_profile
from netapp.privacy.operations.keeping import carry_out
from netapp.privacy.queries.consents import consents_of
from tests.events.scenes import book
from tests.factories import NOW, make_coordinator, make_event, make_member

DAY = timedelta(days=1)
SECRET = "a seat by the door"


@pytest.fixture
def amina(session):
    return make_member(session, name="Amina Okafor", email="amina@example.org")


def tell(session, person, text=SECRET, *, seen=0, at=NOW):
    keep_profile(
        session,
        person_id=person.id,
        kind=ProfileKind.ACCESS,
        told=Told(text=text),
        seen_version=seen,
        now=at,
    )
    session.commit()


def lines(session, person):
    return [
        (line.to, line.at, line.ended_at, line.end_words)
        for line in consents_of(session, person.id)
    ]


def test_taken_back_it_says_from_when_to_when_and_nothing_of_what_was_told(
    session, amina, as_person
):
    tell(session, amina)
    visitor = as_person(amina)
    visitor.open("/account/access")
    visitor.send("/withdraw")
    keeps = "Keeping what helps you take part"
    assert lines(session, amina) == [(keeps, NOW, NOW, "Taken back")]
    page = visitor.open("/account/privacy").text
    assert "What you agreed to before (1)" in page
    assert "Taken back on Monday 11 January 2027. Version profile-2026-11" in page
    (said,) = visitor.open("/account/privacy/copy.json").json["consents"]
    assert (said["text"], said["holds"]) == (access.CONSENT, False)
    assert said["ended_at"] == NOW.isoformat()
    desk = as_person(make_coordinator(session)).open(f"/desk/people/{amina.key}").text
    assert f"Taken back: {keeps}" in desk
    assert "Taken back on Monday 11 January 2027" in desk
    kept = session.scalars(select(PastConsent)).one()
    assert SECRET not in f"{kept.what}{kept.text}"


def test_what_is_changed_is_still_agreed_to_since_the_first_time(session, amina):
    tell(session, amina)
    tell(session, amina, "more light", seen=1, at=NOW + DAY)
    assert lines(session, amina) == [("Keeping what helps you take part", NOW, None, "")]


def test_other_words_end_the_consent_to_the_earlier_ones(session, amina, monkeypatch):
    tell(session, amina)
    monkeypatch.setitem(access.CONSENTS, "earlier", "I agree to the earlier words.")
    session.scalars(select(AccessProfile)).one().consent_version = "earlier"
    session.commit()
    tell(session, amina, "more light", seen=1, at=NOW + DAY)
    newest, former = consents_of(session, amina.id)
    assert (newest.at, newest.text, newest.holds) == (NOW + DAY, access.CONSENT, True)
    assert (former.text, former.end_words) == (
        "I agree to the earlier words.",
        "Other words were agreed to",
    )


def test_what_an_event_was_told_ends_with_it_or_when_it_is_taken_back(session, amina):
    event = make_event(session, title="Chaos")
    other = make_event(session, title="Calm", starts_at=NOW + 400 * DAY)
    for each in (event, other):
        booking = book(session, each, 0, person=amina)
        keep_need(session, booking=booking, text="A ramp", now=NOW)
    session.commit()
    assert {line.where for line in consents_of(session, amina.id)} == {"Chaos", "Calm"}
    later = event.sessions[0].ends_at + 100 * DAY
    delete_old_needs(session, later)
    sharing.withdraw_all(session, person_id=amina.id, now=later + DAY)
    session.commit()
    told = "Telling an event my access needs"
    assert sorted(lines(session, amina), key=lambda line: line[2]) == [
        (told, NOW, later, "Ended, as what it was for was over,"),
        (told, NOW, later + DAY, "Taken back"),
    ]


def test_kept_for_three_years_and_deleted_with_the_account(session, amina):
    tell(session, amina)
    tell(session, amina, "", seen=1)
    for days, left in ((1095, 1), (1096, 0)):
        carry_out(session, NOW + days * DAY)
        assert len(session.scalars(select(PastConsent)).all()) == left

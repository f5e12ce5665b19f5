"""My access needs: kept once and sealed, changed, shared by a tick, withdrawn at once."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.events.consent import BY_VERSION, WHO_READS
from netapp.events.links import booking_key
from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Booking,
    Mode,
    NeedState,
    RequestState,
)
from netapp.events.operations import access_requests, in_vain, preferences, sharing
from netapp.events.operations import needs as needs_operations
from netapp.events.operations.needs_deleting import delete_old_needs
from netapp.events.plans import Telling
from netapp.kernel.errors import StaleEdit
from netapp.kernel.site import site_of
from netapp.people.access import CONSENT_VERSION, Told, profile_of
from netapp.people.models import AccessProfile, ProfileKind
from netapp.people.operations.upkeep import purge
from tests.events.scenes import book, forget_mails
from tests.events.views.pages import words
from tests.factories import NOW, make_coordinator, make_event, make_helper, make_member
from tests.people.letters import all_letters, last_letter

ACCESS, FOOD = ProfileKind.ACCESS, ProfileKind.FOOD
QUIET = Told(("quiet-space",), "Near the door, please")
VEGAN = Told(("vegan",))


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


def keep(session, person, told, *, now=NOW):
    versions = {kind: kept.version for kind, kept in profile_of(session, person.id).items()}
    done = sharing.save_profile(
        session, person_id=person.id, told=told, seen_versions=versions, now=now
    )
    session.commit()
    return done


def share(session, booking, *, access=True, food=False, **more):
    telling = Telling(shares_access=access, shares_food=food, **more)
    preferences.tell_needs(session, booking_id=booking.id, telling=telling, now=NOW)
    session.commit()


def rows(session, table):
    session.expire_all()
    return session.scalars(select(table).order_by(table.id)).all()


def summaries(session):
    return [line.summary for line in rows(session, AuditLine)]


def test_it_is_kept_once_and_shown_back(session, as_person, amara, jo):
    mine = as_person(amara)
    mine.open("/account/access")
    assert "Jo Field" in mine.text
    mine.send(
        "/account/access",
        helps=["captions", "quiet-space", "made-up"],
        text="Near the door,\r\nplease",
        food=["vegan"],
        food_text="No coriander",
        agreed="y",
    )
    assert "Saved." in mine.text
    fields = mine.form("/account/access").fields
    assert [value for name, value in fields if name == "helps"] == ["captions", "quiet-space"]
    assert dict(fields)["text"] == "Near the door,\nplease"
    assert [value for name, value in fields if name == "food"] == ["vegan"]
    assert "You share nothing with any event." in mine.text
    assert mine.page.headers["Cache-Control"] == "no-store"


def test_it_is_sealed_with_the_words_that_were_agreed_to(session, amara):
    keep(session, amara, {ACCESS: QUIET})
    row = rows(session, AccessProfile)[0]
    assert b"door" not in row.sealed
    assert b"quiet" not in row.sealed
    assert (row.consent_version, row.consented_at) == (CONSENT_VERSION, NOW)


def test_without_consent_nothing_is_kept_and_nothing_is_lost(session, as_person, amara):
    mine = as_person(amara)
    mine.open("/account/access")
    mine.send("/account/access", text="Near the door")
    assert mine.page.status_code == 422
    assert "Tick the box so that we may keep this, or delete what you wrote." in mine.text
    assert dict(mine.form("/account/access").fields)["text"] == "Near the door"
    assert rows(session, AccessProfile) == []


def test_an_older_window_does_not_overwrite_a_newer_one(session, as_person, amara):
    mine = as_person(amara)
    mine.open("/account/access")
    keep(session, amara, {ACCESS: QUIET})
    mine.send("/account/access", text="Something else", agreed="y")
    assert mine.page.status_code == 409
    assert profile_of(session, amara.id)[ACCESS].told == QUIET
    assert dict(mine.form("/account/access").fields)["text"] == "Something else"
    mine.send("/account/access", agreed="y")
    assert profile_of(session, amara.id)[ACCESS].told == Told(text="Something else")


def test_a_stale_version_is_refused_by_the_operation(session, amara):
    keep(session, amara, {ACCESS: QUIET})
    with pytest.raises(StaleEdit):
        sharing.save_profile(
            session, person_id=amara.id, told={ACCESS: VEGAN}, seen_versions={ACCESS: 7}, now=NOW
        )


def test_another_person_sees_nothing_of_it(session, as_person, amara):
    keep(session, amara, {ACCESS: QUIET})
    other = as_person(make_member(session))
    other.open("/account/access")
    assert "Near the door" not in other.text


def test_it_is_shared_with_an_event_only_by_a_tick(session, as_person, amara):
    make_event(session, slug="it")
    keep(session, amara, {ACCESS: QUIET, FOOD: VEGAN})
    mine = as_person(amara)
    mine.open("/events/it")
    assert "Quiet space to step out to. “Near the door, please”" in mine.text
    assert "share_access" not in dict(mine.form("/bookings").fields)  # Nobody ticked it for them.
    assert "share_food" not in mine.form("/bookings").names  # Nobody eats online.
    mine.send("/events/it/bookings")
    assert rows(session, AccessNeed) == []


def test_ticked_while_booking_it_is_shared_and_the_booking_says_until_when(
    session, as_person, amara, jo
):
    event = make_event(session, slug="it", mode=Mode.IN_PERSON)
    keep(session, amara, {ACCESS: QUIET, FOOD: VEGAN})
    mine = as_person(amara)
    mine.open("/events/it")
    mine.send("/events/it/bookings", share_access="y", share_food="y")
    found = rows(session, AccessNeed)
    assert [(need.kind, need.shared_at, need.state) for need in found] == [
        (ACCESS, NOW, NeedState.NEW),
        (FOOD, NOW, NeedState.NEW),
    ]
    assert "You share your access needs with this event." in mine.text
    assert "Now that is Jo Field; it is deleted after Friday 12 March 2027." in mine.text
    mine.open("/account/access")
    assert event.title in mine.text
    assert "Your access needs. Your dietary needs." in mine.text
    assert "What is told there is deleted after Friday 12 March 2027." in mine.text


def test_who_reads_it_and_until_when_is_one_sentence_wherever_it_is_said(
    session, as_person, amara, jo
):
    event = make_event(session, slug="it")
    keep(session, amara, {ACCESS: QUIET})
    mine, said = as_person(amara), []
    for page in ("/events/it", "/account/access", "/privacy", "/account/privacy"):
        if page == "/account/privacy":  # What they agreed to, in its words.
            share(session, book(session, event, 0, person=amara))
        mine.open(page)
        said.append(WHO_READS.format(days=30) in words(mine.text))
    mine.open(f"/bookings/{session.scalars(select(Booking.reference)).one()}")
    said.append(WHO_READS.format(days=30) in words(mine.text))
    assert said == [True] * 5


def test_other_words_of_a_consent_are_a_new_version():
    kept = {
        version: sha256(consent.agreement.encode()).hexdigest()[:12]
        for version, consent in BY_VERSION.items()
    }
    assert kept == {
        "2026-12-2": "7f38025e7b3b",
        "share-2026-12": "5c51d2a27c8f",
        "ask-2026-12": "9ad970dd4469",
        "2026-12": "2aeab9bf6e74",
        "share-2026-11": "4e0b6824731b",
    }


def test_sharing_captions_says_that_it_asks_for_them(session, as_person, amara, jo):
    make_event(session, slug="it")
    keep(session, amara, {ACCESS: Told(("captions",))})
    mine = as_person(amara)
    mine.open("/events/it")
    assert "Sharing it also asks this event to arrange live captions." in words(mine.text)
    mine.send("/events/it/bookings", share_access="y")
    assert "Live captions Asked. We are looking into it, and will write to you." in words(mine.text)


def test_helpers_who_may_read_are_named_for_their_event(session, as_person, amara, jo):
    event = make_event(session)
    make_helper(session, event, make_member(session, name="Cy Dean"), reads_needs=True)
    make_helper(session, event, make_member(session, name="Bo Hall"))
    keep(session, amara, {ACCESS: QUIET})
    booking = book(session, event, 0, person=amara)
    share(session, booking)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert "Now that is Jo Field and Cy Dean;" in mine.text


def test_a_change_is_told_without_its_words_and_is_to_be_read_anew(session, amara, jo):
    event = make_event(session, title="Chaos")
    keep(session, amara, {ACCESS: QUIET})
    booking = book(session, event, 0, person=amara)
    share(session, booking)
    need = rows(session, AccessNeed)[0]
    needs_operations.mark_answered(session, key=need.key, actor=in_vain.THEMSELVES, now=NOW)
    session.commit()
    forget_mails(session)

    assert keep(session, amara, {ACCESS: Told(("step-free",), "A ramp")}) == 1

    need = rows(session, AccessNeed)[0]
    assert (need.state, need.answered_at) == (NeedState.NEW, None)
    assert all_letters(session) == ["events/needs_changed"]
    text = last_letter(session, jo.email)
    assert "Somebody changed what would help them take part in Chaos." in " ".join(text.split())
    assert not any(word in text for word in ("ramp", "Step", "Amara"))


def test_the_same_again_tells_nobody(session, amara, jo):
    keep(session, amara, {ACCESS: QUIET})
    share(session, book(session, make_event(session), 0, person=amara))
    forget_mails(session)
    assert keep(session, amara, {ACCESS: QUIET}) == 0
    assert all_letters(session) == []


def test_events_that_are_over_are_not_told(session, amara, jo):
    event = make_event(session)
    keep(session, amara, {ACCESS: QUIET})
    share(session, book(session, event, 0, person=amara))
    forget_mails(session)
    after = event.sessions[-1].ends_at + timedelta(hours=1)
    assert keep(session, amara, {ACCESS: Told(text="Other")}, now=after) == 0
    assert all_letters(session) == []


def test_emptied_it_is_shared_no_more(session, amara, jo):
    event = make_event(session, title="Chaos")
    keep(session, amara, {ACCESS: QUIET})
    share(session, book(session, event, 0, person=amara))
    forget_mails(session)
    keep(session, amara, {ACCESS: Told()})
    assert (rows(session, AccessProfile), rows(session, AccessNeed)) == ([], [])
    assert summaries(session)[-1] == (
        "Deleted 1 access or dietary need of Chaos: withdrawn by whom they were about."
    )
    assert "Somebody withdrew" in last_letter(session, jo.email)


def test_what_is_booked_and_ticked_no_more_is_told_with_the_change_by_one_mail(session, amara, jo):
    keep(session, amara, {ACCESS: Told(("bsl",))})
    event = make_event(session)
    share(session, book(session, event, 0, person=amara))
    access_requests.answer_request(
        session,
        event_id=event.id,
        key=rows(session, AccessRequest)[0].key,
        state=RequestState.BOOKED,
        answer="",
        seen_version=1,
        actor=in_vain.THEMSELVES,
        now=NOW,
    )
    session.commit()
    forget_mails(session)

    keep(session, amara, {ACCESS: QUIET})
    assert rows(session, AccessRequest) == []
    assert all_letters(session) == ["events/needs_changed"]
    text = " ".join(last_letter(session, jo.email).split())
    assert "It is to be read again. If you booked something for it, you may no longer" in text


def test_what_was_written_for_one_event_stays_when_the_profile_goes(session, amara):
    keep(session, amara, {ACCESS: QUIET})
    booking = book(session, make_event(session), 0, person=amara)
    share(session, booking, needs="A seat in front")
    keep(session, amara, {ACCESS: Told()})
    need = rows(session, AccessNeed)[0]
    assert need.shared_at is None
    assert needs_operations.text_of(session, need) == "A seat in front"


def test_withdrawal_deletes_all_of_it_at_once_with_a_receipt_of_numbers(
    session, as_person, amara, jo
):
    first, second = make_event(session, title="Chaos"), make_event(session, title="Calm")
    keep(session, amara, {ACCESS: Told(("bsl",)), FOOD: VEGAN})
    share(session, book(session, first, 0, person=amara), needs="In front")
    share(session, book(session, second, 0, person=amara), food=True)
    forget_mails(session)
    mine = as_person(amara)
    mine.open("/account/access")

    mine.send("/account/access/withdraw")

    assert "Deleted: what you kept here and 5 entries at 2 events." in mine.text
    for table in (AccessProfile, AccessNeed, AccessRequest):
        assert rows(session, table) == []
    assert summaries(session) == [
        "Deleted 1 access or dietary need and 1 request of Chaos: "
        "withdrawn by whom they were about.",
        "Deleted 2 access or dietary needs and 1 request of Calm: "
        "withdrawn by whom they were about.",
        "Deleted 2 parts of an access profile: withdrawn.",
    ]
    assert {line.actor_id for line in rows(session, AuditLine)} == {None}
    assert all_letters(session) == ["events/needs_changed"] * 2


def test_by_the_link_of_the_mail_alone_the_profile_is_neither_seen_nor_shared(
    session, visitor, amara
):
    keep(session, amara, {ACCESS: QUIET})
    booking = book(session, make_event(session), 0, person=amara)
    key = booking_key(site_of(session), booking)
    visitor.open(f"/bookings/{booking.reference}?key={key}")
    assert "Near the door" not in visitor.text
    assert "share_access" not in visitor.form("/needs").names
    fields = dict(visitor.form("/needs").fields) | {"share_access": "y"}
    visitor.client.post(visitor.form("/needs").action, data=fields)
    assert rows(session, AccessNeed) == []


def test_the_worker_deletes_after_the_promised_days_and_says_how_many(session, amara):
    event = make_event(session, title="Chaos")
    keep(session, amara, {ACCESS: Told(("captions",))})
    share(session, book(session, event, 0, person=amara))
    last = event.sessions[-1].ends_at
    assert delete_old_needs(session, last + timedelta(days=30)) == 0
    assert delete_old_needs(session, last + timedelta(days=30, seconds=1)) == 2
    session.commit()
    assert (rows(session, AccessNeed), rows(session, AccessRequest)) == ([], [])
    assert summaries(session)[-1] == (
        "Deleted 1 access or dietary need and 1 request of Chaos: "
        "30 days after its last date, as promised when asked."
    )
    assert len(rows(session, AccessProfile)) == 1  # What they keep for themselves stays.


def test_a_closed_account_keeps_no_profile(session, amara):
    keep(session, amara, {ACCESS: QUIET})
    assert purge(session, NOW) == 0
    amara.disabled_at = NOW
    session.commit()
    assert purge(session, NOW) == 1
    session.commit()
    assert rows(session, AccessProfile) == []

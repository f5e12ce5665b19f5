"""One booking, by the link from the mail or signed in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.links import booking_key
from netapp.events.models import (
    AccessNeed,
    BookedAs,
    Booking,
    EventStatus,
    Mode,
    Place,
    SessionStatus,
)
from netapp.events.operations import changing, ending
from netapp.events.operations.needs import text_of
from netapp.events.queries.bookings import booking_page
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.events.scenes import book, forget_mails, mails, states
from tests.events.views.pages import heading, section, ticked, words
from tests.factories import NOW, make_event, make_guest, make_member, make_person

AHEAD = NOW + timedelta(days=30, hours=2)


@pytest.fixture
def site(app):
    return app.extensions["site"]


@pytest.fixture
def link(site):
    """The address in the mail."""
    return lambda booking: f"/bookings/{booking.reference}?key={booking_key(site, booking)}"


@pytest.fixture
def guest(session):
    return make_guest(session, name="Ada Byron", email="ada@example.org")


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def fresh(session, booking):
    session.expire_all()
    return states(session, session.get_one(Booking, booking.id))


def said(page_text):
    """The note about what was done."""
    return section(page_text, '<div class="before-split" role="status">', "</div>\n</div>")


def test_the_link_in_the_mail_opens_the_booking(session, visitor, guest, link):
    event = make_event(session, title="Working With Chaos", sessions=2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    assert heading(visitor.text) == "Your booking"
    told = words(visitor.text)
    assert f"Booked by Ada Byron. Reference {booking.reference} ." in told
    assert "10 Feb Wednesday 10 February 2027 2pm to 5:30pm GMT Online Place confirmed" in told
    assert "The link to join is shown here from Monday 8 February 2027, 2pm GMT." in told
    assert "https://meet.example.org" not in visitor.text


def test_it_is_nobody_elses_and_is_not_kept(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    headers = visitor.page.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in visitor.text


def test_nobody_else_learns_whether_it_exists(session, visitor, as_person, guest, site, link):
    booking = book(session, make_event(session), 0, person=guest)
    other = book(session, make_event(session), 0)
    here = f"/bookings/{booking.reference}"
    refused = []
    for path in (
        here,
        f"{here}?key=",
        f"{here}?key={'0' * 32}",
        f"{here}?key={booking_key(site, other)}",
        f"{here}?key={'x' * 5000}",
        f"{here}?key=%00%ff",
        "/bookings/AAAA-BBBB-CC",
        f"/bookings/AAAA-BBBB-CC?key={booking_key(site, booking)}",
        f"/bookings/{'x' * 400}",
    ):
        answer = visitor.open(path)
        alike = re.sub(r'name="(once|csrf_token)" value="[^"]*"', "", answer.text)
        refused.append((answer.status_code, alike.replace(answer.request.path, "/here")))
    assert len(set(refused)) == 1
    assert (refused[0][0], "Open your booking from the email" in refused[0][1]) == (404, True)
    member = as_person(make_member(session))
    assert member.open(here).status_code == 404
    assert member.open(link(booking)).status_code == 200


def test_a_link_that_was_ended_opens_nothing(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    old = link(booking)
    booking.link_version += 1
    session.commit()
    assert visitor.open(old).status_code == 404
    assert visitor.open(link(booking)).status_code == 200


@pytest.mark.parametrize("what", ["change", "cancel", "offer", "needs", "account", "invitations"])
def test_forms_without_the_key_do_nothing(session, visitor, guest, link, what):
    booking = book(session, make_event(session, sessions=2), 0, person=guest)
    visitor.open(link(booking))
    fields = dict(visitor.form(f"/{booking.reference}/invitations").fields)
    del fields["key"]
    more = {"answer": "take", "version": "1", "wanted": "no"}
    answer = visitor.client.post(f"/bookings/{booking.reference}/{what}", data=fields | more)
    unknown = visitor.client.post(f"/bookings/AAAA-BBBB-CC/{what}", data=fields | more)
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert fresh(session, booking) == ["confirmed"]
    assert session.get_one(Person, guest.id).invitations is True


def test_its_owner_needs_no_link(session, as_person):
    person = make_member(session)
    booking = book(session, make_event(session), 0, person=person)
    owner = as_person(person)
    assert owner.open(f"/bookings/{booking.reference}").status_code == 200
    assert owner.open(f"/bookings/{booking.reference.lower()}").status_code == 200
    assert 'name="key"' not in owner.text


def test_change_the_dates(session, visitor, guest, link):
    event = make_event(session, sessions=3, capacity=1)
    full = book(session, event, 2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    keys = [date.key for date in event.sessions]
    assert ticked(visitor.text) == [keys[0]]
    visitor.send("/change", session=keys[1:])
    assert said(visitor.text) == "Your dates are changed. We have emailed you what you hold now."
    assert fresh(session, booking) == ["cancelled", "confirmed", "waiting"]
    assert ticked(visitor.text) == keys[1:]
    assert visitor.path == f"/bookings/{booking.reference}"
    assert "events/booking_changed" in mails(session, to=guest)
    assert fresh(session, full) == ["confirmed"]


def test_a_date_that_went_meanwhile_costs_nobody_the_place_they_have(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    book(session, event, 1)
    visitor.send("/change", session=event.sessions[1].key)
    assert visitor.page.status_code == 409
    assert "has just gone, so nothing was changed." in errors(visitor.text)
    assert fresh(session, booking) == ["confirmed"]
    assert ticked(visitor.text) == [event.sessions[1].key]
    visitor.send("/change")
    assert fresh(session, booking) == ["cancelled", "waiting"]


def test_a_date_given_back_can_be_taken_again(session, visitor, guest, link):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, 1, person=guest)
    keys = [date.key for date in event.sessions]
    visitor.open(link(booking))
    visitor.send("/change", session=keys[0])
    assert "2pm to 5:30pm GMT Online Cancelled by you What happens next" in words(visitor.text)
    visitor.send("/change", session=keys)
    assert fresh(session, booking) == ["confirmed", "cancelled", "confirmed"]


def test_no_date_at_all_is_no_change(session, visitor, guest, link):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/change", session=[])
    assert visitor.page.status_code == 422
    assert errors(visitor.text).endswith("Choose at least one date.")
    assert "To give back everything, cancel the booking ." in words(visitor.text)
    assert fresh(session, booking) == ["confirmed"]


def test_a_booking_that_changed_meanwhile_is_shown_first(session, visitor, guest, link):
    event = make_event(session, sessions=3)
    keys = [date.key for date in event.sessions]
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    changing.change_dates(
        session, booking_id=booking.id, session_keys=keys[:2], seen_version=None, now=NOW
    )
    session.commit()
    visitor.send("/change", session=[keys[2]])
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith(
        "This booking changed while the page was open. Look at it again."
    )
    assert ticked(visitor.text) == [keys[2]]
    assert sorted(fresh(session, booking)) == ["confirmed", "confirmed"]
    visitor.send("/change")
    assert fresh(session, booking) == ["cancelled", "cancelled", "confirmed"]


def test_cancel_says_first_what_it_does(session, visitor, guest, link):
    event = make_event(session, sessions=2, title="Working With Chaos")
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    visitor.open(visitor.text.split('btn danger ghost sm" href="')[1].split('"')[0])
    assert heading(visitor.text) == "Cancel your booking?"
    told = words(visitor.text)
    assert "You give back 10 Feb Wednesday 10 February 2027" in told
    assert "If somebody waits, the place goes to them." in told
    assert fresh(session, booking) == ["confirmed", "confirmed"]
    visitor.send("/cancel")
    assert said(visitor.text) == "It is cancelled. We have emailed you that it is done."
    assert fresh(session, booking) == ["cancelled", "cancelled"]
    assert "events/booking_cancelled" in mails(session, to=guest)
    assert (
        "Working With Chaos Cancelled by you Booked by Ada Byron."
        f" Reference {booking.reference} . It is cancelled. We have emailed you that it is done."
        " Nothing is booked now Changed your mind? Look at the event again : book there,"
        " if there is room." in words(visitor.text)
    )
    assert [form.action for form in visitor.forms()] == [
        f"/bookings/{booking.reference}/account",
        f"/bookings/{booking.reference}/invitations",
    ]


def test_cancel_twice_is_cancel_once(session, visitor, guest, link, site):
    event = make_event(session, capacity=1)
    booking = book(session, event, 0, person=guest)
    waiting = book(session, event, 0)
    visitor.open(f"/bookings/{booking.reference}/cancel?key={booking_key(site, booking)}")
    fields = dict(visitor.form("/cancel").fields)
    address = f"/bookings/{booking.reference}/cancel"
    answers = [visitor.client.post(address, data=fields) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert fresh(session, waiting) == ["offered"]
    assert mails(session, to=guest).count("events/booking_cancelled") == 1


def test_what_was_cancelled_before_is_said(session, visitor, guest, link, site):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(f"/bookings/{booking.reference}/cancel?key={booking_key(site, booking)}")
    changing.cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    visitor.send("/cancel")
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith("This booking has been cancelled.")


def test_too_late_to_change(session, visitor, guest, link, at):
    event = make_event(session, sessions=2, change_until_hours=24)
    booking = book(session, event, 0, 1, person=guest)
    address = link(booking)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(address)
        assert "It is too late to change this date." in words(visitor.text)
        visitor.send("/change", session=[])
        assert fresh(session, booking) == ["confirmed", "cancelled"]
    one = book(session, make_event(session, change_until_hours=24), 0, person=guest)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(link(one))
        told = words(visitor.text)
        assert "Change or cancel It is too late to change this here. Write to Jo Field ." in told
        cancelling = visitor.open(link(one).replace("?", "/cancel?"))
        assert cancelling.request.path == f"/bookings/{one.reference}"


def test_a_waiting_list_can_be_left_until_the_start(session, visitor, guest, link, at):
    event = make_event(session, capacity=1, change_until_hours=24)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking))
        assert "too late" not in words(visitor.text)
        visitor.open(link(booking).replace("?", "/cancel?"))
        assert "Leave the waiting list?" in visitor.text
        visitor.send("/cancel")
        assert fresh(session, booking) == ["cancelled"]


def test_one_waiting_list_is_left_while_the_other_dates_are_fixed(
    session, visitor, guest, link, at
):
    event = make_event(session, sessions=2, capacity=1, change_until_hours=24 * 9)
    book(session, event, 0)
    booking = book(session, event, 0, 1, person=guest)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(link(booking))
        assert "It is too late to change this date." in words(visitor.text)
        visitor.send("/change")  # The button beside the date that is waited for.
        assert fresh(session, booking) == ["cancelled", "confirmed"]


def test_an_offer_can_be_refused_until_the_start(session, visitor, guest, link, at):
    event = make_event(session, capacity=1, change_until_hours=24, offer_hours=336)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=AHEAD - timedelta(hours=30))
    session.commit()
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking))
        visitor.send("/offer", answer="refuse")
        assert fresh(session, booking) == ["lapsed"]


def test_an_offer_ends_with_the_booking_too_late_for_other_changes(
    session, visitor, guest, link, at
):
    event = make_event(session, capacity=1, change_until_hours=24, offer_hours=336)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=AHEAD - timedelta(hours=30))
    session.commit()
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking).replace("?", "/cancel?"))
        visitor.send("/cancel")
        assert fresh(session, booking) == ["cancelled"]


def test_what_is_over_offers_nothing_to_change(session, visitor, guest, link, at):
    event = make_event(session, sessions=2, title="Working With Chaos")
    booking = book(session, event, 0, person=guest)
    with at(AHEAD + timedelta(days=1)):
        visitor.open(link(booking))
    told = words(visitor.text)
    assert "Your booking Working With Chaos Past Booked by Ada Byron." in told
    assert "Change or cancel" not in told
    assert "Tell us anything" not in told


@pytest.fixture
def offered(session, guest):
    """Ada has a place on offer, since somebody cancelled."""
    event = make_event(session, capacity=1)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    return booking


def test_take_the_place_on_offer(session, visitor, guest, offered, link):
    visitor.open(link(offered))
    assert section(visitor.text, 'id="offer" aria-labelledby="of">') == (
        "A place has come free for you Wednesday 10 February 2027. We hold it until"
        " Wednesday 13 January 2027, 10am GMT . Then it goes to the next person."
        " Take the place No thank you"
    )
    assert "Cancel my booking" not in words(visitor.text)  # No thank you is.
    visitor.send("/offer", answer="take")
    assert said(visitor.text) == "The place is yours. We have emailed you the details."
    assert fresh(session, offered) == ["confirmed"]


def test_offers_of_different_times_say_when_each_ends(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    held = [book(session, event, number) for number in (0, 1)]
    booking = book(session, event, 0, 1, person=guest)
    for day, each in enumerate(held):
        changing.cancel_booking(session, booking_id=each.id, now=NOW + timedelta(days=day))
        session.commit()
    visitor.open(link(booking))
    told = section(visitor.text, 'id="offer" aria-labelledby="of">')
    assert "10 February 2027. We hold it until Wednesday 13 January 2027, 10am GMT ." in told
    assert "17 February 2027. We hold it until Thursday 14 January 2027, 10am GMT ." in told


def test_refuse_the_place_on_offer(session, visitor, guest, offered, link):
    visitor.open(link(offered))
    visitor.send("/offer", answer="refuse")
    assert said(visitor.text).startswith("The place goes to the next person.")
    assert fresh(session, offered) == ["lapsed"]
    told = words(visitor.text)
    assert "Your dates 10 Feb Wednesday 10 February 2027 2pm to 5:30pm GMT Online" in told
    assert told.count("You did not take the place") == 2  # Of the booking, and of its date.


def test_an_offer_that_ended(session, visitor, guest, offered, link, at):
    visitor.open(link(offered))
    with at(NOW + timedelta(days=3)):
        visitor.send("/offer", answer="take")
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith(
        "This offer has ended, and the place has been offered to the next person."
    )


def test_an_answer_that_is_none(session, visitor, offered, link):
    visitor.open(link(offered))
    visitor.send("/offer", answer="perhaps")
    assert visitor.page.status_code == 400
    assert fresh(session, offered) == ["offered"]


def test_the_waiting_list_says_the_number_and_can_be_left(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0)
    book(session, event, 0)
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    assert (
        "Waiting list You are number 2 on the list. Places are offered in this order,"
        " one person at a time." in words(visitor.text)
    )
    assert words(visitor.text).count("Leave the waiting list") == 1
    visitor.send("/change")  # The first form of this address: leave the waiting list.
    assert fresh(session, booking) == ["cancelled", "confirmed"]
    assert "Online You left the waiting list 17 Feb" in words(visitor.text)


def test_who_only_waits_leaves_by_cancelling(session, visitor, guest, link):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    address = link(booking)
    visitor.open(address)
    assert words(visitor.text).count("Leave the waiting list ") == 1
    assert "If you can no longer come Leave the waiting list, so that the place goes to" in words(
        visitor.text
    )
    visitor.open(address.replace("?", "/cancel?"))
    assert heading(visitor.text) == "Leave the waiting list?"
    visitor.send("/cancel")
    assert fresh(session, booking) == ["cancelled"]
    assert said(visitor.text).startswith("You have left the waiting list.")
    assert words(visitor.text).count("You left the waiting list") == 2
    assert "Cancelled" not in words(visitor.text)
    letter = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert letter.subject == f"{event.title}: you are off the waiting list"


def test_who_waits_for_a_course_leaves_it_by_one_button(session, visitor, guest, link):
    event = make_event(session, sessions=3, capacity=1, booked_as=BookedAs.WHOLE)
    book(session, event)
    booking = book(session, event, person=guest)
    visitor.open(link(booking))
    assert words(visitor.text).count("Leave the waiting list ") == 1


def test_who_only_waits_for_several_dates_leaves_one_or_all(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0, 1)
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    told = words(visitor.text)
    assert told.count("Leave the waiting list of Wednesday") == 2
    assert told.count("Leave all waiting lists") == 1


def test_a_coordinator_cancels_and_the_booking_says_so(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    changing.cancel_for_person(
        session, booking_id=booking.id, reason="Twice.", actor=Actor(None, "Jo"), now=NOW
    )
    session.commit()
    visitor.open(link(booking))
    told = words(visitor.text)
    assert told.count("Cancelled by a coordinator") == 2
    assert "Changed your mind?" not in told


def test_a_course_is_changed_as_one(session, visitor, guest, link):
    event = make_event(session, sessions=3, booked_as=BookedAs.WHOLE)
    booking = book(session, event, person=guest)
    visitor.open(link(booking))
    assert "One booking is for all dates of this course." in words(visitor.text)
    assert ticked(visitor.text) == []


def test_the_joining_link_is_shown_when_it_is_time(session, visitor, guest, link, at):
    booking = book(session, make_event(session), 0, person=guest)
    seen = []
    for hours in (49, 47, 0, -3, -4):
        with at(AHEAD - timedelta(hours=hours)):
            visitor.open(link(booking))
            seen.append('href="https://meet.example.org/abc"' in visitor.text)
    assert seen == [False, True, True, True, False]


def test_a_joining_link_that_is_no_web_address_is_no_link(session, visitor, guest, link, at):
    event = make_event(session)
    event.sessions[0].join_link = "javascript:alert(1)"
    session.commit()
    booking = book(session, event, 0, person=guest)
    with at(AHEAD):
        visitor.open(link(booking))
    assert "javascript:" not in visitor.text


def test_who_waits_sees_no_joining_link(session, visitor, guest, link, at):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    with at(AHEAD - timedelta(hours=1)):
        visitor.open(link(booking))
    assert "meet.example.org" not in visitor.text


def test_needs_are_told_shown_changed_and_deleted(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/needs", needs="Captions", needs_agreed="y")
    assert said(visitor.text) == (
        "We have kept what you told us, for the coordinators of this event."
    )
    assert section(visitor.text, '<blockquote class="told">', "</blockquote>") == "Captions"
    visitor.send("/needs", needs="Captions\nand <b>BSL</b>", needs_agreed="y")
    need = session.scalars(select(AccessNeed)).one()
    assert text_of(session, need) == "Captions\nand <b>BSL</b>"
    assert "<b>BSL" not in visitor.text
    visitor.send("/needs", needs="No box ticked")
    assert visitor.page.status_code == 422
    assert dict(visitor.form("/needs").fields)["needs"] == "No box ticked"
    visitor.open(link(booking))
    visitor.send("/needs", delete="yes")
    assert said(visitor.text) == "What you told us is deleted."
    assert session.scalars(select(AccessNeed)).all() == []


def test_after_cancelling_needs_can_only_be_deleted(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/needs", needs="Captions", needs_agreed="y")
    changing.cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    visitor.open(link(booking))
    assert visitor.form("/needs").names == {"csrf_token", "once", "key"}
    visitor.send("/needs", delete="yes")
    assert session.scalars(select(AccessNeed)).all() == []


def test_invitations_off_and_on_for_a_guest(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/invitations", wanted="no")
    assert said(visitor.text).startswith("No more calendar invitations.")
    session.expire_all()
    assert session.get_one(Person, guest.id).invitations is False
    visitor.send("/invitations", wanted="yes")
    session.expire_all()
    assert session.get_one(Person, guest.id).invitations is True


def test_invitations_of_an_account_are_chosen_signed_in(session, visitor, as_person, link):
    person = make_member(session)
    booking = book(session, make_event(session), 0, person=person)
    visitor.open(link(booking))
    assert "Sign in to change this" in words(visitor.text)
    fields = dict(visitor.form("/needs").fields) | {"wanted": "no"}
    sent = visitor.client.post(f"/bookings/{booking.reference}/invitations", data=fields)
    assert sent.status_code == 404
    owner = as_person(person)
    owner.open(f"/bookings/{booking.reference}")
    owner.send("/invitations", wanted="no")
    session.expire_all()
    assert session.get_one(Person, person.id).invitations is False


def test_one_button_makes_it_an_account(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/account")
    assert said(visitor.text) == "We have emailed you a link that makes this an account."
    sent = session.scalars(select(OutboxMessage.to_email).order_by(OutboxMessage.id)).all()
    assert sent[-1] == "ada@example.org"
    assert mails(session, to=guest)[-1] == "people/account_link"


def test_loading_the_address_of_a_form_leads_to_its_page(session, visitor, guest, link):
    event = make_event(session, slug="it")
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking).replace("?", "/change?"))
    assert visitor.path == f"/bookings/{booking.reference}"
    visitor.open("/events/it/bookings")
    assert visitor.path == "/events/it"


def test_the_key_signs_nobody_in(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.open("/account/bookings")
    assert visitor.path == "/sign-in"


def test_the_story_is_told_newest_first(session, visitor, guest, link, at):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, person=guest)
    with at(NOW + timedelta(hours=2)):
        visitor.open(link(booking))
        visitor.send("/change", session=[date.key for date in event.sessions])
    assert section(visitor.text, '<ul class="log">', "</ul>") == (
        "Monday 11 January 2027, 2pm GMT Changed the dates."
        " Monday 11 January 2027, midday GMT Booked."
    )


def test_a_cancelled_event_and_a_cancelled_date(session, visitor, guest, link):
    event = make_event(session, sessions=2, mode=Mode.IN_PERSON)
    booking = book(session, event, 0, 1, person=guest)
    date = event.sessions[0]
    ending.end_places(session, [date], NOW)
    date.status, date.cancelled_at, date.cancel_reason = SessionStatus.CANCELLED, NOW, "No heating."
    session.commit()
    visitor.open(link(booking))
    assert "Cancelled by the network No heating." in words(visitor.text)
    event.status, event.cancel_reason = EventStatus.CANCELLED, "Flood."
    session.commit()
    visitor.open(link(booking))
    assert "This event has been cancelled Flood." in words(visitor.text)


def test_long_and_hostile_names(session, visitor, link):
    name = "<script>alert(1)</script>" + "x" * 90
    booking = book(
        session, make_event(session, title="T" * 200), 0, person=make_guest(session, name=name)
    )
    visitor.open(link(booking) + "&done=booked")
    assert heading(visitor.text) == f"You are booked, {name}"
    assert "<script>alert" not in visitor.text


@pytest.mark.parametrize("done", ["", "booked", "nothing", "<script>", "x" * 2000])
def test_an_odd_word_of_what_was_done(session, visitor, guest, link, done):
    booking = book(session, make_event(session), 0, person=guest)
    page = visitor.client.get(link(booking), query_string=None)
    page = visitor.client.get(
        f"/bookings/{booking.reference}",
        query_string={"key": link(booking).split("=")[1], "done": done},
    )
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_booking_costs_the_same_with_one_date_and_with_thirty(
    session, as_person, count_queries, link
):
    costs = []
    for number in (1, 30):
        event = make_event(session, sessions=number, capacity=1)
        for _ in range(2):
            booking = book(session, event, *range(number), person=make_person(session))
        session.expire_all()
        address = link(booking)
        with count_queries() as statements:
            assert as_person(None).open(address).status_code == 200
        costs.append(len(statements))
        assert len(session.scalars(select(Place.id)).all()) >= number
    assert costs[0] == costs[1]


def test_what_is_not_different_is_not_said_to_be_changed(session, as_person):
    amara = make_person(session)
    booking = book(session, make_event(session, sessions=2), 0, person=amara)
    forget_mails(session)
    mine = as_person(amara)
    for form in ("/change", "/needs"):
        mine.open(f"/bookings/{booking.reference}")
        mine.send(form)
        assert "Nothing was different, so nothing was changed." in words(mine.text)
    assert mails(session) == []


def test_what_happens_next_is_said_of_every_date(session):
    event = make_event(session, sessions=3, mode=Mode.ONLINE, change_until_hours=24)
    booking = book(session, event, 0, 1, 2, person=make_person(session))
    steps = [f"{s.day} {s.words}" for s in booking_page(session, booking.id, NOW).next_steps]
    assert steps == [
        "Monday 8 February 2027, 2pm GMT. "
        "The link to join your first date opens on this page. Your email leads here.",
        "Tuesday 9 February 2027, 10am GMT. We send a reminder of your first date.",
        "Until Tuesday 9 February 2027, 2pm GMT. You can change or cancel it on this page.",
        "Each of your 2 dates after that. A reminder comes the day before at 10am. The link to "
        "join opens 48 hours before it starts. You can change or cancel it until 24 hours before "
        "it starts.",
    ]

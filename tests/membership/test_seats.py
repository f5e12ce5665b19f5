"""Seats of an organisation: taken by link, given by address, given back, ended, never oversold."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.audit.operations import COMMAND_LINE, Actor
from netapp.directory.queries.catalogue import SCOPE
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import revision_of
from netapp.kernel.site import site_of
from netapp.membership.errors import (
    HasSeat,
    KindOfOthers,
    NoSeats,
    NotTheContact,
    SeatHasEnded,
    SeatLinkEnded,
    SeatsTaken,
    TooManyGiven,
)
from netapp.membership.models import Membership, Seat
from netapp.membership.operations import contacts, seat_links, seats
from netapp.membership.operations.seats import By
from netapp.membership.queries.belonging import is_current
from netapp.membership.queries.seats import seats_of
from netapp.organisations.errors import NotOneOfThem
from netapp.organisations.operations import affiliations
from netapp.organisations.operations.contacts import contact_of
from netapp.people.errors import AccountDisabled
from tests.factories import NOW, make_membership, make_person
from tests.membership.seat_scenes import (
    DESK,
    contact,
    link_of,
    make_member_organisation,
    seat,
    term_of,
    works_for,
)
from tests.people.letters import last_letter, letters_to

AT_ONCE = 12


@pytest.fixture
def bury(session):
    return make_member_organisation(session, seats=3)


def take(session, organisation, path, person):
    return seats.take_seat(
        session,
        organisation_key=organisation.key,
        link_key=path.rpartition("key=")[2],
        person_id=person.id,
        now=NOW,
    )


def give(session, organisation, email, by=DESK, name="Amina Okafor"):
    return seats.give_seat(
        session, organisation_key=organisation.key, email=email, name=name, by=by, now=NOW
    )


def live(session):
    return session.scalar(select(func.count()).select_from(Seat).where(Seat.ended_at.is_(None)))


def summaries(session):
    return list(session.scalars(select(AuditLine.summary).order_by(AuditLine.id)))


def test_the_link_gives_a_seat_once_to_each(session, bury):
    amina, path = make_person(session, name="Amina Okafor"), link_of(session, bury)
    take(session, bury, path, amina)
    take(session, bury, path, amina)
    assert live(session) == 1
    assert is_current(session, amina.id, at=NOW)
    assert seats_of(session, bury.id, at=NOW).left == 2
    assert summaries(session)[1:] == ["Took a seat of Bury Music."]
    assert letters_to(session, amina.email) == []


def test_a_new_link_ends_the_old_one_and_off_is_off(session, bury):
    amina, first = make_person(session), link_of(session, bury)
    second = link_of(session, bury)
    with pytest.raises(SeatLinkEnded):
        take(session, bury, first, amina)
    seat_links.close_link(session, organisation_key=bury.key, by=DESK, now=NOW)
    with pytest.raises(SeatLinkEnded):
        take(session, bury, second, amina)
    third = link_of(session, bury)
    assert len({first, second, third}) == 3
    take(session, bury, third, amina)
    assert live(session) == 1


def test_the_link_of_one_organisation_opens_no_other(session, bury):
    other = make_member_organisation(session, "Merton Music")
    amina, path = make_person(session), link_of(session, bury)
    link_of(session, other)
    for wrong in (path, "?key=", "?key=x"):
        with pytest.raises(SeatLinkEnded):
            take(session, other, wrong, amina)
    other.key = "gone"
    with pytest.raises(SeatLinkEnded):
        seats.take_seat(
            session, organisation_key="nothing", link_key="x", person_id=amina.id, now=NOW
        )


def test_the_directory_is_asked_anew_when_somebody_comes_goes_or_moves(session, bury):
    """It keeps what members may see in memory, by a revision that these acts raise."""
    amina, path = make_person(session), link_of(session, bury)
    numbers = [revision_of(session, SCOPE)[0]]

    def raised():
        numbers.append(revision_of(session, SCOPE)[0])
        return numbers[-1] > numbers[-2]

    take(session, bury, path, amina)
    assert raised()
    row = session.scalars(select(Seat)).one()
    seats.give_back(session, seat_key=row.key, person_id=amina.id, now=NOW)
    assert raised()
    actor = Actor(amina.id, amina.name)
    work = affiliations.begin(
        session, person_id=amina.id, organisation_key=bury.key, actor=actor, now=NOW
    )
    assert raised()
    affiliations.end(session, key=work.key, on=NOW.date(), actor=actor, now=NOW)
    assert raised()


def test_full_is_full_until_one_ends(session, bury):
    path = link_of(session, bury)
    people = [make_person(session) for _ in range(4)]
    for person in people[:3]:
        take(session, bury, path, person)
    with pytest.raises(SeatsTaken):
        take(session, bury, path, people[3])
    with pytest.raises(SeatsTaken):
        give(session, bury, "new@example.org")
    row = session.scalars(select(Seat).where(Seat.person_id == people[0].id)).one()
    seats.give_back(session, seat_key=row.key, person_id=people[0].id, now=NOW)
    take(session, bury, path, people[3])
    take(session, bury, path, people[1])  # Has one already.
    assert live(session) == 3


def test_seats_come_from_the_kind_or_a_number_of_their_own(session):
    own = make_member_organisation(session, "Own", seats=1)
    kind = make_member_organisation(session, "Kind")
    assert seats_of(session, own.id, at=NOW).number == 1
    assert seats_of(session, kind.id, at=NOW).number == 5
    term = session.scalars(select(Membership).where(Membership.organisation_id == kind.id)).one()

    def set_number(organisation, number):
        seats.set_number(
            session, organisation_key=organisation.key, membership_key=term.key, number=number,
            actor=COMMAND_LINE, now=NOW,
        )  # fmt: skip

    set_number(kind, 2)
    assert seats_of(session, kind.id, at=NOW).number == 2
    set_number(kind, None)
    assert seats_of(session, kind.id, at=NOW).number == 5
    with pytest.raises(KindOfOthers):
        set_number(own, 9)


def test_fewer_seats_than_are_taken_take_none_away(session, bury):
    people = [make_person(session) for _ in range(3)]
    for person in people:
        seat(session, bury, person)
    term = session.scalars(select(Membership)).one()
    seats.set_number(
        session, organisation_key=bury.key, membership_key=term.key, number=1,
        actor=COMMAND_LINE, now=NOW,
    )  # fmt: skip
    assert all(is_current(session, person.id, at=NOW) for person in people)
    with pytest.raises(SeatsTaken):
        give(session, bury, "new@example.org")


def test_without_a_membership_there_are_no_seats_to_give(session):
    lapsed = make_member_organisation(session, ends_on=date(2026, 6, 30))
    with pytest.raises(NoSeats):
        give(session, lapsed, "new@example.org")
    in_grace = make_member_organisation(session, "Grace", ends_on=NOW.date() - timedelta(days=5))
    give(session, in_grace, "new@example.org")
    assert seats_of(session, in_grace.id, at=NOW).in_grace
    term_of(session, in_grace, starts_on=NOW.date(), seats=1)
    found = seats_of(session, in_grace.id, at=NOW)
    assert (found.number, found.taken, found.in_grace) == (1, 1, False)


def test_a_seat_given_by_address_is_told_and_opens_an_account(session, bury):
    give(session, bury, "Amina@Example.org")
    assert letters_to(session, "amina@example.org") == ["membership/seat_given"]
    letter = last_letter(session, "amina@example.org")
    assert "a seat of Bury Music" in letter
    assert f"{site_of(session).base_url}/welcome/" in letter
    with pytest.raises(HasSeat):
        give(session, bury, "amina@example.org")
    known = make_person(session, email="ben@example.org")
    give(session, bury, known.email)
    assert "/account/organisations" in last_letter(session, known.email)
    closed = make_person(session, disabled_at=NOW)
    with pytest.raises(AccountDisabled):
        give(session, bury, closed.email)


def test_who_is_told_that_a_seat_ended_reads_what_stays(session, bury):
    amina = make_person(session)
    make_membership(session, person_id=amina.id)
    merton = make_member_organisation(session, "Merton Music")
    seat(session, merton, amina)
    row = seat(session, bury, amina)
    seats.end_seat(session, organisation_key=bury.key, seat_key=row.key, by=DESK, now=NOW)
    assert letters_to(session, amina.email) == ["membership/seat_ended"]
    letter = last_letter(session, amina.email)
    assert "You still belong by yourself and through Merton Music" in " ".join(letter.split())
    with pytest.raises(SeatHasEnded):
        seats.end_seat(session, organisation_key=bury.key, seat_key=row.key, by=DESK, now=NOW)
    with pytest.raises(NotFound):
        seats.end_seat(session, organisation_key=merton.key, seat_key=row.key, by=DESK, now=NOW)


def test_only_its_owner_gives_a_seat_back(session, bury):
    amina, ben = make_person(session), make_person(session)
    row = seat(session, bury, amina)
    with pytest.raises(NotFound):
        seats.give_back(session, seat_key=row.key, person_id=ben.id, now=NOW)
    seats.give_back(session, seat_key=row.key, person_id=amina.id, now=NOW)
    assert live(session) == 0
    assert letters_to(session, amina.email) == []
    with pytest.raises(SeatHasEnded):
        seats.give_back(session, seat_key=row.key, person_id=amina.id, now=NOW)


def test_a_contact_acts_for_their_own_organisation_only(session, bury):
    merton = make_member_organisation(session, "Merton Music")
    amina = contact(session, bury, make_person(session, name="Amina Okafor"))
    by = By(Actor(amina.id, amina.name), as_contact=True)
    give(session, bury, "new@example.org", by=by)
    row = seat(session, merton, make_person(session))
    for act in (
        lambda: give(session, merton, "other@example.org", by=by),
        lambda: seats.end_seat(
            session, organisation_key=merton.key, seat_key=row.key, by=by, now=NOW
        ),
        lambda: seat_links.renew_link(session, organisation_key=merton.key, by=by, now=NOW),
        lambda: seat_links.close_link(session, organisation_key=merton.key, by=by, now=NOW),
    ):
        with pytest.raises(NotTheContact):
            act()


def test_a_contact_mails_no_more_people_than_a_day_allows(session, bury):
    amina = contact(session, bury, make_person(session))
    by = By(Actor(amina.id, amina.name), as_contact=True)
    for n in range(50):
        row = give(session, bury, f"n{n}@example.org", by=by)
        seats.end_seat(session, organisation_key=bury.key, seat_key=row.key, by=by, now=NOW)
    with pytest.raises(TooManyGiven):
        give(session, bury, "one-more@example.org", by=by)
    give(session, bury, "by-the-desk@example.org")


def test_the_role_of_contact_goes_to_somebody_of_the_organisation(session, bury):
    amina = contact(session, bury, make_person(session, name="Amina Okafor"))
    ben, cleo, stranger = (make_person(session) for _ in range(3))
    seat(session, bury, ben)
    works_for(session, bury, cleo)
    by = By(Actor(amina.id, amina.name), as_contact=True)

    def pass_on(to, stays=False):
        contacts.pass_on(
            session, organisation_key=bury.key, to_key=to.key, stays=stays, by=by, now=NOW
        )

    with pytest.raises(NotOneOfThem):
        pass_on(stranger)
    pass_on(ben, stays=True)
    assert contact_of(session, amina.id, now=NOW) == {bury.id}
    pass_on(cleo)
    assert [contact_of(session, person.id, now=NOW) for person in (amina, ben, cleo)] == [
        set(),
        {bury.id},
        {bury.id},
    ]
    assert letters_to(session, ben.email) == ["organisations/contact_changed"]
    assert "Amina Okafor has made you a contact of Bury Music" in " ".join(
        last_letter(session, ben.email).split()
    )
    with pytest.raises(NotTheContact):
        pass_on(ben)


def race(new_session, acts):
    """Each act with a session and a connection of its own, all at once; what became of each."""

    def run(act):
        own = new_session()
        try:
            with unit_of_work(own):
                act(own)
        except SeatsTaken:
            return "full"
        finally:
            own.close()
        return "seat"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(run, acts))


def test_of_many_at_once_as_many_get_seats_as_there_are(session, bury, new_session):
    path = link_of(session, bury)
    people = [make_person(session).id for _ in range(AT_ONCE)]
    key, link_key = bury.key, path.rpartition("key=")[2]
    session.close()

    def taking(person_id):
        return lambda own: seats.take_seat(
            own, organisation_key=key, link_key=link_key, person_id=person_id, now=NOW
        )

    outcomes = race(new_session, [taking(person_id) for person_id in people])
    assert outcomes == ["full"] * (AT_ONCE - 3) + ["seat"] * 3
    assert live(session) == 3


def test_the_same_person_at_once_gets_one_seat(session, bury, new_session):
    path, amina = link_of(session, bury), make_person(session).id
    key, link_key = bury.key, path.rpartition("key=")[2]
    session.close()

    def taking(own):
        seats.take_seat(own, organisation_key=key, link_key=link_key, person_id=amina, now=NOW)

    assert race(new_session, [taking] * 6) == ["seat"] * 6
    assert live(session) == 1


def test_given_by_address_and_taken_by_link_at_once_never_oversells(session, bury, new_session):
    path = link_of(session, bury)
    people = [make_person(session).id for _ in range(6)]
    key, link_key = bury.key, path.rpartition("key=")[2]
    session.close()

    def taking(person_id):
        return lambda own: seats.take_seat(
            own, organisation_key=key, link_key=link_key, person_id=person_id, now=NOW
        )

    def giving(n):
        return lambda own: seats.give_seat(
            own, organisation_key=key, email=f"n{n}@example.org", name="N", by=DESK, now=NOW
        )

    acts = [taking(one) for one in people] + [giving(n) for n in range(6)]
    assert race(new_session, acts).count("seat") == 3
    assert live(session) == 3

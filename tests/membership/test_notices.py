"""Reminders, the days of grace and the end, by a fixed clock in London."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from netapp.audit.models import AuditLine
from netapp.audit.operations import COMMAND_LINE
from netapp.kernel.db import unit_of_work
from netapp.membership.models import KindReminder, Membership, MembershipKind
from netapp.membership.operations.noticing import remind, tell_lapsed
from netapp.membership.operations.renewing import renew
from netapp.membership.queries.belonging import Right, has_right, is_current
from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from tests.factories import NOW, make_membership, make_organisation, make_person
from tests.membership.seat_scenes import contact, make_member_organisation, seat, term_of
from tests.people.letters import all_letters, last_letter, letters_to

EMAIL = "amina@example.org"
LAST = date(2027, 8, 31)  # London is on BST: an hour ahead of UTC.


@pytest.fixture
def member(session, kinds) -> Person:
    person = make_person(session, email=EMAIL, name="Amina Okafor")
    make_membership(session, person_id=person.id, starts_on=date(2026, 9, 1), ends_on=LAST)
    return person


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def run(session, at: datetime) -> list[str]:
    """What the worker writes at this moment, by template."""
    before = len(all_letters(session))
    for job in (remind, tell_lapsed):
        while True:
            with unit_of_work(session):
                if not job(session, at):
                    break
    return [name.removeprefix("membership/") for name in all_letters(session)[before:]]


def after(days: int) -> datetime:
    return noon(LAST + timedelta(days=days))


@pytest.mark.slow
def test_the_whole_way(session, member):
    told = {days: found for days in range(-95, 70) if (found := run(session, after(days)))}
    assert told == {
        -60: ["ends_soon"],
        -14: ["ends_soon"],
        0: ["ends_today"],
        14: ["in_grace"],
        29: ["lapsed"],
    }


def test_the_words_name_the_days(session, member):
    run(session, after(-60))
    assert "ends on 31 August 2027" in last_letter(session, EMAIL)
    assert "holds until 28 September 2027" in last_letter(session, EMAIL)
    assert "/account/membership" in last_letter(session, EMAIL)


def test_rights_hold_in_grace_and_end_with_it(session, member):
    edge = datetime(2027, 9, 28, 22, 59, 59, tzinfo=UTC)  # A second before midnight in London.
    moments = (edge, edge + timedelta(seconds=1))
    rights = [has_right(session, member.id, Right.BOOKS_AS_MEMBER, at=at) for at in moments]
    assert rights == [True, False]
    edge = datetime(2027, 8, 31, 22, 59, 59, tzinfo=UTC)
    current = [is_current(session, member.id, at=at) for at in (edge, edge + timedelta(seconds=1))]
    assert current == [True, False]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2027, 7, 1, 22, 59, tzinfo=UTC), []),  # Still 1 July in London, and late.
        (datetime(2027, 7, 1, 23, 30, tzinfo=UTC), []),  # 2 July there, in the night.
        (datetime(2027, 7, 2, 7, 59, 59, tzinfo=UTC), []),
        (datetime(2027, 7, 2, 8, 0, tzinfo=UTC), ["ends_soon"]),  # 9 am in London.
        (datetime(2027, 7, 2, 18, 59, 59, tzinfo=UTC), ["ends_soon"]),
        (datetime(2027, 7, 2, 19, 0, tzinfo=UTC), []),
        (datetime(2027, 7, 8, 18, 0, tzinfo=UTC), ["ends_soon"]),  # A week late is not too late.
        (datetime(2027, 7, 9, 8, 0, tzinfo=UTC), []),
    ],
)
def test_the_hours_of_the_networks_zone(session, member, moment, told):
    assert run(session, moment) == told


def test_in_winter_nine_is_nine(session, kinds):
    person = make_person(session)
    make_membership(
        session, person_id=person.id, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 25)
    )
    assert run(session, datetime(2027, 1, 11, 8, 59, 59, tzinfo=UTC)) == []
    assert run(session, datetime(2027, 1, 11, 9, 0, tzinfo=UTC)) == ["ends_soon"]


def test_each_is_told_once(session, member):
    assert run(session, after(-60)) == ["ends_soon"]
    assert run(session, after(-60) + timedelta(minutes=1)) == []
    assert run(session, after(-55)) == []


def test_of_several_that_were_missed_only_the_newest(session, member):
    kind = session.scalars(select(MembershipKind).where(MembershipKind.slug == "core-member")).one()
    session.execute(delete(KindReminder).where(KindReminder.kind_id == kind.id))
    session.add_all([KindReminder(kind_id=kind.id, days=days) for days in (-3, -1, 0)])
    session.commit()
    assert run(session, after(0)) == ["ends_today"]
    assert run(session, after(1)) == []


def test_who_has_renewed_is_left_in_peace(session, member):
    make_membership(
        session, person_id=member.id, starts_on=LAST + timedelta(days=1), ends_on=date(2028, 8, 31)
    )
    assert [run(session, after(days)) for days in (-60, 0, 14, 29)] == [[], [], [], []]


def test_what_was_ended_by_hand_reminds_of_nothing(session, kinds):
    person = make_person(session)
    make_membership(
        session,
        person_id=person.id,
        starts_on=date(2026, 9, 1),
        ends_on=LAST,
        rights_until=LAST,
        ended_early=True,
    )
    assert [run(session, after(days)) for days in (-14, 0, 1)] == [[], [], []]


def test_who_joined_lately_is_not_told_that_it_ends(session, kinds):
    person = make_person(session)
    make_membership(session, person_id=person.id, starts_on=LAST - timedelta(days=58), ends_on=LAST)
    assert run(session, after(-56)) == []
    assert run(session, after(-14)) == ["ends_soon"]


def test_what_lapsed_long_ago_is_not_told_now(session, kinds):
    person = make_person(session)
    make_membership(
        session, person_id=person.id, starts_on=date(2019, 9, 1), ends_on=date(2020, 8, 31)
    )
    assert run(session, NOW) == []


def test_a_closed_account_gets_no_mail(session, member):
    member.disabled_at = NOW
    session.commit()
    assert run(session, after(-60)) == []


def test_an_organisations_contact_is_told_and_nobody_else(session, kinds):
    contact, colleague = make_person(session, email="c@example.org"), make_person(session)
    organisation = make_organisation(session, name="Hill Music Service")
    for person, is_contact in ((contact, True), (colleague, False)):
        session.add(
            Affiliation(
                key=f"a{person.id}",
                person_id=person.id,
                organisation_id=organisation.id,
                is_contact=is_contact,
                created_at=NOW,
            )
        )
    make_membership(
        session,
        organisation_id=organisation.id,
        kind="organisation",
        starts_on=date(2026, 9, 1),
        ends_on=LAST,
    )
    assert run(session, after(-14)) == ["ends_soon"]
    assert letters_to(session, "c@example.org") == ["membership/ends_soon"]
    assert "The membership of Hill Music Service" in last_letter(session, "c@example.org")


def test_who_has_a_seat_hears_when_it_holds_no_longer_and_when_it_does_again(session, kinds):
    lead, amina = make_person(session, email="c@example.org"), make_person(session, email=EMAIL)
    bury = make_member_organisation(session, starts_on=date(2026, 9, 1), ends_on=LAST)
    contact(session, bury, lead)
    for person in (lead, amina):
        seat(session, bury, person)
    make_membership(session, person_id=amina.id, starts_on=date(2026, 9, 1), ends_on=None)
    assert run(session, after(0)) == ["ends_today"]
    assert sorted(run(session, after(29))) == ["lapsed", "through_ended"]
    assert letters_to(session, EMAIL) == ["membership/through_ended"]
    assert "You still belong by yourself: that stays as it is." in last_letter(session, EMAIL)
    key = session.scalars(select(Membership.key).where(Membership.organisation_id == bury.id)).one()
    renew(session, key=key, actor=COMMAND_LINE, now=after(40))
    session.commit()
    assert letters_to(session, EMAIL)[1:] == ["membership/through_again"]
    assert letters_to(session, "c@example.org")[-1] == "membership/renewed"


def test_a_term_that_is_followed_by_another_ends_nothing_for_who_has_a_seat(session, kinds):
    amina = make_person(session, email=EMAIL)
    bury = make_member_organisation(session, starts_on=date(2026, 9, 1), ends_on=LAST)
    seat(session, bury, amina)
    term_of(session, bury, starts_on=LAST + timedelta(days=1), ends_on=None)
    assert run(session, after(29)) == []


def test_a_lapse_is_kept_and_logged(session, member):
    run(session, after(29))
    lines = session.scalars(select(AuditLine.summary)).all()
    assert lines == ["The membership of Amina Okafor (Core member) lapsed."]


def test_two_workers_at_once_tell_it_once(member, new_session):
    def work(_: int) -> None:
        with new_session() as own, unit_of_work(own):
            remind(own, after(-60))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with new_session() as own:
        assert letters_to(own, EMAIL) == ["membership/ends_soon"]

"""What a file says for profiles, and of checks that were seen."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.directory.fields import ProfileField, Visibility
from netapp.directory.models import Profile
from netapp.directory.operations import profile as profiles
from netapp.directory.plans import ProfilePlan
from netapp.directory.queries.own import own_profile
from netapp.imports.errors import ChecksAreNotYours
from netapp.imports.models import ImportRow, Keep, RowState
from netapp.imports.operations import starting, writing
from netapp.imports.queries.effects import undo_effects
from netapp.imports.queries.rows import faulty_table, row_page
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person, Role, RoleGrant
from netapp.safeguarding.models import Check
from netapp.safeguarding.operations.checks import remind_of_checks
from netapp.safeguarding.operations.kinds import load_kinds
from netapp.vocabulary.models import Term, TermKind
from tests.factories import NOW, make_coordinator, make_person
from tests.imports.scenes import JO, bring_in, effects, faults, load, rows_of, undo, work

CONTACTS = """\
Name,Email,Mobile,Pronouns,Website,What they do,Bio
Amina Okafor,amina@example.org,0161 496 0000,she/her,harps.example.org,Plays the harp,Thirty years.
"""
CHECKED = """\
Name,Email,Check,Seen on,Seen by,Due again
Amina Okafor,amina@example.org,enhanced dbs certificate,3/5/2026,Sam Gray,
Amina Okafor,amina@example.org,safeguarding-training,1/2/2025,,10/1/2027
Ben Adeyemi,ben@example.org,references,4/5/2026,,
"""


@pytest.fixture
def lead(session):
    """Who looks after checks, as the one who acts."""
    load_kinds(session)
    person = make_coordinator(session, name="Lee Lead")
    grant = RoleGrant(person_id=person.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW)
    session.add(grant)
    session.commit()
    return Actor(person.id, person.name)


def profile_of(session, email="amina@example.org"):
    session.expire_all()
    theirs = select(Profile).join(Person, Person.id == Profile.person_id)
    return session.scalar(theirs.where(Person.email == email))


def live(session):
    """Checks that hold: of whom, seen and due again when, seen by whom."""
    session.expire_all()
    wanted = select(Person.name, Check.seen_on, Check.due_on, Check.seen_by).join(
        Person, Person.id == Check.person_id
    )
    rows = session.execute(wanted.where(Check.ended_at.is_(None)).order_by(Check.seen_on))
    return [tuple(row) for row in rows]


def say(session, person, **texts):
    """They fill in their profile themselves."""
    said = {"role": "", "pronouns": "", "about": "", "website": "", "phone": ""} | texts
    plan = ProfilePlan(takes_messages=True, terms=frozenset(), choices={}, **said)
    seen = profile_of(session, person.email)
    version = seen.version if seen else 0
    profiles.save(session, person_id=person.id, version=version, plan=plan, now=NOW)
    session.commit()


def test_what_stands_in_a_profile_comes_and_nobody_sees_it(session):
    one = load(session, CONTACTS)
    assert effects(session, one, RowState.NEW)[0][1] == [
        "In their profile, seen by nobody else. What they do: Plays the harp; Pronouns: she/her; "
        "Phone: 0161 496 0000; Website: https://harps.example.org; About them: Thirty years."
    ]
    bring_in(session, CONTACTS)
    found = profile_of(session)
    assert (found.phone, found.pronouns, found.answered_at) == ("0161 496 0000", "she/her", None)
    said = ("entry", "phone", "pronouns", "website", "role", "about")
    assert {found.choice(ProfileField(name)) for name in said} == {Visibility.NOBODY}
    assert load(session, CONTACTS).tallies == {"same": 1}


def test_whoever_opens_it_finds_it_there_and_their_area_ticked(session):
    session.add(Term(slug="wales", label="Wales", kind=TermKind.AREA, position=1))
    session.commit()
    bring_in(session, "Name,Email,Phone,Area\nA B,a@example.org,0161 496 0000,Wales\n")
    own = own_profile(session, session.scalars(select(Person)).one(), at=NOW)
    assert own.profile is not None
    assert (own.profile.phone, own.terms) == ("0161 496 0000", frozenset({"wales"}))
    assert own.choices[ProfileField.PHONE] is Visibility.NOBODY


def test_what_people_wrote_themselves_is_never_touched(session):
    amina = make_person(session, name="Amina Okafor", email="amina@example.org")
    say(session, amina, phone="020 7946 0123")
    one = load(session, CONTACTS)
    starting.set_manner(
        session, key=one.key, keep=Keep.FILE, takes_leavers=False, version=one.version
    )
    one = work(session, one)
    assert one.tallies == {"same": 1}
    (row,) = rows_of(session, one, RowState.SAME)
    assert row.plan["notes"] == [
        "They look after their profile themselves: what they do, pronouns, phone, website and "
        "about is left out."
    ]


def test_a_second_file_fills_gaps_until_the_person_has_answered(session):
    bring_in(session, "Name,Email,Phone\nAmina Okafor,amina@example.org,0161 496 0000\n")
    more = "Name,Email,Phone,Pronouns\nAmina Okafor,amina@example.org,0161 496 0999,she/her\n"
    second = bring_in(session, more)
    found = profile_of(session)
    assert (found.phone, found.pronouns, found.see_pronouns) == (
        "0161 496 0000",
        "she/her",
        Visibility.NOBODY,
    )
    undo(session, second)
    assert (profile_of(session).phone, profile_of(session).pronouns) == ("0161 496 0000", "")


def test_undo_takes_a_profile_away_unless_the_person_has_said_something(session):
    amina = make_person(session, name="Amina Okafor", email="amina@example.org")
    one = bring_in(session, CONTACTS)
    undo(session, one)
    assert profile_of(session) is None
    one = bring_in(session, CONTACTS)
    say(session, amina, phone="0161 496 0000")
    undo(session, one)
    assert profile_of(session).phone == "0161 496 0000"


def test_somebody_new_goes_with_their_profile_or_stays_with_it(session):
    one = bring_in(session, CONTACTS)
    assert (undo_effects(session, one).removed, undo_effects(session, one).stay) == (1, [])
    say(session, session.scalars(select(Person)).one(), phone="0161 496 0001")
    stay = [line.why for line in undo_effects(session, one).stay]
    assert stay == ["Their membership, organisation, groups or profile were changed since."]


def test_what_is_wrong_with_it_is_said(session):
    one = load(
        session,
        "Name,Email,Phone,Website\nA,a@example.org,call me,\nB,b@example.org,,not a site\n",
    )
    assert faults(session, one) == [
        (
            2,
            "Phone",
            "“call me” is not a phone number. Enter a phone number in digits, like 020 7946 0123.",
        ),
        (
            3,
            "Website",
            "“not a site” is no website. Enter the address of a website, like www.example.org.",
        ),
    ]


def test_checks_come_with_who_saw_them_and_go_again(session, lead):
    one = load(session, CHECKED, actor=lead)
    assert effects(session, one, RowState.NEW)[0][1] == [
        "Check: Enhanced DBS certificate, seen 3 May 2026 by Sam Gray, due again 3 May 2029"
    ]
    one = bring_in(session, CHECKED, actor=lead)
    assert one.tallies["checks"] == 3
    assert live(session) == [
        ("Amina Okafor", date(2025, 2, 1), date(2027, 1, 10), "Lee Lead"),
        ("Amina Okafor", date(2026, 5, 3), date(2029, 5, 3), "Sam Gray"),
        ("Ben Adeyemi", date(2026, 5, 4), None, "Lee Lead"),
    ]
    summaries = select(AuditLine.summary).where(AuditLine.action == "check.note")
    assert set(session.scalars(summaries)) == {"Noted a safeguarding check."}
    assert remind_of_checks(session, NOW) == 0  # Nobody is mailed because a file came.
    assert session.scalars(select(OutboxMessage)).all() == []
    assert load(session, CHECKED, actor=lead).tallies == {"same": 3}
    undo(session, one)
    assert live(session) == []


def test_a_newer_check_takes_the_place_of_the_older_one_until_it_is_undone(session, lead):
    bring_in(session, CHECKED, actor=lead)
    before = live(session)
    newer = CHECKED.replace("3/5/2026", "3/9/2026").replace("1/2/2025", "1/2/2024")
    one = load(session, newer, actor=lead)
    assert one.tallies == {"change": 1, "same": 2}
    one = bring_in(session, newer, actor=lead)
    assert [row[1] for row in live(session)] == [
        date(2025, 2, 1),
        date(2026, 5, 4),
        date(2026, 9, 3),
    ]
    undo(session, one)
    assert live(session) == before


def test_checks_are_for_those_alone_who_look_after_them(session, lead):
    other = load(session, CHECKED)
    kept = session.scalars(select(ImportRow.cells).where(ImportRow.import_id == other.id)).all()
    assert kept[0] == ["Amina Okafor", "amina@example.org", "", "", "", ""]
    theirs = load(session, CHECKED.replace("4/5/2026", "soon"), actor=lead)
    with pytest.raises(ChecksAreNotYours):
        writing.start(
            session, key=theirs.key, version=theirs.version, invites=False, actor=JO, now=NOW
        )
    session.rollback()
    page = row_page(session, theirs, RowState.NEW, 1, sees_checks=False)
    assert page.items[0].does == ["Notes a safeguarding check"]
    _, rows = faulty_table(session, theirs, sees_checks=False)
    assert list(rows) == [
        [
            *("Ben Adeyemi", "ben@example.org", "", "", "", "", "4"),
            "Seen on: Something about a check. Somebody who looks after checks can read it.",
        ]
    ]


def test_what_is_wrong_with_a_check_is_said(session, lead):
    rows = ["dbs,3/5/2026,", "references,,", "references,1/2/2027,", "references,3/5/2026,1/1/2026"]
    lines = [f"P{n},p{n}@example.org,{row}" for n, row in enumerate(rows)]
    one = load(session, "Name,Email,Check,Seen on,Due again\n" + "\n".join(lines), actor=lead)
    kinds = (
        "Enhanced DBS certificate, DBS Update Service, status looked up, Safeguarding training or "
        "Two references"
    )
    assert faults(session, one) == [
        (2, "Check", f"Say in a column of its own which check it is: {kinds}."),
        (3, "Seen on", "Write the day on which the check was seen."),
        (4, "Check", "It was not seen yet: the day is still to come."),
        (5, "Due again", "It is due again on a day before it was seen."),
    ]

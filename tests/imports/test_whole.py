"""A file of members, from loading to undoing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.groups.models import Group, GroupMember
from netapp.imports.errors import Moved, NothingToImport, UndoOver
from netapp.imports.models import Import, ImportOrganisation, ImportState, PlaceOf, RowState
from netapp.imports.operations import (
    advancing,
    choosing,
    putting_back,
    starting,
    undoing,
    writing,
)
from netapp.imports.queries.effects import undo_effects
from netapp.mail.models import OutboxMessage
from netapp.membership.models import Membership
from netapp.membership.operations import noticing
from netapp.membership.operations.kinds import load_kinds
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person
from tests.factories import NOW, make_guest, make_organisation, make_person
from tests.groups.scenes import make_group
from tests.imports.scenes import JO, bring_in, effects, load, undo, work
from tests.membership.seat_scenes import make_member_organisation, works_for

SHEET = """\
Name,Email,Organisation,Job title,Membership,Start,End,Groups,Seat
Amina Okafor,Amina@Example.org,Bury Music,SEND lead,Associate,1/9/2026,31/8/2027,Songs,yes
Ben Adeyemi,ben@example.org,Harp House,,Core member,,,,
Cai Evans,cai@example.org,,,,,,Songs; Drums,
"""


@pytest.fixture
def scene(session):
    load_kinds(session)
    make_member_organisation(session, "Bury Music")
    lead = make_person(session, name="Lead Person", email="lead@example.org")
    make_group(session, lead=lead, name="Songs", slug="songs")
    make_group(session, lead=lead, name="Drums", slug="drums")
    session.commit()


def everything(session):
    """What an import can change, as it stands."""
    session.expire_all()
    people = select(Person.email, Person.name, Person.organisation, Person.area)
    terms = select(Membership.person_id, Membership.starts_on, Membership.ends_on)
    groups = select(Group.name, Group.people).order_by(Group.name)
    members = select(GroupMember.group_id, GroupMember.person_id)
    works = select(Affiliation.person_id, Affiliation.organisation_id, Affiliation.role)
    register = select(Organisation.name)
    return [
        sorted(map(tuple, session.execute(each)), key=str)
        for each in (people, terms, groups, members, works, register)
    ]


def test_people_come_with_all_they_belong_to(session, scene):
    one = bring_in(session, SHEET)
    assert one.tallies["new"] == 3
    amina = session.scalars(select(Person).where(Person.email == "amina@example.org")).one()
    assert (amina.name, amina.organisation, amina.password_hash, amina.registered_at) == (
        "Amina Okafor",
        "Bury Music",
        None,
        None,
    )
    term = session.scalars(select(Membership).where(Membership.person_id == amina.id)).one()
    assert (term.starts_on, term.ends_on) == (date(2026, 9, 1), date(2027, 8, 31))
    works = session.scalars(select(Affiliation).where(Affiliation.person_id == amina.id)).one()
    assert works.role == "SEND lead"
    people = dict(session.execute(select(Group.name, Group.people)).all())
    assert people == {"Songs": 3, "Drums": 2}
    counted = select(GroupMember.group_id, func.count()).group_by(GroupMember.group_id)
    assert sorted(n for _, n in session.execute(counted)) == [2, 3]
    ben = session.scalars(select(Person).where(Person.email == "ben@example.org")).one()
    assert ben.organisation == "Harp House"  # Not in the register: words beside the person.
    begins = session.scalars(select(Membership).where(Membership.person_id == ben.id)).one()
    assert (begins.starts_on, begins.ends_on) == (NOW.date(), date(2027, 8, 31))


def test_nobody_is_mailed_unless_a_coordinator_ticks_it(session, scene, at):
    past = SHEET.replace("31/8/2027", "10/1/2027")
    bring_in(session, past)
    noticing.remind(session, NOW)
    noticing.tell_lapsed(session, NOW)
    assert advancing.invite_some(session, NOW) == 0
    assert session.scalars(select(OutboxMessage)).all() == []
    bring_in(session, "Name,Email\nDee Hall,dee@example.org\n", invites=True)
    assert advancing.invite_some(session, NOW) == 1
    session.commit()
    assert advancing.invite_some(session, NOW) == 0
    mails = session.scalars(select(OutboxMessage)).all()
    assert [mail.to_email for mail in mails] == ["dee@example.org"]


def test_the_same_file_again_changes_nothing(session, scene, at):
    bring_in(session, SHEET)
    later = NOW.replace(month=2)
    with at(later):
        again = load(session, SHEET, now=later)
    assert (again.state, again.tallies) == (ImportState.PREVIEW, {"same": 3})
    with pytest.raises(NothingToImport):
        writing.start(
            session, key=again.key, version=again.version, invites=False, actor=JO, now=later
        )


def test_an_import_is_undone_as_a_whole(session, scene):
    make_person(session, email="cai@example.org", name="Cai Evans")
    before = everything(session)
    one = bring_in(session, SHEET)
    assert everything(session) != before
    found = undo_effects(session, one)
    assert (found.removed, found.put_back, found.stay) == (2, 1, [])
    undone = undo(session, one)
    assert (undone.state, undone.tallies["removed"]) == (ImportState.UNDONE, 2)
    assert everything(session) == before
    actions = select(AuditLine.action).where(AuditLine.subject == f"import:{one.key}")
    assert session.scalars(actions.order_by(AuditLine.id)).all() == ["import.write", "import.undo"]


def test_who_did_something_since_stays_and_is_named(session, scene):
    one = bring_in(session, SHEET)
    amina, ben = (
        session.scalars(select(Person).where(Person.email == email)).one()
        for email in ("amina@example.org", "ben@example.org")
    )
    amina.registered_at = NOW
    works_for(session, make_organisation(session), ben)
    session.commit()
    stay = [(line.name, line.why) for line in undo_effects(session, one).stay]
    assert stay == [
        ("Amina Okafor", "They have opened their account."),
        ("Ben Adeyemi", "They work for another organisation."),
    ]
    undone = undo(session, one)
    assert (undone.tallies["removed"], undone.tallies["stayed"]) == (1, 2)
    kept = select(Membership.id).where(Membership.person_id.in_([amina.id, ben.id]))
    assert len(session.scalars(kept).all()) == 2


def test_what_was_changed_again_since_stays(session, scene):
    make_guest(session, email="ben@example.org", name="Ben Adeyemi", organisation="")
    make_guest(session, email="cai@example.org", name="Cai Evans")
    one = bring_in(
        session, "Email,Organisation\nben@example.org,Harp House\ncai@example.org,Lute\n"
    )
    ben = session.scalars(select(Person).where(Person.email == "ben@example.org")).one()
    assert ben.organisation == "Harp House"
    ben.organisation = "Ben himself"
    session.commit()
    undone = undo(session, one)
    assert undone.tallies["kept"] == 1
    found = dict(session.execute(select(Person.name, Person.organisation)).all())
    assert (found["Ben Adeyemi"], found["Cai Evans"]) == ("Ben himself", "")


def test_thirty_days_and_no_longer(session, scene, at):
    one = bring_in(session, SHEET)
    late = NOW.replace(month=2, day=11)
    with pytest.raises(UndoOver):
        undoing.start_undo(session, key=one.key, actor=JO, now=late)


def test_killed_while_writing_nothing_happened_and_it_goes_on(session, scene, monkeypatch):
    one = load(session, SHEET)
    before = everything(session)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    session.commit()
    record = writing._record

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_record", die)
    with pytest.raises(KeyboardInterrupt):
        work(session, one)
    session.rollback()
    assert everything(session) == before
    monkeypatch.setattr(writing, "_record", record)
    assert work(session, one).tallies["new"] == 3


def test_two_workers_write_it_once(session, scene, new_session):
    one = load(session, SHEET)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    session.commit()
    with new_session() as other:
        late = starting.find(other, one.key)
        while starting.find(session, one.key).step.value != "write":
            advancing.advance(session, NOW)
            session.commit()
        other.rollback()
        late = starting.find(other, one.key)
        other.expunge(late)
        work(session, one)
        writing.write(other, late, NOW)
        other.commit()
    assert session.scalar(select(func.count()).where(Person.email == "ben@example.org")) == 1


def test_somebody_who_came_meanwhile_is_looked_at_again(session, scene, monkeypatch):
    """Between comparing and writing: nothing is written, the row is compared anew."""
    one = load(session, SHEET)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    session.commit()
    while (one := starting.find(session, one.key)).step.value != "write":
        advancing.advance_one(session, one, NOW)
        session.commit()
    make_guest(session, email="ben@example.org", name="Ben Adeyemi")
    one = work(session, one)
    assert (one.state, one.moved) == (ImportState.PREVIEW, 1)
    assert effects(session, one, RowState.CHANGE) == [
        (3, ["Organisation in their words: nothing becomes Harp House",
             "Member (Core member), 11 January 2027 to 31 August 2027"])
    ]  # fmt: skip


def test_an_unknown_organisation_is_added_where_a_coordinator_says_so(session, scene):
    one = load(session, SHEET)
    (unknown,) = session.scalars(select(ImportOrganisation))
    assert (unknown.name, unknown.place) == ("Harp House", PlaceOf.WORDS)
    choosing.place_organisations(
        session, key=one.key, version=one.version, places={unknown.id: "add"}
    )
    one = work(session, one)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    one = work(session, one)
    added = session.scalars(select(Organisation).where(Organisation.name == "Harp House")).one()
    assert added.is_listed is False
    assert session.scalars(
        select(Affiliation.id).where(Affiliation.organisation_id == added.id)
    ).one()
    undo(session, one)
    gone = select(Organisation.id).where(Organisation.name == "Harp House")
    assert session.scalars(gone).all() == []


def test_what_is_never_imported_is_forgotten_after_a_week(session, scene):
    load(session, SHEET)
    assert advancing.purge(session, NOW.replace(day=18)) == 0
    assert advancing.purge(session, NOW.replace(day=19)) == 1
    assert session.scalars(select(Import)).all() == []


def test_killed_while_undoing_it_goes_on_where_it_was(session, scene, monkeypatch):
    before = everything(session)
    one = bring_in(session, SHEET)
    monkeypatch.setattr(undoing, "PEOPLE_AT_ONCE", 1)
    undoing.start_undo(session, key=one.key, actor=JO, now=NOW)
    session.commit()
    advancing.advance(session, NOW)
    session.commit()
    mark = putting_back.Portion._mark

    def die(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(putting_back.Portion, "_mark", die)
    with pytest.raises(KeyboardInterrupt):
        work(session, one)
    session.rollback()
    monkeypatch.setattr(putting_back.Portion, "_mark", mark)
    assert work(session, one).tallies["removed"] == 3
    assert everything(session) == before


def test_it_gives_up_where_something_moves_each_time(session, scene, monkeypatch):
    def always(*args):
        raise Moved

    one = load(session, SHEET)
    monkeypatch.setattr(writing, "_add_people", always)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    assert work(session, one).state is ImportState.PREVIEW
    monkeypatch.undo()
    one = starting.find(session, one.key)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    assert work(session, one).state is ImportState.DONE


def test_one_that_cannot_be_written_is_thrown_away(session, scene):
    before, one = everything(session), load(session, SHEET)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    session.commit()
    starting.discard(session, key=one.key)
    session.commit()
    assert session.scalars(select(Import)).all() == []
    assert everything(session) == before

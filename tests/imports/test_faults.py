"""What is wrong in a file is said row by row, in words; the rest can be imported."""

import csv
import io

from netapp.imports.models import RowState
from netapp.imports.queries.register import not_known_words
from netapp.imports.queries.rows import faulty_table
from netapp.membership.operations.kinds import load_kinds
from netapp.organisations.models import NameKind, OrganisationName
from netapp.vocabulary.models import Term, TermKind
from tests.factories import NOW, make_organisation, make_person
from tests.groups.scenes import make_group
from tests.imports.scenes import bring_in, effects, faults, load, rows_of
from tests.membership.seat_scenes import make_member_organisation, seat

HEADINGS = "Name,Email,Organisation,Area,Membership,Start,End,Age band,Groups,Seat\n"


def said(session, row):
    one = load(session, HEADINGS + row + "\n")
    return [(column, words) for _, column, words in faults(session, one)]


def test_each_fault_has_its_words(session):
    load_kinds(session)
    make_group(session, name="Songs", slug="songs")
    make_group(session, name="Old", slug="old", closed_at=NOW, closed_reason="Done")
    session.add(Term(slug="london", label="London", kind=TermKind.AREA, position=1))
    session.commit()
    assert said(session, "Amina,,,,,,,,,") == [
        ("Email", "There is no address. Each person needs one.")
    ]
    assert said(session, ",amina@example.org,,,,,,,,") == [
        ("Name", "There is no name, and we do not know this person yet.")
    ]
    assert said(session, "=cmd,x@@example.org,,Narnia,Gold,31/2/2027,,,Song; Old; Old,perhaps") == [
        (
            "Email",
            "“x@@example.org” is not an email address. Enter an email address, like"
            " name@example.org.",
        ),
        ("Name", "“=cmd” is a formula. Write what it should say."),
        ("Area", "We do not know the area “Narnia”. Write one of these: London."),
        ("Start", "There is no 31 February. Write a day like 31/1/2027."),
        (
            "Membership",
            "We have no kind of membership “Gold”. Write one of these: Core member, Associate, "
            "Wider community or Young member.",
        ),
        ("Seat", "“perhaps” is neither yes nor no."),
        ("Groups", "There is no group “Song”. Do you mean “Songs”? Groups are made first."),
        ("Groups", "The group “Old” is closed."),
        ("Groups", "The group “Old” is closed."),
    ]
    assert said(session, "A,a@example.org,,,Associate,2027-02-29,,,,") == [
        ("Start", "There is no 29 February 2027. Write a day like 31/1/2027.")
    ]
    assert said(session, "A,a@example.org,,,Associate,9/25/2026,,,,") == [
        (
            "Start",
            "“9/25/2026” is no day that we can read. The day comes first, then the month. "
            "Write 31/1/2027.",
        )
    ]
    assert said(session, "A,a@example.org,,,Associate,2/9/2026,1 September 2026,,,") == [
        ("End", "The last day is before the first day.")
    ]
    assert said(session, "A,a@example.org,,,Young membership,,,,,") == [
        (
            "Age band",
            "A young member has an age band. Write one of these: 16-17, 18-20 or 21-25.",
        )
    ]
    assert said(session, "A,a@example.org,,,Organisation,,,,,")[0][1].startswith(
        "“Organisation” is for organisations."
    )


def test_places_that_are_not_there(session):
    load_kinds(session)
    bury = make_member_organisation(session, "Bury Music", seats=1)
    make_organisation(session, name="Harp House")
    make_group(session, name="Songs", slug="songs", size_limit=1)
    session.commit()
    one = load(
        session,
        HEADINGS + "A,a@example.org,bury music,,,,,,Songs,yes\n"
        "B,b@example.org,Bury Music,,,,,,,yes\nC,c@example.org,,,,,,,Songs,\n"
        "D,d@example.org,Harp House,,,,,,,yes\nE,e@example.org,Lute Lane,,,,,,,yes\n",
    )
    assert faults(session, one) == [
        (3, "Seat", "Bury Music has no seat left: all 1 are taken."),
        (4, "Groups", "The group “Songs” is full."),
        (5, "Seat", "Harp House is not a member, so it has no seats to give."),
        (6, "Seat", "“Lute Lane” is not in the register, so there is no seat to give."),
    ]
    one = bring_in(session, HEADINGS + "A,a@example.org,bury music,,,,,,Songs,yes\n")
    assert (one.tallies["seats"], one.tallies["groups"]) == (1, 1)
    seat(session, bury, make_person(session))  # Given by hand since: it is over the number now.
    again = load(session, HEADINGS + "A,a@example.org,bury music,,,,,,Songs,yes\n")
    assert again.tallies == {"same": 1}


def test_the_rows_to_put_right_are_a_list_to_load_again(session):
    one = load(session, "Name,Email\nAmina,amina at example\nBen,ben@example.org\n")
    headings, rows = faulty_table(session, one, sees_checks=False)
    table = [headings, *rows]
    assert table == [
        ["Name", "Email", "Row in the file", "What to put right"],
        [
            "Amina",
            "amina at example",
            "2",
            "Email: “amina at example” is not an email address. Enter an email address, like "
            "name@example.org.",
        ],
    ]
    table[1][1] = "amina@example.org"
    kept = io.StringIO()
    csv.writer(kept).writerows(table)
    corrected = load(session, kept.getvalue())
    assert corrected.tallies == {"new": 1}


def test_an_organisation_is_known_by_any_of_its_names(session):
    bury = make_organisation(session, name="Bury Music Service")
    former = NameKind.FORMER
    session.add(
        OrganisationName(organisation_id=bury.id, name="Bury Arts", kind=former, slug="bury-arts")
    )
    session.commit()
    one = load(
        session,
        "Name,Email,Organisation,Role\nA,a@example.org,BURY MUSIC SERVICE,Tutor\n"
        "B,b@example.org,bury arts,\nC,c@example.org,The Bury Music Service Ltd,\n",
    )
    assert [words for _, words in effects(session, one, RowState.NEW)] == [
        ["Works for Bury Music Service, as Tutor"],
        ["Works for Bury Music Service"],
        ["Works for Bury Music Service"],
    ]


def test_a_name_that_the_register_does_not_know_is_said_with_the_one_it_may_be(session):
    make_organisation(session, name="Bury Music Service")
    session.commit()
    one = load(
        session,
        "Name,Email,Organisation\nA,a@example.org,Bury Musik Service\nB,b@example.org,Harp House\n",
    )
    beside = "The name stands beside the person."
    said = [
        "The register does not know “Bury Musik Service”. Do you mean “Bury Music Service”? "
        f"{beside}",
        f"The register does not know “Harp House”. {beside}",
    ]
    assert [row.plan["notes"] for row in rows_of(session, one, RowState.NEW)] == [
        [said[0]],
        [said[1]],
    ]
    assert not_known_words(session, one) == said

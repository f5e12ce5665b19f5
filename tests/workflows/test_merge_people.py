"""Whatever points at two people points at one after a merge, and as before once it is undone."""

from netapp.kernel.db import Base
from netapp.kernel.one_person import Follows, StaysBehind
from netapp.workflows.person_references import ALL
from tests.factories import (
    make_person,
)
from tests.workflows.rows import add_row
from tests.workflows.scenes import everything, merge, pointing_at, take_apart


def test_every_column_that_points_at_people_says_what_follows():
    named = [(rule.column.class_.__tablename__, rule.column.key) for rule in ALL]
    pointing = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "people"
    }
    assert len(named) == len(set(named))
    assert set(named) == pointing


NEVER_MADE = {  # Made in earnest by the scene, or of people who act for others.
    ("access_requests", "person_id"),
    ("access_requests", "answered_by_id"),
    ("people", "merged_into_id"),
}


def fill(session, scene):
    """In every table that points at people a row for each of the two, as far as there can be."""
    stranger = make_person(session)
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "people":
                for person in (scene["gone"], scene["kept"]):
                    add_row(session, key.parent, person.id, stranger.id)
    session.commit()


def test_all_that_referred_to_either_refers_to_who_stays(session, scene):
    kept, gone = scene["kept"], scene["gone"]
    fill(session, scene)
    before = pointing_at(session, gone.id)
    everywhere = {(rule.column.class_.__tablename__, rule.column.key) for rule in ALL}
    assert everywhere - before == NEVER_MADE
    merge(session, gone, kept)
    behind = {
        (rule.column.class_.__tablename__, rule.column.key)
        for rule in ALL
        if isinstance(rule, StaysBehind) and not rule.is_moved
    }
    once = {
        (rule.column.class_.__tablename__, rule.column.key)
        for rule in ALL
        if isinstance(rule, Follows) and rule.once and not rule.once.ends
    }
    left = pointing_at(session, gone.id)
    assert left - once - behind == set()
    assert before - behind <= pointing_at(session, kept.id)


def test_what_is_merged_and_taken_apart_is_as_it_was(session, scene):
    fill(session, scene)
    before = everything(session)
    change = merge(session, scene["gone"], scene["kept"], take={"name", "email"})
    merged = everything(session)
    assert merged != before
    undone = take_apart(session, change)
    assert undone.left == ()
    after = everything(session)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}

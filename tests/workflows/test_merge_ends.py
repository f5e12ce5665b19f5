"""What cannot be merged or undone, and when a merge is final."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from netapp.feeds.models import FeedToken
from netapp.groups.models import Group
from netapp.kernel.changes import Change
from netapp.kernel.errors import StaleEdit
from netapp.people.access import Told
from netapp.people.errors import (
    AccountMustStay,
    CannotUndo,
    ClosedForGood,
    MergedAlready,
    MergedOnward,
)
from netapp.people.models import AccessProfile, Passkey, Person, ProfileKind
from netapp.people.operations import access
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.operations.upkeep import purge
from netapp.privacy.operations.keeping import carry_out
from netapp.workflows.close_account import close_account
from netapp.workflows.merge_people import follow_again, merge_people
from tests.factories import (
    NOW,
    make_guest,
    make_member,
    make_person,
)
from tests.groups.scenes import put_in
from tests.workflows.scenes import JO, LATER, everything, merge, take_apart


def test_a_group_that_filled_up_meanwhile_has_them_once_after_undoing(session, scene):
    change = merge(session, scene["gone"], scene["kept"])
    put_in(session, session.get_one(Group, scene["group"].id), make_member(session))
    undone = take_apart(session, change)
    assert undone.left == (f"{scene['group'].name}: the group is full",)
    assert session.scalar(select(Group.people).where(Group.id == scene["group"].id)) == 2


def test_what_was_changed_since_stays_and_is_named(session, scene):
    kept = scene["kept"]
    change = merge(session, scene["gone"], kept, take={"name"})
    session.execute(update(Person).where(Person.id == kept.id).values(name="Amina Hill"))
    session.commit()
    assert take_apart(session, change).left == ("name, address or other details",)
    assert (kept.name, scene["gone"].name) == ("Amina Hill", "A. Okafor")
    with pytest.raises(CannotUndo):
        take_apart(session, change)


def test_after_its_time_a_merge_is_final_and_what_opened_the_other_goes(session, scene):
    change = merge(session, scene["gone"], scene["kept"])
    purge(session, LATER)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1
    late = LATER + timedelta(days=31)
    with pytest.raises(CannotUndo):
        take_apart(session, change, now=late)
    session.rollback()
    while carry_out(session, late):
        session.commit()
    purge(session, late)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Change)) == 0
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0
    assert session.get_one(Person, scene["gone"].id).merged_into_id == scene["kept"].id


def test_who_goes_for_good_goes_with_who_they_were(session, scene, tmp_path):
    kept, gone = scene["kept"], scene["gone"]
    make_person(session, name="Somebody else")
    access.keep_profile(
        session, person_id=kept.id, kind=ProfileKind.ACCESS, told=Told((), "mine"),
        seen_version=0, now=NOW,
    )  # fmt: skip
    merge(session, gone, kept)
    assert session.scalar(select(func.count()).select_from(AccessProfile)) == 2
    close_account(session, key=kept.key, by=None, folder=tmp_path, now=LATER)
    session.commit()
    assert session.scalar(select(func.count()).select_from(AccessProfile)) == 0
    text = str(everything(session)).casefold()
    assert "okafor" not in text


def test_one_merged_into_another_leads_on_through_both(session, scene):
    kept, gone, last = scene["kept"], scene["gone"], make_person(session)
    change = merge(session, gone, kept)
    merge(session, kept, last, now=LATER + timedelta(minutes=1))
    found = find_or_add_guest(session, email="a.okafor@old.example.org", name="x", now=LATER)
    assert found.id == last.id
    with pytest.raises(MergedOnward):
        take_apart(session, change)


def test_two_who_merge_the_same_at_once_merge_once(session, scene, new_session):
    kept, gone = scene["kept"], scene["gone"]
    seen = {"key": gone.key, "into": kept.key, "versions": (gone.version, kept.version)}
    session.commit()

    def merge_it(_):
        own = new_session()
        try:
            merge_people(own, **seen, actor=JO, now=LATER)
            own.commit()
        except MergedAlready:
            own.rollback()
            return "refused"
        return "merged"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(merge_it, range(2))) == ["merged", "refused"]


def test_what_came_in_as_who_they_were_follows_and_goes_back(session, scene):
    kept, gone = scene["kept"], scene["gone"]
    change = merge(session, gone, kept)
    assert follow_again(session, LATER) == 0
    late = FeedToken(key="late", person_id=gone.id, name="TV", token_hash="late", made_at=LATER)
    session.add(late)
    session.commit()
    assert follow_again(session, LATER) == 1
    session.commit()
    assert session.get_one(FeedToken, late.id).person_id == kept.id
    take_apart(session, change)
    assert session.get_one(FeedToken, late.id).person_id == gone.id


def test_what_cannot_be_merged_is_refused(session, scene, tmp_path):
    guest, kept = make_guest(session), scene["kept"]
    with pytest.raises(AccountMustStay):
        merge(session, kept, guest)
    session.rollback()
    with pytest.raises(StaleEdit):
        merge_people(session, key=guest.key, into=kept.key, versions=(9, 9), actor=JO, now=LATER)
    session.rollback()
    leaver = make_person(session)
    close_account(session, key=leaver.key, by=None, folder=tmp_path, now=NOW)
    session.commit()
    with pytest.raises(ClosedForGood):
        merge(session, leaver, kept)

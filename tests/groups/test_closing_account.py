"""Somebody closes their account: their groups count one person less, and nothing of theirs is
left in them."""

from sqlalchemy import func, select

from netapp.groups.models import Group, GroupMember, GroupRole
from netapp.meetings.models import Decision
from netapp.workflows.close_account import close_account
from tests.browser.group_scenes import make_busy_group
from tests.factories import NOW, make_member


def test_closing_an_account_leaves_no_trace_in_groups(session, tmp_path):
    chair = make_member(session, name="Cass Chair")
    busy = make_busy_group(session, chair)
    before = session.get(Group, busy.group.id).people
    roles = session.scalar(select(func.count()).select_from(GroupRole))

    close_account(session, key=chair.key, by=None, folder=tmp_path, now=NOW)
    session.commit()

    session.expire_all()
    assert session.get(Group, busy.group.id).people == before - 1
    assert session.scalar(select(func.count()).select_from(GroupRole)) == roles - 1
    theirs = select(GroupMember).where(GroupMember.person_id == chair.id)
    assert session.scalars(theirs).all() == []
    assert set(session.scalars(select(Decision.owner_id))) == {None}

"""Groups on the first page of the desk."""

from datetime import date

from netapp.desk.queries.group_todos import group_todos
from netapp.groups.models import RoleKind
from netapp.groups.operations import joining
from tests.factories import NOW, make_member, make_person
from tests.groups.scenes import make_group, put_in


def test_who_asks_to_join_and_which_terms_end(session):
    group = make_group(session, name="Early years")
    for _ in range(2):
        joining.ask(session, group_id=group.id, person=make_member(session), words="", now=NOW)
    put_in(
        session, group, make_person(session, name="Cass"), role=RoleKind.CHAIR,
        ends_on=date(2027, 2, 8),
    )  # fmt: skip
    put_in(session, group, make_person(session), role=RoleKind.SECRETARY, ends_on=date(2027, 2, 9))

    found = group_todos(session, NOW)

    assert [todo.title for todo in found] == [
        "2 people ask to join Early years",
        "A term ends on 8 February 2027",
    ]
    assert found[1].words == "Cass, Chair of Early years."
    assert found[0].acts[0].href == f"/desk/groups/{group.key}/people"


def test_the_same_two_queries_however_many(session, count_queries):
    for _ in range(5):
        group = make_group(session)
        joining.ask(session, group_id=group.id, person=make_member(session), words="", now=NOW)
    with count_queries() as statements:
        assert len(group_todos(session, NOW)) == 5
    assert len(statements) == 2

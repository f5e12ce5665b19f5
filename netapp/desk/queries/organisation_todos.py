"""What organisations need of a coordinator."""

from datetime import datetime

from netapp.desk.queries.todos import Act, Todo
from netapp.kernel.db import DbSession
from netapp.kernel.words import join_words
from netapp.membership.queries.contacts import without_contact


def organisation_todos(session: DbSession, now: datetime) -> list[Todo]:
    found = without_contact(session, at=now)
    if not found:
        return []
    one = found[0]
    return [
        Todo(
            "people",
            "sky",
            "Nobody to write to",
            f"{join_words([each.name for each in found])} "
            f"{'is a member' if len(found) == 1 else 'are members'} without a contact.",
            (Act(f"/desk/organisations/{one.key}/people", f"Name a contact of {one.name}"),),
        )
    ]

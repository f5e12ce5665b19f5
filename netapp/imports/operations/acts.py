"""Rows that an import makes, each noted so that it can be undone."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from netapp.audit.operations import Actor
from netapp.imports.models import Import, ImportAct, What
from netapp.imports.operations.bulk import insert_keyed, insert_rows
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local

Act = dict[str, Any]


def those_that(rows: Any, do: str) -> list[tuple[Any, Any]]:
    """The rows whose plan does this, and what it says of it."""
    return [(row, row.plan["does"][do]) for row in rows if do in row.plan["does"]]


class Writer:
    """``done``: how many of each."""

    def __init__(self, session: DbSession, one: Import, actor: Actor, now: datetime) -> None:
        self.session, self.one, self.actor, self.now = session, one, actor, now
        self.today = to_local(now, site_of(session).zone).date()
        self.done: Counter[str] = Counter()

    def insert(
        self,
        model: Any,
        what: What,
        values: Mapping[str, tuple[Any, dict[str, Any]]],
        after: Callable[[dict[str, Any]], Mapping[str, Any]],
        before: Callable[[Any], Mapping[str, Any]] = lambda row: {},
    ) -> dict[str, int]:
        """``values``: by the new key the row of the file and the columns. Returns ids by key."""
        rows = [{"key": key, **value} for key, (_, value) in values.items()]
        ids = insert_keyed(self.session, model, rows) if rows else {}
        self.note(
            [
                self.act(row, what, ids[key], before(row), after(value))
                for key, (row, value) in values.items()
            ]
        )
        self.done[f"{what.value}s"] += len(rows)
        return ids

    def act(self, row: Any, what: What, target: int, before: Any, after: Any) -> Act:
        return {
            "import_id": self.one.id,
            "row_id": row.id,
            "person_id": row.person_id,
            "what": what,
            "target_id": target,
            "before": before,
            "after": after,
        }

    def note(self, acts: list[Act]) -> None:
        insert_rows(self.session, ImportAct, acts)

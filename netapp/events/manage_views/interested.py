"""Whom to ask: the lists of those who are interested, as pages and as tables to take away."""

from datetime import datetime

from flask import Response

from netapp.audit import operations as audit
from netapp.events.queries.interest import InterestedRow, moment_words
from netapp.extensions import db
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.people.session import actor
from netapp.web.csv_export import csv_response

COLUMNS = [
    "Name", "Email", "Organisation", "Interested since", "Member", "Came by", "Told", "Booked",
]  # fmt: skip


def take_away(
    rows: list[InterestedRow], *, title: str, subject: str, slug: str, now: datetime
) -> Response:
    """A table for a spreadsheet; that it was taken is written down."""
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="interest.export",
            subject=subject,
            summary=f"Took away {len(rows)} people interested in {title} as a table.",
            now=now,
        )
    zone = site_of(db.session).zone
    return csv_response(
        f"{slug}-interest.csv",
        COLUMNS,
        [
            [
                row.name,
                row.email,
                row.organisation,
                moment_words(row.since, zone),
                "Yes" if row.is_member else "No",
                "Idea" if row.came_by_idea else "Event",
                moment_words(row.told_at, zone),
                moment_words(row.booked_at, zone),
            ]
            for row in rows
        ],
    )

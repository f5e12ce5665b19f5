"""flask --app wsgi members …: load a file of people from the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup
from sqlalchemy import select, update

from netapp.audit.operations import COMMAND_LINE
from netapp.extensions import db
from netapp.imports.errors import FileRefused, StillToDecide
from netapp.imports.fields import LABELS, Field
from netapp.imports.models import (
    Choice,
    Import,
    ImportOrganisation,
    ImportRow,
    ImportState,
    Keep,
    PlaceOf,
    RowState,
)
from netapp.imports.operations import choosing, starting, writing
from netapp.imports.operations.advancing import advance_one
from netapp.imports.queries.overview import BUSY
from netapp.imports.queries.register import not_known_words
from netapp.imports.reading import MOST_BYTES
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.words import count_words

group = AppGroup("members", help="Load lists of people.")

REFUSED: Final = 1
TO_PUT_RIGHT: Final = 3
MOST_SHOWN: Final = 50


class NotDone(click.ClickException):
    """There are rows to put right or people to compare; nothing was imported."""

    exit_code = TO_PUT_RIGHT


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--take-file", is_flag=True, help="Where both say something, the file counts.")
@click.option(
    "--duplicates",
    type=click.Choice([choice.value for choice in Choice]),
    help="For all who may be somebody we know: ours or file (the same person), apart, leave.",
)
@click.option("--add-organisations", is_flag=True, help="Add unknown ones to the register.")
@click.option("--take-leavers", is_flag=True, help="Also those who left the mailing list.")
@click.option("--skip-faulty", is_flag=True, help="Import the others where rows are wrong.")
@click.option("--invite", is_flag=True, help="Invite the new people by email.")
def import_file(
    file: Path,
    dry_run: bool,
    take_file: bool,
    duplicates: str | None,
    add_organisations: bool,
    take_leavers: bool,
    skip_faulty: bool,
    invite: bool,
) -> None:
    """Import people from FILE, a spreadsheet saved as .xlsx or .csv.

    The first row names the columns; they are known by their headings, or as a coordinator set
    them for a file with the same ones. Checks that were seen are left out: who looks after them
    brings them in on the desk. Nobody is mailed without --invite. All is written at once
    or nothing is; it can be undone on the desk for 30 days.

    Ends with 0 when done (or when a dry run found nothing wrong), 1 where the file is refused,
    3 where rows have to be put right or people compared first: then nothing was imported.
    """
    key = _load(file)
    try:
        _prepare(key, take_file=take_file, leavers=take_leavers, organisations=add_organisations)
        if duplicates:
            _decide(key, Choice(duplicates))
        counts = _say(key)
        wrong = counts.get("ask", 0) or (counts.get("fault", 0) and not skip_faulty)
        if wrong:
            raise NotDone("Nothing was imported. Put the rows right, or see the options.")
        if dry_run:
            click.echo("A dry run: nothing was changed.")
        elif not counts.get("new") and not counts.get("change"):
            click.echo("Nothing in this file would change anything.")
        else:
            _import(key, invite=invite)
    finally:
        _forget(key)


def _load(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    try:
        with unit_of_work(db.session):
            one = starting.load(
                db.session, content=content, filename=file.name, actor=COMMAND_LINE, now=utcnow()
            )
            key = one.key
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from refused
    return key


def _prepare(key: str, *, take_file: bool, leavers: bool, organisations: bool) -> None:
    one = starting.find(db.session(), key)
    named = [
        f"{heading}: {LABELS[Field(field)]}"
        for heading, field in zip(one.headings, one.columns, strict=True)
        if field
    ]
    click.echo(f"{one.filename}: {count_words(one.total, 'row')}. {'; '.join(named)}.")
    try:
        with unit_of_work(db.session):
            one.keep = Keep.FILE if take_file else Keep.OURS
            one.takes_leavers = leavers
            starting.set_columns(
                db.session, key=key, columns=one.columns, version=one.version, now=utcnow()
            )
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    _work(key)
    if organisations:
        with unit_of_work(db.session):
            theirs = update(ImportOrganisation).where(ImportOrganisation.import_id == one.id)
            db.session.execute(theirs.values(place=PlaceOf.ADD))
            choosing.place_organisations(db.session, key=key, version=one.version, places={})
        _work(key)


def _decide(key: str, choice: Choice) -> None:
    one = starting.find(db.session(), key)
    if not one.tallies.get("ask"):
        return
    with unit_of_work(db.session):
        choosing.choose(db.session, key=key, version=one.version, choices={}, for_all=choice)
    _work(key)


def _import(key: str, *, invite: bool) -> None:
    one = starting.find(db.session(), key)
    try:
        with unit_of_work(db.session):
            writing.start(
                db.session,
                key=key,
                version=one.version,
                invites=invite,
                actor=COMMAND_LINE,
                now=utcnow(),
            )
    except StillToDecide as refused:
        raise NotDone(str(refused)) from refused
    one = _work(key)
    if one.state is not ImportState.DONE:
        raise NotDone("Something changed while the file was read. Run the command again.")
    click.echo(
        f"Imported: {count_words(one.tallies.get('new', 0), 'new person', 'new people')}, "
        f"{count_words(one.tallies.get('change', 0), 'row')} that changed somebody."
    )


def _work(key: str) -> Import:
    """What the worker would do, at once."""
    while True:
        with unit_of_work(db.session):
            one = starting.find(db.session(), key)
            if one.state not in BUSY:
                return one
            advance_one(db.session(), one, utcnow())


def _say(key: str) -> dict[str, int]:
    one = starting.find(db.session(), key)
    words = {"new": "new", "change": "changed", "same": "the same", "left-out": "left out"}
    words |= {"ask": "to compare", "fault": "to put right"}
    counts: dict[str, int] = one.tallies
    said = [f"{counts[state]} {each}" for state, each in words.items() if counts.get(state)]
    click.echo(", ".join(said) + ".")
    for row in _rows(one, RowState.FAULT):
        for fault in row.faults:
            click.echo(f"Row {row.number}, {fault[0]}: {fault[1]}", err=True)
    for said_of in not_known_words(db.session(), one):
        click.echo(said_of, err=True)
    for row in _rows(one, RowState.ASK):
        click.echo(f"Row {row.number}: {row.says.get('name', '')} may be known.", err=True)
    return counts


def _rows(one: Import, state: RowState) -> Sequence[ImportRow]:
    wanted = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state == state)
    return db.session.scalars(wanted.order_by(ImportRow.number).limit(MOST_SHOWN)).all()


def _forget(key: str) -> None:
    """Rows of what was not imported are of no use any more."""
    db.session.rollback()
    with unit_of_work(db.session):
        if starting.find(db.session(), key).state not in {ImportState.DONE, ImportState.STARTED}:
            starting.discard(db.session, key=key)

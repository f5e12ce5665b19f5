"""Load the starting data, and in demo mode data to try the platform out with."""

from dataclasses import asdict

import click
from flask import Flask
from flask.cli import AppGroup

from netapp.demo.operations.load import load as load_invented_data
from netapp.demo.operations.start import Added
from netapp.demo.operations.start import start as load_starting_data
from netapp.demo.people import SIGN_INS
from netapp.demo.sizes import NAMES, size_named
from netapp.extensions import db
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, join_words

demo = AppGroup("demo", help="The starting data, and invented data to try things out with.")


def register(app: Flask) -> None:
    app.cli.add_command(demo)


@demo.command("start")
def start() -> None:
    """Load the starting data: the vocabulary, the organisations, the archive of past events.

    In demo mode also the same events in a coming season, marked as samples, and three sign-ins.
    What is there already stays as it is: the command may be run again at any time.
    """
    with unit_of_work(db.session):
        added = load_starting_data(db.session(), now=clock.utcnow())
    click.echo(_added_words(added))
    if site_of(db.session()).demo:
        click.echo("Sign in as:")
        for each in SIGN_INS:
            click.echo(f"  {each.what:<14}{each.email:<28}{each.password}")
        click.echo("The coordinator is asked for a second step; the page says its code.")


@demo.command("load")
@click.argument("size", type=click.Choice(NAMES))
def load(size: str) -> None:
    """Load invented members, events, bookings, messages and audit lines, all marked as samples.

    For demo mode only, into a database without such data. Small takes a second; typical (600
    members, 3,200 bookings) some seconds; large (10,000 members, 150,000 bookings) some minutes,
    in which nobody else can book or change anything.
    """
    click.echo(f"Loading the {size} set ...")
    try:
        with unit_of_work(db.session):
            loaded = load_invented_data(db.session(), size=size_named(size), now=clock.utcnow())
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    for name, number in asdict(loaded).items():
        click.echo(f"  {name.replace('_', ' '):<14}{number:>10,}")


def _added_words(added: Added) -> str:
    parts = [
        (added.terms, "term", "terms"),
        (added.organisations, "organisation", "organisations"),
        (added.groups, "group", "groups"),
        (added.past_events, "past event", "past events"),
        (added.sample_events, "sample event", "sample events"),
        (added.sign_ins, "sign-in", "sign-ins"),
    ]
    words = [count_words(number, one, many) for number, one, many in parts if number]
    return f"Starting data: {join_words(words)} added." if words else "Starting data: all there."

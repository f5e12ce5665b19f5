"""flask --app wsgi people …: the first coordinator, and who the coordinators are."""

import click
from flask.cli import AppGroup

from netapp.audit.operations import COMMAND_LINE
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.site import site_of
from netapp.people.operations import roles, second_factor
from netapp.people.operations.links import INVITATION, LIVES
from netapp.people.queries import coordinators, find_by_address

group = AppGroup("people", help="Say who the coordinators are.")


@group.command("add-coordinator")
@click.argument("email")
@click.option("--name", default="", help="How the person is called, if they are new to us.")
def add_coordinator(email: str, name: str) -> None:
    """Make EMAIL a coordinator and print a link that opens their account.

    The link works once, for 14 days. It signs in whoever opens it: hand it to that person only.
    Run the command again for a new link; the earlier one then ends.
    """
    try:
        with unit_of_work(db.session):
            person, token = roles.appoint(
                db.session, email=email, name=name, actor=COMMAND_LINE, now=utcnow()
            )
            shown = f"{person.name} <{person.email}>" if person.name != email else person.email
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    days = LIVES[INVITATION].days
    click.echo(f"{shown} is a coordinator. This link opens the account, once, within {days} days:")
    click.echo(site_of(db.session()).url(f"/welcome/{token}"))


@group.command("list-coordinators")
def list_coordinators() -> None:
    """Print the coordinators, one a line: address, name, and whether the account is open."""
    found = coordinators(db.session())
    if not found:
        click.echo("There is no coordinator yet. Make one: people add-coordinator EMAIL")
    for person in found:
        state = "closed" if person.disabled_at else "open" if person.registered_at else "invited"
        click.echo(f"{person.email}\t{person.name}\t{state}")


@group.command("reset-second-factor")
@click.argument("email")
@click.option("--reason", default="Lost", help="For the activity log.")
def reset_second_factor(email: str, reason: str) -> None:
    """Take the second step of EMAIL away: app, passkeys and recovery codes.

    For the last coordinator who has lost theirs; for others a coordinator does it on the desk.
    They are signed out everywhere and get a mail.
    """
    person = find_by_address(db.session(), email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    try:
        with unit_of_work(db.session):
            second_factor.reset(
                db.session, key=person.key, reason=reason, actor=COMMAND_LINE, now=utcnow()
            )
    except NotFound as refused:
        raise click.ClickException(f"{email} has no second step.") from refused
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"The second step of {email} is taken away.")


@group.command("remove-coordinator")
@click.argument("email")
def remove_coordinator(email: str) -> None:
    """Take the role from EMAIL; the account stays. Never the last coordinator."""
    person = find_by_address(db.session(), email)
    if person is None:
        raise click.ClickException(f"Nobody here has the address {email}.")
    try:
        with unit_of_work(db.session):
            roles.remove_coordinator(db.session, key=person.key, actor=COMMAND_LINE, now=utcnow())
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{email} is not a coordinator.")

"""Mail by hand."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from netapp.extensions import db
from netapp.mail.delivery import ServerAway
from netapp.mail.jobs import Delivered, deliver_due, transport_for

mail = AppGroup("mail", help="Mail by hand; the worker does this by itself.")


def register(app: Flask) -> None:
    app.cli.add_command(mail)


@mail.command("deliver")
def deliver() -> None:
    """Send all mail that is due, once. Ends with 1 if the mail server is away.

    What fails for a reason that may pass is tried again later; mail that was given up stays as it
    is until a coordinator sends it again on the desk.
    """
    transport = transport_for(current_app.extensions["settings"])
    total = Delivered()
    try:
        while (some := deliver_due(db.session(), transport)).total:
            total.sent += some.sent
            total.delayed += some.delayed
            total.given_up += some.given_up
    except ServerAway as away:
        raise click.ClickException(f"Nothing more can be sent now: {away}.") from away
    click.echo(f"Sent {total.sent}, to be tried again {total.delayed}, given up {total.given_up}.")

"""How the platform is started, and what it can be told."""

import os
import sys

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo, pass_script_info, with_appcontext

from config import Settings, help_text
from netapp.extensions import db
from netapp.kernel import clock
from netapp.site import schema, start
from netapp.site.errors import StartRefused
from netapp.site.web_server import serve_alone
from netapp.workflows.close_account import close_again


def register(app: Flask) -> None:
    for each in (serve, web, settings):
        app.cli.add_command(each)


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Start the platform: the web server and the worker, until TERM or Ctrl-C.

    First brings the database up to date; in demo mode also loads the starting data where it is
    missing. Says "Ready:" and the address when both run and the first page answers. If one of
    them ends, the other is stopped too and the exit status is 1.

    Where: NETAPP_HOST and NETAPP_PORT (or PORT). All settings: flask --app wsgi settings
    """
    chosen: Settings = current_app.extensions["settings"]
    try:
        start.require_free_port(chosen)
        schema.bring_up_to_date(db.engine, schema.migrate.get_config(), click.echo)
        start.refuse_demo_people(db.session(), chosen)
        load_starting_data(chosen)
        again = close_again(db.session(), folder=chosen.instance, now=clock.utcnow())
        if again:
            click.echo(f"Closed again: {again}, who had left before the database was restored.")
    except StartRefused as refused:
        raise click.ClickException(str(refused)) from refused
    finally:
        db.session.remove()
        db.engine.dispose()
    if not (chosen.demo or chosen.smtp_host):
        click.echo(f"No mail server is set: mail is kept in {chosen.mail_folder}.", err=True)
    sys.stdout.flush()
    command = start.supervisor_command(chosen)
    os.execv(command[0], command)  # noqa: S606 - our own interpreter and file


def load_starting_data(chosen: Settings) -> None:
    """By its command: the demo stands above us, so it is not imported from here."""
    demo = current_app.cli.commands.get("demo")
    if chosen.demo and isinstance(demo, click.Group):
        click.get_current_context().invoke(demo.commands["start"])


@click.command("web")
@pass_script_info
def web(info: ScriptInfo) -> None:
    """Run the web server alone, until TERM or Ctrl-C.

    For machines that start the web server and the worker by themselves, for example as two
    services. The database must be up to date: flask --app wsgi db upgrade

    `python wsgi.py` does the same without what only commands need, which is 20 MB.
    """
    try:
        serve_alone(info.load_app())
    except StartRefused as refused:
        raise click.ClickException(str(refused)) from refused


@click.command("settings")
def settings() -> None:
    """List every setting: its name, what it is for, and its default.

    Settings are read from the environment, secrets also from files. What is set now is not shown.
    """
    click.echo(help_text())

"""The application for a WSGI server and for `flask --app wsgi`; run by itself, our web server."""

import gc
import sys

import click

from config import UnsafeSetting, help_settings, load_settings
from netapp import create_app
from netapp.site import logs

logs.set_up()
by_command = click.get_current_context(silent=True) is not None  # Else only requests will come.
gc.disable()  # What is loaded now stays: to look for rubbish among it takes a fifth of the start,
try:
    app = create_app(help_settings() or load_settings(), commands=by_command)
except UnsafeSetting as unsafe:
    sys.exit(f"The platform does not start: {unsafe}")
gc.freeze()  # and a tenth of a second now and then in the midst of a request.
gc.enable()

if __name__ == "__main__":
    from netapp.site.errors import StartRefused
    from netapp.site.web_server import serve_alone

    try:
        serve_alone(app)
    except StartRefused as refused:
        sys.exit(f"Error: {refused}")

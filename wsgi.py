"""The application for a WSGI server and for `flask --app wsgi`."""

import sys

from config import UnsafeSetting, help_settings, load_settings
from netapp import create_app
from netapp.site import logs

logs.set_up()
try:
    app = create_app(help_settings() or load_settings())
except UnsafeSetting as unsafe:
    sys.exit(f"The platform does not start: {unsafe}")

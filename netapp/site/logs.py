"""How log lines look: one line each, the time in UTC."""

import logging
import time


class OneLine(logging.Formatter):
    """A visitor's text cannot begin a line of its own: line breaks are shown as \\n."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        line = super().formatMessage(record)
        return line.replace("\r", "\\r").replace("\n", "\\n")


def set_up() -> None:
    """For processes of our own, before the application is made; it sets its own level."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        OneLine("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING)

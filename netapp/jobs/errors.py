"""Why a piece of work could not be done now."""

from collections.abc import Sequence
from datetime import timedelta


class NotNow(Exception):
    """Something outside is away, and the work waits: no fault of the program, so no traceback.

    ``pauses`` are the times until the next try, the last one repeated.
    """

    pauses: Sequence[timedelta] = (timedelta(seconds=30), timedelta(minutes=1))

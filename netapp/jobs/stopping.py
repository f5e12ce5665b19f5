"""How a worker is told to end: safe to call from a signal handler, and it wakes whoever waits."""

import os
import select


class Stop:
    """Like ``threading.Event``, whose lock a signal handler must not take."""

    def __init__(self) -> None:
        self.is_set = False
        self._wake, self._ring = os.pipe()

    def set(self) -> None:
        self.is_set = True
        os.write(self._ring, b"!")

    def wait(self, seconds: float) -> None:
        """Until then, or until it is set."""
        if not self.is_set:
            select.select([self._wake], [], [], seconds)

    def close(self) -> None:
        os.close(self._wake)
        os.close(self._ring)

"""Why the platform does not start. Said to whoever starts it, not to visitors."""


class StartRefused(Exception):
    """The text is one sentence or two: what is wrong, and what to do."""


class PortTaken(StartRefused):
    """Somebody else listens there, or the machine does not let us."""


class DatabaseAway(StartRefused):
    """The database cannot be opened or reached."""


class DatabaseNewer(StartRefused):
    """Its schema was made by a later version of the platform."""


class DemoPeoplePresent(StartRefused):
    """Everybody knows their passwords."""

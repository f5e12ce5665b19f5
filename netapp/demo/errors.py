"""Why the demo's commands refuse."""

from netapp.kernel.errors import DomainError


class DemoModeOnly(DomainError):
    message = "Invented data is for demo mode only: set NETAPP_DEMO=yes, with a data folder for it."


class AlreadyLoaded(DomainError):
    message = (
        "Invented data is in this database already. To load another size, start with an empty "
        "data folder: INSTANCE=another-folder."
    )

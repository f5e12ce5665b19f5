"""Who we are and where we live: the settings that rules and mails need, without Flask."""

from dataclasses import dataclass

from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class Site:
    """Made from the settings when the application is created; carried in ``session.info``."""

    name: str
    short_name: str
    base_url: str  # Without a slash at the end, e.g. https://network.example
    uid_domain: str  # Fixed for ever: part of the UID of every calendar entry.
    mail_from: str
    contact_email: str
    zone: str  # IANA name; the zone of a new event and of what no event gives a zone.
    secret: str
    demo: bool = False
    needs_keep_days: int = 30
    interest_keep_days: int = 365
    answers_keep_days: int = 365  # After the last date of an event.
    mail_keep_days: int = 30

    def url(self, path: str) -> str:
        """The absolute address of a path that begins with a slash."""
        return self.base_url + path

    @property
    def product_name(self) -> str:
        """PRODID of calendars, RFC 5545 section 3.7.3."""
        return f"-//{self.name}//Events//EN"


def site_of(session: DbSession) -> Site:
    site = session.info["site"]
    assert isinstance(site, Site)
    return site

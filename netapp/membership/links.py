"""Addresses of applications and terms, for mails, where no request is at hand."""

from netapp.kernel.site import Site
from netapp.kernel.tokens import sign, verify
from netapp.membership.application_models import Application

APPLICATION = "membership application"


def application_key(site: Site, application: Application) -> str:
    """The capability in the mail's link: it shows this application, answers for it and withdraws
    it. It never signs anyone in."""
    return sign(site.secret, APPLICATION, application.key, application.person_id)


def is_application_key(site: Site, application: Application, sent: str) -> bool:
    return verify(site.secret, sent, APPLICATION, application.key, application.person_id)


def application_url(site: Site, application: Application) -> str:
    key = application_key(site, application)
    return site.url(f"/join/applications/{application.key}?key={key}")

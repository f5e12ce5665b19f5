"""Addresses of applications and terms, for mails, where no request is at hand."""

from netapp.kernel.site import Site
from netapp.kernel.tokens import sign, verify
from netapp.membership.application_models import Application
from netapp.people.models import Person

APPLICATION = "membership application"
STILL_TRUE = "still true"


def application_key(site: Site, application: Application) -> str:
    """The capability in the mail's link: it shows this application, answers for it and withdraws
    it. It never signs anyone in."""
    return sign(site.secret, APPLICATION, application.key, application.person_id)


def is_application_key(site: Site, application: Application, sent: str) -> bool:
    return verify(site.secret, sent, APPLICATION, application.key, application.person_id)


def application_url(site: Site, application: Application) -> str:
    key = application_key(site, application)
    return site.url(f"/join/applications/{application.key}?key={key}")


def still_true_key(site: Site, person: Person) -> str:
    """The capability in the yearly mail: it says “still true” for this person, and shows no more
    than the mail could. It ends with the address that the mail was sent to."""
    return sign(site.secret, STILL_TRUE, person.key, person.email)


def is_still_true_key(site: Site, person: Person, sent: str) -> bool:
    return verify(site.secret, sent, STILL_TRUE, person.key, person.email)


def still_true_url(site: Site, person: Person) -> str:
    return site.url(f"/still-true/{person.key}?key={still_true_key(site, person)}")

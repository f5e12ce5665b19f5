"""The phone of somebody in a test: what its app for codes shows."""

import re
from datetime import datetime

import pyotp

from netapp.kernel import clock
from tests.factories import SEED
from tests.visitor import Visitor


def code_at(moment: datetime | None = None, *, seed: str = SEED) -> str:
    return pyotp.TOTP(seed.replace(" ", "")).at(moment or clock.utcnow())


def pass_second_step(visitor: Visitor) -> None:
    """Type what the app shows on the page of the second step."""
    assert visitor.path == "/sign-in/second-step"
    visitor.send("/sign-in/second-step", code=code_at())


def seed_on(visitor: Visitor) -> str:
    """The key in words on the page that sets up an app."""
    found = re.search(r"<code data-copy-text>([A-Z2-7 ]+)</code>", visitor.text)
    assert found, "no key on the page"
    return found.group(1).replace(" ", "")


def set_up_app(visitor: Visitor) -> list[str]:
    """From “How I sign in” to an app in use; the recovery codes of the page that follows."""
    if visitor.page is None or visitor.path != "/account/security":
        visitor.open("/account/security")
    visitor.send("/account/security/app")
    visitor.send("/account/security/app/confirm", code=code_at(seed=seed_on(visitor)))
    return recovery_codes_on(visitor)


def recovery_codes_on(visitor: Visitor) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", visitor.text)

"""What takes longer for a known address tells that it is known."""

import time
from collections.abc import Callable

import pytest

from netapp.kernel.db import unit_of_work
from netapp.people import passwords
from netapp.people.errors import WrongPassword
from netapp.people.operations import accounts, codes, sign_ins
from netapp.people.operations.codes import Newcomer
from tests.factories import NOW, make_person

KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"
RUNS = 15
APART = 1.7
"""The quickest of many runs hardly varies; leaving out the mail or the hash makes it 3 to 30."""


def try_password(session, email):
    with pytest.raises(WrongPassword):
        sign_ins.check_password(session, email=email, password="gravel otter kettle")


def ask_for_code(session, email):
    codes.ask_to_sign_in(session, email=email, browser="b", device="a browser", now=NOW)


def register(session, email):
    newcomer = Newcomer("Amina Okafor")
    codes.ask_to_register(
        session, email=email, newcomer=newcomer, browser="b", device="a browser", now=NOW
    )


def ask_for_reset(session, email):
    accounts.ask_for_reset(session, email=email, device="a browser", now=NOW)


@pytest.mark.parametrize("ask", [try_password, ask_for_code, register, ask_for_reset])
def test_known_and_unknown_addresses_take_as_long(session, ask: Callable[..., None]):
    make_person(session, email=KNOWN, password_hash=passwords.hashed("wren marble kettle"))
    quickest = {KNOWN: 60.0, UNKNOWN: 60.0}
    for _ in range(RUNS):
        for email in quickest:
            began = time.perf_counter()
            with unit_of_work(session):
                ask(session, email)
            quickest[email] = min(quickest[email], time.perf_counter() - began)
    longer, shorter = max(quickest.values()), min(quickest.values())
    assert longer < shorter * APART
